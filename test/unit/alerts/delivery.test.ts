import { describe, expect, it } from 'vitest';
import { defaultAlertPreferences, deliveredAt, isDelivered, lastMonday } from '../../../shared/alerts/delivery.ts';
import { formatInstant, instant } from '../../../shared/kernel/instant.ts';

const zone = 'Europe/Berlin';
const moment = (iso: string) => instant(Date.parse(iso));
const night = { on: true, from: '22:00', until: '07:00' };
const toldAt = (iso: string, quiet = night): string => formatInstant(deliveredAt(moment(iso), quiet, zone));

describe('quiet hours', () => {
  it('hold back what comes in them until they end, over midnight, and nothing else', () => {
    expect(toldAt('2026-11-20T20:59:00Z')).toBe('2026-11-20T20:59:00.000Z');
    expect(toldAt('2026-11-20T21:00:00Z')).toBe('2026-11-21T06:00:00.000Z');
    expect(toldAt('2026-11-21T05:59:59Z')).toBe('2026-11-21T06:00:00.000Z');
    expect(toldAt('2026-11-21T06:00:00Z')).toBe('2026-11-21T06:00:00.000Z');
  });

  it('go by the clock on the wall when it is changed', () => {
    // In the night to 29 March 2026 clocks go from 2:00 to 3:00, in the one to 25 October from 3:00 to 2:00.
    expect(toldAt('2026-03-28T22:00:00Z')).toBe('2026-03-29T05:00:00.000Z');
    expect(toldAt('2026-10-24T22:00:00Z')).toBe('2026-10-25T06:00:00.000Z');
  });

  it('may lie in the day, and be off', () => {
    const noon = { on: true, from: '12:00', until: '13:00' };
    expect(toldAt('2026-11-20T11:30:00Z', noon)).toBe('2026-11-20T12:00:00.000Z');
    expect(toldAt('2026-11-20T12:00:00Z', noon)).toBe('2026-11-20T12:00:00.000Z');
    expect(toldAt('2026-11-20T11:30:00Z', { ...noon, on: false })).toBe('2026-11-20T11:30:00.000Z');
    expect(toldAt('2026-11-20T11:30:00Z', { ...noon, until: '12:00' })).toBe('2026-11-20T11:30:00.000Z');
  });

  it('and switches say what a person is told by now', () => {
    const at = moment('2026-11-20T23:00:00Z');
    const preferences = {
      kinds: { ...defaultAlertPreferences.kinds, reset: false },
      quietHours: night,
    };
    const told = (kind: 'reset' | 'threshold', now: string): boolean =>
      isDelivered({ at, kind }, { preferences, now: moment(now), zone });
    expect(told('threshold', '2026-11-21T05:59:00Z')).toBe(false);
    expect(told('threshold', '2026-11-21T06:00:00Z')).toBe(true);
    expect(told('reset', '2026-11-21T06:00:00Z')).toBe(false);
  });
});

it('a Monday begins at midnight in the workspace’s zone', () => {
  expect(lastMonday(moment('2026-11-22T22:59:59Z'), zone)).toBe('2026-11-16');
  expect(lastMonday(moment('2026-11-22T23:00:00Z'), zone)).toBe('2026-11-23');
  expect(lastMonday(moment('2026-11-29T22:59:59Z'), zone)).toBe('2026-11-23');
});
