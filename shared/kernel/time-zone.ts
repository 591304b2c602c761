import { Temporal } from 'temporal-polyfill';
import { instant, type Instant } from './instant.ts';
import type { Period } from './period.ts';

/** A calendar day as `YYYY-MM-DD`. */
export type LocalDate = string;

/** A span of the calendar in which use is shown. [A2] */
export type WindowKind = 'day' | 'week' | 'month' | 'quarter';

/** Whether the run-time knows this IANA zone. */
export function isTimeZone(zone: string): boolean {
  // Temporal would also take the zone out of a whole date-time, and offsets, which know no clock changes.
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(zone)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}

/** Whether `text` is a calendar day that exists. */
export function isLocalDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    Temporal.PlainDate.from(text, { overflow: 'reject' });
    return true;
  } catch {
    return false;
  }
}

/** The first instant of a calendar day in `zone`: local midnight, or the first moment after a gap. [K6] */
export function startOfDay(date: LocalDate, zone: string): Instant {
  return instant(Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds);
}

/**
 * The calendar day of an instant in `zone`: the one whose midnight has come and the next one's has not. [K6]
 * Where clocks were set back across midnight (Newfoundland until 2011) the repeated hour stays in the day that had begun.
 */
export function dayOf(at: Instant, zone: string): LocalDate {
  const days = knownDaysOf(zone);
  const utcDay = Math.floor(at / utcDayMs);
  const known = days.get(utcDay)?.find((day) => at >= day.start && at < day.end);
  if (known) return known.date;
  let date = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
  let end = midnight(date.add({ days: 1 }), zone);
  while (end <= at) {
    date = date.add({ days: 1 });
    end = midnight(date.add({ days: 1 }), zone);
  }
  const day = { date: date.toString(), start: midnight(date, zone), end };
  days.set(utcDay, [...(days.get(utcDay) ?? []), day]);
  return day.date;
}

function midnight(date: Temporal.PlainDate, zone: string): number {
  return date.toZonedDateTime(zone).epochMilliseconds;
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

export function addMonths(date: LocalDate, months: number): LocalDate {
  return Temporal.PlainDate.from(date).add({ months }).toString();
}

/** Whole days from one calendar day to another; negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'days' }).days;
}

/** 1 for Monday to 7 for Sunday. */
export function weekdayOf(date: LocalDate): number {
  return Temporal.PlainDate.from(date).dayOfWeek;
}

/** The first calendar day of the window that holds `date`; `weekStart` is 1 for Monday to 7 for Sunday. */
export function windowStart(kind: WindowKind, date: LocalDate, weekStart: number): LocalDate {
  const day = Temporal.PlainDate.from(date);
  switch (kind) {
    case 'day':
      return date;
    case 'week':
      return day.subtract({ days: (day.dayOfWeek - weekStart + 7) % 7 }).toString();
    case 'month':
      return day.with({ day: 1 }).toString();
    case 'quarter':
      return day.with({ month: day.month - ((day.month - 1) % 3), day: 1 }).toString();
  }
}

/** The first calendar day of the window `by` windows after the one that starts on `start`. */
export function shiftWindow(kind: WindowKind, start: LocalDate, by: number): LocalDate {
  switch (kind) {
    case 'day':
      return addDays(start, by);
    case 'week':
      return addDays(start, 7 * by);
    case 'month':
      return addMonths(start, by);
    case 'quarter':
      return addMonths(start, 3 * by);
  }
}

/** The window of the calendar that holds `at`, as instants [start, end): windows touch without gap or overlap. [K6] */
export function windowContaining(kind: WindowKind, at: Instant, zone: string, weekStart: number): Period {
  const start = windowStart(kind, dayOf(at, zone), weekStart);
  return { start: startOfDay(start, zone), end: startOfDay(shiftWindow(kind, start, 1), zone) };
}

function knownDaysOf(zone: string): Map<number, readonly KnownDay[]> {
  const known = daysByZone.get(zone);
  if (known && known.size < daysKeptMax) return known;
  if (daysByZone.size >= zonesKeptMax) daysByZone.clear();
  const days = new Map<number, readonly KnownDay[]>();
  daysByZone.set(zone, days);
  return days;
}

interface KnownDay {
  readonly date: LocalDate;
  readonly start: number;
  readonly end: number;
}

const utcDayMs = 86_400_000;
const daysKeptMax = 4000;
const zonesKeptMax = 50;

// Which days touch a day of UTC is a pure function of the zone; the calendar work behind it is what costs.
const daysByZone = new Map<string, Map<number, readonly KnownDay[]>>();
