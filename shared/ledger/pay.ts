import type { Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import { compareBurnOrder } from './burn-order.ts';
import { freeOf, type PeriodTotals, type PoolState, type Slot, type SpendState } from './pool-state.ts';

/** What lines do to a pool: who pays for a spend, and to whom what is given back returns. */

/** Books a use, or sets a hold aside. What no grant can pay is overage. [G2] [G3] [H1] */
export function spend(
  state: PoolState,
  given: Pick<SpendState, 'id' | 'kind' | 'at' | 'expiresAt'> & { readonly credits: Credits },
): void {
  const { id, kind, at, expiresAt } = given;
  const spent: SpendState = { id, kind, at, expiresAt, periodStart: state.period.start, parts: [], resolution: null };
  state.spendById.set(id, spent);
  if (kind !== 'hold') {
    take(state, spent, given.credits, 'used');
    return;
  }
  take(state, spent, given.credits, 'held');
  state.openHolds.add(spent);
  if (expiresAt === null) return;
  state.openHoldsWithTimeOut.add(spent);
  if (state.nextClockEvent !== null && expiresAt < state.nextClockEvent) state.nextClockEvent = expiresAt;
}

/** Takes credits from the grants in force, in burn order, and the rest as overage. [G2] [G7] */
export function take(state: PoolState, spent: SpendState, amount: number, as: 'used' | 'held'): void {
  let left = amount;
  for (const slot of state.inForce) {
    if (left === 0) break;
    const taken = Math.min(left, freeOf(slot));
    if (taken <= 0) continue;
    slot[as] += taken;
    addPart(spent, slot, taken, as);
    left -= taken;
  }
  if (left > 0) {
    addPart(spent, null, left, as);
    state.unpaid += left;
  }
  if (as === 'used') count(state, spent, amount, left);
}

/** Spends the first part of a hold and frees the rest; more than was held is taken anew. [H2] [H3] [H5] */
export function capture(state: PoolState, line: Settlement, amount: Credits): void {
  const hold = resolveHold(state, line, 'captured');
  if (!hold) return;
  let left: number = amount;
  for (const part of hold.parts) {
    const spent = Math.min(left, part.held);
    if (part.slot) {
      part.slot.held -= part.held;
      part.slot.used += spent;
    } else state.unpaid -= part.held - spent;
    part.held = 0;
    part.used += spent;
    left -= spent;
    count(state, hold, spent, part.slot === null ? spent : 0);
  }
  if (left > 0) take(state, hold, left, 'used');
}

/** Frees all that a hold has set aside; an ended grant keeps what returns to it as lapsed or voided. [H5] [H6] */
export function freeHold(state: PoolState, line: Settlement, how: 'released' | 'expired'): void {
  const hold = resolveHold(state, line, how);
  if (!hold) return;
  for (const part of hold.parts) {
    if (part.slot) part.slot.held -= part.held;
    else state.unpaid -= part.held;
    part.held = 0;
  }
}

/** A line that follows from a spend. `lineId` is null where the clock resolves a hold. */
interface Settlement {
  readonly lineId: string | null;
  readonly spendId: string;
  readonly at: Instant;
}

/** Gives back at most what is used, overage first and then the last grant in burn order first. [H7] */
export function giveBackLinked(state: PoolState, line: Settlement & { readonly lineId: string }, amount: number): void {
  const base = state.spendById.get(line.spendId);
  if (!base) {
    state.anomalies.push({ lineId: line.lineId, code: 'unknown-line' });
    return;
  }
  const left = giveBack(state, base, amount);
  if (left > 0) state.anomalies.push({ lineId: line.lineId, code: 'more-than-was-used' });
}

/**
 * The platform counted less than the ledger: of the uses up to `spentAt`, in the period that holds it, the latest return
 * first. [G13]
 */
export function giveBackLatest(
  state: PoolState,
  line: { readonly lineId: string; readonly spentAt: Instant },
  amount: number,
): void {
  const periodStart = state.schedule.periodAt(line.spentAt).start;
  let left = amount;
  for (const base of [...state.spendById.values()].reverse()) {
    if (left === 0) return;
    if (base.at > line.spentAt || base.periodStart !== periodStart) continue;
    left = giveBack(state, base, left);
  }
  if (left > 0) state.anomalies.push({ lineId: line.lineId, code: 'more-than-was-used' });
}

/** Stops a grant at an instant and rewrites nothing; one that is still to come never pays. [G1] */
export function voidGrant(
  state: PoolState,
  line: { readonly lineId: string; readonly grantId: string; readonly at: Instant },
): void {
  const slot = [...state.slots, ...state.awaited].find((known) => known.id === line.grantId);
  if (!slot) {
    state.voidByGrantId.set(line.grantId, line);
    state.anomalies.push({ lineId: line.lineId, code: 'unknown-grant' });
    return;
  }
  if (slot.ended) return;
  slot.ended = { how: 'voided', at: line.at };
  const place = state.inForce.indexOf(slot);
  if (place >= 0) state.inForce.splice(place, 1);
  state.nextClockEvent = null;
}

function totalsOf(state: PoolState, periodStart: Instant): PeriodTotals {
  const known = state.totalsByPeriodStart.get(periodStart);
  if (known) return known;
  const totals: PeriodTotals = { used: 0, overage: 0 };
  state.totalsByPeriodStart.set(periodStart, totals);
  return totals;
}

function resolveHold(
  state: PoolState,
  line: Settlement,
  how: 'captured' | 'released' | 'expired',
): SpendState | undefined {
  const hold = state.spendById.get(line.spendId);
  if (!hold || hold.kind !== 'hold' || hold.resolution !== null) {
    const code = !hold ? 'unknown-line' : hold.kind === 'hold' ? 'hold-already-resolved' : 'not-a-hold';
    state.anomalies.push({ lineId: line.lineId ?? line.spendId, code });
    return undefined;
  }
  hold.resolution = { how, by: line.lineId, at: line.at };
  state.openHolds.delete(hold);
  state.openHoldsWithTimeOut.delete(hold);
  if (hold.expiresAt !== null && hold.expiresAt === state.nextClockEvent) state.nextClockEvent = null;
  return hold;
}

/** Returns what could not be given back. */
function giveBack(state: PoolState, base: SpendState, amount: number): number {
  let left = amount;
  for (let place = base.parts.length - 1; place >= 0 && left > 0; place -= 1) {
    const part = base.parts[place];
    const back = Math.min(left, part?.used ?? 0);
    if (!part || back === 0) continue;
    part.used -= back;
    if (part.slot) part.slot.used -= back;
    else state.unpaid -= back;
    left -= back;
    count(state, base, -back, part.slot === null ? -back : 0);
  }
  return left;
}

function addPart(spent: SpendState, slot: Slot | null, amount: number, as: 'used' | 'held'): void {
  const { parts } = spent;
  const known = parts.find((candidate) => candidate.slot === slot);
  if (known) {
    known[as] += amount;
    return;
  }
  const part = { slot, used: as === 'used' ? amount : 0, held: as === 'held' ? amount : 0 };
  const place = parts.findIndex((other) => comparePayers(slot, other.slot) < 0);
  if (place < 0) parts.push(part);
  else parts.splice(place, 0, part);
}

/** Burn order with overage last. */
function comparePayers(left: Slot | null, right: Slot | null): number {
  if (left === null) return right === null ? 0 : 1;
  return right === null ? -1 : compareBurnOrder(left, right);
}

function count(state: PoolState, spent: SpendState, used: number, overage: number): void {
  const totals = totalsOf(state, spent.periodStart);
  totals.used += used;
  totals.overage += overage;
}
