/** What the forecast of a workspace is made from and what it says in instants: the same wherever it is made. */
import { toApproximateNumber, type Credits } from '../kernel/credits.ts';
import { hashText } from '../kernel/hash.ts';
import { instant, type Instant } from '../kernel/instant.ts';
import type { Period } from '../kernel/period.ts';
import { addDays, dayOf, startOfDay, type LocalDate } from '../kernel/time-zone.ts';
import type { AllotmentSchedule } from '../ledger/schedule.ts';
import type { ForecastInput, ForecastResult } from './forecast.ts';
import type { RecordedUse } from './record.ts';

/** What a workspace has and has used at an instant, all its pools together: a balance is one. */
export interface Standing {
  readonly asOf: Instant;
  readonly period: Period;
  readonly used: Credits;
  /** What can be spent now, with open holds taken off. */
  readonly available: Credits;
  readonly grants: readonly {
    readonly expiresAt: Instant | null;
    readonly remaining: Credits;
    readonly held: Credits;
  }[];
}

/** How many days a use is learned from, at most. */
export const historyDaysMax = 400;

export function forecastInputFrom(given: {
  readonly workspaceId: string;
  readonly timeZone: string;
  readonly standing: Standing;
  /** Of every pool. */
  readonly schedules: readonly AllotmentSchedule[];
  /** Day by day up to yesterday; what is known of its days reaches `horizonDaysOf` days further. */
  readonly recorded: RecordedUse;
}): ForecastInput {
  const { workspaceId, timeZone, standing, schedules, recorded } = given;
  const { asOf, period, used, available, grants } = standing;
  const today = dayOf(asOf, timeZone);
  const expiring = grants.filter((grant) => grant.expiresAt !== null && grant.expiresAt <= period.end);
  return {
    ...recorded,
    horizonDays: horizonDaysOf(standing),
    daysUntilReset: (period.end - asOf) / dayMs,
    todayFractionLeft: leftOfDay(today, asOf, timeZone),
    usedThisPeriod: toApproximateNumber(used),
    availableNow: toApproximateNumber(available),
    expiringNow: expiring.reduce((sum, grant) => sum + (grant.remaining - grant.held) / 1e6, 0),
    replenish: replenishments(standing, schedules),
    // The same workspace on the same day shows the same figures on every device.
    seed: hashText(`${workspaceId}/${today}`),
  };
}

/** How far ahead is looked: past the reset, and far enough for a run-out after it. */
export function horizonDaysOf({ asOf, period }: Pick<Standing, 'asOf' | 'period'>): number {
  return Math.min(Math.max(Math.ceil((period.end - asOf) / dayMs) + 1, runOutDays), horizonDaysMax);
}

/** How much of a day is still to come, 0–1. */
export function leftOfDay(today: LocalDate, asOf: Instant, zone: string): number {
  const tomorrow = startOfDay(addDays(today, 1), zone);
  return Math.min(Math.max((tomorrow - asOf) / (tomorrow - startOfDay(today, zone)), 0), 1);
}

/** A run-out in instants; null where none is said, and where nothing was ever granted that could run out. */
export function runOutAt(
  { runOut }: Pick<ForecastResult, 'runOut'>,
  { asOf, anythingGranted }: { readonly asOf: Instant; readonly anythingGranted: boolean },
): {
  readonly p10: Instant | null;
  readonly p50: Instant | null;
  readonly p90: Instant | null;
  readonly probability: number;
} | null {
  if (runOut === null || !anythingGranted) return null;
  const at = (offset: number | null): Instant | null =>
    offset === null ? null : instant(Math.round(asOf + offset * dayMs));
  return { p10: at(runOut.p10), p50: at(runOut.p50), p90: at(runOut.p90), probability: runOut.probability };
}

/** Resets to come with their allotments, and packs or adjustments that lapse later. */
function replenishments(
  { asOf, period, grants }: Standing,
  schedules: readonly AllotmentSchedule[],
): ForecastInput['replenish'] {
  const until = instant(asOf + runOutDays * dayMs);
  const replenish: { dayOffset: number; setTo?: number; add?: number }[] = [];
  for (let start: Instant = period.end; start <= until;) {
    const periods = schedules.map((schedule) => schedule.periodAt(start));
    const allotted = periods.flatMap((next) => next.allotments).reduce((sum, allotment) => sum + allotment.amount, 0);
    replenish.push({ dayOffset: (start - asOf) / dayMs, setTo: allotted / 1e6 });
    const end = periods[0]?.end;
    if (end === undefined || end <= start) break;
    start = end;
  }
  for (const grant of grants) {
    if (grant.expiresAt === null || grant.expiresAt <= period.end || grant.expiresAt > until) continue;
    replenish.push({ dayOffset: (grant.expiresAt - asOf) / dayMs, add: -(grant.remaining - grant.held) / 1e6 });
  }
  return replenish;
}

const dayMs = 86_400_000;
/** How far ahead a run-out is looked for. */
const runOutDays = 120;
const horizonDaysMax = 400;
