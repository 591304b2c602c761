import { assert } from '../kernel/assert.ts';
import type { Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import { compareBurnOrder } from './burn-order.ts';
import type { LineKey } from './line-order.ts';
import { freeOf, type PeriodTotals, type PoolState, type Slot } from './pool-state.ts';
import type { Payer, Payment, SpendState } from './spends.ts';
import { useRank } from './uses.ts';

/** What lines do to a pool: who pays for a spend, and to whom what is given back returns. */

/** Plain uses up to a place, all of them at once: within a phase they are paid like one use of their sum. [G2] [G3] */
export function burnUses(state: PoolState, until: number): void {
  const { spendById: spends, period } = state;
  const { uses } = spends;
  if (until <= spends.place) return;
  const amount = uses.sumBefore(until) - uses.sumBefore(spends.place);
  const payments: Payment[] = [];
  let left = amount;
  for (const slot of state.inForce) {
    if (left === 0) break;
    const taken = Math.min(left, freeOf(slot));
    if (taken <= 0) continue;
    slot.used += taken;
    payments.push({ slot, credits: taken });
    left -= taken;
  }
  if (left > 0) payments.push({ slot: null, credits: left });
  state.unpaid += left;
  count(state, period.start, amount, left);
  spends.burn(until, period.start, payments);
  const { at, id } = uses.useAt(until - 1);
  state.lastKey = { at, rank: useRank, id };
  state.processedUntil = at;
}

/** Books a use that is no plain one, or sets a hold aside. What no grant can pay is overage. [G2] [G3] [H1] */
export function spend(
  state: PoolState,
  key: LineKey,
  given: Pick<SpendState, 'kind' | 'expiresAt'> & { readonly credits: Credits },
): void {
  const { kind, expiresAt } = given;
  const { id, at } = key;
  const spent: SpendState = { id, kind, at, expiresAt, periodStart: state.period.start, parts: [], resolution: null };
  state.spendById.begin(key, spent);
  if (kind !== 'hold') {
    take(state, spent, given.credits, 'used');
    return;
  }
  take(state, spent, given.credits, 'held');
  state.openHoldById.set(id, spent);
  if (expiresAt === null) return;
  state.timeOutById.set(id, expiresAt);
  if (state.nextClockEvent !== null && expiresAt < state.nextClockEvent) state.nextClockEvent = expiresAt;
}

/** A spend to be changed; `at` is when it began, as far as the line that changes it knows. */
export function editSpend(state: PoolState, id: string, at: Instant): SpendState | undefined {
  const spent = state.spendById.edit(id, at);
  if (spent && state.openHoldById.has(id)) state.openHoldById.set(id, spent);
  return spent;
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
  if (as === 'used') count(state, spent.periodStart, amount, left);
}

/** Spends the first part of a hold and frees the rest; more than was held is taken anew. [H2] [H3] [H5] */
export function capture(state: PoolState, line: Settlement, amount: Credits): void {
  const hold = resolveHold(state, line, 'captured');
  if (!hold) return;
  let left: number = amount;
  for (const part of hold.parts) {
    const spent = Math.min(left, part.held);
    const slot = slotOf(state, part.slot);
    if (slot) {
      slot.held -= part.held;
      slot.used += spent;
    } else state.unpaid -= part.held - spent;
    part.held = 0;
    part.used += spent;
    left -= spent;
    count(state, hold.periodStart, spent, slot === null ? spent : 0);
  }
  if (left > 0) take(state, hold, left, 'used');
}

/** Frees all that a hold has set aside; an ended grant keeps what returns to it as lapsed or voided. [H5] [H6] */
export function freeHold(state: PoolState, line: Settlement, how: 'released' | 'expired'): void {
  const hold = resolveHold(state, line, how);
  if (!hold) return;
  for (const part of hold.parts) {
    const slot = slotOf(state, part.slot);
    if (slot) slot.held -= part.held;
    else state.unpaid -= part.held;
    part.held = 0;
  }
}

/** A line that follows from a spend. `lineId` is null where the clock resolves a hold. */
interface Settlement {
  readonly lineId: string | null;
  readonly spendId: string;
  /** When the spend began, as the line says. */
  readonly spentAt: Instant;
  readonly at: Instant;
}

/** Gives back at most what is used, overage first and then the last grant in burn order first. [H7] */
export function giveBackLinked(state: PoolState, line: Settlement & { readonly lineId: string }, amount: number): void {
  const base = editSpend(state, line.spendId, line.spentAt);
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
  for (const { id, at, periodStart: ofPeriod, parts } of state.spendById.latestUntil(line.spentAt)) {
    if (left === 0 || at < periodStart) break;
    if (ofPeriod !== periodStart || parts.every(({ used }) => used === 0)) continue;
    const base = editSpend(state, id, at);
    if (base) left = giveBack(state, base, left);
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
  const hold = editSpend(state, line.spendId, line.spentAt);
  if (!hold || hold.kind !== 'hold' || hold.resolution !== null) {
    const code = !hold ? 'unknown-line' : hold.kind === 'hold' ? 'hold-already-resolved' : 'not-a-hold';
    state.anomalies.push({ lineId: line.lineId ?? line.spendId, code });
    return undefined;
  }
  hold.resolution = { how, by: line.lineId, at: line.at };
  state.openHoldById.delete(hold.id);
  state.timeOutById.delete(hold.id);
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
    const slot = slotOf(state, part.slot);
    if (slot) slot.used -= back;
    else state.unpaid -= back;
    left -= back;
    count(state, base.periodStart, -back, slot === null ? -back : 0);
  }
  return left;
}

/** The slot of this state that stands for a payer: a spend of a state before may name the slot as it was there. */
function slotOf(state: PoolState, payer: Payer | null): Slot | null {
  if (payer === null) return null;
  const slot = state.slots[payer.place];
  assert(slot?.id === payer.id, `Grant ${payer.id} is in its place`);
  return slot;
}

function addPart(spent: SpendState, slot: Slot | null, amount: number, as: 'used' | 'held'): void {
  const { parts } = spent;
  const known = parts.find((candidate) => candidate.slot?.place === slot?.place);
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
function comparePayers(left: Payer | null, right: Payer | null): number {
  if (left === null) return right === null ? 0 : 1;
  return right === null ? -1 : compareBurnOrder(left, right);
}

function count(state: PoolState, periodStart: Instant, used: number, overage: number): void {
  const totals = totalsOf(state, periodStart);
  totals.used += used;
  totals.overage += overage;
}
