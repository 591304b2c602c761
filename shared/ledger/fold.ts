import { credits, type Credits } from '../kernel/credits.ts';
import { compareText } from '../kernel/id.ts';
import type { Instant } from '../kernel/instant.ts';
import { assert } from '../kernel/assert.ts';
import { compareBurnOrder, type GrantTerms } from './burn-order.ts';
import type { AllotmentSchedule, ScheduledPeriod } from './schedule.ts';
import type { Share, Transaction } from './transaction.ts';

/**
 * The state of one pool, moved forward through the lines of the ledger in the order in which they count. It is a
 * function of the set of lines and of the schedule of allotments, and of nothing else: whoever folds the same set gets
 * the same state, whatever the order of arrival. [G5]
 */
export interface PoolState {
  readonly poolId: string;
  readonly schedule: AllotmentSchedule;
  /** Grants that have become effective, in burn order; lapsed and voided ones stay for the books. */
  readonly slots: Slot[];
  /** Grants whose effective-from is still to come. */
  readonly awaited: Slot[];
  readonly spendById: Map<string, SpendState>;
  readonly openHoldsWithTimeOut: Set<SpendState>;
  readonly totalsByPeriodStart: Map<Instant, PeriodTotals>;
  /** Lines that could not count, with the reason. They stay in the ledger. */
  readonly anomalies: Anomaly[];
  period: ScheduledPeriod;
  /** The latest instant at which a line or the clock changed something: nothing may be inserted before it. */
  processedUntil: Instant;
  lastKey: LineKey | null;
}

export interface Slot extends GrantTerms {
  readonly amount: Credits;
  readonly packId: string | null;
  used: number;
  held: number;
  /** Set once it stopped paying. */
  ended: { readonly how: 'lapsed' | 'voided'; readonly at: Instant } | null;
}

interface Part {
  /** null is overage. */
  readonly slot: Slot | null;
  used: number;
  held: number;
}

export interface SpendState {
  readonly id: string;
  readonly kind: 'usage' | 'hold' | 'correction';
  readonly at: Instant;
  readonly periodStart: Instant;
  readonly expiresAt: Instant | null;
  readonly parts: Part[];
  /** For a hold: what resolved it, once. [H2] */
  resolution: { readonly how: 'captured' | 'released' | 'expired'; readonly by: string | null } | null;
}

export interface PeriodTotals {
  used: number;
  overage: number;
}

export interface Anomaly {
  readonly lineId: string;
  readonly code: 'unknown-line' | 'hold-already-resolved' | 'more-than-was-used' | 'not-a-hold' | 'unknown-grant';
}

/** The place of a line among all lines of its pool. [K7] */
export interface LineKey {
  readonly at: Instant;
  readonly rank: number;
  readonly id: string;
}

/**
 * Where a line counts. Grants come before what they may pay for, settlements after what they settle, gifts back last;
 * equal instants of one rank are ordered by id. A correction that adds use counts when the use happened. [L1]
 */
export function keyOf(line: Transaction): LineKey {
  switch (line.kind) {
    case 'grant':
      return { at: line.occurredAt, rank: 0, id: line.id };
    case 'usage':
    case 'hold':
      return { at: line.occurredAt, rank: 2, id: line.id };
    case 'capture':
    case 'release':
      return { at: later(line.occurredAt, line.spentAt), rank: 3, id: line.id };
    case 'refund':
      return { at: later(line.occurredAt, line.spentAt), rank: 4, id: line.id };
    case 'void':
      return line.of === 'grant'
        ? { at: line.occurredAt, rank: 1, id: line.id }
        : { at: later(line.occurredAt, line.spentAt), rank: 4, id: line.id };
    case 'correction':
      return line.credits >= 0
        ? { at: line.spentAt, rank: line.linkedId === null ? 2 : 3, id: line.id }
        : { at: later(line.occurredAt, line.spentAt), rank: 4, id: line.id };
  }
}

export function compareKeys(left: LineKey, right: LineKey): number {
  return left.at - right.at || left.rank - right.rank || compareText(left.id, right.id);
}

/** The state before any line. `from` is at or before the first line that will be applied. */
export function openPool(poolId: string, schedule: AllotmentSchedule, from: Instant): PoolState {
  const period = schedule.periodAt(from);
  const state: PoolState = {
    poolId,
    schedule,
    slots: [],
    awaited: [],
    spendById: new Map(),
    openHoldsWithTimeOut: new Set(),
    totalsByPeriodStart: new Map(),
    anomalies: [],
    period,
    processedUntil: period.start,
    lastKey: null,
  };
  enterPeriod(state, period);
  startAwaited(state, period.start);
  return state;
}

