/**
 * How much will be used until the reset, when is the pool empty, and how sure is that. One pure call: the same input
 * gives the same figures on every device. Rules F1–F12 are in SPEC.md beside this file.
 */
import { assert } from '../kernel/assert.ts';
import { seededRandom } from '../kernel/random.ts';
import { atOnce, type Steps } from '../kernel/steps.ts';
import { estimateLevel } from './level.ts';
import type { Level } from './level.ts';
import { at } from './numbers.ts';
import { weekdayProfile } from './profile.ts';
import type { ObservedDay } from './profile.ts';
import { runOutOf, startOfDay } from './run-out.ts';
import type { DayClock, PoolOutlook, Replenishment, RunOut } from './run-out.ts';
import { shortfallOf } from './shortfall.ts';
import type { Shortfall } from './shortfall.ts';
import { rangeOf, rangesByDay, simulatePaths } from './simulate.ts';
import type { Paths, Range } from './simulate.ts';

/** Credits are plain numbers here: a forecast is an estimate and never enters the ledger. */
export interface ForecastInput {
  /**
   * Credits used per local day, oldest first, without gaps (a day without use is 0), from the first day that was
   * recorded to the last complete day, which is yesterday. Only the newest 400 days count.
   */
  readonly history: readonly number[];
  /** Days to forecast, the rest of today included; 1 or more. Run-outs are searched this far, or to the reset if later. */
  readonly horizonDays: number;
  /** Days from now to the next reset, may be fractional; `null` where nothing resets. */
  readonly daysUntilReset: number | null;
  /** How much of today is still to come, 0–1. */
  readonly todayFractionLeft: number;
  /** Credits used in this period so far, today included. */
  readonly usedThisPeriod: number;
  /** Credits that can be spent now, with open holds already taken off. 0 or less: the pool is empty. */
  readonly availableNow: number;
  /** The part of `availableNow` that the next `setTo` replaces (what is left of the allotment). Default: all of it. */
  readonly expiringNow?: number;
  /** Known changes of the pool, in any order: resets with their allotment, lasting grants that start or end. */
  readonly replenish: readonly Replenishment[];
  /**
   * How open each day is: 1 an ordinary day, 0 closed (a holiday), between for a part of a day. Index 0 is
   * `history[0]`, index `history.length` is today. Days beyond its end count as 1.
   */
  readonly dayFactor?: readonly number[];
  /** 0–6, counting in any one convention; with an empty history, today's. */
  readonly weekdayOfFirstHistoryDay: number;
  /** Indexes of `history` on which a hard limit refused work: their use was cut and says nothing about demand. */
  readonly excludedDays?: readonly number[];
  /** Seed of the paths: `hashText` of pool and date. */
  readonly seed: number;
}

/** From nothing known to a full forecast, by days to learn from: 0, 1–6, 7–13, 14 and more. */
export type ForecastQuality = 'none' | 'pace-only' | 'early' | 'full';

/** Ranges of further use from now to the end of each day; element 0 is the end of today. Non-decreasing. */
export interface CumulativeForecast {
  readonly p10: readonly number[];
  readonly p50: readonly number[];
  readonly p90: readonly number[];
  /** What is expected on average. Above `p50` where bursts skew the use. */
  readonly mean: readonly number[];
}

export interface ForecastResult {
  readonly quality: ForecastQuality;
  /** Credits a calendar day at the present level; `null` with nothing to learn from. */
  readonly pacePerDay: number | null;
  /** `horizonDays` values each; empty with nothing to learn from. */
  readonly cumulative: CumulativeForecast;
  /** Total of the period at its reset, what is used already included; `null` below quality `early` or without reset. */
  readonly endOfPeriod: (Range & { readonly mean: number }) | null;
  /** `null` below quality `early`, but for a pool that is empty now. */
  readonly runOut: RunOut | null;
  /** What nothing pays from now to the reset; `null` below quality `early` or without reset. */
  readonly shortfall: Shortfall | null;
}

const HISTORY_DAYS_MAX = 400;
/** Far below a micro-credit. Less is no use: what is divided by it is no figure any more. */
const SMALLEST_USE = 1e-12;
/** Farther away than two years nothing is worth simulating. */
const FORECAST_DAYS_MAX = 800;
const EARLY_FROM_DAYS = 7;
const FULL_FROM_DAYS = 14;
/** The pace averages the days of the last four weeks, so that closed days count as they came. */
const PACE_DAYS = 28;

