import { credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Balance } from './balance.ts';
import type { PoolState } from './pool-state.ts';

/** Reads the balance off a state that has been advanced to `asOf`. It changes nothing. [G5] [G6] */
export function balanceOf(state: PoolState, asOf: Instant): Balance {
  const totals = state.totalsByPeriodStart.get(state.period.start) ?? { used: 0, overage: 0 };
  let granted = 0;
  let lapsed = 0;
  let lapsedInPeriod = 0;
  let voided = 0;
  let available = 0;
  let allotted = 0;
  for (const slot of state.slots) {
    const free = slot.amount - slot.used - slot.held;
    granted += slot.amount;
    if (slot.ended === null) available += free;
    else if (slot.ended.how === 'lapsed') {
      lapsed += free;
      if (slot.ended.at >= state.period.start) lapsedInPeriod += free;
    } else voided += free;
    if (slot.kind === 'allotment' && slot.effectiveFrom >= state.period.start) allotted += slot.amount;
  }
  let held = 0;
  for (const hold of state.openHoldById.values()) for (const part of hold.parts) held += part.held;
  let usedEver = 0;
  let overageEver = 0;
  for (const period of state.totalsByPeriodStart.values()) {
    usedEver += period.used;
    overageEver += period.overage;
  }
  return {
    poolId: state.poolId,
    asOf,
    period: { start: state.period.start, end: state.period.end },
    allotted: credits(allotted),
    used: credits(totals.used),
    held: credits(held),
    available: credits(available),
    overage: credits(totals.overage),
    lapsedInPeriod: credits(lapsedInPeriod),
    lapsed: credits(lapsed),
    voided: credits(voided),
    grantedEver: credits(granted),
    usedEver: credits(usedEver),
    overageEver: credits(overageEver),
    grants: state.inForce.map((slot) => ({
      id: slot.id,
      kind: slot.kind,
      packId: slot.packId,
      amount: slot.amount,
      remaining: credits(slot.amount - slot.used),
      held: credits(slot.held),
      priority: slot.priority,
      effectiveFrom: slot.effectiveFrom,
      expiresAt: slot.expiresAt,
    })),
  };
}
