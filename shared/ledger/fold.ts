import { assert } from '../kernel/assert.ts';
import { credits, type Credits } from '../kernel/credits.ts';
import { instant, type Instant } from '../kernel/instant.ts';
import { enterPeriod, nextClockEvent, startAwaited, stepClock } from './clock.ts';
import { compareKeys, type LineKey } from './line-order.ts';
import {
  burnUses,
  capture,
  editSpend,
  freeHold,
  giveBackLatest,
  giveBackLinked,
  spend,
  take,
  voidGrant,
} from './pay.ts';
import { startOfInstant, type KeyedLine, type PoolLines } from './pool-lines.ts';
import { freeOf, type PoolState } from './pool-state.ts';
import type { AllotmentSchedule } from './schedule.ts';
import { Spends } from './spends.ts';
import type { Correction, Grant, Share } from './transaction.ts';

/**
 * The state before any line. `from` is at or before the first line that will be applied, and `opensAt` where the pool
 * begins to be allotted.
 */
export function openPool(options: {
  readonly poolId: string;
  readonly schedule: AllotmentSchedule;
  readonly lines: PoolLines;
  readonly opensAt: Instant;
  readonly from: Instant;
}): PoolState {
  const { poolId, schedule, lines, opensAt } = options;
  const period = schedule.periodAt(options.from);
  const state: PoolState = {
    poolId,
    schedule,
    slots: [],
    inForce: [],
    awaited: [],
    spendById: Spends.none(lines.uses),
    openHoldById: new Map(),
    timeOutById: new Map(),
    totalsByPeriodStart: new Map(),
    unpaid: 0,
    anomalies: [],
    voidByGrantId: new Map(),
    opensAt,
    period,
    processedUntil: period.start,
    lastKey: null,
    othersApplied: 0,
    nextClockEvent: null,
  };
  enterPeriod(state, period, null);
  startAwaited(state, period.start);
  return state;
}

/**
 * Moves states of the same lines forward together, up to `until`, in phases: the next thing that is no plain use, be it
 * a line or what time alone does, ends a phase, and the uses before it are burned as one sum. What that costs grows with
 * the number of phases and not with the number of uses. [G5]
 */
export function fold(
  states: readonly PoolState[],
  lines: PoolLines,
  options: {
    readonly until: LineKey;
    /** Lines that are passed over. */
    readonly skipped?: ReadonlySet<KeyedLine>;
    /** Called after each phase and after each thing that ends one. */
    readonly look?: () => void;
    /** Called between phases. */
    readonly pause?: () => readonly PoolState[];
  },
): void {
  const { until, skipped, look, pause } = options;
  let moving = states;
  for (;;) {
    const clockAt = moving.reduce((first, state) => Math.min(first, nextClockEvent(state)), Infinity);
    const other = lines.others[moving[0]?.othersApplied ?? 0];
    const clockFirst = other === undefined || clockAt <= other.key.at;
    const boundary = clockFirst ? startOfInstant(instant(clockAt)) : other.key;
    const ends = compareKeys(boundary, until) > 0;
    const place = lines.uses.placeOf(ends ? until : boundary);
    for (const state of moving) burnUses(state, place);
    look?.();
    if (ends) return;
    if (pause) moving = pause();
    for (const state of moving) {
      if (!clockFirst) applyOther(state, other, skipped?.has(other) === true);
      else if (nextClockEvent(state) <= clockAt) stepClock(state);
    }
    look?.();
  }
}

/** Whether `key` lies behind what the state has processed, so that the pool must be folded again from before it. */
export function isBehind(state: PoolState, key: LineKey): boolean {
  if (key.at < state.processedUntil || key.at < state.opensAt) return true;
  return state.lastKey !== null && compareKeys(key, state.lastKey) <= 0;
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

function applyOther(state: PoolState, { key, line }: KeyedLine, skipped: boolean): void {
  state.othersApplied += 1;
  if (skipped) return;
  assert(!isBehind(state, key), `Line ${line.id} lies behind the state of pool ${state.poolId}`);
  state.lastKey = key;
  state.processedUntil = key.at;
  state.spendById.endPhase();
  switch (line.kind) {
    case 'grant':
      addGrant(state, line);
      return;
    case 'hold':
      spend(state, key, { kind: 'hold', expiresAt: line.expiresAt, credits: line.credits });
      return;
    case 'capture':
      capture(state, settlementOf(line, key), line.credits);
      return;
    case 'release':
      freeHold(state, settlementOf(line, key), 'released');
      return;
    case 'refund':
      giveBackLinked(state, settlementOf(line, key), line.credits);
      return;
    case 'void':
      if (line.of === 'grant') voidGrant(state, { lineId: line.id, grantId: line.linkedId, at: key.at });
      else giveBackLinked(state, settlementOf(line, key), line.credits);
      return;
    case 'correction':
      correct(state, line, key);
      return;
  }
}

function settlementOf(
  line: { readonly id: string; readonly linkedId: string; readonly spentAt: Instant },
  { at }: LineKey,
) {
  return { lineId: line.id, spendId: line.linkedId, spentAt: line.spentAt, at };
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
    place: -1,
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
    else giveBackLinked(state, { lineId: id, spendId: linkedId, spentAt, at: key.at }, -line.credits);
    return;
  }
  const base = linkedId === null ? undefined : editSpend(state, linkedId, spentAt);
  if (base) take(state, base, line.credits, 'used');
  else spend(state, key, { kind: 'correction', expiresAt: null, credits: line.credits });
}