const EMPTY_NOW: RunOut = { p10: 0, p50: 0, p90: 0, probability: 1 };

/** Rule F12: where all days were idle, nothing says when use begins, so none is expected. */
const IDLE_LEVEL: Level = { perDay: 0, spread: 0, driftPerDay: 0, ratios: Float64Array.of(1) };
const EVEN_PROFILE: readonly number[] = [1, 1, 1, 1, 1, 1, 1];

/** Rule F1 and all that follow from it. Throws only on figures that are no figures (NaN, infinite, out of range). */
export function forecast(input: ForecastInput): ForecastResult {
  return atOnce(forecastInSteps(input));
}

/** The same, for who serves others as well: two years ahead take tens of milliseconds. */
export function* forecastInSteps(input: ForecastInput): Steps<ForecastResult> {
  checkInput(input);
  const learned = learnableDays(input);
  const quality = qualityOf(learned.dayCount);
  const isEmptyNow = input.availableNow <= 0;
  if (quality === 'none') {
    const nothing: CumulativeForecast = { p10: [], p50: [], p90: [], mean: [] };
    const runOut = isEmptyNow ? EMPTY_NOW : null;
    return { quality, pacePerDay: null, cumulative: nothing, endOfPeriod: null, runOut, shortfall: null };
  }
  const isDated = quality !== 'pace-only';
  const isIdle = learned.days.every((day) => day.use === 0);
  const profile = isIdle ? EVEN_PROFILE : weekdayProfile(learned.days);
  const level = isIdle ? IDLE_LEVEL : estimateLevel(learned.days, profile);
  const dayShares = comingDayShares(input, profile);
  const paths = yield* simulatePaths(level, dayShares, seededRandom(input.seed));
  const ranges = yield* rangesByDay(paths, input.horizonDays);
  const means = runningSum(dayShares.map((share) => share * level.perDay));
  yield;
  const endOfPeriod = isDated ? endOfPeriodOf(input, paths, means) : null;
  yield;
  const runOut = isEmptyNow ? EMPTY_NOW : isDated ? runOutOf(paths, poolOutlook(input), input) : null;
  yield;
  return {
    quality,
    pacePerDay: level.perDay * averagePastShare(input, profile),
    cumulative: {
      p10: ranges.map((range) => range.p10),
      p50: ranges.map((range) => range.p50),
      p90: ranges.map((range) => range.p90),
      mean: means.slice(0, input.horizonDays),
    },
    endOfPeriod,
    runOut,
    shortfall: isDated ? shortfallBeforeReset(input, paths) : null,
  };
}

function checkInput(input: ForecastInput): void {
  assert(
    input.history.every((use) => Number.isFinite(use)),
    'History must be finite',
  );
  assert(
    Number.isInteger(input.horizonDays) && isWithin(input.horizonDays, 1, FORECAST_DAYS_MAX),
    `The horizon is 1 to ${FORECAST_DAYS_MAX} days`,
  );
  assert(
    input.daysUntilReset === null || isWithin(input.daysUntilReset, 0, FORECAST_DAYS_MAX),
    `The reset is 0 to ${FORECAST_DAYS_MAX} days away`,
  );
  assert(isWithin(input.todayFractionLeft, 0, 1), 'What is left of today is 0 to 1');
  assert(Number.isFinite(input.usedThisPeriod) && Number.isFinite(input.availableNow), 'Credits must be finite');
  assert(
    (input.dayFactor ?? []).every((factor) => isWithin(factor, 0, Number.MAX_VALUE)),
    'Day factors are 0 or more',
  );
  assert(
    Number.isInteger(input.weekdayOfFirstHistoryDay) && isWithin(input.weekdayOfFirstHistoryDay, 0, 6),
    'A weekday is 0 to 6',
  );
}

