import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hoursOf } from '../../../shared/kernel/hours.ts';
import { instant } from '../../../shared/kernel/instant.ts';
import { addDays, dayOf, startOfDay } from '../../../shared/kernel/time-zone.ts';

const zones = Intl.supportedValuesOf('timeZone');
const minute = 60_000;
const lengths = (date: string, zone: string): readonly number[] =>
  hoursOf(date, zone).map(({ start, end }) => (end - start) / minute);

describe('the hours of a day', () => {
  it('[K6] touch without gap or overlap and are the day, in every zone', () => {
    const days = fc.integer({ min: 0, max: 25_000 }).map((days) => addDays('1972-01-01', days));
    fc.assert(
      fc.property(fc.constantFrom(...zones), days, (zone, date) => {
        const hours = hoursOf(date, zone);
        const [start, end] = [startOfDay(date, zone), startOfDay(addDays(date, 1), zone)];
        // A day that a zone skipped has no hours.
        expect(hours[0]?.start ?? start).toBe(start);
        expect(hours.at(-1)?.end ?? start).toBe(end);
        for (const [index, hour] of hours.entries()) {
          expect(hour.end - hour.start).toBeGreaterThan(0);
          expect(hour.end - hour.start).toBeLessThanOrEqual(60 * minute);
          expect(hour.start).toBe(hours[index - 1]?.end ?? start);
          expect(dayOf(hour.start, zone)).toBe(date);
          expect(dayOf(instant(hour.end - 1), zone)).toBe(date);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each(zones)('[K6] are the day at every change of the clocks of %s in 2011 and 2026', (zone) => {
    for (const year of [2011, 2026]) {
      for (let date = `${year}-01-01`; date.startsWith(String(year)); date = addDays(date, 1)) {
        const [start, end] = [startOfDay(date, zone), startOfDay(addDays(date, 1), zone)];
        if (end - start === 24 * 60 * minute) continue;
        const whole = lengths(date, zone).reduce((total, length) => total + length, 0);
        expect([zone, date, whole]).toEqual([zone, date, (end - start) / minute]);
      }
    }
  });

  it('[K6] begin where the clock on the wall shows a full hour, also where offsets are no whole hours', () => {
    const [first] = hoursOf('2026-11-20', 'Asia/Kolkata');
    expect(first && new Date(first.start).toISOString()).toBe('2026-11-19T18:30:00.000Z');
    for (const zone of ['UTC', 'Asia/Kolkata', 'Asia/Kathmandu', 'Pacific/Chatham']) {
      expect(lengths('2026-11-20', zone)).toEqual(Array.from({ length: 24 }, () => 60));
    }
  });

  it('[K6] an hour that comes twice is two, one that is skipped is none, and half an hour is one of its own', () => {
    expect(lengths('2026-10-25', 'Europe/Berlin')).toHaveLength(25);
    expect(lengths('2026-03-29', 'Europe/Berlin')).toHaveLength(23);
    // 01:00 to 02:00, and from 01:30 to 02:00 once more.
    expect(lengths('2026-04-05', 'Australia/Lord_Howe')).toEqual([60, 60, 30, ...Array.from({ length: 22 }, () => 60)]);
    // From 02:00 the clock goes on to 02:30.
    expect(lengths('2026-10-04', 'Australia/Lord_Howe')).toEqual([60, 60, 30, ...Array.from({ length: 21 }, () => 60)]);
  });
});
