/** How much is used on an average day now, and how sure that is. */
import { at, decay } from './numbers.ts';
import type { ObservedDay } from './profile.ts';

export interface Level {
  /** Credits of a day whose weekday factor and day factor are 1. */
  readonly perDay: number;
  /** Uncertainty of `perDay`: standard deviation of its logarithm. */
  readonly spread: number;
  /** How far the level wanders in one day: standard deviation of the logarithm's step. */
  readonly driftPerDay: number;
  /** Past days, those that are hardly open left out, compared with what profile and level say of them; oldest first, averaging 1. */
  readonly ratios: Float64Array;
}

/** The level is a blend of a quick and a slow average; neither follows a trend. */
const QUICK = { halfLifeDays: 10, share: 0.25 } as const;
const SLOW = { halfLifeDays: 45, share: 0.75 } as const;

/** Before there are weeks to compare, the variance of days stands in; it counts as much as this many weeks. */
const PRIOR_WEEKS = 2;
/** Days of one week resemble each other, so a week's mean varies more than a seventh of a day's variance. */
const PRIOR_WEEK_INFLATION = 2.2;
/** One imagined day with this relative deviation keeps three equal days from looking like certainty. */
const PRIOR_DAY = { deviation: 0.5, weight: 1 } as const;
/** Weeks resemble their neighbours too: the level is less sure than independent weeks would make it. */
const WEEK_INFLATION = 2.1;
/** A factor of about 3 either way is as unsure as a level may be called. */
const SPREAD_MAX = 1.1;

const DRIFT_MIN = 0.01;
const DRIFT_OF_WEEK_VARIANCE = 0.03;
const DRIFT_WEEK_VARIANCE_MAX = 1.5;

/** Days that are less open than this count for the level by their share, and are not replayed. */
const TELLING_FROM = 0.25;

/** A week with fewer observed days than this says nothing about how weeks vary. */
const WEEK_DAYS_MIN = 4;

/** Rules F4–F6. `days` oldest first, with some use; `profile` from `weekdayProfile`. */
export function estimateLevel(days: readonly ObservedDay[], profile: readonly number[]): Level {
  const shares = days.map((day) => at(profile, day.weekday) * day.dayFactor);
  const weights = dayWeights(days);
  const perDay =
    QUICK.share * averageUse(days, shares, QUICK.halfLifeDays) +
    SLOW.share * averageUse(days, shares, SLOW.halfLifeDays);
  const ratios = relativeDays(days, shares);
  const weekVariance = varianceOfWeeks(days, shares, ratios);
  const variance = (WEEK_INFLATION * weekVariance) / (effectiveCount(weights) / 7);
  return {
    perDay,
    // The deviation of a lognormal variable whose relative variance is `variance`.
    spread: Math.sqrt(Math.log(1 + Math.min(variance, Math.expm1(SPREAD_MAX ** 2)))),
    driftPerDay: Math.hypot(
      DRIFT_MIN,
      DRIFT_OF_WEEK_VARIANCE * Math.sqrt(Math.min(weekVariance, DRIFT_WEEK_VARIANCE_MAX)),
    ),
    ratios,
  };
}

/** How much each day weighs in the blended level; the weights add up to 1. */
function dayWeights(days: readonly ObservedDay[]): Float64Array {
  const weights = new Float64Array(days.length);
  for (const { halfLifeDays, share } of [QUICK, SLOW]) {
    let sum = 0;
    for (const day of days) sum += decay(day.ageDays, halfLifeDays);
    days.forEach((day, index) => {
      weights[index] = at(weights, index) + (share * decay(day.ageDays, halfLifeDays)) / sum;
    });
  }
  return weights;
}

function averageUse(days: readonly ObservedDay[], shares: readonly number[], halfLifeDays: number): number {
  let use = 0;
  let share = 0;
  days.forEach((day, index) => {
    const weight = decay(day.ageDays, halfLifeDays);
    use += weight * day.use;
    share += weight * at(shares, index);
  });
  return use / share;
}

/** A day that is hardly open uses nothing or a multiple of its share: neither says what a whole day may do. */
function relativeDays(days: readonly ObservedDay[], shares: readonly number[]): Float64Array {
  const ratioOf = (day: ObservedDay, index: number): number => day.use / at(shares, index);
  const telling = days.flatMap((day, index) => (day.dayFactor < TELLING_FROM ? [] : [ratioOf(day, index)]));
  const found = Float64Array.from(telling.some((ratio) => ratio > 0) ? telling : days.map(ratioOf));
  const mean = meanOf(found);
  return found.map((ratio) => ratio / mean);
}

/**
 * Relative variance of a week's mean: what the weeks show, blended with what single days suggest as long as there are
 * few weeks.
 */
function varianceOfWeeks(days: readonly ObservedDay[], shares: readonly number[], ratios: Float64Array): number {
  let squares = 0;
  for (const ratio of ratios) squares += (ratio - 1) ** 2;
  const dayVariance = (squares + PRIOR_DAY.weight * PRIOR_DAY.deviation ** 2) / (ratios.length - 1 + PRIOR_DAY.weight);
  const suggested = (PRIOR_WEEK_INFLATION * dayVariance) / 7;

  const weeks = weekMeans(days, shares);
  const weights = Float64Array.from(weeks, (week) => decay(7 * week.age, SLOW.halfLifeDays));
  const count = weeks.length > 0 ? effectiveCount(weights) : 0;
  let weightSum = 0;
  let sum = 0;
  weeks.forEach((week, index) => {
    weightSum += at(weights, index);
    sum += at(weights, index) * week.mean;
  });
  if (count <= 1 || sum === 0) return suggested;
  const mean = sum / weightSum;
  let deviations = 0;
  weeks.forEach((week, index) => {
    deviations += at(weights, index) * (week.mean / mean - 1) ** 2;
  });
  const shown = (deviations / weightSum) * (count / (count - 1));
  return ((count - 1) * shown + PRIOR_WEEKS * suggested) / (count - 1 + PRIOR_WEEKS);
}

/** Whole weeks counted back from the last complete day; a week that is mostly left out or closed is passed over. */
function weekMeans(
  days: readonly ObservedDay[],
  shares: readonly number[],
): readonly { readonly age: number; readonly mean: number }[] {
  const oldest = days[0];
  const wholeWeeks = oldest === undefined ? 0 : Math.floor((oldest.ageDays + 1) / 7);
  const sums = Array.from({ length: wholeWeeks }, () => ({ use: 0, share: 0, days: 0 }));
  days.forEach((day, index) => {
    const week = sums[Math.floor(day.ageDays / 7)];
    if (week === undefined) return;
    week.use += day.use;
    week.share += at(shares, index);
    week.days += 1;
  });
  return sums.flatMap((week, age) => (week.days < WEEK_DAYS_MIN ? [] : [{ age, mean: week.use / week.share }]));
}

/** How many equally weighted values carry as much information as these weighted ones. */
function effectiveCount(weights: Float64Array): number {
  let sum = 0;
  let squares = 0;
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return (sum * sum) / squares;
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
