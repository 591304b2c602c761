/** How fast somebody goes against a cap, and when they reach it. */
import { forecast, type ForecastInput, type ForecastQuality } from '../forecast/forecast.ts';
import type { Range } from '../forecast/simulate.ts';
import { toApproximateNumber, type Credits } from '../kernel/credits.ts';
import { instant, type Instant } from '../kernel/instant.ts';

/** What the forecast learns of one person or team. */
export type LearntOf = Pick<ForecastInput, 'history' | 'dayFactor' | 'weekdayOfFirstHistoryDay' | 'excludedDays'>;

export interface CapPace {
  readonly quality: ForecastQuality;
  /** Credits a day at the present level; null without history. */
  readonly pacePerDay: number | null;
  /** Use of the cap's window by its end, as if there were no cap; null where history bears none. */
  readonly end: Range | null;
  /** When the cap is reached, and how likely that is before its window ends; null where history bears no date. */
  readonly reach: {
    readonly p10: Instant | null;
    readonly p50: Instant | null;
    readonly p90: Instant | null;
    readonly probability: number;
  } | null;
}

/** A cap is a pool of its own: what is left of it runs out, or lasts until its window ends. */
export function paceAgainst(
  learnt: LearntOf,
  given: {
    readonly limit: Credits;
    /** Used and set aside in the window. */
    readonly used: Credits;
    readonly now: Instant;
    readonly windowEnd: Instant;
    readonly todayFractionLeft: number;
    readonly seed: number;
  },
): CapPace {
  const { limit, used, now, windowEnd, todayFractionLeft, seed } = given;
  const daysUntilReset = Math.min((windowEnd - now) / dayMs, windowDaysMax);
  const result = forecast({
    ...learnt,
    horizonDays: Math.ceil(daysUntilReset) + 1,
    daysUntilReset,
    todayFractionLeft,
    usedThisPeriod: toApproximateNumber(used),
    availableNow: toApproximateNumber(limit) - toApproximateNumber(used),
    replenish: [],
    seed,
  });
  const at = (offset: number | null): Instant | null =>
    offset === null || offset >= daysUntilReset ? null : instant(Math.round(now + offset * dayMs));
  const { quality, pacePerDay, endOfPeriod, runOut } = result;
  return {
    quality,
    pacePerDay,
    end: endOfPeriod,
    reach:
      runOut === null
        ? null
        : { p10: at(runOut.p10), p50: at(runOut.p50), p90: at(runOut.p90), probability: runOut.probability },
  };
}

const dayMs = 86_400_000;
const windowDaysMax = 790;
