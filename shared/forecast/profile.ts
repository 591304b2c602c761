/** How use spreads over the days of the week. */
import { at, decay } from './numbers.ts';

/** A past day to learn from: not left out, not closed. */
export interface ObservedDay {
  /** Credits used, 0 or more. */
  readonly use: number;
  /** 0–6; which day is 0 does not matter as long as it is one convention. */
  readonly weekday: number;
  /** How open the day was: 1 an ordinary day, 0.5 half of one; above 0. */
  readonly dayFactor: number;
  /** 0 for the last complete day, 1 for the day before. */
  readonly ageDays: number;
}

const HALF_LIFE_DAYS = 112;
/** Weeks of perfectly even use that are mixed in: one odd Sunday must not make a pattern. */
const EVEN_WEEKS = 3;

/**
 * Rule F3. The factor of each weekday, averaging 1 over the week: what a day of that weekday uses compared with the
 * average day. `days` must hold some use.
 */
export function weekdayProfile(days: readonly ObservedDay[]): readonly number[] {
  const used = new Float64Array(7);
  const weight = new Float64Array(7);
  for (const day of days) {
    const share = decay(day.ageDays, HALF_LIFE_DAYS);
    used[day.weekday] = at(used, day.weekday) + share * day.use;
    weight[day.weekday] = at(weight, day.weekday) + share * day.dayFactor;
  }
  const average = sumOf(used) / sumOf(weight);
  const raw = Array.from(used, (sum, weekday) => (sum / average + EVEN_WEEKS) / (at(weight, weekday) + EVEN_WEEKS));
  const mean = sumOf(raw) / 7;
  return raw.map((factor) => factor / mean);
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += at(values, index);
  return sum;
}
