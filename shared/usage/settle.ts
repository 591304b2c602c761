import { multiply, noCredits, subtract, type Credits, type Quantity } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { PoolState } from '../ledger/pool-state.ts';
import { heldOf, usedOf } from '../ledger/spends.ts';
import type { Capture, Correction, Hold, Origin, Refund, Release, Usage, Void } from '../ledger/transaction.ts';

/** Why a hold cannot be settled, or a use not given back. */
export type SettleProblem =
  | { readonly code: 'not-a-hold' }
  | { readonly code: 'already-resolved'; readonly how: 'captured' | 'released' | 'expired'; readonly by: string | null }
  | { readonly code: 'before-it-began' }
  | { readonly code: 'not-positive' }
  | { readonly code: 'nothing-to-give-back' }
  | { readonly code: 'more-than-was-used'; readonly used: Credits }
  | { readonly code: 'metered' }
  | { readonly code: 'unchanged' }
  /** Capturing more than was held needs a new decision for this difference. [H3] */
  | { readonly code: 'more-than-was-held'; readonly held: Credits; readonly difference: Credits };

export interface SettleDetails {
  readonly id: string;
  readonly at: Instant;
  readonly recordedAt: Instant;
  readonly authorId: string | null;
  readonly origin: Origin;
}

/**
 * Spends all or part of a hold; the rest is free at once. `state` is the pool advanced to `details.at` or later, so that
 * it knows of every settlement; `differenceAllowed` says that the excess over what is held has been decided on, and
 * `leaseId` which lease bears it. A hold
 * that has timed out since `details.at` was still open then. [H2] [H3] [H5]
 */
export function captureHold(
  state: PoolState,
  hold: Hold | Usage,
  amount: Credits | null,
  details: SettleDetails & { readonly differenceAllowed: boolean; readonly leaseId?: string | undefined },
): Result<Capture, SettleProblem> {
  const open = openHold(state, hold, details.at);
  if (!open.ok) return open;
  const { held } = open.value;
  const captured = amount ?? held;
  if (captured <= 0) return err({ code: 'not-positive' });
  if (captured > held && !details.differenceAllowed) {
    return err({ code: 'more-than-was-held', held, difference: subtract(captured, held) });
  }
  const { leaseId } = details;
  const lease = captured > held && leaseId !== undefined ? { leaseId } : {};
  return ok({ kind: 'capture', ...linked(hold, details), credits: captured, ...lease });
}

/** Gives a whole hold back. [H2] [H6] */
export function releaseHold(
  state: PoolState,
  hold: Hold | Usage,
  details: SettleDetails,
): Result<Release, SettleProblem> {
  const open = openHold(state, hold, details.at);
  return open.ok ? ok({ kind: 'release', ...linked(hold, details) }) : open;
}

/** Gives captured credits back, at most what is used; null gives all. [H7] */
export function refundUse(
  state: PoolState,
  base: Hold | Usage,
  amount: Credits | null,
  details: SettleDetails & { readonly reason: string | null },
): Result<Refund, SettleProblem> {
  const used = usedSoFar(state, base, details.at);
  if (!used.ok) return used;
  if (used.value === noCredits) return err({ code: 'nothing-to-give-back' });
  const back = amount ?? used.value;
  if (back <= 0) return err({ code: 'not-positive' });
  if (back > used.value) return err({ code: 'more-than-was-used', used: used.value });
  return ok({ kind: 'refund', ...linked(base, details), credits: back, reason: details.reason });
}

/**
 * Takes a whole use back, with a reason: it counts as if it had not happened, from the instant of the use on, so that
 * the same credits can be spent again there. A use that cost nothing can be taken back too. [L3] [L4]
 */
export function voidUse(
  state: PoolState,
  base: Hold | Usage,
  details: SettleDetails & { readonly reason: string },
): Result<Void, SettleProblem> {
  const used = usedSoFar(state, base, details.at);
  if (!used.ok) return used;
  if (used.value === noCredits && base.credits > noCredits) return err({ code: 'nothing-to-give-back' });
  return ok({
    kind: 'void',
    of: base.kind === 'hold' ? 'capture' : 'usage',
    ...linked(base, details),
    occurredAt: usedAt(state, base),
    credits: used.value,
    reason: details.reason,
  });
}

/**
 * Brings a priced entry to another quantity by booking the difference, at the rate that it was priced with. An entry
 * of which nothing is used any more stays as it is. [L2] [L3] [L4]
 */
export function correctUse(
  state: PoolState,
  base: Hold | Usage,
  quantity: Quantity,
  details: SettleDetails & { readonly reason: string },
): Result<Correction, SettleProblem> {
  if (base.unitRate === null) return err({ code: 'metered' });
  const used = usedSoFar(state, base, details.at);
  if (!used.ok) return used;
  const target = multiply(base.unitRate, quantity);
  if (target === undefined || quantity <= 0) return err({ code: 'not-positive' });
  if (used.value === noCredits && base.credits > noCredits) return err({ code: 'nothing-to-give-back' });
  if (target === used.value) return err({ code: 'unchanged' });
  return ok({
    kind: 'correction',
    ...linked(base, details),
    // What is corrected is what was used back then. [L1]
    occurredAt: usedAt(state, base),
    credits: subtract(target, used.value),
    reason: details.reason,
    restatedQuantity: quantity,
  });
}

/** When a spend was used: a hold when it was captured. */
function usedAt(state: PoolState, base: Hold | Usage): Instant {
  const resolution = state.spendById.get(base.id, base.occurredAt)?.resolution;
  return resolution?.how === 'captured' ? resolution.at : base.occurredAt;
}

/** What an open hold has set aside, at `at`. */
function openHold(
  state: PoolState,
  hold: Hold | Usage,
  at: Instant,
): Result<{ readonly held: Credits }, SettleProblem> {
  const spend = state.spendById.get(hold.id, hold.occurredAt);
  if (hold.kind !== 'hold' || !spend || spend.kind !== 'hold') return err({ code: 'not-a-hold' });
  if (at < hold.occurredAt) return err({ code: 'before-it-began' });
  if (spend.resolution === null) return ok({ held: heldOf(spend) });
  const { how, by } = spend.resolution;
  if (how === 'expired' && at < spend.resolution.at) return ok({ held: hold.credits });
  return err({ code: 'already-resolved', how, by });
}

/** What is used of a spend. Nothing can be given back before it was used: that is from the capture of a hold on. */
function usedSoFar(state: PoolState, base: Hold | Usage, at: Instant): Result<Credits, SettleProblem> {
  const spend = state.spendById.get(base.id, base.occurredAt);
  const captured = spend?.resolution?.how === 'captured' ? spend.resolution.at : base.occurredAt;
  if (at < base.occurredAt || at < captured) return err({ code: 'before-it-began' });
  return ok(spend ? usedOf(spend) : noCredits);
}

function linked(base: Hold | Usage, details: SettleDetails) {
  return {
    id: details.id,
    workspaceId: base.workspaceId,
    poolId: base.poolId,
    occurredAt: details.at,
    recordedAt: details.recordedAt,
    authorId: details.authorId,
    origin: details.origin,
    memberId: base.memberId,
    teamId: base.teamId,
    featureId: base.featureId,
    variant: base.variant,
    linkedId: base.id,
    spentAt: base.occurredAt,
  };
}