/** Folds lines from scratch, whatever their order, as known at `asOf`. */
export function foldPool(options: {
  readonly poolId: string;
  readonly schedule: AllotmentSchedule;
  readonly lines: Iterable<Transaction>;
  readonly asOf: Instant;
}): PoolState {
  const keyed: { readonly key: LineKey; readonly line: Transaction }[] = [];
  for (const line of options.lines) {
    if (line.occurredAt <= options.asOf) keyed.push({ key: keyOf(line), line });
  }
  keyed.sort((left, right) => compareKeys(left.key, right.key));
  const first = keyed[0]?.key.at;
  const from = first === undefined ? options.schedule.opensAt : earlier(first, options.schedule.opensAt);
  const state = openPool(options.poolId, options.schedule, earlier(from, options.asOf));
  let previous: string | null = null;
  for (const { key, line } of keyed) {
    if (key.id === previous) continue;
    previous = key.id;
    applyLine(state, line, key);
  }
  advance(state, options.asOf);
  return state;
}

/** Whether `key` lies behind what the state has processed, so that the pool must be folded again. */
export function isBehind(state: PoolState, key: LineKey): boolean {
  if (key.at < state.processedUntil) return true;
  return state.lastKey !== null && compareKeys(key, state.lastKey) <= 0;
}

/** Lets time pass: holds time out, grants start and lapse, periods turn. [K4] [G4] */
export function advance(state: PoolState, until: Instant): void {
  for (;;) {
    const next = nextClockEvent(state);
    if (next === null || next > until) break;
    timeOutHolds(state, next);
    for (const slot of state.slots) {
      if (slot.ended === null && slot.expiresAt !== null && slot.expiresAt <= next) {
        slot.ended = { how: 'lapsed', at: slot.expiresAt };
      }
    }
    if (state.period.end <= next) {
      const ending = state.period;
      state.period = state.schedule.periodAt(ending.end);
      enterPeriod(state, state.period, ending);
    }
    startAwaited(state, next);
    state.processedUntil = later(state.processedUntil, next);
  }
}

/** Applies the next line. Its key must not lie behind the state. */
export function applyLine(state: PoolState, line: Transaction, key: LineKey = keyOf(line)): void {
  assert(!isBehind(state, key), `Line ${line.id} lies behind the state of pool ${state.poolId}`);
  advance(state, key.at);
  state.lastKey = key;
  state.processedUntil = key.at;
  switch (line.kind) {
    case 'grant':
      state.awaited.push({
        id: line.id,
        kind: line.grantKind,
        amount: line.amount,
        priority: line.priority,
        effectiveFrom: line.occurredAt,
        expiresAt: line.expiresAt,
        packId: line.packId,
        used: 0,
        held: 0,
        ended: null,
      });
      startAwaited(state, key.at);
      return;
    case 'usage':
      spend(state, { id: line.id, kind: 'usage', at: key.at, expiresAt: null, credits: line.credits });
      return;
    case 'hold':
      spend(state, { id: line.id, kind: 'hold', at: key.at, expiresAt: line.expiresAt, credits: line.credits });
      timeOutHolds(state, key.at);
      return;
    case 'capture':
      capture(state, line.id, line.linkedId, line.credits);
      return;
    case 'release':
      resolveHold(state, line.id, line.linkedId, 'released');
      return;
    case 'refund':
      giveBackLinked(state, line.id, line.linkedId, line.credits);
      return;
    case 'void':
      if (line.of === 'grant') voidGrant(state, line.id, line.linkedId, key.at);
      else giveBackLinked(state, line.id, line.linkedId, null);
      return;
    case 'correction':
      if (line.credits >= 0) {
        const base = line.linkedId === null ? undefined : state.spendById.get(line.linkedId);
        if (base) take(state, base, line.credits, 'used');
        else spend(state, { id: line.id, kind: 'correction', at: key.at, expiresAt: null, credits: line.credits });
      } else if (line.linkedId === null) giveBackLatest(state, -line.credits);
      else giveBackLinked(state, line.id, line.linkedId, credits(-line.credits));
      return;
  }
}

