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
  /** When an override ends and a higher cap, or none, holds again; null when nothing of the kind is due. */
  readonly loosensAt: Instant | null;
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
  const { memberId, teamId } = spender;
  const caps: BindingCap[] = [];
  for (const span of ['day', 'week', 'period'] as const) {
    const window = windowOf(index, span, at, weekStart);
    const personal = memberId === null ? null : bindingAt(at, (when) => personalCap(index, spender, span, when));
    if (personal !== null) {
      caps.push({ rule: 'personal-cap', span, ...personal, window, memberId, teamId: null });
    }
    const budget = teamId === null ? null : bindingAt(at, (when) => capHolding(index, 'team', teamId, span, when));
    if (budget !== null) {
      caps.push({ rule: 'team-budget', span, ...budget, window, memberId: null, teamId });
    }
  }
  return caps;
}

interface HoldingCap {
  readonly limit: Credits;
  readonly until: Instant | null;
}

/** A cap as it holds at `at`; null when there is none, when it was lifted, or when its end has come. */
function capHolding(
  index: TermsIndex,
  scope: CapScope,
  subjectId: string | null,
  span: CapSpan,
  at: Instant,
): HoldingCap | null {
  // An override with an end gives way to the cap that it overrode.
  const open = index.caps
    .get(capSubject(scope, subjectId, span))
    ?.filter(({ value }) => (value.until ?? Infinity) > at);
  const value = inForceAt(open, at);
  return value === undefined || value.credits === null ? null : { limit: value.credits, until: value.until };
}

function personalCap(index: TermsIndex, spender: Spender, span: CapSpan, at: Instant): HoldingCap | null {
  return (
    capHolding(index, 'member', spender.memberId, span, at) ??
    (spender.teamId === null ? null : capHolding(index, 'team-members-default', spender.teamId, span, at)) ??
    capHolding(index, 'member-default', null, span, at)
  );
}

function bindingAt(
  at: Instant,
  holding: (at: Instant) => HoldingCap | null,
): Pick<BindingCap, 'limit' | 'loosensAt'> | null {
  const cap = holding(at);
  if (cap === null) return null;
  const afterwards = cap.until === null ? cap : holding(cap.until);
  return { limit: cap.limit, loosensAt: afterwards === null || afterwards.limit > cap.limit ? cap.until : null };
}

function windowOf(index: TermsIndex, span: CapSpan, at: Instant, weekStart: number): Period {
  return span === 'period' ? periodAt(index, at) : windowContaining(span, at, index.timeZone, weekStart);
}
