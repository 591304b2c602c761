// Turns a decision into sentences, from its figures.
import type { LogAnswer } from '../../../shared/bridge/views.ts';
import type { Instant } from '../../../shared/kernel/instant.ts';
import { formatCreditsWithUnit, formatMoment } from '../../ui/figures.tsx';
import { strings } from './decision-strings.ts';

type Decision = Pick<LogAnswer, 'outcome' | 'credits' | 'reasons'>;
type Reason = Decision['reasons'][number];

/** The headline first, then every other reason. `zone` is the workspace's. [E1] */
export function decisionWords(decision: Decision, zone: string): readonly string[] {
  const lines = decision.reasons.map((reason) => sentenceOf(reason, decision, zone));
  if (decision.outcome !== 'allowed' || lines.length > 0) return lines;
  return [
    decision.credits === 0 ? strings.free : strings.covered({ credits: formatCreditsWithUnit(decision.credits) }),
  ];
}

function sentenceOf(reason: Reason, decision: Decision, zone: string): string {
  const subject = reason.subject ?? '';
  const headroom = reason.headroom === null ? '' : formatCreditsWithUnit(reason.headroom);
  const credits = formatCreditsWithUnit(decision.credits);
  switch (reason.rule) {
    case 'known-feature':
      return strings.unknown({ subject });
    case 'priced':
      return reason.subject === null ? strings.noPrice : strings.noPriceOf({ subject });
    case 'platform-role':
      return strings.role({ subject });
    case 'feature-in-plan':
      return strings.addOn({ subject });
    case 'personal-cap':
    case 'team-budget': {
      const text = reason.rule === 'personal-cap' ? strings.cap : strings.budget;
      const limit = reason.limit === null ? '' : formatCreditsWithUnit(reason.limit);
      return withFrees(text[reason.span ?? 'period']({ limit, headroom, credits }), reason.freesAt, zone);
    }
    case 'pool': {
      const text = reason.effect === 'overage' ? strings.poolOverage : strings.pool;
      return withFrees(text({ headroom, credits }), reason.freesAt, zone);
    }
    case 'lease':
      return strings.lease.needs({ sentence: leaseSentence(reason.subject, headroom), credits });
  }
}

function withFrees(sentence: string, freesAt: Instant | null, zone: string): string {
  if (freesAt === null) return sentence;
  return strings.frees({ sentence, moment: strings.zone({ moment: formatMoment(freesAt, zone), zone }) });
}

/** Not that the pool is empty: only that this computer may not spend more of it by itself. [B3] [B5] */
function leaseSentence(subject: string | null, headroom: string): string {
  switch (subject) {
    case 'ended':
      return strings.lease.ended;
    case 'suspended':
      return strings.lease.suspended;
    case 'too-small':
      return strings.lease.tooSmall({ headroom });
    default:
      return strings.lease.none;
  }
}
