import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInstant, instant, parseInstant, type Instant } from '../../../shared/kernel/instant.ts';
import { contains, nthPeriod, periodContaining, type PeriodRule } from '../../../shared/kernel/period.ts';
import { dayOf, startOfDay } from '../../../shared/kernel/time-zone.ts';
import { thorough } from '../../support/thoroughness.ts';

function at(text: string): Instant {
  const parsed = parseInstant(text, 'UTC');
  if (!parsed.ok) throw new Error(`Not an instant: ${text}`);
  return parsed.value;
}

function starts(rule: PeriodRule, numbers: readonly number[]): readonly string[] {
  return numbers.map((number) => dayOf(nthPeriod(rule, number).start, rule.zone));
}

const monthly = (anchor: string, zone = 'UTC'): PeriodRule => ({ anchor, months: 1, zone });

describe('[start, end)', () => {
  it('[K4] an event exactly at the reset belongs to the new period', () => {
    const rule = monthly('2026-01-01');
    const reset = at('2026-02-01T00:00:00Z');
    expect(periodContaining(rule, reset)).toEqual({ number: 1, start: reset, end: at('2026-03-01') });
    expect(periodContaining(rule, instant(reset - 1))).toEqual({ number: 0, start: at('2026-01-01'), end: reset });
    expect(contains(nthPeriod(rule, 0), reset)).toBe(false);
    expect(contains(nthPeriod(rule, 1), reset)).toBe(true);
  });

  it('[K4] periods before the anchor have negative numbers', () => {
    expect(periodContaining(monthly('2026-05-15'), at('2026-05-14T23:59:59Z')).number).toBe(-1);
    expect(periodContaining(monthly('2026-05-15'), at('2025-05-15')).number).toBe(-12);
  });
});

describe('anchors', () => {
  it('[K5] Jan 31 → Feb 28 → Mar 31 → Apr 30, always counted from the anchor', () => {
    expect(starts(monthly('2026-01-31'), [0, 1, 2, 3, 4])).toEqual([
      '2026-01-31',
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
      '2026-05-31',
    ]);
  });

  it('[K5] Feb 29 in the leap year 2028', () => {
    expect(starts(monthly('2028-01-31'), [0, 1, 2, 3])).toEqual([
      '2028-01-31',
      '2028-02-29',
      '2028-03-31',
      '2028-04-30',
    ]);
    expect(starts(monthly('2026-01-31'), [25])).toEqual(['2028-02-29']);
  });

  it('[K5] a yearly anchor on Feb 29 → Feb 28, and Feb 29 again in the next leap year', () => {
    const yearly: PeriodRule = { anchor: '2028-02-29', months: 12, zone: 'UTC' };
    expect(starts(yearly, [-1, 0, 1, 2, 3, 4])).toEqual([
      '2027-02-28',
      '2028-02-29',
      '2029-02-28',
      '2030-02-28',
      '2031-02-28',
      '2032-02-29',
    ]);
  });

  it('[K5] counts backwards from the anchor too', () => {
    expect(starts(monthly('2026-03-31'), [-1, -2, -4])).toEqual(['2026-02-28', '2026-01-31', '2025-11-30']);
  });

  it('[K3] [K6] a period begins at local midnight of its zone', () => {
    const losAngeles = monthly('2025-02-15', 'America/Los_Angeles');
    expect([0, 1, 9].map((number) => formatInstant(nthPeriod(losAngeles, number).start))).toEqual([
      '2025-02-15T08:00:00.000Z',
      '2025-03-15T07:00:00.000Z',
      '2025-11-15T08:00:00.000Z',
    ]);
    // At a midnight that clocks skip it begins with the first moment after the gap.
    expect(formatInstant(nthPeriod(monthly('2026-01-29', 'Asia/Beirut'), 2).start)).toBe('2026-03-28T22:00:00.000Z');
  });
});

