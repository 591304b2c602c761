import type { DayReason } from '../forecast/calendar.ts';
import type { LocalDate } from '../kernel/time-zone.ts';

/** A day that is worked otherwise than usual: whole percent of a usual day, 0 closed. */
export interface UnusualDayView {
  readonly date: LocalDate;
  readonly percent: number;
  readonly reason: DayReason;
  /** What a holiday, or a day of one's own, is called. */
  readonly name: string | null;
}

export interface OwnDaysView {
  readonly id: string;
  readonly name: string;
  readonly first: LocalDate;
  readonly last: LocalDate;
  readonly percent: number;
}

/** How a workspace works, as its forecasts count it. */
export interface CalendarView {
  /** Monday to Sunday; 100 each where nothing was set. */
  readonly weekdayPercents: readonly number[];
  readonly country: string | null;
  readonly countryName: string | null;
  readonly region: string | null;
  readonly regionName: string | null;
  readonly holidayPercent: number;
  readonly ownDays: readonly OwnDaysView[];
  /** Holidays and days of one's own in the next months, from today on. */
  readonly upcoming: readonly UnusualDayView[];
  /**
   * Of the use of the last weeks, the share that fell on closed days, which forecasts leave out; null where nothing was
   * used or no day was closed.
   */
  readonly closedShare: number | null;
}

export interface HolidayCountryView {
  readonly code: string;
  readonly name: string;
  readonly regions: readonly { readonly code: string; readonly name: string }[];
}
