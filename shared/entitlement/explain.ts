import { formatDecimal, type Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Decision, Reason } from './decision.ts';

/** How figures and instants are written in the sentences: a locale's way in the app, plain in the command line. */
export interface Wording {
  readonly credits: (value: Credits) => string;
  readonly moment: (at: Instant) => string;
}

/** The one place that turns a decision into sentences: the headline first, then every other reason. [E1] */
export function explain(decision: Decision, wording: Wording): readonly string[] {
  const lines = decision.reasons.map((reason) => sentenceOf(reason, decision, wording));
  if (decision.outcome === 'allowed' && lines.length === 0) {
    return decision.credits === 0
      ? ['This costs no credits.']
      : [`The pool covers ${wording.credits(decision.credits)}.`];
  }
  return lines;
}

function sentenceOf(reason: Reason, decision: Decision, wording: Wording): string {
  const frees = reason.freesAt === null ? '' : ` More becomes free on ${wording.moment(reason.freesAt)}.`;
  const headroom = reason.headroom === null ? '' : wording.credits(reason.headroom);
  switch (reason.rule) {
    case 'known-feature':
      return `The catalogue does not list “${reason.subject}” for this platform.`;
    case 'priced':
      if (reason.subject === null) return 'This quantity has no price: it must be more than 0 and within reach.';
      return `“${reason.subject}” has no price yet. Fill in its rate in the platform's catalogue.`;
    case 'platform-role':
      return `The role “${reason.subject}” does not spend credits at this platform.`;
    case 'feature-in-plan':
      return `This feature needs the add-on “${reason.subject}”, which is off.`;
    case 'personal-cap':
    case 'team-budget': {
      const whose = reason.rule === 'personal-cap' ? 'Personal cap' : 'Team budget';
      const limit = reason.limit === null ? '' : wording.credits(reason.limit);
      const left = `${whose} of ${limit} per ${reason.span}: ${headroom} left, ${wording.credits(decision.credits)} needed.`;
      return `${left}${frees}`;
    }
    case 'pool':
      return reason.effect === 'overage'
        ? `${headroom} can be spent without overage, ${wording.credits(decision.credits)} needed.${frees}`
        : `The pool has ${headroom} left, ${wording.credits(decision.credits)} needed.${frees}`;
    case 'lease':
      return `${leaseSentence(reason, headroom)} It needs ${wording.credits(decision.credits)}: ask for more when online.`;
  }
}

/** Not that the pool is empty: only that this computer may not spend more of it by itself. [B3] [B5] */
function leaseSentence({ subject }: Reason, headroom: string): string {
  switch (subject) {
    case 'ended':
      return 'The time is over in which this computer may spend from this pool offline.';
    case 'suspended':
      return 'The clock of this computer was set back, so nobody knows how long it may spend from this pool offline.';
    case 'too-small':
      return `This computer may spend ${headroom} of this pool offline.`;
    default:
      return 'This computer may spend nothing of this pool offline.';
  }
}

/** Wording for files and the command line. */
export const plainWording: Wording = {
  credits: (value) => `${formatDecimal(value)} credits`,
  moment: (at) => new Date(at).toISOString(),
};
