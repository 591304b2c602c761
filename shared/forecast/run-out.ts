/** When a pool is empty, on each path and over all of them. */
import { at } from './numbers.ts';
import { rangeOf } from './simulate.ts';
import type { Paths } from './simulate.ts';

/** A change of a pool that is already known. Amounts in credits. */
export interface Replenishment {
  /** Days from now, may be fractional. */
  readonly dayOffset: number;
  /** What is left of the expiring credits is dropped and replaced by this amount: a reset. */
  readonly setTo?: number;
  /** Lasting credits that start then; negative: lasting credits that end then, as far as they are still there. */
  readonly add?: number;
}

/** What a pool can pay with. The expiring part (the allotment) is spent before the lasting part (packs). */
export interface PoolOutlook {
  readonly expiringNow: number;
  readonly lastingNow: number;
  readonly replenish: readonly Replenishment[];
}

/** Days from now, fractional; `null` = not within the simulated days. `p10` is the early end. */
export interface RunOut {
  readonly p10: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  /** 0–1: run-out before the reset, or within the simulated days where there is no reset. */
  readonly probability: number;
}

/** The part of time that one simulated day covers: the first is what is left of today. */
export interface DayClock {
  /** 0–1. */
  readonly todayFractionLeft: number;
}

/** Rules F9 and F10: the run-out over all paths. */
export function runOutOf(
  paths: Paths,
  pool: PoolOutlook,
  clock: DayClock & { readonly daysUntilReset: number | null },
): RunOut {
  const sorted: PoolOutlook = {
    ...pool,
    replenish: pool.replenish.toSorted((left, right) => left.dayOffset - right.dayOffset),
  };
  const before = clock.daysUntilReset ?? Number.POSITIVE_INFINITY;
  const offsets = new Float64Array(paths.pathCount);
  let early = 0;
  for (let path = 0; path < paths.pathCount; path++) {
    const offset = runOutOffset(paths, path, sorted, clock);
    offsets[path] = offset;
    if (offset < before) early += 1;
  }
  const range = rangeOf(offsets);
  return {
    p10: finiteOrNull(range.p10),
    p50: finiteOrNull(range.p50),
    p90: finiteOrNull(range.p90),
    probability: early / paths.pathCount,
  };
}

/** Where day `day` begins, in days from now. */
export function startOfDay(day: number, clock: DayClock): number {
  return day === 0 ? 0 : day - 1 + clock.todayFractionLeft;
}

/** Infinity when the pool outlasts the path. `pool.replenish` is sorted. */
function runOutOffset(paths: Paths, path: number, pool: PoolOutlook, clock: DayClock): number {
  let expiring = pool.expiringNow;
  let lasting = pool.lastingNow;
  let next = 0;
  let usedBefore = 0;
  for (let day = 0; day < paths.dayCount; day++) {
    const usedAfter = at(paths.cumulative, path * paths.dayCount + day);
    const end = startOfDay(day + 1, clock);
    let start = startOfDay(day, clock);
    const perDay = end > start ? (usedAfter - usedBefore) / (end - start) : 0;
    usedBefore = usedAfter;
    while (start < end) {
      for (let event = pool.replenish[next]; event !== undefined && event.dayOffset <= start;) {
        if (event.setTo !== undefined) expiring = event.setTo;
        if (event.add !== undefined) lasting = Math.max(Math.min(lasting, 0), lasting + event.add);
        event = pool.replenish[++next];
      }
      const available = expiring + lasting;
      if (available <= 0) return start;
      const until = Math.min(end, pool.replenish[next]?.dayOffset ?? end);
      const used = perDay * (until - start);
      if (used > available) return start + available / perDay;
      lasting -= Math.max(0, used - expiring);
      expiring = Math.max(0, expiring - used);
      start = until;
    }
  }
  return Number.POSITIVE_INFINITY;
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
