import { parseInstant, type Instant } from '../kernel/instant.ts';
import { addDays, dayOf, weekdayOf, type LocalDate } from '../kernel/time-zone.ts';
import type { AlertKind } from './alert.ts';

/** What one person wants to be told, and when. What is switched off is not lost: it stays in the history. */
export interface AlertPreferences {
  readonly kinds: Readonly<Record<AlertKind, boolean>>;
  readonly quietHours: QuietHours;
}

/** By the clock on the wall, `HH:MM`; over midnight where it ends before it begins, none where both are the same. */
export interface QuietHours {
  readonly on: boolean;
  readonly from: string;
  readonly until: string;
}

export const defaultAlertPreferences: AlertPreferences = {
  kinds: {
    threshold: true,
    'run-out': true,
    reset: true,
    'hold-expiring': true,
    'hold-open': true,
    'order-decided': true,
    'sync-stuck': true,
    digest: true,
  },
  quietHours: { on: false, from: '22:00', until: '07:00' },
};

/** When something that was seen at an instant is told: at once, or when the quiet hours end. */
export function deliveredAt(at: Instant, quiet: QuietHours, zone: string): Instant {
  if (!quiet.on || quiet.from === quiet.until) return at;
  const today = dayOf(at, zone);
  for (const day of [addDays(today, -1), today]) {
    const from = clockTime(day, quiet.from, zone);
    const until = clockTime(quiet.until < quiet.from ? addDays(day, 1) : day, quiet.until, zone);
    if (from !== null && until !== null && at >= from && at < until) return until;
  }
  return at;
}

/** Whether a person is told of something by now. */
export function isDelivered(
  alert: { readonly at: Instant; readonly kind: AlertKind },
  given: { readonly preferences: AlertPreferences; readonly now: Instant; readonly zone: string },
): boolean {
  const { preferences, now, zone } = given;
  return preferences.kinds[alert.kind] && deliveredAt(alert.at, preferences.quietHours, zone) <= now;
}

/** The last Monday that has begun. */
export function lastMonday(at: Instant, zone: string): LocalDate {
  const today = dayOf(at, zone);
  return addDays(today, 1 - weekdayOf(today));
}

/** What quiet hours are written as. */
export const anyClockTime = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

function clockTime(day: LocalDate, time: string, zone: string): Instant | null {
  const parsed = parseInstant(`${day}T${time}`, zone);
  return parsed.ok ? parsed.value : null;
}
