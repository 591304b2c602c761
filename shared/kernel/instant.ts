import { Temporal } from 'temporal-polyfill';
import { assert } from './assert.ts';
import { err, ok, type Result } from './result.ts';

declare const instantBrand: unique symbol;

/** A point in time: UTC milliseconds since 1970, between the years 1970 and 9999. [K3] */
export type Instant = number & { readonly [instantBrand]: 'utc-milliseconds' };

/** A reading of the wall clock, given to whatever needs to know the time. */
export type Clock = () => Instant;

/** Runs `work` again and again, `everyMs` apart, until what it answers is called. */
export type Every = (everyMs: number, work: () => void) => () => void;

export function earlier(left: Instant, right: Instant): Instant {
  return left <= right ? left : right;
}

export function later(left: Instant, right: Instant): Instant {
  return left >= right ? left : right;
}

export type InstantProblem = { readonly code: 'not-an-instant'; readonly at: string };

export const latestInstant = instant(253_402_300_799_999);

export function instant(milliseconds: number): Instant {
  assert(Number.isSafeInteger(milliseconds), `Not an instant: ${milliseconds}`);
  return milliseconds as Instant;
}

/**
 * Reads ISO 8601: with an offset or Z as it stands, a local date-time or a date in `zone` (a date is its midnight).
 * A day that does not exist, such as 2026-02-30, is a problem and is never moved to another day.
 */
export function parseInstant(text: string, zone: string): Result<Instant, InstantProblem> {
  const trimmed = text.trim();
  // A zone or calendar in brackets would be read over in silence.
  if (trimmed.includes('[')) return err({ code: 'not-an-instant', at: text.slice(0, 80) });
  try {
    if (/(?:[zZ]|[+-]\d{2}(?::?\d{2})?)$/.test(trimmed) && trimmed.length > 10) {
      return within(Temporal.Instant.from(trimmed).epochMilliseconds, text);
    }
    const local = Temporal.PlainDateTime.from(trimmed.replace(' ', 'T'), { overflow: 'reject' });
    const zoned = trimmed.length > 10 ? local.toZonedDateTime(zone) : local.toPlainDate().toZonedDateTime(zone);
    return within(zoned.epochMilliseconds, text);
  } catch {
    return err({ code: 'not-an-instant', at: text.slice(0, 80) });
  }
}

/** `2026-01-31T23:00:00.000Z` */
export function formatInstant(at: Instant): string {
  return new Date(at).toISOString();
}

function within(milliseconds: number, text: string): Result<Instant, InstantProblem> {
  return milliseconds >= 0 && milliseconds <= latestInstant
    ? ok(instant(milliseconds))
    : err({ code: 'not-an-instant', at: text.slice(0, 80) });
}
