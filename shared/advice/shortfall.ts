/** What use finds nothing to pay it, day by day, where use and supply are given. */
import type { ForecastInput } from '../forecast/forecast.ts';
import type { Replenishment } from '../forecast/run-out.ts';

/** What pays in the days to come, as the forecast takes it. Credits are plain numbers: this is an estimate. */
export type Supply = Pick<ForecastInput, 'availableNow' | 'expiringNow' | 'replenish' | 'todayFractionLeft'>;

/**
 * Credits that are short on each day: use that neither the allotment nor lasting credits pay. What is short on a day is
 * overage, or refused, and is not taken from what comes later.
 * @param cumulative use from now to the end of each day, non-decreasing; element 0 is the end of today.
 * @param until only what is short before this many days from now, which may fall inside a day.
 */
export function shortByDay(
  cumulative: readonly number[],
  supply: Supply,
  until: number = Number.POSITIVE_INFINITY,
): readonly number[] {
  const events = supply.replenish.toSorted((left, right) => left.dayOffset - right.dayOffset);
  const available = Math.max(0, supply.availableNow);
  const stock: Stock = { expiring: Math.min(available, Math.max(0, supply.expiringNow ?? available)), lasting: 0 };
  stock.lasting = available - stock.expiring;
  let next = 0;
  return cumulative.map((usedUntil, day) => {
    const end = day + supply.todayFractionLeft;
    let start = day === 0 ? 0 : end - 1;
    const used = Math.max(0, usedUntil - (cumulative[day - 1] ?? 0));
    const perDay = end > start ? used / (end - start) : 0;
    let short = 0;
    while (start < Math.min(end, until)) {
      for (let event = events[next]; event !== undefined && event.dayOffset <= start; event = events[next]) {
        change(stock, event);
        next += 1;
      }
      const stop = Math.min(end, until, events[next]?.dayOffset ?? end);
      short += take(stock, perDay * (stop - start));
      start = stop;
    }
    return short;
  });
}

interface Stock {
  expiring: number;
  lasting: number;
}

function change(stock: Stock, event: Replenishment): void {
  if (event.setTo !== undefined) stock.expiring = event.setTo;
  if (event.add !== undefined) stock.lasting = Math.max(0, stock.lasting + event.add);
}

/** The allotment pays first. Answers with what nothing pays. */
function take(stock: Stock, used: number): number {
  const ofExpiring = Math.min(used, stock.expiring);
  const ofLasting = Math.min(used - ofExpiring, stock.lasting);
  stock.expiring -= ofExpiring;
  stock.lasting -= ofLasting;
  const short = used - ofExpiring - ofLasting;
  // Less than a micro-credit is what floating point leaves over.
  return short < 1e-6 ? 0 : short;
}
