import { textCell } from '../../shared/kernel/csv.ts';
import { addDays, type LocalDate } from '../../shared/kernel/time-zone.ts';
import { formatShare } from '../ui/figures.tsx';
import { quietRuns, type BurnDay } from './burn-model.ts';
import { strings } from './strings.ts';
import type { TwinColumn } from './table-twin.tsx';

/** A stretch of days on the axis. */
export interface QuietArea {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/**
 * The stretches of days that are worked less than usual. Bars have a day's width; a line of totals runs from the end of
 * one day to the end of the next, so that the day before is where the shade begins.
 */
export function quietDayAreas(days: readonly BurnDay[], kind: 'bars' | 'line'): readonly QuietArea[] {
  const known = new Set(days.map((day) => day.date));
  const startOf = (first: LocalDate): LocalDate => {
    const before = addDays(first, -1);
    return kind === 'line' && known.has(before) ? before : first;
  };
  return quietRuns(days).map(({ first, last }) => ({ from: startOf(first), to: last }));
}

export const calendarColumn: TwinColumn<BurnDay> = {
  key: 'calendar',
  header: strings.column.calendar,
  cell: (day) => unusualText(day) ?? '',
  exact: (day) => textCell(unusualText(day) ?? ''),
};

/** What is unusual about a day, in words; null for a day as usual. */
export function unusualText({ unusual }: BurnDay): string | null {
  if (unusual === null) return null;
  const work =
    unusual.percent === 0
      ? strings.unusual.closed
      : strings.unusual.part({ share: formatShare(unusual.percent / 100) });
  return unusual.name === null ? work : strings.unusual.named({ name: unusual.name, work });
}