/** How the next spend of `amount` would be paid right now, first payer first; what no grant pays is overage. [G2] [G3] */
export function splitNow(state: PoolState, amount: Credits): readonly Share[] {
  const shares: Share[] = [];
  let left: number = amount;
  for (const slot of state.slots) {
    if (left === 0) break;
    const part = Math.min(left, freeOf(slot));
    if (part <= 0) continue;
    shares.push({ grantId: slot.id, kind: slot.kind, credits: credits(part) });
    left -= part;
  }
  if (left > 0) shares.push({ grantId: null, kind: 'overage', credits: credits(left) });
  return shares;
}

/** The split of a spend as the fold computes it: what is used and what is still set aside. [G3] */
export function sharesOf(spendState: SpendState): readonly Share[] {
  return spendState.parts
    .filter((part) => part.used + part.held > 0)
    .map((part) => ({
      grantId: part.slot?.id ?? null,
      kind: part.slot?.kind ?? 'overage',
      credits: credits(part.used + part.held),
    }));
}

export function heldOf(spendState: SpendState): Credits {
  return credits(spendState.parts.reduce((total, part) => total + part.held, 0));
}

export function usedOf(spendState: SpendState): Credits {
  return credits(spendState.parts.reduce((total, part) => total + part.used, 0));
}

/** What a grant in force can still pay. */
export function freeOf(slot: Slot): number {
  return slot.ended === null ? slot.amount - slot.used - slot.held : 0;
}

function spend(
  state: PoolState,
  options: Pick<SpendState, 'id' | 'kind' | 'at' | 'expiresAt'> & { readonly credits: Credits },
): void {
  const spendState: SpendState = {
    id: options.id,
    kind: options.kind,
    at: options.at,
    expiresAt: options.expiresAt,
    periodStart: state.period.start,
    parts: [],
    resolution: null,
  };
  state.spendById.set(spendState.id, spendState);
  take(state, spendState, options.credits, options.kind === 'hold' ? 'held' : 'used');
  if (spendState.kind === 'hold' && spendState.expiresAt !== null) state.openHoldsWithTimeOut.add(spendState);
}

function take(state: PoolState, spendState: SpendState, amount: number, as: 'used' | 'held'): void {
  let left = amount;
  for (const slot of state.slots) {
    if (left === 0) break;
    const part = Math.min(left, freeOf(slot));
    if (part <= 0) continue;
    slot[as] += part;
    const known = spendState.parts.find((candidate) => candidate.slot === slot);
    if (known) known[as] += part;
    else spendState.parts.push({ slot, used: as === 'used' ? part : 0, held: as === 'held' ? part : 0 });
    left -= part;
  }
  if (left > 0) {
    const known = spendState.parts.find((candidate) => candidate.slot === null);
    if (known) known[as] += left;
    else spendState.parts.push({ slot: null, used: as === 'used' ? left : 0, held: as === 'held' ? left : 0 });
  }
  if (as === 'used') count(state, spendState, amount, left);
}

/** Spends the first part of a hold and frees the rest; more than was held is taken anew. [H2] [H3] [H5] */
function capture(state: PoolState, lineId: string, holdId: string, amount: Credits): void {
  const hold = resolveHold(state, lineId, holdId, 'captured', amount);
  if (!hold) return;
  const captured = usedOf(hold);
  if (amount > captured) take(state, hold, amount - captured, 'used');
}

function resolveHold(
  state: PoolState,
  lineId: string | null,
  holdId: string,
  how: 'captured' | 'released' | 'expired',
  keep: number = 0,
): SpendState | undefined {
  const hold = state.spendById.get(holdId);
  if (!hold || hold.kind !== 'hold' || hold.resolution !== null) {
    const code = !hold ? 'unknown-line' : hold.kind === 'hold' ? 'hold-already-resolved' : 'not-a-hold';
    state.anomalies.push({ lineId: lineId ?? holdId, code });
    return undefined;
  }
  hold.resolution = { how, by: lineId };
  state.openHoldsWithTimeOut.delete(hold);
  let left = keep;
  for (const part of hold.parts) {
    const spent = Math.min(left, part.held);
    if (part.slot) {
      part.slot.held -= part.held;
      part.slot.used += spent;
    }
    part.used += spent;
    part.held = 0;
    left -= spent;
    count(state, hold, spent, part.slot === null ? spent : 0);
  }
  return hold;
}

