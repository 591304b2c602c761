// What an outcome lets be said, in figures and states: no more than the history bears.
import type { Outcome, Prospect } from '../../../shared/advice/what-if.ts';
import type { Instant } from '../../../shared/kernel/instant.ts';

export type RunOut =
  | { readonly kind: 'no-history' | 'pace-only' }
  | { readonly kind: 'not-in-sight' }
  | {
      readonly kind: 'date';
      /** null under an early estimate, and where the forecast does not reach it. */
      readonly middle: Instant | null;
      readonly from: Instant;
      readonly to: Instant | null;
    };

export function runOutOf({ quality, runOut }: Pick<Outcome, 'quality' | 'runOut'>): RunOut {
  if (quality === 'none') return { kind: 'no-history' };
  if (quality === 'pace-only' || runOut === null) return { kind: 'pace-only' };
  const from = runOut.p10 ?? runOut.p50;
  if (from === null) return { kind: 'not-in-sight' };
  return { kind: 'date', middle: quality === 'early' ? null : runOut.p50, from, to: runOut.p90 };
}

export type Short =
  | { readonly kind: 'unknown' | 'none' }
  /** Not in the middle case, but in the worst of ten. */
  /** None in most cases; on average a few that are short count all the same. */
  | { readonly kind: 'perhaps'; readonly mean: number; readonly upTo: number }
  | { readonly kind: 'likely'; readonly mean: number; readonly upTo: number };

/** What is expected is the mean: the middle lies lower, because bursts reach far. */
export function shortOf({ short }: Pick<Prospect, 'short'>): Short {
  if (short === null) return { kind: 'unknown' };
  const { mean, p50, p90 } = short;
  if (p90 < leastShown) return { kind: 'none' };
  return { kind: p50 < leastShown ? 'perhaps' : 'likely', mean, upTo: p90 };
}

/** An estimate of less than half a credit is none. */
const leastShown = 0.5;

/** Whether a chance is better or worse than today's, by more than the eye of a forecast can tell. */
export function comparedWith(today: number | null, now: number | null): 'better' | 'worse' | 'same' | 'unknown' {
  if (today === null || now === null) return 'unknown';
  if (Math.abs(now - today) < 0.005) return 'same';
  return now > today ? 'better' : 'worse';
}
