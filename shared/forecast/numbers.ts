/** The few numeric helpers that the forecast needs. */
import { AssertionError } from '../kernel/assert.ts';

/** The value at `index`, which must exist. */
export function at(values: ArrayLike<number>, index: number): number {
  const value = values[index];
  // Called millions of times: the message is made only when it is needed.
  if (value === undefined) throw new AssertionError(`No value at index ${index} of ${values.length}`);
  return value;
}

/**
 * The value that would stand at `rank` if `values` were sorted. Reorders `values`, so that smaller ones end up before
 * `rank` and larger ones after it; much faster than sorting where only a few ranks are asked for.
 */
export function selectRank(values: Float64Array, rank: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = at(values, (low + high) >>> 1);
    let left = low;
    let right = high;
    while (left <= right) {
      while (at(values, left) < pivot) left++;
      while (at(values, right) > pivot) right--;
      if (left > right) break;
      const swapped = at(values, left);
      values[left++] = at(values, right);
      values[right--] = swapped;
    }
    if (rank <= right) high = right;
    else if (rank >= left) low = left;
    else break;
  }
  return at(values, rank);
}

/** `0.5 ** (ageDays / halfLifeDays)`: how much a day of that age still counts. */
export function decay(ageDays: number, halfLifeDays: number): number {
  return 2 ** (-ageDays / halfLifeDays);
}

/**
 * The middles of `count` equally likely slices of the standard normal distribution, ascending. Handing one to each
 * path, instead of drawing, removes most of the chance from what is computed over all paths.
 */
export function normalScores(count: number): Float64Array {
  const scores = new Float64Array(count);
  let score = 0;
  for (let index = Math.floor(count / 2); index < count; index++) {
    const share = (index + 0.5) / count;
    // Newton's method from the neighbour's score; the target is close, so a few steps reach full precision.
    for (let step = 0; step < 12; step++) score -= (normalShare(score) - share) / normalDensity(score);
    scores[index] = score;
    scores[count - 1 - index] = -score;
  }
  return scores;
}

function normalDensity(score: number): number {
  return Math.exp((-score * score) / 2) / Math.sqrt(2 * Math.PI);
}

/** Share of the standard normal distribution below `score`, by its power series (|score| up to about 5). */
function normalShare(score: number): number {
  let term = score;
  let sum = score;
  for (let odd = 3; Math.abs(term) > 1e-17 && odd < 200; odd += 2) {
    term *= (score * score) / odd;
    sum += term;
  }
  return 0.5 + sum * normalDensity(score);
}
