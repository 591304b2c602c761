import { courseInstants, look } from '../../../shared/alerts/look.ts';
import { defaultAlertRules, type Alert, type AlertRules, type UsePoint } from '../../../shared/alerts/alert.ts';
import { markOf, type Sight, type UseSeen, type Watch } from '../../../shared/alerts/watch.ts';
import { wholeCredits } from '../../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../../shared/kernel/instant.ts';

/** A little ledger of one pool: 100 credits each 1,000 ms, and things that raise or lower what is used of them. */
export interface Entry {
  readonly at: number;
  /** Whole credits; negative gives back. */
  readonly delta: number;
}

const origin = 1_700_000_000_000;
export const periodMs = 1000;
export const allotted = 100;

export function at(offset: number): Instant {
  return instant(origin + offset);
}

export function usedBy(entries: readonly Entry[], period: number, until: number): number {
  return entries
    .filter((entry) => Math.floor(entry.at / periodMs) === period && entry.at <= until)
    .reduce((sum, entry) => sum + entry.delta, 0);
}

/** What is seen of it at an instant by whoever has the watch. */
function sightAt(entries: readonly Entry[], watch: Watch | null, now: number): Sight {
  const first = Math.floor(((watch?.since ?? at(now)) - origin) / periodMs);
  const latest = Math.floor(now / periodMs);
  const periods = Array.from({ length: Math.max(latest - first + 1, 0) }, (_, index) => first + index);
  return {
    ...nothingElse(now),
    uses: periods.map((period) => useSeen(entries, watch, { period, now })),
    resets: periods.slice(1).map((period) => ({
      start: at(period * periodMs),
      previous: { start: at((period - 1) * periodMs), end: at(period * periodMs) },
      used: wholeCredits(0),
      overage: wholeCredits(0),
      allotted: wholeCredits(allotted),
    })),
  };
}

export function nothingElse(now: number): Omit<Sight, 'uses' | 'resets'> {
  return { at: at(now), runOut: null, holds: [], orders: [], sync: null, digest: null };
}

function useSeen(
  entries: readonly Entry[],
  watch: Watch | null,
  given: { readonly period: number; readonly now: number },
): UseSeen {
  const { period, now } = given;
  const start = at(period * periodMs);
  const end = at((period + 1) * periodMs);
  const mark = markOf(watch, 'pool', start);
  const until = instant(Math.min(Math.max(at(now), mark?.until ?? 0), end - 1));
  const lowered = entries.filter((entry) => entry.delta < 0).map((entry) => at(entry.at));
  const point = (used: number): UsePoint => ({
    used: wholeCredits(used),
    of: wholeCredits(allotted),
    basis: 'allotment',
  });
  return {
    poolId: 'pool',
    memberId: null,
    period: { start, end },
    until,
    opening: point(0),
    course: courseInstants(lowered, { from: mark?.until ?? start, until }).map((moment) =>
      point(usedBy(entries, period, moment - origin)),
    ),
  };
}

/** Looks again and again, each time as the given entries stand. */
export function lookedThrough(
  looks: readonly { readonly now: number; readonly entries: readonly Entry[] }[],
  rules: AlertRules = defaultAlertRules,
): { readonly alerts: readonly Alert[]; readonly watch: Watch | null } {
  let watch: Watch | null = null;
  const alerts: Alert[] = [];
  for (const { now, entries } of looks) {
    const looked = look(watch, sightAt(entries, watch, now), rules);
    // As it would come back from a file.
    watch = structuredClone(looked.watch);
    alerts.push(...looked.alerts);
  }
  return { alerts, watch };
}

/** `<period>/<percent>` of each threshold that was told. */
export function thresholdsOf(alerts: readonly Alert[]): readonly string[] {
  return alerts.flatMap(({ fact }) =>
    fact.kind === 'threshold' ? [`${(fact.period.start - origin) / periodMs}/${fact.percent}`] : [],
  );
}