/** Gives back in reverse burn order, overage first, at most what is used; null gives all back. [H7] */
function giveBackLinked(state: PoolState, lineId: string, spendId: string, amount: Credits | null): void {
  const base = state.spendById.get(spendId);
  if (!base) {
    state.anomalies.push({ lineId, code: 'unknown-line' });
    return;
  }
  const used = usedOf(base);
  if (amount !== null && amount > used) state.anomalies.push({ lineId, code: 'more-than-was-used' });
  giveBack(state, base, amount === null ? used : Math.min(amount, used));
}

function giveBack(state: PoolState, base: SpendState, amount: number): void {
  let left = amount;
  for (const part of base.parts.toReversed()) {
    const back = Math.min(left, part.used);
    if (back === 0) continue;
    part.used -= back;
    if (part.slot) part.slot.used -= back;
    left -= back;
    count(state, base, -back, part.slot === null ? -back : 0);
  }
}

/** The platform counted less than the ledger: the latest uses of the period return first. [G13] */
function giveBackLatest(state: PoolState, amount: number): void {
  let left = amount;
  for (const base of [...state.spendById.values()].reverse()) {
    if (left === 0) return;
    if (base.periodStart !== state.period.start) continue;
    const back = Math.min(left, usedOf(base));
    giveBack(state, base, back);
    left -= back;
  }
}

function voidGrant(state: PoolState, lineId: string, grantId: string, at: Instant): void {
  const slot = [...state.slots, ...state.awaited].find((known) => known.id === grantId);
  if (!slot) state.anomalies.push({ lineId, code: 'unknown-grant' });
  else slot.ended ??= { how: 'voided', at };
}

function count(state: PoolState, spendState: SpendState, used: number, overage: number): void {
  const totals = totalsOf(state, spendState.periodStart);
  totals.used += used;
  totals.overage += overage;
}

function totalsOf(state: PoolState, periodStart: Instant): PeriodTotals {
  const known = state.totalsByPeriodStart.get(periodStart);
  if (known) return known;
  const totals: PeriodTotals = { used: 0, overage: 0 };
  state.totalsByPeriodStart.set(periodStart, totals);
  return totals;
}

function enterPeriod(state: PoolState, period: ScheduledPeriod, ending?: ScheduledPeriod): void {
  for (const allotment of period.allotments) {
    state.awaited.push({ ...allotment, packId: null, used: 0, held: 0, ended: null });
  }
  if (!ending || !period.rollOver) return;
  const remaining = state.slots
    .filter((slot) => slot.kind === 'allotment' && slot.expiresAt === ending.end && slot.ended?.how !== 'voided')
    .reduce((total, slot) => total + slot.amount - slot.used - slot.held, 0);
  const amount = Math.min(period.rollOver.max, Math.max(remaining, period.rollOver.min));
  if (amount <= 0) return;
  state.awaited.push({
    id: `roll-over/${state.poolId}/${new Date(period.start).toISOString()}`,
    kind: 'allotment',
    amount: credits(amount),
    priority: period.rollOver.priority,
    effectiveFrom: period.start,
    expiresAt: period.end,
    packId: null,
    used: 0,
    held: 0,
    ended: null,
  });
}

function startAwaited(state: PoolState, at: Instant): void {
  let started = false;
  for (let index = state.awaited.length - 1; index >= 0; index -= 1) {
    const slot = state.awaited[index];
    if (!slot || slot.effectiveFrom > at) continue;
    state.awaited.splice(index, 1);
    if (slot.expiresAt !== null && slot.expiresAt <= at) slot.ended = { how: 'lapsed', at: slot.expiresAt };
    state.slots.push(slot);
    started = true;
  }
  if (started) state.slots.sort(compareBurnOrder);
}

function timeOutHolds(state: PoolState, at: Instant): void {
  for (const hold of state.openHoldsWithTimeOut) {
    if (hold.expiresAt !== null && hold.expiresAt <= at) resolveHold(state, null, hold.id, 'expired');
  }
}

function nextClockEvent(state: PoolState): Instant | null {
  let next: Instant = state.period.end;
  for (const slot of state.slots) {
    if (slot.ended === null && slot.expiresAt !== null && slot.expiresAt < next) next = slot.expiresAt;
  }
  for (const slot of state.awaited) if (slot.effectiveFrom < next) next = slot.effectiveFrom;
  for (const hold of state.openHoldsWithTimeOut) {
    if (hold.expiresAt !== null && hold.expiresAt < next) next = hold.expiresAt;
  }
  return next;
}

function later(left: Instant, right: Instant): Instant {
  return left >= right ? left : right;
}

function earlier(left: Instant, right: Instant): Instant {
  return left <= right ? left : right;
}
