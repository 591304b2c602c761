import { credits, greatest, noCredits, subtract, sum, type Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import { advance, foldPool, freeOf, isBehind, sharesOf, splitNow, type PoolState } from './fold.ts';
import type { AllotmentSchedule } from './schedule.ts';
import type { Share, Transaction } from './transaction.ts';

/** What a pool answers to a use that is not booked yet. */
export interface WhatIf {
  readonly split: readonly Share[];
  /** What could be spent at that instant without any new overage between then and now. [E7] */
  readonly headroom: Credits;
  readonly overageAdded: Credits;
  readonly freesAt: Instant | null;
}

/**
 * Asks a pool how a use of `amount` at `at` would be paid. `state` is the pool as folded so far and is advanced to
 * `at` where that is possible; a use that lies before later lines is folded in between them. [E7]
 */
export function askPool(question: {
  readonly poolId: string;
  readonly schedule: AllotmentSchedule;
  readonly state: PoolState;
  readonly lines: () => Iterable<Transaction>;
  readonly amount: Credits;
  readonly at: Instant;
  readonly now: Instant;
}): WhatIf {
  const { state, amount, at } = question;
  const candidateKey = { at, rank: 2, id: lastId };
  if (at > question.now || isBehind(state, candidateKey)) return foldedIn(question);
  advance(state, at);
  const headroom = availableOf(state);
  return {
    split: splitNow(state, amount),
    headroom,
    overageAdded: greatest(subtract(amount, headroom), noCredits),
    freesAt: nextCredits(state, at),
  };
}

/** What can be spent now: the free parts of all grants in force. */
export function availableOf(state: PoolState): Credits {
  return credits(state.slots.reduce((total, slot) => total + freeOf(slot), 0));
}

/** When the next allotment or awaited grant brings credits. */
export function nextCredits(state: PoolState, at: Instant): Instant | null {
  const next = state.schedule.periodAt(state.period.end);
  const candidates = [
    ...next.allotments.filter((allotment) => allotment.amount > 0).map((allotment) => allotment.effectiveFrom),
    ...state.awaited.filter((slot) => slot.amount > 0).map((slot) => slot.effectiveFrom),
  ].filter((instantOfCredits) => instantOfCredits > at);
  return candidates.length === 0 ? null : candidates.reduce((left, right) => (left <= right ? left : right));
}

function foldedIn(question: Parameters<typeof askPool>[0]): WhatIf {
  const { poolId, schedule, amount, at, now } = question;
  const lines = [...question.lines()];
  const asOf = at > now ? at : now;
  const before = foldPool({ poolId, schedule, lines, asOf });
  const withUse = (extra: Credits) =>
    foldPool({ poolId, schedule, lines: [...lines, candidate(lines[0], { at, credits: extra })], asOf });
  const after = withUse(amount);
  const overageAdded = subtract(overageOf(after), overageOf(before));
  // A use larger than everything ever granted shows how much the pool could still absorb at that instant.
  const everything = sum([amount, ...after.slots.map((slot) => slot.amount)]);
  const headroom =
    overageAdded > noCredits
      ? subtract(amount, overageAdded)
      : subtract(everything, subtract(overageOf(withUse(everything)), overageOf(before)));
  const spend = after.spendById.get(lastId);
  return {
    split: spend ? sharesOf(spend) : [],
    headroom: greatest(headroom, noCredits),
    overageAdded: greatest(overageAdded, noCredits),
    freesAt: nextCredits(after, asOf),
  };
}

/** Overage of uses and of what open holds set aside beyond all grants. */
function overageOf(state: PoolState): Credits {
  let total = 0;
  for (const spend of state.spendById.values()) {
    for (const part of spend.parts) if (part.slot === null) total += part.used + part.held;
  }
  return credits(total);
}

/** Sorts after every real id, so that the asked use comes last among equal instants. */
const lastId = '\uffff';

function candidate(
  like: Transaction | undefined,
  use: { readonly at: Instant; readonly credits: Credits },
): Transaction {
  return {
    kind: 'correction',
    id: lastId,
    workspaceId: like?.workspaceId ?? '',
    poolId: like?.poolId ?? '',
    occurredAt: use.at,
    recordedAt: use.at,
    spentAt: use.at,
    authorId: null,
    origin: 'app',
    memberId: null,
    teamId: null,
    featureId: null,
    variant: null,
    linkedId: null,
    credits: use.credits,
    reason: '',
  };
}
