import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssertionError } from '../../../shared/kernel/assert.ts';
import { formatInstant, instant, latestInstant, parseInstant } from '../../../shared/kernel/instant.ts';
import { dayOf } from '../../../shared/kernel/time-zone.ts';

function read(text: string, zone = 'UTC'): string {
  const parsed = parseInstant(text, zone);
  return parsed.ok ? formatInstant(parsed.value) : parsed.error.code;
}

describe('reading', () => {
  it.each([
    ['2026-01-31T23:00:00Z', 'America/New_York', '2026-01-31T23:00:00.000Z'],
    ['2026-01-31T23:00:00z', 'UTC', '2026-01-31T23:00:00.000Z'],
    ['2026-01-31T23:00:00.123Z', 'UTC', '2026-01-31T23:00:00.123Z'],
    ['2026-01-31T23:00:00.123987Z', 'UTC', '2026-01-31T23:00:00.123Z'],
    ['2026-01-31T23:00:00+02:00', 'UTC', '2026-01-31T21:00:00.000Z'],
    ['2026-01-31T23:00:00-0530', 'UTC', '2026-02-01T04:30:00.000Z'],
    ['2026-01-31T23:00+02', 'UTC', '2026-01-31T21:00:00.000Z'],
    ['2026-01-31 23:00:00Z', 'UTC', '2026-01-31T23:00:00.000Z'],
  ])('[K3] an offset stands whatever the zone: %s', (text, zone, expected) => {
    expect(read(text, zone)).toBe(expected);
  });

  it.each([
    ['2026-01-31T23:00:00', 'America/New_York', '2026-02-01T04:00:00.000Z'],
    ['2026-01-31 23:00', 'America/New_York', '2026-02-01T04:00:00.000Z'],
    ['  2026-07-01T08:30  ', 'Europe/Berlin', '2026-07-01T06:30:00.000Z'],
    ['2026-07-01', 'Europe/Berlin', '2026-06-30T22:00:00.000Z'],
    ['2026-07-01', 'UTC', '2026-07-01T00:00:00.000Z'],
  ])('[K3] a local time or a date is read in the zone: %s in %s', (text, zone, expected) => {
    expect(read(text, zone)).toBe(expected);
  });

  it('[K3] a date without a time keeps its date in every zone', () => {
    const dates = fc
      .integer({ min: 0, max: 24_000 })
      .map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10));
    fc.assert(
      fc.property(dates, fc.constantFrom(...Intl.supportedValuesOf('timeZone')), (date, zone) => {
        const parsed = parseInstant(date, zone);
        if (!parsed.ok) {
          // A zone east of Greenwich began 1970 before the first instant that there is.
          expect(date).toBe('1970-01-01');
          return;
        }
        // Samoa and Kwajalein left out a whole day when they crossed the date line; it has no instant.
        const leftOut =
          date === '2011-12-30' || date === '1993-08-21' || date === '1994-12-31' || date === '1995-01-01';
        if (!leftOut) expect(dayOf(parsed.value, zone)).toBe(date);
      }),
      { numRuns: 300 },
    );
  });

  it('[K6] a midnight that clocks skip is the first moment after the gap', () => {
    // Beirut goes from 23:59:59 to 01:00:00 on 2026-03-29.
    expect(read('2026-03-29', 'Asia/Beirut')).toBe('2026-03-28T22:00:00.000Z');
  });

  it.each([
    '2026-02-30',
    '2026-02-30T10:00:00Z',
    '2026-02-30T10:00:00',
    '2025-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-01-32',
    '2026-01-31T24:00:00Z',
    '2026-01-31T10:60:00Z',
    '2026-1-31',
    '31.01.2026',
    '01/31/2026',
    '2026-01',
    '2026',
    '10:00',
    '',
    ' ',
    'yesterday',
    '1706700000000',
    '1969-12-31T23:59:59Z',
    '10000-01-01T00:00:00Z',
    '+010000-01-01T00:00:00Z',
    '-000001-01-01T00:00:00Z',
    '2026-01-31T10:00[Europe/Berlin]',
    '2026-01-31T10:00Z[Europe/Berlin]',
    '2026-01-31[u-ca=hebrew]',
    '2026-01-31T23:00:00Z; DROP TABLE',
  ])('[K3] refuses %j and moves it to no other day', (text) => {
    expect(parseInstant(text, 'UTC')).toEqual({ ok: false, error: { code: 'not-an-instant', at: text.slice(0, 80) } });
  });

  it('[K3] what is written reads back as the same instant, in any zone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: latestInstant }), (milliseconds) => {
        expect(parseInstant(formatInstant(instant(milliseconds)), 'Asia/Tokyo')).toEqual({
          ok: true,
          value: milliseconds,
        });
      }),
    );
  });

  it('[K3] answers about any text and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-+0-9:.TZ ]{0,30}$/)), (text) => {
        const parsed = parseInstant(text, 'Europe/Berlin');
        if (parsed.ok) expect(parsed.value >= 0 && parsed.value <= latestInstant).toBe(true);
        else expect(parsed.error.code).toBe('not-an-instant');
      }),
    );
  });
});

it('[K3] an instant is a whole count of milliseconds', () => {
  expect(instant(1_793_142_000_000)).toBe(1_793_142_000_000);
  expect(formatInstant(latestInstant)).toBe('9999-12-31T23:59:59.999Z');
  expect(() => instant(0.5)).toThrow(AssertionError);
  expect(() => instant(Number.NaN)).toThrow(AssertionError);
  expect(() => instant(Number.POSITIVE_INFINITY)).toThrow(AssertionError);
});
