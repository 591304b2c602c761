import { Temporal } from 'temporal-polyfill';
import { instant, type Instant } from './instant.ts';
import { dayOf, type LocalDate } from './time-zone.ts';

/** A span of time [start, end): an event exactly at `end` belongs to the next one. [K4] */
export interface Period {
  readonly start: Instant;
  readonly end: Instant;
}

/** How allotment periods are cut: from `anchor`, every so many months, at midnight in `zone`. */
export interface PeriodRule {
  readonly anchor: LocalDate;
  readonly months: number;
  readonly zone: string;
}

export interface NumberedPeriod extends Period {
  /** 0 for the period that starts on the anchor; negative before it. */
  readonly number: number;
}

export function contains(period: Period, at: Instant): boolean {
  return at >= period.start && at < period.end;
}

/** The n-th period: it starts at anchor + n × months, clamped to the month's last day, always computed from the anchor. [K5] */
export function nthPeriod(rule: PeriodRule, number: number): NumberedPeriod {
  return { number, start: boundary(rule, number), end: boundary(rule, number + 1) };
}

/** The period that holds `at`. [K4] [K5] */
export function periodContaining(rule: PeriodRule, at: Instant): NumberedPeriod {
  const anchor = Temporal.PlainDate.from(rule.anchor);
  const day = Temporal.PlainDate.from(dayOf(at, rule.zone));
  const monthsApart = (day.year - anchor.year) * 12 + (day.month - anchor.month);
  let number = Math.floor(monthsApart / rule.months);
  while (boundary(rule, number) > at) number -= 1;
  while (boundary(rule, number + 1) <= at) number += 1;
  return nthPeriod(rule, number);
}

function boundary(rule: PeriodRule, number: number): Instant {
  const key = `${rule.anchor}/${rule.months}/${rule.zone}/${number}`;
  const known = boundaries.get(key);
  if (known !== undefined) return known;
  const date = Temporal.PlainDate.from(rule.anchor).add({ months: number * rule.months });
  const start = instant(date.toZonedDateTime(rule.zone).epochMilliseconds);
  if (boundaries.size > 50_000) boundaries.clear();
  boundaries.set(key, start);
  return start;
}

// A boundary is a pure function of its key; the calendar work behind it is what costs.
const boundaries = new Map<string, Instant>();
