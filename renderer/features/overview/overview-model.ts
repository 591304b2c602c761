// What the overview concludes from its view: pure, in figures and states, without words.
import type { ForecastView, OverviewView, PoolView } from '../../../shared/bridge/views.ts';
import { sum, toApproximateNumber, type Credits } from '../../../shared/kernel/credits.ts';
import type { Instant } from '../../../shared/kernel/instant.ts';
import { compareText } from '../../../shared/kernel/id.ts';
import { dayOf, daysBetween, startOfDay } from '../../../shared/kernel/time-zone.ts';
import type { Balance } from '../../../shared/ledger/balance.ts';
import { gaugeOf, shareLeft } from '../../charts/gauge-model.ts';

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
export function paceOf(forecast: ForecastView, available: Credits): Pace | null {
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

export function runOutOf(forecast: ForecastView, available: Credits): RunOut {
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
export function isTight(forecast: ForecastView, balance: Pick<Balance, 'usedEver' | 'available'>): boolean {
  if (balance.usedEver === 0) return false;
  return balance.available <= 0 || (forecast.runOut?.probability ?? 0) >= 0.5;
}

/** Whole days from the day of `asOf` to the day of the reset, in the workspace's zone; 0 when that is today. */
export function daysUntil(at: Instant, asOf: Instant, zone: string): number {
  return daysBetween(dayOf(asOf, zone), dayOf(at, zone));
}

/** Whether an instant is a local midnight: then its day says it all, and otherwise its time is shown too. */
export function isMidnight(at: Instant, zone: string): boolean {
  return startOfDay(dayOf(at, zone), zone) === at;
}

/** Use so far as a share of the whole previous period; null without one, or where that had no use. */
export function shareOfPrevious(used: Credits, previous: Credits | null): number | null {
  return previous === null || previous <= 0 ? null : used / previous;
}

/** The pool with the smallest share left first; among equals the one with less left, then by name. */
export function tightestFirst(pools: readonly PoolView[]): readonly PoolView[] {
  const ranked = pools.map((pool) => ({ pool, model: gaugeOf(pool.balance) }));
  return ranked
    .toSorted(
      (left, right) =>
        right.model.overage - left.model.overage ||
        shareLeft(left.model) - shareLeft(right.model) ||
        left.model.available - right.model.available ||
        compareText(left.pool.memberName ?? '', right.pool.memberName ?? ''),
    )
    .map(({ pool }) => pool);
}

/** Nothing was ever logged or imported here: the screen leads to both instead of drawing empty charts. */
export function isFirstUse(view: OverviewView): boolean {
  return (
    view.balance.usedEver === 0 &&
    view.balance.held === 0 &&
    view.openHolds.length === 0 &&
    view.days.every((day) => day.credits === 0) &&
    view.recent.every((row) => row.kind === 'grant')
  );
}

/** What is left of the packs, or of the adjustments, in force. */
export function leftIn(
  view: OverviewView,
  kind: 'pack' | 'adjustment',
): { readonly credits: Credits; readonly count: number } {
  const grants = view.balance.grants.filter((grant) => grant.kind === kind);
  return { credits: sum(grants.map((grant) => grant.remaining)), count: grants.length };
}
