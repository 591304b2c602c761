/** Possible futures: many paths of daily use, drawn from what the past looked like. */
import { randomInteger } from '../kernel/random.ts';
import type { Steps } from '../kernel/steps.ts';
import type { Random } from '../kernel/random.ts';
import type { Level } from './level.ts';
import { at, normalScores, selectRank } from './numbers.ts';

/** Paths of further use. `cumulative[path * dayCount + day]` = credits used from now to the end of that day. */
export interface Paths {
  readonly pathCount: number;
  readonly dayCount: number;
  readonly cumulative: Float64Array;
}

/** A value with its range; of ten outcomes one should fall below `p10` and one above `p90`. */
export interface Range {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

const PATH_COUNT = 400;
/** A burst or an idle spell is replayed whole, in runs of this many days. */
const RUN_DAYS = 10;
/** Use more often jumps above what was expected than it falls below. */
const UPWARD_STRETCH = 1.1;
/**
 * An uncertain level is skewed: with its middle at the estimate, its mean would lie above it. This share of the gap is
 * taken off the middle.
 */
const MEAN_CORRECTION = 0.5;

const LEVEL_SCORES = normalScores(PATH_COUNT);
const STEP_SCORES = normalScores(256);

/** After so many simulated days, about a millisecond of work, others may have their turn. */
const STEP_DAYS = 40_000;

/**
 * Rules F7 and F8. Draws `PATH_COUNT` paths.
 * @param dayShares for each coming day: weekday factor × day factor × the part of the day still to come; 0 = closed.
 */
export function* simulatePaths(level: Level, dayShares: readonly number[], random: Random): Steps<Paths> {
  const dayCount = dayShares.length;
  const cumulative = new Float64Array(PATH_COUNT * dayCount);
  const steps = STEP_SCORES.map((score) => lognormalFactor(score, level.driftPerDay));
  let days = 0;
  for (let path = 0; path < PATH_COUNT; path++) {
    days += dayCount;
    if (days > STEP_DAYS) {
      days = 0;
      yield;
    }
    const score = at(LEVEL_SCORES, path);
    let perDay = level.perDay * lognormalFactor(score > 0 ? score * UPWARD_STRETCH : score, level.spread);
    let position = 0;
    let runLeft = 0;
    let used = 0;
    for (let day = 0; day < dayCount; day++) {
      const share = at(dayShares, day);
      if (share > 0) {
        if (runLeft === 0) {
          position = randomInteger(random, level.ratios.length);
          runLeft = RUN_DAYS;
        }
        used += perDay * share * at(level.ratios, position);
        position = (position + 1) % level.ratios.length;
        runLeft -= 1;
      }
      cumulative[path * dayCount + day] = used;
      perDay *= at(steps, randomInteger(random, steps.length));
    }
  }
  return { pathCount: PATH_COUNT, dayCount, cumulative };
}

/** The ranges of use by the end of each of the first `dayCount` days. */
export function* rangesByDay(paths: Paths, dayCount: number): Steps<readonly Range[]> {
  const values = new Float64Array(paths.pathCount);
  const ranges: Range[] = [];
  for (let day = 0; day < dayCount; day++) {
    if (day > 0 && day % STEP_RANGES === 0) yield;
    for (let path = 0; path < paths.pathCount; path++) {
      values[path] = at(paths.cumulative, path * paths.dayCount + day);
    }
    ranges.push(rangeOf(values));
  }
  return ranges;
}

/** The same in ranges. */
const STEP_RANGES = 100;

/** The range of one figure over all paths; reorders `values`. As many paths lie below `p10` as above `p90`. */
export function rangeOf(values: Float64Array): Range {
  const below = Math.floor(values.length / 10);
  return {
    p10: selectRank(values, below),
    p50: selectRank(values, Math.floor((values.length - 1) / 2)),
    p90: selectRank(values, values.length - 1 - below),
  };
}

function lognormalFactor(score: number, deviation: number): number {
  return Math.exp(deviation * score - (MEAN_CORRECTION * deviation * deviation) / 2);
}
