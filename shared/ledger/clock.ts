import { assert } from '../kernel/assert.ts';
import { credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import { compareBurnOrder } from './burn-order.ts';
import { freeHold } from './pay.ts';
import type { PoolState, Slot } from './pool-state.ts';
import type { ScheduledPeriod } from './schedule.ts';

/** What time alone does to a pool. */

/** When time alone changes something next. */
export function nextClockEvent(state: PoolState): Instant {
  return (state.nextClockEvent ??= findNextClockEvent(state));
}

/**
 * Does what time alone does at the next instant at which it does something: holds time out first, then grants lapse,
 * then the period turns, then grants become effective; all that comes before any line of that instant. [G4] [K4]
 */
export function stepClock(state: PoolState): void {
  const at = nextClockEvent(state);
  state.spendById.endPhase();
  timeOutHolds(state, at);
  endLapsed(state, at);
  if (state.period.end <= at) {
    const ending = state.period;
    state.period = state.schedule.periodAt(ending.end);
    enterPeriod(state, state.period, ending);
  }
  startAwaited(state, at);
  if (at > state.processedUntil) state.processedUntil = at;
  state.nextClockEvent = null;
}

/** Takes up the allotments of a period and what rolls over from the ending one. [G0] [G10] */
export function enterPeriod(state: PoolState, period: ScheduledPeriod, ending: ScheduledPeriod | null): void {
  state.nextClockEvent = null;
  if (period.end <= state.opensAt) return;
  for (const allotment of period.allotments) {
    state.awaited.push({ ...allotment, packId: null, place: -1, used: 0, held: 0, ended: null });
  }
  if (!ending || !period.rollOver || ending.end <= state.opensAt) return;
  const remaining = state.slots
    .filter((slot) => slot.rollsOver && slot.expiresAt === ending.end && slot.ended?.how !== 'voided')
    .reduce((total, slot) => total + slot.amount - slot.used - slot.held, 0);
  const amount = Math.min(period.rollOver.max, Math.max(remaining, period.rollOver.min));
  if (amount <= 0) return;
  state.awaited.push({
    id: `roll-over/${state.poolId}/${new Date(period.start).toISOString()}`,
    kind: 'allotment',
    amount: credits(amount),
    priority: period.rollOver.priority,
    effectiveFrom: period.start,
    expiresAt: period.rollOver.expiresAt,
    packId: null,
    rollsOver: true,
    place: -1,
    used: 0,
    held: 0,
    ended: null,
  });
}

/** Lets grants become effective whose instant has come. */
export function startAwaited(state: PoolState, at: Instant): void {
  let started = false;
  for (let place = state.awaited.length - 1; place >= 0; place -= 1) {
    const slot = state.awaited[place];
    if (!slot || slot.effectiveFrom > at) continue;
    state.awaited.splice(place, 1);
    start(state, slot, at);
    started = true;
  }
  if (started) state.inForce.sort(compareBurnOrder);
}

function start(state: PoolState, slot: Slot, at: Instant): void {
  slot.place = state.slots.length;
  state.slots.push(slot);
  const voided = state.voidByGrantId.get(slot.id);
  if (voided) {
    slot.ended ??= { how: 'voided', at: voided.at };
    const place = state.anomalies.findIndex((anomaly) => anomaly.lineId === voided.lineId);
    if (place >= 0) state.anomalies.splice(place, 1);
  }
  if (slot.expiresAt !== null && slot.expiresAt <= at) slot.ended ??= { how: 'lapsed', at: slot.expiresAt };
  if (slot.ended !== null) return;
  state.inForce.push(slot);
  if (slot.expiresAt !== null && state.nextClockEvent !== null && slot.expiresAt < state.nextClockEvent) {
    state.nextClockEvent = slot.expiresAt;
  }
}

/** Gives back what holds have set aside whose time is over. [H2] [H8] */
function timeOutHolds(state: PoolState, at: Instant): void {
  for (const [spendId, expiresAt] of state.timeOutById) {
    if (expiresAt > at) continue;
    const hold = state.openHoldById.get(spendId);
    assert(hold, `Hold ${spendId} is open until it times out`);
    freeHold(state, { lineId: null, spendId, spentAt: hold.at, at: expiresAt }, 'expired');
  }
}

function endLapsed(state: PoolState, at: Instant): void {
  for (let place = state.inForce.length - 1; place >= 0; place -= 1) {
    const slot = state.inForce[place];
    if (!slot || slot.expiresAt === null || slot.expiresAt > at) continue;
    slot.ended = { how: 'lapsed', at: slot.expiresAt };
    state.inForce.splice(place, 1);
  }
}

function findNextClockEvent(state: PoolState): Instant {
  let next: Instant = state.period.end;
  for (const { expiresAt } of state.inForce) if (expiresAt !== null && expiresAt < next) next = expiresAt;
  for (const { effectiveFrom } of state.awaited) if (effectiveFrom < next) next = effectiveFrom;
  for (const expiresAt of state.timeOutById.values()) if (expiresAt < next) next = expiresAt;
  return next;
}
