/** The forecast's own record: what it would have said on past days, beside what came. */
import { forecast, type ForecastInput } from './forecast.ts';
import { at } from './numbers.ts';
import type { Range } from './simulate.ts';

/** All that was used, day by day, and what is known of the days. */
export type RecordedUse = Pick<ForecastInput, 'history' | 'dayFactor' | 'weekdayOfFirstHistoryDay' | 'excludedDays'>;

/** One forecast of the past with its outcome, in credits from its first day on. */
export interface PastForecast extends Range {
  /** Index of the day at whose beginning it was made. */
  readonly madeOn: number;
  /** How many days it reached. */
  readonly days: number;
  readonly actual: number;
  readonly outcome: 'inside' | 'below' | 'above';
  /** What the plain pace of the last four weeks would have said. */
  readonly plainPace: number;
}

/** How often the range held, and how far its middle was off. */
export interface RecordTally {
  readonly count: number;
  readonly inside: number;
  /** Less came than the range said. */
  readonly below: number;
  readonly above: number;
  /** Median distance of the middle from what came, as a share of what came; null where nothing was ever used. */
  readonly miss: number | null;
  /** The same for the plain pace. */
  readonly plainMiss: number | null;
}

/** As many days as a date is shown with: a forecast with fewer counts for no record. */
const LEARNED_DAYS_MIN = 14;
const PACE_DAYS = 28;

/**
 * Rule F15. What a forecast made at the beginning of day `madeOn` would have said of the next `days` days, from nothing
 * but the days before it; null where these are too few, the days to come are not over, or a limit refused work on one of
 * them, so that nobody knows how much would have been used.
 */
export function pastForecast(
  use: RecordedUse,
  given: { readonly madeOn: number; readonly days: number; readonly seed: number },
): PastForecast | null {
  const { madeOn, days, seed } = given;
  const end = madeOn + days;
  const { history, dayFactor, excludedDays = [], weekdayOfFirstHistoryDay } = use;
  if (days < 1 || madeOn < LEARNED_DAYS_MIN || end > history.length) return null;
  if (excludedDays.some((day) => day >= madeOn && day < end)) return null;
  const { cumulative, quality } = forecast({
    history: history.slice(0, madeOn),
    horizonDays: days,
    daysUntilReset: null,
    todayFractionLeft: 1,
    usedThisPeriod: 0,
    availableNow: 1,
    replenish: [],
    ...(dayFactor === undefined ? {} : { dayFactor: dayFactor.slice(0, end) }),
    weekdayOfFirstHistoryDay,
    excludedDays: excludedDays.filter((day) => day < madeOn),
    seed,
  });
  if (quality !== 'full') return null;
  const range = { p10: lastOf(cumulative.p10), p50: lastOf(cumulative.p50), p90: lastOf(cumulative.p90) };
  const actual = sumOf(history, madeOn, end);
  const first = Math.max(0, madeOn - PACE_DAYS);
  return {
    ...range,
    madeOn,
    days,
    actual,
    outcome: actual < range.p10 - ROUNDING ? 'below' : actual > range.p90 + ROUNDING ? 'above' : 'inside',
    plainPace: (sumOf(history, first, madeOn) / (madeOn - first)) * days,
  };
}

export function tallyOf(forecasts: readonly PastForecast[]): RecordTally {
  const count = (outcome: PastForecast['outcome']): number => forecasts.filter((one) => one.outcome === outcome).length;
  const missOf = (saidBy: (one: PastForecast) => number): number | null =>
    medianOf(forecasts.flatMap((one) => (one.actual > 0 ? [Math.abs(saidBy(one) - one.actual) / one.actual] : [])));
  return {
    count: forecasts.length,
    inside: count('inside'),
    below: count('below'),
    above: count('above'),
    miss: missOf((one) => one.p50),
    plainMiss: missOf((one) => one.plainPace),
  };
}

/** Sums of the same days in another order differ by less than a micro-credit. */
const ROUNDING = 1e-6;

function lastOf(values: readonly number[]): number {
  return at(values, values.length - 1);
}

function sumOf(values: readonly number[], from: number, to: number): number {
  let sum = 0;
  for (let index = from; index < to; index++) sum += Math.max(0, at(values, index));
  return sum;
}

function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) return null;
  return sorted.length % 2 === 1 ? middle : (middle + at(sorted, sorted.length / 2 - 1)) / 2;
}
