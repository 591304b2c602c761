import type { Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import { windowContaining } from '../kernel/time-zone.ts';
import type { Period } from '../kernel/period.ts';
import { capSubject, inForceAt, type CapScope, type CapSpan } from '../ledger/change.ts';
import { periodAt, type TermsIndex } from '../ledger/schedule.ts';

/** A cap that binds a use, with the window over which use is summed. [E3] */
export interface BindingCap {
  readonly rule: 'personal-cap' | 'team-budget';
  readonly span: CapSpan;
  readonly limit: Credits;
  readonly window: Period;
  /** Whose use counts against it. */
  readonly memberId: string | null;
  readonly teamId: string | null;
}

export interface Spender {
  readonly memberId: string | null;
  readonly teamId: string | null;
}

/**
 * The caps that bind a spender at an instant. Per span the personal cap is the member's own, else the team's default
 * for its members, else the workspace's default; a team's budget binds the summed use of the team. [E3]
 */
export function capsBinding(
  index: TermsIndex,
  spender: Spender,
  at: Instant,
  weekStart: number,
): readonly BindingCap[] {
  const caps: BindingCap[] = [];
  for (const span of ['day', 'week', 'period'] as const) {
    const window = windowOf(index, span, at, weekStart);
    const personal = spender.memberId === null ? null : personalCap(index, spender, span, at);
    if (personal !== null) {
      caps.push({ rule: 'personal-cap', span, limit: personal, window, memberId: spender.memberId, teamId: null });
    }
    const budget = spender.teamId === null ? null : capAt(index, 'team', spender.teamId, span, at);
    if (budget !== null) {
      caps.push({ rule: 'team-budget', span, limit: budget, window, memberId: null, teamId: spender.teamId });
    }
  }
  return caps;
}

/** A cap as it holds at `at`; null when there is none, when it was lifted, or when its end has come. */
export function capAt(
  index: TermsIndex,
  scope: CapScope,
  subjectId: string | null,
  span: CapSpan,
  at: Instant,
): Credits | null {
  const dated = index.caps.get(capSubject(scope, subjectId, span));
  if (!dated) return null;
  // An override with an end gives way to the cap that it overrode.
  const open = dated.filter((entry) => entry.value.until === null || entry.value.until > at);
  return inForceAt(open, at)?.credits ?? null;
}

function personalCap(index: TermsIndex, spender: Spender, span: CapSpan, at: Instant): Credits | null {
  return (
    capAt(index, 'member', spender.memberId, span, at) ??
    (spender.teamId === null ? null : capAt(index, 'team-members-default', spender.teamId, span, at)) ??
    capAt(index, 'member-default', null, span, at)
  );
}

function windowOf(index: TermsIndex, span: CapSpan, at: Instant, weekStart: number): Period {
  return span === 'period' ? periodAt(index, at) : windowContaining(span, at, index.terms.timeZone, weekStart);
}
