import { hoursOf } from '../../shared/kernel/hours.ts';
import type { Period } from '../../shared/kernel/period.ts';
import {
  addDays,
  dayOf,
  shiftWindow,
  startOfDay,
  windowStart,
  type LocalDate,
  type WindowKind,
} from '../../shared/kernel/time-zone.ts';
import type { UsageWindow } from '../../shared/bridge/usage-panel-views.ts';
import { firstDayOf } from '../projections/usage-figures.ts';
import { readDate } from './reading.ts';
import type { ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/** A day, week, month or quarter of the workspace's calendar. [A2] [K6] */
export interface Window extends UsageWindow {
  /** The day after the last one. */
  readonly end: LocalDate;
}

export function windowOf(
  state: ReplicaState,
  workspace: Workspace,
  given: { readonly period: WindowKind; readonly day?: string | undefined },
): Window {
  const { timeZone, weekStart } = workspace;
  const { period } = given;
  const today = dayOf(state.clock(), timeZone);
  const first = windowStart(period, given.day === undefined ? today : readDate(given.day, 'day'), weekStart);
  const end = shiftWindow(period, first, 1);
  const firstUsed = firstDayOf(state.database.connection, workspace.id);
  return {
    period,
    first,
    last: addDays(end, -1),
    end,
    today,
    current: first <= today && today < end,
    hasEarlier: firstUsed !== null && firstUsed < first,
  };
}

export function previousOf(
  window: Window,
  { weekStart }: Workspace,
): { readonly from: LocalDate; readonly to: LocalDate } {
  const from = windowStart(window.period, shiftWindow(window.period, window.first, -1), weekStart);
  return { from, to: window.first };
}

/** A bar of the history before it has a figure. */
export interface Bar extends Period {
  readonly firstDay: LocalDate;
  readonly lastDay: LocalDate;
}

/** Hours of a day, days of a week or a month, weeks of a quarter; touching without gap or overlap. [A2] */
export function barsOf({ period, first, end }: Window, { timeZone, weekStart }: Workspace): readonly Bar[] {
  if (period === 'day') return hoursOf(first, timeZone).map((hour) => ({ ...hour, firstDay: first, lastDay: first }));
  const bars: Bar[] = [];
  for (let from = first; from < end;) {
    const next = period === 'quarter' ? addDays(windowStart('week', from, weekStart), 7) : addDays(from, 1);
    const to = next < end ? next : end;
    const span = { start: startOfDay(from, timeZone), end: startOfDay(to, timeZone) };
    bars.push({ ...span, firstDay: from, lastDay: addDays(to, -1) });
    from = to;
  }
  return bars;
}
