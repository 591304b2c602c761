// What can be said of pace and run-out, pure: each step says no more than the history bears. Every screen that tells of
// them asks here, so that none of them is surer than the others.
import type { ForecastView } from '../../shared/bridge/views.ts';
import { toApproximateNumber, type Credits } from '../../shared/kernel/credits.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import type { Balance } from '../../shared/ledger/balance.ts';

const dayMs = 86_400_000;

export interface Pace {
  /** Credits per day as they have been used lately. */
  readonly perDay: number;
  /** Credits per day that last exactly until the reset; null when the period is as good as over. */
  readonly sustainable: number | null;
  readonly verdict: 'faster' | 'level' | 'slower' | 'unknown';
  /** By how much the pace is above or below what is sustainable: 0.2 is a fifth. */
  readonly difference: number;
}

/** Paces that differ by less than this are called level: an estimate is no more exact. */
const levelWithin = 0.05;

/** The pace beside what the credits left would bear; null without a pace. */
export function paceOf(forecast: Pick<ForecastView, 'pace' | 'resetAt' | 'asOf'>, available: Credits): Pace | null {
  if (forecast.pace === null) return null;
  const daysLeft = (forecast.resetAt - forecast.asOf) / dayMs;
  const sustainable = daysLeft > 0.05 ? Math.max(0, toApproximateNumber(available)) / daysLeft : null;
  if (sustainable === null) return { perDay: forecast.pace, sustainable, verdict: 'unknown', difference: 0 };
  if (sustainable === 0) {
    const verdict = forecast.pace > 0 ? 'faster' : 'level';
    return { perDay: forecast.pace, sustainable, verdict, difference: 0 };
  }
  const difference = forecast.pace / sustainable - 1;
  const verdict = Math.abs(difference) < levelWithin ? 'level' : difference > 0 ? 'faster' : 'slower';
  return { perDay: forecast.pace, sustainable, verdict, difference: Math.abs(difference) };
}

/** What can be said about when the credits run out; each step says no more than the history bears. */
export type RunOut =
  | { readonly kind: 'no-history' }
  /** Nothing can be spent without overage any more. */
  | { readonly kind: 'used-up' }
  /** Too few days for a date. */
  | { readonly kind: 'pace-only' }
  /** Even the early end of the range lies beyond the days that the forecast reaches. */
  | { readonly kind: 'not-in-sight'; readonly early: boolean; readonly probability: number }
  | {
      readonly kind: 'date';
      readonly early: boolean;
      /** The middle of the range; null under an early estimate, and where the forecast does not reach it. */
      readonly middle: Instant | null;
      readonly from: Instant;
      /** null: perhaps not within the days that the forecast reaches. */
      readonly to: Instant | null;
      readonly probability: number;
    };

export function runOutOf(forecast: Pick<ForecastView, 'quality' | 'runOut'>, available: Credits): RunOut {
  if (forecast.quality === 'none') return { kind: 'no-history' };
  if (available <= 0) return { kind: 'used-up' };
  if (forecast.quality === 'pace-only' || forecast.runOut === null) return { kind: 'pace-only' };
  const early = forecast.quality === 'early';
  const { p10, p50, p90, probability } = forecast.runOut;
  const from = p10 ?? p50;
  if (from === null) return { kind: 'not-in-sight', early, probability };
  return { kind: 'date', early, middle: early ? null : p50, from, to: p90, probability };
}

/** Whether the credits of the period do not last: used up, or more likely than not before the reset. */
export function isTight(
  forecast: Pick<ForecastView, 'runOut'>,
  balance: Pick<Balance, 'usedEver' | 'available'>,
): boolean {
  if (balance.usedEver === 0) return false;
  return balance.available <= 0 || (forecast.runOut?.probability ?? 0) >= 0.5;
}
