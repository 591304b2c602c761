/** Which days are worked less, or more, than usual: the week, public holidays, and days of one's own. Rule F13. */
import type { Instant } from '../kernel/instant.ts';
import { addDays, startOfDay, weekdayOf, type LocalDate } from '../kernel/time-zone.ts';
import { holdingAt, type ChangeValue, type Dated } from '../ledger/change.ts';

/** Why a day is worked otherwise than usual. */
export type DayReason = 'week' | 'holiday' | 'own';

/** A day that is worked otherwise than usual. */
export interface UnusualDay {
  readonly date: LocalDate;
  /** Whole percent of a day as usual: 0 closed, above 100 busier. */
  readonly percent: number;
  readonly reason: DayReason;
  /** What a holiday or a day of one's own is called; null for a day of the week. */
  readonly name: string | null;
}

type WorkWeek = Extract<ChangeValue, { kind: 'work-week' }>;
type OwnDays = Extract<ChangeValue, { kind: 'own-days' }>;

/** What was set about the days of a workspace. */
export interface CalendarTerms {
  /** Oldest first; the first one holds for what was before it too. */
  readonly workWeeks: readonly Dated<WorkWeek>[];
  /** By id; the last value of each holds. */
  readonly ownDays: ReadonlyMap<string, readonly Dated<OwnDays>[]>;
  readonly timeZone: string;
}

/** A public holiday: how much of the day it takes, 0–1, and its name. */
export interface PublicHoliday {
  readonly share: number;
  readonly name: string;
}

/** Looks up a public holiday; undefined on every other day. */
export type HolidayOn = (date: LocalDate, country: string, region: string | null) => PublicHoliday | undefined;

/** Whether anything was set: without it every day is as usual. */
export function hasCalendar({ workWeeks, ownDays }: Omit<CalendarTerms, 'timeZone'>): boolean {
  return workWeeks.length > 0 || ownDays.size > 0;
}

/**
 * What is unusual about a day; null for nothing. A day of one's own stands in for week and holiday; among several the
 * one that was set last. In a span of several days, those that the week closes stay closed.
 */
export function unusualDay(terms: CalendarTerms, date: LocalDate, holidayOn: HolidayOn): UnusualDay | null {
  const week = holdingAt(terms.workWeeks, startOfDay(date, terms.timeZone));
  const ofWeek = week?.weekdayPercents[weekdayOf(date) - 1] ?? 100;
  const own = ownDayOn(terms.ownDays, date, ofWeek);
  if (own)
    return own.percent === 100 && ofWeek === 100 ? null : { date, percent: own.percent, reason: 'own', name: own.name };
  const { country = null, region = null, holidayPercent = 100 } = week ?? {};
  const holiday = country === null ? undefined : holidayOn(date, country, region);
  if (holiday && ofWeek > 0) {
    const left = 1 - holiday.share * (1 - holidayPercent / 100);
    return { date, percent: Math.round(ofWeek * left), reason: 'holiday', name: holiday.name };
  }
  return ofWeek === 100 ? null : { date, percent: ofWeek, reason: 'week', name: null };
}

/** The unusual days of a span, first to last, both included. */
export function unusualDays(
  terms: CalendarTerms,
  span: { readonly first: LocalDate; readonly last: LocalDate },
  holidayOn: HolidayOn,
): readonly UnusualDay[] {
  if (!hasCalendar(terms)) return [];
  const days: UnusualDay[] = [];
  for (let date = span.first; date <= span.last; date = addDays(date, 1)) {
    const day = unusualDay(terms, date, holidayOn);
    if (day) days.push(day);
  }
  return days;
}

/** The days of one's own that hold, those that begin first first. */
export function ownDaysOf(
  ownDays: CalendarTerms['ownDays'],
): readonly (OwnDays & { readonly id: string; readonly from: Instant })[] {
  return [...ownDays]
    .flatMap(([id, dated]) => {
      const last = dated.at(-1);
      return last && !last.value.removed ? [{ ...last.value, id, from: last.from }] : [];
    })
    .toSorted((left, right) => (left.first < right.first ? -1 : left.first > right.first ? 1 : left.from - right.from));
}

function ownDayOn(ownDays: CalendarTerms['ownDays'], date: LocalDate, ofWeek: number): OwnDays | undefined {
  let found: { readonly from: Instant; readonly value: OwnDays } | undefined;
  for (const dated of ownDays.values()) {
    const last = dated.at(-1);
    if (!last || last.value.removed || date < last.value.first || date > last.value.last) continue;
    if (ofWeek === 0 && last.value.first < last.value.last) continue;
    if (!found || last.from >= found.from) found = last;
  }
  return found?.value;
}
