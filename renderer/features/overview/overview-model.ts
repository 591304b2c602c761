// What the overview concludes from its view: pure, in figures and states, without words.
import type { OverviewView, PoolView } from '../../../shared/bridge/views.ts';
import { sum, type Credits } from '../../../shared/kernel/credits.ts';
import type { Instant } from '../../../shared/kernel/instant.ts';
import { compareText } from '../../../shared/kernel/id.ts';
import { dayOf, daysBetween, startOfDay } from '../../../shared/kernel/time-zone.ts';
import { gaugeOf, shareLeft } from '../../charts/gauge-model.ts';

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
