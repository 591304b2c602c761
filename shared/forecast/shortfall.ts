/** How much of the coming use nothing pays before the reset: overage on a soft limit, work that is refused on a hard one. */
import { at } from './numbers.ts';
import { startOfDay } from './run-out.ts';
import type { DayClock, PoolOutlook } from './run-out.ts';
import { rangeOf } from './simulate.ts';
import type { Paths, Range } from './simulate.ts';

/** Credits. `mean` is what is expected; `p50` is 0 where the credits are more likely to last than not. */
export interface Shortfall extends Range {
  readonly mean: number;
}

/** Rule F14: over all paths, up to the reset. What is short at one time is not taken from what is granted later. */
export function shortfallOf(
  paths: Paths,
  pool: PoolOutlook,
  clock: DayClock & { readonly daysUntilReset: number },
): Shortfall {
  const sorted: PoolOutlook = {
    ...pool,
    replenish: pool.replenish.toSorted((left, right) => left.dayOffset - right.dayOffset),
  };
  const short = new Float64Array(paths.pathCount);
  let sum = 0;
  for (let path = 0; path < paths.pathCount; path++) {
    const ofPath = shortOn(paths, path, sorted, clock);
    short[path] = ofPath;
    sum += ofPath;
  }
  return { ...rangeOf(short), mean: sum / paths.pathCount };
}

function shortOn(
  paths: Paths,
  path: number,
  pool: PoolOutlook,
  clock: DayClock & { readonly daysUntilReset: number },
): number {
  let expiring = Math.max(0, pool.expiringNow);
  let lasting = Math.max(0, pool.lastingNow);
  let next = 0;
  let usedBefore = 0;
  let short = 0;
  for (let day = 0; day < paths.dayCount; day++) {
    const usedAfter = at(paths.cumulative, path * paths.dayCount + day);
    const end = startOfDay(day + 1, clock);
    let start = startOfDay(day, clock);
    const perDay = end > start ? (usedAfter - usedBefore) / (end - start) : 0;
    usedBefore = usedAfter;
    while (start < Math.min(end, clock.daysUntilReset)) {
      for (let event = pool.replenish[next]; event !== undefined && event.dayOffset <= start;) {
        if (event.setTo !== undefined) expiring = event.setTo;
        if (event.add !== undefined) lasting = Math.max(0, lasting + event.add);
        event = pool.replenish[++next];
      }
      const until = Math.min(end, clock.daysUntilReset, pool.replenish[next]?.dayOffset ?? end);
      const used = perDay * (until - start);
      const ofExpiring = Math.min(used, expiring);
      const ofLasting = Math.min(used - ofExpiring, lasting);
      expiring -= ofExpiring;
      lasting -= ofLasting;
      short += used - ofExpiring - ofLasting;
      start = until;
    }
    if (end >= clock.daysUntilReset) break;
  }
  return short;
}
