import type { PoolState, Slot } from './pool-state.ts';

/**
 * A copy of a state that goes on by itself. What was spent so far is shared, so that a fork costs the grants and open
 * holds of the pool and not its history. The original must not move while a fork of it is in use. A snapshot of this
 * kind changes what a fold costs, never what it gives. [G5]
 */
export function forkPool(state: PoolState): PoolState {
  const slots = state.slots.map((slot): Slot => ({ ...slot }));
  return {
    ...state,
    slots,
    inForce: state.inForce.flatMap(({ place }) => slots[place] ?? []),
    awaited: state.awaited.map((slot) => ({ ...slot })),
    spendById: state.spendById.fork(),
    openHoldById: new Map(state.openHoldById),
    timeOutById: new Map(state.timeOutById),
    totalsByPeriodStart: new Map([...state.totalsByPeriodStart].map(([start, totals]) => [start, { ...totals }])),
    anomalies: [...state.anomalies],
    voidByGrantId: new Map(state.voidByGrantId),
  };
}