describe('the time line', () => {
  const rules = fc.record({
    anchor: fc
      .record({
        year: fc.integer({ min: 2024, max: 2032 }),
        month: fc.integer({ min: 1, max: 12 }),
        day: fc.integer({ min: 1, max: 31 }),
      })
      .map(({ year, month, day }) => {
        const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
        return `${year}-${String(month).padStart(2, '0')}-${String(Math.min(day, last)).padStart(2, '0')}`;
      }),
    months: fc.constantFrom(1, 2, 3, 6, 12),
    zone: fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
  });
  const times = fc.integer({ min: at('2024-01-01'), max: at('2032-12-31') });

  it('[K4] [K5] every instant lies in exactly one period, and periods touch', () => {
    fc.assert(
      fc.property(rules, times, (rule, milliseconds) => {
        const here = periodContaining(rule, instant(milliseconds));
        expect(contains(here, instant(milliseconds))).toBe(true);
        expect(nthPeriod(rule, here.number)).toEqual(here);
        expect(nthPeriod(rule, here.number - 1).end).toBe(here.start);
        expect(nthPeriod(rule, here.number + 1).start).toBe(here.end);
        expect(periodContaining(rule, here.start).number).toBe(here.number);
        expect(periodContaining(rule, instant(here.end - 1)).number).toBe(here.number);
        expect(periodContaining(rule, here.end).number).toBe(here.number + 1);
      }),
      { numRuns: 400 },
    );
  });

  it('[K5] all periods of nine years begin on the anchor’s day, or on the last day of a shorter month', () => {
    fc.assert(
      fc.property(rules, (rule) => {
        const from = periodContaining(rule, at('2024-01-01')).number;
        const until = periodContaining(rule, at('2032-12-31')).number;
        const anchorDay = Number(rule.anchor.slice(8));
        for (let number = from; number <= until; number += 1) {
          const period = nthPeriod(rule, number);
          const date = dayOf(period.start, rule.zone);
          const lastDay = new Date(Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)), 0)).getUTCDate();
          expect(Number(date.slice(8))).toBe(Math.min(anchorDay, lastDay));
          expect(nthPeriod(rule, number + 1).start).toBe(period.end);
          expect(period.start).toBeLessThan(period.end);
        }
      }),
      { numRuns: 40 },
    );
  });

  // All zones in the long runs; else those with odd clocks and a part of the rest.
  const odd = ['Africa/Cairo', 'America/New_York', 'Asia/Beirut', 'Asia/Tehran', 'Australia/Lord_Howe', 'Pacific/Apia'];
  const all = ['UTC', ...Intl.supportedValuesOf('timeZone')];
  const zones = thorough ? all : [...odd, ...all.filter((_, place) => place % 70 === 3)];

  it.each(zones)('[K4] [K5] in %s every anchor day from 1 to 31 tiles 2024 to 2032, clock changes included', (zone) => {
    for (let day = 1; day <= 31; day += 1) {
      const rule = monthly(`2024-01-${String(day).padStart(2, '0')}`, zone);
      let end = nthPeriod(rule, -1).end;
      for (let number = 0; number < 108; number += 1) {
        const period = nthPeriod(rule, number);
        const date = dayOf(period.start, zone);
        const [year, month] = [2024 + Math.floor(number / 12), (number % 12) + 1];
        const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
        const skipped = isSkipped(zone, year, month, Math.min(day, lastDay));
        expect([number, period.start]).toEqual([number, end]);
        expect(period.end).toBeGreaterThan(period.start);
        if (!skipped) expect(date).toBe(isoDate(year, month, Math.min(day, lastDay)));
        expect(dayOf(instant(period.start - 1), zone) < date).toBe(true);
        if (number % 12 === day % 12) {
          expect(periodContaining(rule, period.start).number).toBe(number);
          expect(periodContaining(rule, instant(period.end - 1)).number).toBe(number);
        }
        end = period.end;
      }
    }
  });

  const isoDate = (year: number, month: number, day: number): string =>
    `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

  /** A day that a zone leaves out altogether begins where the next one does. */
  function isSkipped(zone: string, year: number, month: number, day: number): boolean {
    const date = isoDate(year, month, day);
    return dayOf(startOfDay(date, zone), zone) !== date;
  }
});
