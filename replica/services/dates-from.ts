import { addDays, type LocalDate } from '../../shared/kernel/time-zone.ts';

const datesByFirst = new Map<LocalDate, LocalDate[]>();
const firstsKeptMax = 64;

/** `count` calendar days from `first` on. They are asked for again and again, and each takes a while to work out. */
export function datesFrom(first: LocalDate, count: number): readonly LocalDate[] {
  if (count <= 0) return [];
  let dates = datesByFirst.get(first);
  if (!dates) {
    if (datesByFirst.size >= firstsKeptMax) datesByFirst.clear();
    dates = [first];
    datesByFirst.set(first, dates);
  }
  while (dates.length < count) dates.push(addDays(dates.at(-1) ?? first, 1));
  return dates.slice(0, count);
}
