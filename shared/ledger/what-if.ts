import { credits, greatest, noCredits, subtract, type Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import { fold, isBehind, splitNow } from './fold.ts';
import { forkPool } from './fork.ts';
import { keyOf, type LineKey } from './line-order.ts';
import { giveBackLatest, spend } from './pay.ts';
import type { PoolLedger } from './pool-ledger.ts';
import { endOfInstant } from './pool-lines.ts';
import { freeOf, type PoolState } from './pool-state.ts';
import { sharesOf } from './spends.ts';
import type { Correction, Share } from './transaction.ts';

/** What a pool answers to a use that is not booked yet. */
export interface WhatIf {
  readonly split: readonly Share[];
  /** The most that could be spent at that instant without any new overage between then and now. [E7] */
  readonly headroom: Credits;
  readonly overageAdded: Credits;
  readonly freesAt: Instant | null;
}

export interface PoolQuestion {
  readonly ledger: PoolLedger;
  readonly amount: Credits;
  readonly at: Instant;
  readonly now: Instant;
}

/**
 * Asks a pool how a use of `amount` at `at` would be paid: at the end of what has happened by what is available, before
 * later lines by folding it in between them. [E7]
 */
export function askPool(question: PoolQuestion): WhatIf {
  const { ledger, amount, at, now } = question;
  if (at > now) return foldedIn(question);
  const state = ledger.stateAt(now);
  if (isBehind(state, candidateKey(at))) return foldedIn(question);
  const headroom = availableOf(state);
  return {
    split: splitNow(state, amount),
    headroom,
    overageAdded: greatest(subtract(amount, headroom), noCredits),
    freesAt: nextCredits(state, at),
  };
}

/**
 * Whether a correction that takes away from the latest uses would leave a later line nothing to give back: what it takes
 * was refunded or voided since. Nothing is booked. [G13]
 */
export function clashesWithLater(ledger: PoolLedger, line: Correction, now: Instant): boolean {
  return withCorrection(ledger, line, now).anomalies.length > ledger.stateAt(now).anomalies.length;
}

/** What a pool would be at `now` with a correction of its whole use that is not booked. [G13] */
export function withCorrection(ledger: PoolLedger, line: Correction, now: Instant): PoolState {
  const skipped = ledger.lines.notYetMade(now);
  const key = keyOf(line);
  const state = ledger.stateBefore(key, skipped);
  if (line.credits < 0) giveBackLatest(state, { lineId: line.id, spentAt: line.spentAt }, -line.credits);
  else spend(state, key, { kind: 'correction', expiresAt: null, credits: line.credits });
  fold([state], ledger.lines, { until: endOfInstant(now), skipped });
  return state;
}

/** What can be spent now: the free parts of all grants in force. */
export function availableOf(state: PoolState): Credits {
  return credits(state.inForce.reduce((total, slot) => total + freeOf(slot), 0));
}

/** When the next allotment or awaited grant brings credits; null when nothing is due. */
function nextCredits(state: PoolState, at: Instant): Instant | null {
  const next = state.schedule.periodAt(state.period.end >= state.opensAt ? state.period.end : state.opensAt);
  const due = [...next.allotments, ...state.awaited.filter((slot) => slot.ended === null)]
    .filter((grant) => grant.amount > 0 && grant.effectiveFrom > at)
    .map((grant) => grant.effectiveFrom);
  return due.length === 0 ? null : due.reduce((left, right) => (left <= right ? left : right));
}

/**
 * The answer for a use with lines after it: what comes after it is folded with the use in its place and without it, side
 * by side, and both are compared at both ends of every phase, so that overage that a refund has cured since counts too.
 * Within a phase the difference between the two only grows or only shrinks. [E7]
 */
export function foldedIn(question: PoolQuestion): WhatIf {
  const { ledger, amount, at } = question;
  const asOf = at > question.now ? at : question.now;
  const asked = candidateKey(at);
  const skipped = ledger.lines.notYetMade(asOf);
  const before = ledger.stateBefore(asked, skipped);
  const withUse = (extra: Credits): { readonly state: PoolState; readonly overageAdded: number } => {
    const [without, state] = [forkPool(before), forkPool(before)];
    spend(state, asked, { kind: 'correction', expiresAt: null, credits: extra });
    let overageAdded = 0;
    const look = (): void => {
      overageAdded = Math.max(overageAdded, state.unpaid - without.unpaid);
    };
    look();
    fold([without, state], ledger.lines, { until: endOfInstant(asOf), skipped, look });
    return { state, overageAdded };
  };
  const after = withUse(amount);
  const overageAdded = credits(after.overageAdded);
  const spent = after.state.spendById.get(lastId, at);
  return {
    split: spent ? sharesOf(spent) : [],
    headroom: withoutOverage(overageAdded > noCredits ? amount : moreThanEverGranted(after.state, amount), (extra) =>
      extra === amount ? after.overageAdded : withUse(extra).overageAdded,
    ),
    overageAdded,
    // What frees is what comes after the use itself: a later reset pays nothing of an earlier period.
    freesAt: nextCredits(before, at),
  };
}

/**
 * The most, up to `from`, that adds no overage. A further credit of use mostly adds one of overage, so what is beyond
 * the grants is taken off until nothing is. Where it adds more (a hold then leans on a grant that is voided, and what it
 * gives back is lost), that was too much, and the rest is found by halving.
 */
function withoutOverage(from: Credits, addedBy: (extra: Credits) => number): Credits {
  let over = addedBy(from);
  if (over === 0) return from;
  let tooMuch = from;
  let most = noCredits;
  for (let next = from - over; next > 0; next -= over) {
    most = credits(next);
    over = addedBy(most);
    if (over === 0) break;
    tooMuch = most;
    most = noCredits;
  }
  if (tooMuch - most > 1 && addedBy(credits(most + 1)) > 0) return most;
  while (tooMuch - most > 1) {
    const middle = credits(Math.floor((most + tooMuch) / 2));
    if (addedBy(middle) === 0) most = middle;
    else tooMuch = middle;
  }
  return most;
}

/** A use larger than everything ever granted shows how much the pool could still absorb. */
function moreThanEverGranted(state: PoolState, amount: Credits): Credits {
  const all = state.slots.reduce((total: number, slot) => total + slot.amount, amount);
  return credits(Math.min(all, Number.MAX_SAFE_INTEGER));
}

/** After every real spend of the same instant. */
function candidateKey(at: Instant): LineKey {
  return { at, rank: 2, id: lastId };
}

/** Sorts after every real id, so that the asked use comes last among equal instants. */
const lastId = '\uffff';
