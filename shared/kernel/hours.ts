import { Temporal } from 'temporal-polyfill';
import { instant, type Instant } from './instant.ts';
import type { Period } from './period.ts';
import { addDays, startOfDay, type LocalDate } from './time-zone.ts';

/**
 * The hours of a calendar day as the clock on the wall shows them, in order, touching without gap or overlap; together
 * they are the day. [K6] They are cut where the clock shows a full hour, and where it is changed: an hour that comes
 * twice is two hours, one that is skipped is none, and where clocks move by half an hour one is shorter.
 */
export function hoursOf(date: LocalDate, zone: string): readonly Period[] {
  const key = `${zone}/${date}`;
  const known = hoursByDay.get(key);
  if (known) return known;
  const hours = cutDay({ start: startOfDay(date, zone), end: startOfDay(addDays(date, 1), zone) }, zone);
  if (hoursByDay.size >= daysKeptMax) hoursByDay.clear();
  hoursByDay.set(key, hours);
  return hours;
}

function cutDay(day: Period, zone: string): readonly Period[] {
  const hours: Period[] = [];
  for (let start: Instant = day.start; start < day.end;) {
    const here = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(zone);
    const pastHourMs = (here.minute * 60 + here.second) * 1000 + here.millisecond;
    const change = here.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity;
    const end = instant(Math.min(start + hourMs - pastHourMs, change, day.end));
    hours.push({ start, end });
    start = end;
  }
  return hours;
}

const hourMs = 3_600_000;
const daysKeptMax = 1000;

// The hours of a day are a pure function of date and zone; the calendar work behind them is what costs.
const hoursByDay = new Map<string, readonly Period[]>();
