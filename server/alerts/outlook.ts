// Whether a workspace is likely to run out before its reset, as its devices see it too: from the entries of the server.
import { z } from 'zod';
import type { RunOutSeen } from '../../shared/alerts/watch.ts';
import { hasCalendar, unusualDays, type CalendarTerms } from '../../shared/forecast/calendar.ts';
import { forecast } from '../../shared/forecast/forecast.ts';
import {
  forecastInputFrom,
  historyDaysMax,
  horizonDaysOf,
  runOutAt,
  type Standing,
} from '../../shared/forecast/workspace-forecast.ts';
import { holidayOn, openHolidays } from '../../shared/holidays/holidays.ts';
import { credits, noCredits, sum, toApproximateNumber } from '../../shared/kernel/credits.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { addDays, dayOf, weekdayOf, type LocalDate } from '../../shared/kernel/time-zone.ts';
import { periodAt, type AllotmentSchedule, type TermsIndex } from '../../shared/ledger/schedule.ts';
import type { Transaction } from '../database/database.ts';
import type { History } from '../history/history-terms.ts';
import type { GrantLeft } from '../review/granted.ts';
import type { DayUses } from './day-uses.ts';

/** Of which place of the history and which day a workspace was last forecast, and when. */
export const forecastMarkSchema = z.object({ seq: z.int(), day: z.string(), periodStart: z.int(), at: z.int() });
export type ForecastMark = z.output<typeof forecastMarkSchema>;

/**
 * The mark of the forecast that is due now; null where nothing came since the last one and no day or period began, and
 * where the last one is not old enough: then a later look makes it.
 */
export function forecastDue(
  last: ForecastMark | null,
  now: { readonly seq: number; readonly index: TermsIndex; readonly at: Instant; readonly everyMs: number },
): ForecastMark | null {
  const { seq, index, at, everyMs } = now;
  const mark: ForecastMark = { seq, day: dayOf(at, index.timeZone), periodStart: periodAt(index, at).start, at };
  if (last === null || last.day !== mark.day || last.periodStart !== mark.periodStart) return mark;
  const isOldEnough = at - last.at >= everyMs || at < last.at;
  return last.seq !== seq && isOldEnough ? mark : null;
}

/**
 * Null where the forecast is no more than an early estimate, or nothing is left to run out. The days on which a limit
 * refused work are not left out of what is learned from: refusals stay on the devices.
 */
export async function runOutSeen(
  transaction: Pick<Transaction, 'query'>,
  given: {
    readonly workspaceId: string;
    readonly index: TermsIndex;
    readonly history: History & { readonly seq: number };
    readonly at: Instant;
    /** Of every pool. */
    readonly left: readonly GrantLeft[];
    readonly schedules: readonly AllotmentSchedule[];
    readonly dayUses: DayUses;
  },
): Promise<RunOutSeen | null> {
  const { workspaceId, index, history, at, left, schedules, dayUses } = given;
  const { timeZone } = index;
  const { start, end } = periodAt(index, at);
  const standing: Standing = {
    asOf: at,
    period: { start, end },
    // How much was used does not bear on when what is left runs out.
    used: noCredits,
    available: sum(left.map(({ remaining }) => remaining)),
    grants: left.map((grant) => ({ ...grant, held: noCredits })),
  };
  if (standing.available <= 0) return null;
  const today = dayOf(at, timeZone);
  const daysMax = historyDaysMax;
  const { first, used } = await dayUses.upTo(transaction, { workspaceId, history, timeZone, today, daysMax });
  const dayFactor = await dayFactorsOf(index, { first, count: used.length + horizonDaysOf(standing) });
  const input = forecastInputFrom({
    workspaceId,
    timeZone,
    standing,
    schedules,
    recorded: {
      // A drift that was booked may leave a day below zero; demand never is.
      history: used.map((ofDay) => Math.max(toApproximateNumber(credits(ofDay)), 0)),
      ...(dayFactor === undefined ? {} : { dayFactor }),
      weekdayOfFirstHistoryDay: weekdayOf(first) % 7,
      excludedDays: [],
    },
  });
  const result = forecast(input);
  const runOut = runOutAt(result, { asOf: at, anythingGranted: true });
  if (result.quality !== 'full' || runOut === null) return null;
  return { periodStart: start, resetAt: end, ...runOut, available: standing.available };
}

/** How open each day is; undefined where every day is as usual. Kept for as long as the terms and the days are the same. */
async function dayFactorsOf(
  index: TermsIndex,
  days: { readonly first: LocalDate; readonly count: number },
): Promise<readonly number[] | undefined> {
  const terms: CalendarTerms = { workWeeks: index.workWeeks, ownDays: index.ownDays, timeZone: index.timeZone };
  if (!hasCalendar(terms)) return undefined;
  if (index.workWeeks.some(({ value }) => value.country !== null)) await openHolidays();
  const { first, count } = days;
  const key = `${first}/${count}`;
  const known = factors.get(index);
  if (known?.key === key) return known.factors;
  const span = { first, last: addDays(first, count - 1) };
  const percentByDate = new Map(unusualDays(terms, span, holidayOn).map(({ date, percent }) => [date, percent]));
  const made =
    percentByDate.size === 0
      ? undefined
      : Array.from({ length: count }, (_, day) => (percentByDate.get(addDays(first, day)) ?? 100) / 100);
  factors.set(index, { key, factors: made });
  return made;
}

const factors = new WeakMap<TermsIndex, { readonly key: string; readonly factors: readonly number[] | undefined }>();
