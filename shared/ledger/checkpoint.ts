import { assert } from '../kernel/assert.ts';
import type { Instant } from '../kernel/instant.ts';
import { compareBurnOrder } from './burn-order.ts';
import type { PoolLines } from './pool-lines.ts';
import type { Anomaly, PeriodTotals, PoolState, Slot } from './pool-state.ts';
import type { AllotmentSchedule, ScheduledPeriod } from './schedule.ts';
import { Spends, type SpendState } from './spends.ts';

/**
 * A pool with every line that counts before an instant and none that counts later, as plain data that can be stored: a
 * fold that goes on from here gives what a fold from the beginning gives. What was spent for good is left out, so that
 * it stays small; who speaks of it again needs an earlier one. [G5]
 */
export interface PoolCheckpoint {
  readonly at: Instant;
  /** It answers about this instant and later ones: `at`, or when the last of its lines was made. */
  readonly since: Instant;
  /** How many lines count before it. */
  readonly lines: number;
  readonly opensAt: Instant;
  readonly slots: readonly CheckpointSlot[];
  readonly awaited: readonly CheckpointSlot[];
  readonly openHolds: readonly CheckpointHold[];
  readonly totals: readonly (PeriodTotals & { readonly start: Instant })[];
  readonly unpaid: number;
  readonly anomalies: readonly Anomaly[];
  readonly voids: readonly { readonly grantId: string; readonly lineId: string; readonly at: Instant }[];
}

export type CheckpointSlot = Omit<Slot, 'place'>;

export interface CheckpointHold {
  readonly id: string;
  readonly at: Instant;
  readonly periodStart: Instant;
  readonly expiresAt: Instant | null;
  readonly parts: readonly {
    /** Which of the slots pays; null is overage. */
    readonly place: number | null;
    readonly used: number;
    readonly held: number;
  }[];
}

/** The data of a state that has been moved to the start of `at`. */
export function checkpointOf(state: PoolState, given: Pick<PoolCheckpoint, 'at' | 'since' | 'lines'>): PoolCheckpoint {
  const { at, since, lines } = given;
  assert(state.opensAt <= at && state.processedUntil <= at, `Pool ${state.poolId} stands at ${at}`);
  return {
    at,
    since,
    lines,
    opensAt: state.opensAt,
    slots: state.slots.map(withoutPlace),
    awaited: state.awaited.map(withoutPlace),
    openHolds: [...state.openHoldById.values()].map((hold) => ({
      id: hold.id,
      at: hold.at,
      periodStart: hold.periodStart,
      expiresAt: hold.expiresAt,
      parts: hold.parts.map(({ slot, used, held }) => ({ place: slot?.place ?? null, used, held })),
    })),
    totals: [...state.totalsByPeriodStart].map(([start, { used, overage }]) => ({ start, used, overage })),
    unpaid: state.unpaid,
    anomalies: [...state.anomalies],
    voids: [...state.voidByGrantId].map(([grantId, { lineId, at: voidedAt }]) => ({ grantId, lineId, at: voidedAt })),
  };
}

/**
 * The state to go on from, with `lines` that count from the checkpoint on. The schedule must be the one that the
 * checkpoint was made under, as far as it had come: see `scheduleUntil`.
 */
export function restorePool(
  poolId: string,
  checkpoint: PoolCheckpoint,
  given: { readonly schedule: AllotmentSchedule; readonly lines: PoolLines },
): PoolState {
  const { schedule, lines } = given;
  const { at, opensAt, unpaid } = checkpoint;
  const slots = checkpoint.slots.map((slot, place): Slot => ({ ...slot, place }));
  const holds = checkpoint.openHolds.map(({ parts, ...hold }): SpendState => ({
    ...hold,
    kind: 'hold',
    resolution: null,
    parts: parts.map(({ place, used, held }) => ({ slot: payerAt(slots, place), used, held })),
  }));
  return {
    poolId,
    schedule,
    slots,
    inForce: slots.filter((slot) => slot.ended === null).sort(compareBurnOrder),
    awaited: checkpoint.awaited.map((slot) => ({ ...slot, place: -1 })),
    spendById: Spends.since(at, { uses: lines.uses, openHolds: holds }),
    openHoldById: new Map(holds.map((hold) => [hold.id, hold])),
    timeOutById: new Map(holds.flatMap(({ id, expiresAt }) => (expiresAt === null ? [] : [[id, expiresAt]]))),
    totalsByPeriodStart: new Map(checkpoint.totals.map(({ start, used, overage }) => [start, { used, overage }])),
    unpaid,
    anomalies: [...checkpoint.anomalies],
    voidByGrantId: new Map(checkpoint.voids.map(({ grantId, ...voided }) => [grantId, voided])),
    opensAt,
    period: schedule.periodAt(at),
    processedUntil: at,
    lastKey: null,
    othersApplied: 0,
    nextClockEvent: null,
  };
}

/**
 * All that a schedule says up to a checkpoint, as text: under two schedules that say the same a checkpoint is the same,
 * whatever they say about later periods.
 */
export function scheduleUntil(schedule: AllotmentSchedule, { opensAt, at }: PoolCheckpoint): string {
  const periods: ScheduledPeriod[] = [];
  for (let next = opensAt; next <= at;) {
    const period = schedule.periodAt(next);
    periods.push(period);
    next = period.end;
  }
  return JSON.stringify([schedule.opensAt, schedule.mayOpenAt, periods]);
}

function withoutPlace({ place: _place, ...slot }: Slot): CheckpointSlot {
  return slot;
}

function payerAt(slots: readonly Slot[], place: number | null): Slot | null {
  if (place === null) return null;
  const slot = slots[place];
  assert(slot, `There is a grant ${place}`);
  return slot;
}
