import type { z } from 'zod';
import type { CalendarView } from '../../shared/bridge/calendar-views.ts';
import type { ownDaysRemoveInput, ownDaysSetInput, workWeekSetInput } from '../../shared/bridge/inputs.ts';
import {
  hasCalendar,
  ownDaysOf,
  unusualDay,
  unusualDays,
  type CalendarTerms,
  type UnusualDay,
} from '../../shared/forecast/calendar.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { addDays, dayOf, daysBetween, type LocalDate } from '../../shared/kernel/time-zone.ts';
import { holdingAt, type ChangeValue } from '../../shared/ledger/change.ts';
import { daysOf } from '../projections/usage-figures.ts';
import { changeOf } from './dated-changes.ts';
import { datesFrom } from './dates-from.ts';
import { holidayCountries, holidayOn, holidaysAreOpen, openHolidays } from '../../shared/holidays/holidays.ts';
import { notFound, wrongField } from './problems.ts';
import { readDate, readInstant } from './reading.ts';
import type { Actor, ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/** The calendar as it holds now, with the days to come that are unusual. */
export async function calendarView(state: ReplicaState, workspaceId: string): Promise<CalendarView> {
  const workspace = state.workspace(workspaceId);
  const week = holdingAt(workspace.index.workWeeks, state.clock());
  const { country = null, region = null } = week ?? {};
  const known = country === null ? undefined : (await holidayCountries()).find(({ code }) => code === country);
  const today = dayOf(state.clock(), workspace.timeZone);
  return {
    weekdayPercents: week?.weekdayPercents ?? everyDayAsUsual,
    country,
    countryName: known?.name ?? country,
    region,
    regionName: known?.regions.find(({ code }) => code === region)?.name ?? region,
    holidayPercent: week?.holidayPercent ?? 0,
    ownDays: ownDaysOf(workspace.index.ownDays).map(({ id, name, first, last, percent }) => ({
      id,
      name,
      first,
      last,
      percent,
    })),
    upcoming: unusualDays(termsOf(workspace), { first: today, last: addDays(today, upcomingDays) }, holidayOn).filter(
      ({ reason }) => reason !== 'week',
    ),
    closedShare: closedShareOf(state, workspace, today),
  };
}

/** The unusual days of a span, both ends included; empty where nothing was set. */
export function unusualDaysOf(
  state: ReplicaState,
  workspace: Workspace,
  span: { readonly first: LocalDate; readonly last: LocalDate },
): readonly UnusualDay[] {
  const terms = termsOf(workspace);
  if (!hasCalendar(terms)) return [];
  const known = knownDaysOf(state, workspace);
  const count = Math.max(0, daysBetween(span.first, span.last) + 1);
  return datesFrom(span.first, count).flatMap((date) => {
    const found = known.get(date);
    const day = found === undefined ? unusualDay(terms, date, holidayOn) : found;
    if (found === undefined) known.set(date, day);
    return day ?? [];
  });
}

/** How open each of `count` days from `first` is, as a forecast takes it; undefined where every day is as usual. */
export function dayFactorsOf(
  state: ReplicaState,
  workspace: Workspace,
  days: { readonly first: LocalDate; readonly count: number },
): readonly number[] | undefined {
  const { first, count } = days;
  const unusual = unusualDaysOf(state, workspace, { first, last: addDays(first, count - 1) });
  if (unusual.length === 0) return undefined;
  const percentByDate = new Map(unusual.map(({ date, percent }) => [date, percent]));
  return datesFrom(first, count).map((date) => (percentByDate.get(date) ?? 100) / 100);
}

/** Opens the book of holidays where a workspace needs it. */
export async function readyHolidays(workspaces: readonly Workspace[]): Promise<void> {
  if (workspaces.some(needsHolidays)) await openHolidays();
}

/** Sets working days and holidays from an instant on; the first setting holds for the time before it too. [G12] */
export async function setWorkWeek(
  state: ReplicaState,
  given: z.output<typeof workWeekSetInput>,
  actor: Actor,
): Promise<{ readonly changed: boolean }> {
  const { workspaceId, weekdayPercents, country, region = null, holidayPercent = 0, reason } = given;
  const workspace = state.workspace(workspaceId);
  if (weekdayPercents.every((percent) => percent === 0)) {
    throw wrongField('weekdayPercents', 'leaves no day of the week open');
  }
  if (country === null && region !== null) throw wrongField('region', 'is a part of a country; choose the country too');
  if (country !== null) {
    const known = (await holidayCountries()).find(({ code }) => code === country);
    if (!known)
      throw wrongField('country', `“${country}” is no country whose holidays are known; write it as DE or US`);
    if (region !== null && !known.regions.some(({ code }) => code === region)) {
      throw wrongField('region', `“${region}” is no part of ${known.name} with holidays of its own`);
    }
  }
  const now = state.clock();
  const at = given.at === undefined ? now : readInstant(given.at, 'at', workspace.timeZone);
  const value: ChangeValue = { kind: 'work-week', weekdayPercents, country, region, holidayPercent };
  const holding = holdingAt(workspace.index.workWeeks, at) ?? unset;
  if (JSON.stringify(value) === JSON.stringify(inOrder(holding))) return { changed: false };
  await state.appendChanges(workspaceId, [changeOf(state, { workspaceId, effectiveFrom: at, value, reason }, actor)]);
  return { changed: true };
}

/** Adds days of one's own, or sets another version of them. */
export async function setOwnDays(
  state: ReplicaState,
  given: z.output<typeof ownDaysSetInput>,
  actor: Actor,
): Promise<{ readonly id: string }> {
  const first = readDate(given.first, 'first');
  const last = given.last === undefined ? first : readDate(given.last, 'last');
  if (last < first) throw wrongField('last', 'is before the first day');
  if (daysBetween(first, last) >= ownDaysMax)
    throw wrongField('last', `is more than ${ownDaysMax} days after the first`);
  const { ownDays } = state.workspace(given.workspaceId).index;
  if (given.id !== undefined && !ownDays.has(given.id)) throw notFound('entry', given.id);
  if (given.id === undefined && ownDays.size >= ownEntriesMax) {
    throw wrongField('name', `there are ${ownEntriesMax} entries already; take old ones away`);
  }
  const { name, percent } = given;
  return appendOwnDays(state, given, { kind: 'own-days', name, first, last, percent, removed: false }, actor);
}

export async function removeOwnDays(
  state: ReplicaState,
  given: z.output<typeof ownDaysRemoveInput>,
  actor: Actor,
): Promise<{ readonly id: string }> {
  const last = state.workspace(given.workspaceId).index.ownDays.get(given.id)?.at(-1);
  if (!last || last.value.removed) throw notFound('entry', given.id);
  return appendOwnDays(state, given, { ...last.value, removed: true }, actor);
}

async function appendOwnDays(
  state: ReplicaState,
  given: { readonly workspaceId: string; readonly id?: string | undefined; readonly reason?: string | undefined },
  value: Extract<ChangeValue, { kind: 'own-days' }>,
  actor: Actor,
): Promise<{ readonly id: string }> {
  const { workspaceId, reason } = given;
  const subject = given.id ?? state.ids.fresh();
  const before = state.workspace(workspaceId).index.ownDays.get(subject)?.at(-1);
  // A clock that was set back must not let an earlier version hold on.
  const effectiveFrom = instant(Math.max(state.clock(), (before?.from ?? -1) + 1));
  const change = changeOf(state, { workspaceId, subject, effectiveFrom, value, reason }, actor);
  await state.appendChanges(workspaceId, [change]);
  return { id: subject };
}

function termsOf({ index, timeZone }: Workspace): CalendarTerms {
  return { workWeeks: index.workWeeks, ownDays: index.ownDays, timeZone };
}

function needsHolidays(workspace: Workspace): boolean {
  return workspace.index.workWeeks.some(({ value }) => value.country !== null);
}

/** What was worked out for a workspace as it is: another one takes its place when anything about it changes. */
function knownDaysOf(state: ReplicaState, workspace: Workspace): Map<LocalDate, UnusualDay | null> {
  if (needsHolidays(workspace) && !holidaysAreOpen()) {
    // A change that came from elsewhere: the days count from when the book is open.
    void openHolidays().then(() => state.signal.changed(workspace.id));
    return new Map();
  }
  const known = daysByWorkspace.get(workspace) ?? new Map<LocalDate, UnusualDay | null>();
  daysByWorkspace.set(workspace, known);
  return known;
}

function closedShareOf(state: ReplicaState, workspace: Workspace, today: LocalDate): number | null {
  const from = addDays(today, -closedShareDays);
  const closed = new Set(
    unusualDaysOf(state, workspace, { first: from, last: addDays(today, -1) })
      .filter(({ percent }) => percent === 0)
      .map(({ date }) => date),
  );
  if (closed.size === 0) return null;
  let all = 0;
  let onClosed = 0;
  for (const { day, credits } of daysOf(state.database.connection, { workspaceId: workspace.id, from, to: today })) {
    all += Math.max(credits, 0);
    if (closed.has(day)) onClosed += Math.max(credits, 0);
  }
  return all === 0 ? null : onClosed / all;
}

/** The fields in the order in which they are written here, so that two values can be compared. */
function inOrder(value: Extract<ChangeValue, { kind: 'work-week' }>): ChangeValue {
  const { weekdayPercents, country, region, holidayPercent } = value;
  return { kind: 'work-week', weekdayPercents, country, region, holidayPercent };
}

const everyDayAsUsual: readonly number[] = [100, 100, 100, 100, 100, 100, 100];
const unset: Extract<ChangeValue, { kind: 'work-week' }> = {
  kind: 'work-week',
  weekdayPercents: everyDayAsUsual,
  country: null,
  region: null,
  holidayPercent: 0,
};
const daysByWorkspace = new WeakMap<Workspace, Map<LocalDate, UnusualDay | null>>();
const upcomingDays = 120;
const closedShareDays = 56;
const ownDaysMax = 366;
const ownEntriesMax = 500;
