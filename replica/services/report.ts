import type { z } from 'zod';
import type { hoursInput, reportInput } from '../../shared/bridge/inputs.ts';
import type { BreakdownRow, HoursView, ReportView } from '../../shared/bridge/views.ts';
import { ranked, totalOf } from '../../shared/analytics/breakdown.ts';
import { credits, sum } from '../../shared/kernel/credits.ts';
import { hoursOf } from '../../shared/kernel/hours.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { contains, type Period } from '../../shared/kernel/period.ts';
import { dayOf, shiftWindow, windowContaining, windowStart, type LocalDate } from '../../shared/kernel/time-zone.ts';
import { holdingAt } from '../../shared/ledger/change.ts';
import { planAt } from '../../shared/ledger/schedule.ts';
import { countedOf } from '../projections/usage-batch.ts';
import { breakdownOf, hoursOn, type Dimension, type HourRow, type RollupRow } from '../projections/usage-figures.ts';
import { noListOfPeople, peopleFor } from './people.ts';
import { readDate, readInstant } from './reading.ts';
import type { ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/** Use of the day, week, month or quarter that holds the instant, by feature, team or user. [A2] [A3] */
export function getReport(state: ReplicaState, given: z.output<typeof reportInput>): ReportView {
  const workspace = state.workspace(given.workspaceId);
  if (given.by === 'user' && !peopleFor(state, workspace).byUser) throw noListOfPeople(workspace);
  const { timeZone, weekStart } = workspace;
  const asOf = given.asOf === undefined ? state.clock() : readInstant(given.asOf, 'asOf', timeZone);
  const from = windowStart(given.period, dayOf(asOf, timeZone), weekStart);
  const rows = breakdownRows(state, workspace, { from, to: shiftWindow(given.period, from, 1), by: given.by });
  const window = windowContaining(given.period, asOf, timeZone, weekStart);
  return { window, total: totalOf(rows), rows: ranked(rows) };
}

/** Use in each hour of a day. Hours of recent days are kept summed up; those of other days are summed up here. [K6] */
export function getHours(state: ReplicaState, given: z.output<typeof hoursInput>): HoursView {
  const workspace = state.workspace(given.workspaceId);
  const day = readDate(given.day, 'day');
  const rows = hourRows(state, workspace, day);
  const hours = rows.map(({ start, end, credits, uses }) => ({ start, end, credits, transactions: uses }));
  return { day, timeZone: workspace.timeZone, total: sum(rows.map((row) => row.credits)), hours };
}

export function hourRows(state: ReplicaState, workspace: Workspace, day: LocalDate): readonly HourRow[] {
  const { id: workspaceId, timeZone } = workspace;
  return hoursOn(state.database.connection, workspaceId, day) ?? hoursInLines(state, { workspaceId, timeZone, day });
}

function hoursInLines(
  state: ReplicaState,
  given: { readonly workspaceId: string; readonly timeZone: string; readonly day: LocalDate },
): readonly HourRow[] {
  const hours = hoursOf(given.day, given.timeZone);
  const span = { start: hours[0]?.start ?? instant(0), end: hours.at(-1)?.end ?? instant(0) };
  const uses = state
    .linesWhere('"workspaceId"=? AND "spentAt">=? AND "spentAt"<?', [given.workspaceId, span.start, span.end])
    .flatMap((line) => countedOf(line) ?? []);
  return hours.map((hour) => {
    const within = uses.filter((use) => contains(hour, use.at));
    return {
      ...hour,
      credits: credits(within.reduce((total, use) => total + use.credits, 0)),
      uses: within.reduce((total, use) => total + use.uses, 0),
    };
  });
}

/** Rows of the days [from, to) with names. Those that may not be shown by themselves are one row. */
export function breakdownRows(
  state: ReplicaState,
  workspace: Workspace,
  span: { readonly from: LocalDate; readonly to: LocalDate; readonly by: Dimension },
): readonly BreakdownRow[] {
  const { from, to } = span;
  const rows = breakdownOf(state.database.connection, { workspaceId: workspace.id, from, to }, span.by);
  return shownRows(state, workspace, rows, span.by);
}

/** The same between two instants, counted from the lines. */
export function rowsWithin(
  state: ReplicaState,
  workspace: Workspace,
  { start, end }: Period,
  by: Dimension,
): readonly BreakdownRow[] {
  const uses = state
    .linesWhere('"workspaceId"=? AND "spentAt">=? AND "spentAt"<?', [workspace.id, start, end])
    .flatMap((line) => countedOf(line) ?? []);
  const idOf = { feature: 'featureId', team: 'teamId', user: 'memberId' } as const;
  const rows = [...Map.groupBy(uses, (use) => use[idOf[by]])].map(([id, together]) => ({
    id,
    credits: credits(together.reduce((total, use) => total + use.credits, 0)),
    uses: together.reduce((total, use) => total + use.uses, 0),
  }));
  return shownRows(state, workspace, rows, by);
}

function shownRows(
  state: ReplicaState,
  workspace: Workspace,
  rows: readonly RollupRow[],
  by: Dimension,
): readonly BreakdownRow[] {
  const people = peopleFor(state, workspace);
  const { names } = people;
  const spends = by === 'user' ? spendersOf(workspace, state.clock()) : () => true;
  const nameOf = { feature: names.feature, team: names.team, user: names.member }[by];
  const shownAs = {
    feature: (id: string) => id,
    team: people.team,
    user: (id: string) => (spends(id) ? (people.person(id) ? id : otherPeopleId) : ''),
  }[by];
  return [...Map.groupBy(rows, ({ id }) => (id === '' ? '' : shownAs(id)))].map(([id, together]) => ({
    id: id === '' ? null : id,
    name: id === '' ? 'Unattributed' : id === otherPeopleId ? 'Other people' : nameOf(id),
    credits: sum(together.map((row) => row.credits)),
    transactions: together.reduce((total, row) => total + row.uses, 0),
  }));
}

/** Who is listed: people whose role may spend. What was booked for a guest nevertheless is attributed to nobody. [A6] */
function spendersOf({ index }: Workspace, now: Instant): (memberId: string) => boolean {
  const roles = new Map(planAt(index, now).plan.roles.map(({ id, spends }) => [id, spends]));
  return (memberId) => {
    const member = holdingAt(index.members.get(memberId), now)?.member;
    return member === undefined || (roles.get(member.role) ?? true);
  };
}

/** Stands for all people whose activity is not shown. */
const otherPeopleId = '~other-people';
