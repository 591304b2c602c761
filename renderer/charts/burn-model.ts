// The days of the burn charts, from what the overview knows: exact figures for days gone by, estimates for days to come.
import type { UnusualDayView } from '../../shared/bridge/calendar-views.ts';
import type { OverviewView, Range } from '../../shared/bridge/views.ts';
import { add, noCredits, subtract, sum, toApproximateNumber, type Credits } from '../../shared/kernel/credits.ts';
import { addDays, daysBetween, type LocalDate } from '../../shared/kernel/time-zone.ts';

export interface BurnInput {
  /** Days with use, or all days; a day that is missing had none. */
  readonly days: OverviewView['days'];
  readonly periodFirstDay: LocalDate;
  readonly periodLastDay: LocalDate;
  readonly today: LocalDate;
  /** Use of the whole period as the balance has it. */
  readonly used: Credits;
  readonly band: OverviewView['forecast']['band'];
  /** Days that are worked otherwise than usual; a day that is missing is as usual. */
  readonly unusualDays: OverviewView['unusualDays'];
}

export interface BurnDay {
  readonly date: LocalDate;
  /** Used on that day; null for days to come. */
  readonly used: Credits | null;
  /** Used in the period by the end of that day; null for days to come. */
  readonly total: Credits | null;
  /** Total of the period by the end of that day, where it is still open. */
  readonly forecast: Range | null;
  /** Closed, a holiday, or busier; null for a day as usual. */
  readonly unusual: UnusualDayView | null;
}

export type DailyRange = 'period' | 'month' | 'quarter';

const daysShown = { month: 30, quarter: 90 } as const;
/** A period of more days than this is data gone wrong, not a chart. */
const daysMax = 800;

/** Every day of the period, first to last. Totals end in exactly what the balance says was used. */
export function periodDays(input: BurnInput): readonly BurnDay[] {
  const usedByDate = new Map(input.days.map((day) => [day.date, day.credits]));
  const forecastByDate = new Map(input.band.map((point) => [point.date, point]));
  const unusualOn = unusualByDate(input);
  const dates = datesBetween(input.periodFirstDay, input.periodLastDay);
  const gone = dates.filter((date) => date <= input.today);
  // A period may begin in the middle of a day, and an opening reading lies on no day: the first day takes the rest.
  const rest = subtract(input.used, sum(gone.map((date) => usedByDate.get(date) ?? noCredits)));
  let total = rest;
  return dates.map((date) => {
    const forecast = forecastByDate.get(date) ?? null;
    const unusual = unusualOn.get(date) ?? null;
    if (date > input.today) return { date, used: null, total: null, forecast, unusual };
    const used = usedByDate.get(date) ?? noCredits;
    total = add(total, used);
    return { date, used, total, forecast, unusual };
  });
}

/** The days that the bar chart shows, oldest first; days without use are there with 0. */
export function dailyDays(input: BurnInput, range: DailyRange): readonly BurnDay[] {
  if (range === 'period') return periodDays(input).filter((day) => day.used !== null);
  const usedByDate = new Map(input.days.map((day) => [day.date, day.credits]));
  const unusualOn = unusualByDate(input);
  const first = addDays(input.today, 1 - daysShown[range]);
  return datesBetween(first, input.today).map((date) => ({
    date,
    used: usedByDate.get(date) ?? noCredits,
    total: null,
    forecast: null,
    unusual: unusualOn.get(date) ?? null,
  }));
}

function unusualByDate({ unusualDays }: BurnInput): ReadonlyMap<LocalDate, UnusualDayView> {
  return new Map(unusualDays.map((day) => [day.date, day]));
}

/** Runs of days that are worked less than usual, or not at all, first and last. */
export function quietRuns(
  days: readonly BurnDay[],
): readonly { readonly first: LocalDate; readonly last: LocalDate }[] {
  const runs: { first: LocalDate; last: LocalDate }[] = [];
  let before: BurnDay | undefined;
  for (const day of days) {
    const run = runs.at(-1);
    if (isQuiet(day)) {
      if (run && before && isQuiet(before)) run.last = day.date;
      else runs.push({ first: day.date, last: day.date });
    }
    before = day;
  }
  return runs;
}

function isQuiet({ unusual }: BurnDay): boolean {
  return unusual !== null && unusual.percent < 100;
}

/** One point of the period chart, in plain numbers for drawing. */
export interface PeriodPoint {
  readonly date: LocalDate;
  readonly total: number | null;
  readonly expected: number | null;
  readonly band: readonly [number, number] | null;
}

/** The forecast starts where the last day that is over ends, so that the band opens from the line. */
export function periodPoints(days: readonly BurnDay[], today: LocalDate): readonly PeriodPoint[] {
  const hasForecast = days.some((day) => day.forecast !== null);
  const yesterday = addDays(today, -1);
  return days.map((day) => {
    const total = day.total === null ? null : toApproximateNumber(day.total);
    if (day.forecast !== null) {
      return { date: day.date, total, expected: day.forecast.p50, band: [day.forecast.p10, day.forecast.p90] as const };
    }
    const opens = hasForecast && day.date === yesterday && total !== null;
    return { date: day.date, total, expected: opens ? total : null, band: opens ? ([total, total] as const) : null };
  });
}

export interface Ceiling {
  /** Marks of the value axis, evenly spaced; the last one is where the axis ends. */
  readonly ticks: readonly number[];
  readonly showsAllotment: boolean;
  readonly showsCapacity: boolean;
}

/** A line far above all use would press the curve flat; such a line is told in words instead. */
export function ceilingOf(points: readonly PeriodPoint[], allotment: number, capacity: number): Ceiling {
  const highest = Math.max(0, ...points.map((point) => Math.max(point.total ?? 0, point.band?.[1] ?? 0)));
  const fits = (line: number) => line > 0 && (highest === 0 || line <= 4 * highest);
  const showsAllotment = fits(allotment);
  const showsCapacity = capacity > allotment && fits(capacity);
  const top = Math.max(highest, showsAllotment ? allotment : 0, showsCapacity ? capacity : 0);
  return { ticks: axisTicks(0, top * 1.04), showsAllotment, showsCapacity };
}

/** Round, evenly spaced marks from at or below `lowest` (0 or less) to at or above `highest`. */
export function axisTicks(lowest: number, highest: number): readonly number[] {
  const span = highest - Math.min(0, lowest);
  // Nothing is smaller than a micro-credit.
  if (!Number.isFinite(span) || span < 1e-6) return [0, 1];
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10) * power;
  const first = Math.floor(Math.min(0, lowest) / step);
  const last = Math.ceil((highest / step) * (1 - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/** Room for the marks of a value axis, in pixels: long figures must not run out of the panel. */
export function axisWidth(labels: readonly string[]): number {
  return Math.max(56, 16 + 7 * Math.max(0, ...labels.map((label) => label.length)));
}

function datesBetween(first: LocalDate, last: LocalDate): readonly LocalDate[] {
  const count = Math.min(daysMax, Math.max(0, daysBetween(first, last) + 1));
  return Array.from({ length: count }, (_, index) => addDays(first, index));
}
