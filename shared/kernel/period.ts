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
  /**
   * Zones that came to hold later, oldest first. The period that runs when a zone begins to hold keeps its end; from then
   * on periods end at midnight in the new zone. No period that has begun ever moves.
   */
  readonly laterZones?: readonly LaterZone[];
}

export interface LaterZone {
  readonly from: Instant;
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
  const monthsApart = monthOf(dayOf(at, rule.zone)) - monthOf(rule.anchor);
  let number = Math.floor(monthsApart / rule.months);
  while (boundary(rule, number) > at) number -= 1;
  while (boundary(rule, number + 1) <= at) number += 1;
  return nthPeriod(rule, number);
}

/** Months since the year 0. Read off the text: every line of a ledger is asked for its period. */
function monthOf(day: LocalDate): number {
  return Number(day.slice(0, -6)) * 12 + Number(day.slice(-5, -3));
}

function boundary(rule: PeriodRule, number: number): Instant {
  const later = rule.laterZones ?? [];
  if (later.length === 0) return boundaryIn(rule, rule.zone, number);
  return boundaryIn(rule, cutsOf(rule, later).findLast((cut) => cut.from <= number)?.zone ?? rule.zone, number);
}

/** From which boundary on which later zone cuts. */
function cutsOf(rule: PeriodRule, later: readonly LaterZone[]): readonly Cut[] {
  const { anchor, months, zone } = rule;
  const key = JSON.stringify([anchor, months, zone, later]);
  const known = cutsByRule.get(key);
  if (known) return known;
  const cuts: Cut[] = [];
  for (const [place, { from, zone: next }] of later.entries()) {
    // The period that runs then is told by the zones before; the boundary behind it is its own.
    const running = periodContaining({ anchor, months, zone, laterZones: later.slice(0, place) }, from);
    cuts.push({ from: running.number + 2, zone: next });
  }
  if (cutsByRule.size > 10_000) cutsByRule.clear();
  cutsByRule.set(key, cuts);
  return cuts;
}

interface Cut {
  readonly from: number;
  readonly zone: string;
}

const cutsByRule = new Map<string, readonly Cut[]>();

function boundaryIn(rule: PeriodRule, zone: string, number: number): Instant {
  const key = `${rule.anchor}/${rule.months}/${zone}/${number}`;
  const known = boundaries.get(key);
  if (known !== undefined) return known;
  const date = Temporal.PlainDate.from(rule.anchor).add({ months: number * rule.months });
  const start = instant(date.toZonedDateTime(zone).epochMilliseconds);
  if (boundaries.size > 50_000) boundaries.clear();
  boundaries.set(key, start);
  return start;
}

// A boundary is a pure function of its key; the calendar work behind it is what costs.
const boundaries = new Map<string, Instant>();
