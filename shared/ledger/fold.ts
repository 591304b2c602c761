import { assert } from '../kernel/assert.ts';
import { credits, type Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import { advance, enterPeriod, startAwaited } from './clock.ts';
import { compareKeys, countsFrom, keyOf, type LineKey } from './line-order.ts';
import { capture, freeHold, giveBackLatest, giveBackLinked, spend, take, voidGrant } from './pay.ts';
import { freeOf, type PoolState } from './pool-state.ts';
import type { AllotmentSchedule } from './schedule.ts';
import type { BalanceLine, Correction, Grant, Share } from './transaction.ts';

/**
 * The state before any line. `from` is at or before the first line that will be applied, and `opensAt` where the pool
 * begins to be allotted.
 */
export function openPool(options: {
  readonly poolId: string;
  readonly schedule: AllotmentSchedule;
  readonly opensAt: Instant;
  readonly from: Instant;
}): PoolState {
  const { poolId, schedule, opensAt } = options;
  const period = schedule.periodAt(options.from);
  const state: PoolState = {
    poolId,
    schedule,
    slots: [],
    inForce: [],
    awaited: [],
    spendById: new Map(),
    openHolds: new Set(),
    openHoldsWithTimeOut: new Set(),
    totalsByPeriodStart: new Map(),
    unpaid: 0,
    anomalies: [],
    voidByGrantId: new Map(),
    opensAt,
    period,
    processedUntil: period.start,
    lastKey: null,
    nextClockEvent: null,
  };
  enterPeriod(state, period, null);
  startAwaited(state, period.start);
  return state;
}

/** A line with its place in the order of its pool. */
export interface KeyedLine {
  readonly key: LineKey;
  readonly line: BalanceLine;
}

/** The lines that count at `asOf`, each once, in the order in which they count. [K7] [L2] */
export function inOrder(lines: Iterable<BalanceLine>, asOf: Instant): readonly KeyedLine[] {
  const keyed: KeyedLine[] = [];
  for (const line of lines) if (countsFrom(line) <= asOf) keyed.push({ key: keyOf(line), line });
  keyed.sort((left, right) => compareKeys(left.key, right.key));
  return keyed.filter(({ key }, place) => key.id !== keyed[place - 1]?.key.id);
}

/** Folds lines from scratch, whatever their order, as of an instant. [G5] */
export function foldPool(options: {
  readonly poolId: string;
  readonly schedule: AllotmentSchedule;
  readonly lines: Iterable<BalanceLine>;
  readonly asOf: Instant;
}): PoolState {
  const { poolId, schedule, asOf } = options;
  return foldInOrder({ poolId, schedule, keyed: inOrder(options.lines, asOf), asOf });
}

/**
 * Folds lines that are in order. The pool opens with the period that holds its schedule's opening, or with that of the
 * earliest line where that is earlier.
 */
export function foldInOrder(options: {
  readonly poolId: string;
  readonly schedule: AllotmentSchedule;
  readonly keyed: readonly KeyedLine[];
  readonly asOf: Instant;
}): PoolState {
  const { poolId, schedule, keyed, asOf } = options;
  // A member is asked about before the day on which they were entered: what their pool would have been is the answer.
  const asked = asOf >= schedule.mayOpenAt ? earlier(asOf, schedule.opensAt) : schedule.opensAt;
  const opensAt = earlier(asked, keyed[0]?.key.at ?? asked);
  const state = openPool({ poolId, schedule, opensAt, from: earlier(opensAt, asOf) });
  for (const { key, line } of keyed) applyLine(state, line, key);
  advance(state, asOf);
  return state;
}

/** Whether `key` lies behind what the state has processed, so that the pool must be folded again. */
export function isBehind(state: PoolState, key: LineKey): boolean {
  if (key.at < state.processedUntil || key.at < state.opensAt) return true;
  return state.lastKey !== null && compareKeys(key, state.lastKey) <= 0;
}

/** Applies the next line. Its key must not lie behind the state. */
export function applyLine(state: PoolState, line: BalanceLine, key: LineKey = keyOf(line)): void {
  assert(!isBehind(state, key), `Line ${line.id} lies behind the state of pool ${state.poolId}`);
  advance(state, key.at);
  state.lastKey = key;
  state.processedUntil = key.at;
  switch (line.kind) {
    case 'grant':
      addGrant(state, line);
      return;
    case 'usage':
      spend(state, { id: line.id, kind: 'usage', at: key.at, expiresAt: null, credits: line.credits });
      return;
    case 'hold':
      spend(state, { id: line.id, kind: 'hold', at: key.at, expiresAt: line.expiresAt, credits: line.credits });
      return;
    case 'capture':
      capture(state, { lineId: line.id, spendId: line.linkedId, at: key.at }, line.credits);
      return;
    case 'release':
      freeHold(state, { lineId: line.id, spendId: line.linkedId, at: key.at }, 'released');
      return;
    case 'refund':
      giveBackLinked(state, { lineId: line.id, spendId: line.linkedId, at: key.at }, line.credits);
      return;
    case 'void':
      if (line.of === 'grant') voidGrant(state, { lineId: line.id, grantId: line.linkedId, at: key.at });
      else giveBackLinked(state, { lineId: line.id, spendId: line.linkedId, at: key.at }, line.credits);
      return;
    case 'correction':
      correct(state, line, key);
      return;
  }
}

/** How the next spend of `amount` would be paid right now, first payer first; what no grant pays is overage. [G2] [G3] */
export function splitNow(state: PoolState, amount: Credits): readonly Share[] {
  const shares: Share[] = [];
  let left: number = amount;
  for (const slot of state.inForce) {
    if (left === 0) break;
    const part = Math.min(left, freeOf(slot));
    if (part <= 0) continue;
    shares.push({ grantId: slot.id, kind: slot.kind, credits: credits(part) });
    left -= part;
  }
  if (left > 0) shares.push({ grantId: null, kind: 'overage', credits: credits(left) });
  return shares;
}

function addGrant(state: PoolState, line: Grant): void {
  state.awaited.push({
    id: line.id,
    kind: line.grantKind,
    amount: line.amount,
    priority: line.priority,
    effectiveFrom: line.occurredAt,
    expiresAt: line.expiresAt,
    packId: line.packId,
    rollsOver: false,
    used: 0,
    held: 0,
    ended: null,
  });
  startAwaited(state, line.occurredAt);
}

/** More use joins the spend that it corrects; less returns to the grants. [L2] [L3] [G13] */
function correct(state: PoolState, line: Correction, key: LineKey): void {
  const { id, linkedId, spentAt } = line;
  if (line.credits < 0) {
    if (linkedId === null) giveBackLatest(state, { lineId: id, spentAt }, -line.credits);
    else giveBackLinked(state, { lineId: id, spendId: linkedId, at: key.at }, -line.credits);
    return;
  }
  const base = linkedId === null ? undefined : state.spendById.get(linkedId);
  if (base) take(state, base, line.credits, 'used');
  else spend(state, { id, kind: 'correction', at: key.at, expiresAt: null, credits: line.credits });
}

function earlier(left: Instant, right: Instant): Instant {
  return left <= right ? left : right;
}
