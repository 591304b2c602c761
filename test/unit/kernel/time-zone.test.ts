import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInstant, instant, parseInstant, type Instant } from '../../../shared/kernel/instant.ts';
import {
  addDays,
  addMonths,
  dayOf,
  daysBetween,
  isLocalDate,
  isTimeZone,
  shiftWindow,
  startOfDay,
  weekdayOf,
  windowContaining,
  windowStart,
  type WindowKind,
} from '../../../shared/kernel/time-zone.ts';

const zones = Intl.supportedValuesOf('timeZone');
const kinds: readonly WindowKind[] = ['day', 'week', 'month', 'quarter'];
const hour = 3_600_000;

function at(text: string): Instant {
  const parsed = parseInstant(text, 'UTC');
  if (!parsed.ok) throw new Error(`Not an instant: ${text}`);
  return parsed.value;
}

describe('days', () => {
  it.each([
    ['America/Los_Angeles', '2025-03-09', 23],
    ['America/Los_Angeles', '2025-11-02', 25],
    ['America/Los_Angeles', '2025-11-03', 24],
    ['Europe/Berlin', '2026-03-29', 23],
    ['Europe/Berlin', '2026-10-25', 25],
    ['Australia/Lord_Howe', '2026-04-05', 24.5],
    ['UTC', '2025-03-09', 24],
  ])('[K6] in %s %s has %d hours', (zone, date, hours) => {
    const day = windowContaining('day', startOfDay(date, zone), zone, 1);
    expect((day.end - day.start) / hour).toBe(hours);
    expect(day.start).toBe(startOfDay(date, zone));
    expect(dayOf(instant(day.end - 1), zone)).toBe(date);
    expect(dayOf(day.end, zone)).toBe(addDays(date, 1));
  });

  it('[K6] an hour that is repeated across midnight stays in the day that had begun, whichever was asked first', () => {
    // Newfoundland went from 00:01 back to 23:01 of the day before.
    const zone = 'America/St_Johns';
    const midnight = startOfDay('2006-10-29', zone);
    const repeated = instant(midnight + hour / 2);
    expect(dayOf(repeated, zone)).toBe('2006-10-29');
    expect(dayOf(instant(midnight - 1), zone)).toBe('2006-10-28');
    expect(dayOf(repeated, zone)).toBe('2006-10-29');
    const day = windowContaining('day', repeated, zone, 1);
    expect([day.start, (day.end - day.start) / hour]).toEqual([midnight, 25]);
  });

  it('[K6] a day that a zone left out is empty and nothing falls into it', () => {
    const zone = 'Pacific/Apia';
    expect(startOfDay('2011-12-30', zone)).toBe(startOfDay('2011-12-31', zone));
    expect(dayOf(instant(startOfDay('2011-12-31', zone) - 1), zone)).toBe('2011-12-29');
    expect(dayOf(startOfDay('2011-12-31', zone), zone)).toBe('2011-12-31');
  });

  it('[K6] the same day whatever was asked before', () => {
    const times = fc.array(fc.integer({ min: 0, max: 2_000_000_000_000 }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(times, fc.constantFrom(...zones), (milliseconds, zone) => {
        const forwards = milliseconds.map((time) => dayOf(instant(time), zone));
        const backwards = milliseconds.toReversed().map((time) => dayOf(instant(time), zone));
        expect(backwards.toReversed()).toEqual(forwards);
      }),
    );
  });
});

describe('windows', () => {
  it.each<readonly [WindowKind, string, string]>([
    ['day', '2026-11-20T00:00:00.000Z', '2026-11-21T00:00:00.000Z'],
    ['week', '2026-11-16T00:00:00.000Z', '2026-11-23T00:00:00.000Z'],
    ['month', '2026-11-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z'],
    ['quarter', '2026-10-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ])('[A2] this %s goes from %s to %s', (kind, start, end) => {
    const window = windowContaining(kind, at('2026-11-20T15:30:00Z'), 'UTC', 1);
    expect([formatInstant(window.start), formatInstant(window.end)]).toEqual([start, end]);
  });

  it('[K3] weeks start on the day that is set', () => {
    const starts = [1, 2, 3, 4, 5, 6, 7].map((weekStart) => windowStart('week', '2026-11-20', weekStart));
    expect(starts).toEqual([
      '2026-11-16',
      '2026-11-17',
      '2026-11-18',
      '2026-11-19',
      '2026-11-20',
      '2026-11-14',
      '2026-11-15',
    ]);
    starts.forEach((start, index) => expect(weekdayOf(start)).toBe(index + 1));
  });

  it('[A2] goes back and forth by whole windows', () => {
    expect(kinds.map((kind) => shiftWindow(kind, windowStart(kind, '2026-01-31', 1), -1))).toEqual([
      '2026-01-30',
      '2026-01-19',
      '2025-12-01',
      '2025-10-01',
    ]);
    expect(shiftWindow('quarter', '2026-10-01', 1)).toBe('2027-01-01');
  });

  it('[K6] windows touch without gap or overlap, in every zone', () => {
    const time = fc.integer({ min: at('2024-01-01'), max: at('2032-12-31') });
    fc.assert(
      fc.property(
        time,
        fc.constantFrom(...zones),
        fc.constantFrom(...kinds),
        fc.integer({ min: 1, max: 7 }),
        (milliseconds, zone, kind, weekStart) => {
          const here = windowContaining(kind, instant(milliseconds), zone, weekStart);
          expect(here.start <= milliseconds && milliseconds < here.end).toBe(true);
          expect(windowContaining(kind, here.start, zone, weekStart)).toEqual(here);
          expect(windowContaining(kind, instant(here.end - 1), zone, weekStart)).toEqual(here);
          expect(windowContaining(kind, here.end, zone, weekStart).start).toBe(here.end);
          expect(windowContaining(kind, instant(here.start - 1), zone, weekStart).end).toBe(here.start);
          const days = (here.end - here.start) / (24 * hour);
          const [fewest, most] = { day: [1, 1], week: [7, 7], month: [28, 31], quarter: [90, 92] }[kind];
          expect(days > (fewest ?? 0) - 0.1 && days < (most ?? 0) + 0.1).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('[K6] the days of a year, laid end to end, are the year, in zones that change their clocks in odd ways', () => {
    for (const zone of [
      'America/Los_Angeles',
      'America/Havana',
      'Asia/Beirut',
      'Atlantic/Azores',
      'Africa/Casablanca',
      'Australia/Lord_Howe',
      'America/Nuuk',
      'Pacific/Chatham',
    ]) {
      let start = startOfDay('2025-01-01', zone);
      let count = 0;
      while (start < startOfDay('2026-01-01', zone)) {
        const day = windowContaining('day', start, zone, 1);
        expect(day.start).toBe(start);
        start = day.end;
        count += 1;
      }
      expect([zone, count, start]).toEqual([zone, 365, startOfDay('2026-01-01', zone)]);
    }
  });
});

describe('dates', () => {
  it('counts days and months over leap years', () => {
    expect(daysBetween('2028-02-28', '2028-03-01')).toBe(2);
    expect(daysBetween('2026-03-01', '2026-02-28')).toBe(-1);
    expect(daysBetween('2024-01-01', '2033-01-01')).toBe(3_288);
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addMonths('2026-12-31', 2)).toBe('2027-02-28');
    expect(addMonths('2026-03-31', -1)).toBe('2026-02-28');
  });

  it.each(['2026-02-28', '2028-02-29', '1970-01-01', '9999-12-31'])('knows %s as a day', (text) => {
    expect(isLocalDate(text)).toBe(true);
  });

  it.each(['2026-02-29', '2026-2-28', '2026-13-01', '20260228', '2026-02-28T00:00', '', ' 2026-02-28', '2026-02-28\n'])(
    'knows %j as no day',
    (text) => {
      expect(isLocalDate(text)).toBe(false);
    },
  );

  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])('knows the zone %s', (zone) => {
    expect(isTimeZone(zone)).toBe(true);
  });

  it.each([
    '',
    'Mars/Olympus',
    '+05:00',
    '-0800',
    '2026-01-01T00:00Z',
    '2026-01-01T00:00[Europe/Berlin]',
    'Europe/ Berlin',
    'Z\n',
  ])('knows no zone %j', (zone) => {
    expect(isTimeZone(zone)).toBe(false);
  });
});