function isWithin(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

/** Rule F2. `dayCount` counts closed days too: a week with a holiday in it is still a week. */
function learnableDays(input: ForecastInput): { readonly days: readonly ObservedDay[]; readonly dayCount: number } {
  const excluded = new Set(input.excludedDays);
  const first = Math.max(0, input.history.length - HISTORY_DAYS_MAX);
  const days: ObservedDay[] = [];
  let dayCount = 0;
  for (let index = first; index < input.history.length; index++) {
    if (excluded.has(index)) continue;
    dayCount += 1;
    const dayFactor = dayFactorAt(input, index);
    if (dayFactor === 0) continue;
    const use = at(input.history, index);
    days.push({
      use: use < SMALLEST_USE ? 0 : use,
      weekday: weekdayAt(input, index),
      dayFactor,
      ageDays: input.history.length - 1 - index,
    });
  }
  return { days, dayCount: days.length === 0 ? 0 : dayCount };
}

function dayFactorAt(input: ForecastInput, index: number): number {
  return input.dayFactor?.[index] ?? 1;
}

function weekdayAt(input: ForecastInput, index: number): number {
  return (input.weekdayOfFirstHistoryDay + index) % 7;
}

function qualityOf(dayCount: number): ForecastQuality {
  if (dayCount === 0) return 'none';
  if (dayCount < EARLY_FROM_DAYS) return 'pace-only';
  return dayCount < FULL_FROM_DAYS ? 'early' : 'full';
}

/** Weekday factor × day factor × part of the day, for the horizon and on to the reset where that is later. */
function comingDayShares(input: ForecastInput, profile: readonly number[]): readonly number[] {
  const daysToReset = Math.ceil((input.daysUntilReset ?? 0) - input.todayFractionLeft) + 1;
  return Array.from({ length: Math.max(input.horizonDays, daysToReset) }, (_, day) => {
    const index = input.history.length + day;
    const partOfDay = day === 0 ? input.todayFractionLeft : 1;
    return at(profile, weekdayAt(input, index)) * dayFactorAt(input, index) * partOfDay;
  });
}

function averagePastShare(input: ForecastInput, profile: readonly number[]): number {
  const count = Math.min(PACE_DAYS, input.history.length);
  let sum = 0;
  for (let index = input.history.length - count; index < input.history.length; index++) {
    sum += at(profile, weekdayAt(input, index)) * dayFactorAt(input, index);
  }
  return sum / count;
}

function runningSum(values: readonly number[]): readonly number[] {
  let sum = 0;
  return values.map((value) => (sum += value));
}

function endOfPeriodOf(input: ForecastInput, paths: Paths, means: readonly number[]): ForecastResult['endOfPeriod'] {
  const daysUntilReset = input.daysUntilReset;
  if (daysUntilReset === null) return null;
  const usedBy = (cumulative: (day: number) => number): number =>
    input.usedThisPeriod + usedUntil(daysUntilReset, cumulative, input);
  const totals = Float64Array.from({ length: paths.pathCount }, (_, path) =>
    usedBy((day) => at(paths.cumulative, path * paths.dayCount + day)),
  );
  return { ...rangeOf(totals), mean: usedBy((day) => at(means, day)) };
}

/** Rule F11. Further use until `offset` days from now, even over the day in which it falls. */
function usedUntil(offset: number, cumulative: (day: number) => number, clock: DayClock): number {
  const day = offset <= clock.todayFractionLeft ? 0 : Math.ceil(offset - clock.todayFractionLeft);
  const start = startOfDay(day, clock);
  const length = startOfDay(day + 1, clock) - start;
  const before = day === 0 ? 0 : cumulative(day - 1);
  return length === 0 ? before : before + (cumulative(day) - before) * ((offset - start) / length);
}

function shortfallBeforeReset(input: ForecastInput, paths: Paths): Shortfall | null {
  const { daysUntilReset, todayFractionLeft } = input;
  if (daysUntilReset === null) return null;
  return shortfallOf(paths, poolOutlook(input), { daysUntilReset, todayFractionLeft });
}

/** Rule F9: the allotment pays first; what is not said to last ends at the reset. */
function poolOutlook(input: ForecastInput): PoolOutlook {
  const expiringNow = Math.min(input.availableNow, Math.max(0, input.expiringNow ?? input.availableNow));
  return { expiringNow, lastingNow: input.availableNow - expiringNow, replenish: input.replenish };
}
