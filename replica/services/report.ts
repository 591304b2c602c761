import type { z } from 'zod';
import type { reportInput } from '../../shared/bridge/inputs.ts';
import type { BreakdownRow, ReportView } from '../../shared/bridge/views.ts';
import { ranked, totalOf } from '../../shared/analytics/breakdown.ts';
import { dayOf, shiftWindow, windowContaining, windowStart, type LocalDate } from '../../shared/kernel/time-zone.ts';
import { breakdownOf, type Dimension } from '../projections/usage-figures.ts';
import { namesOf } from './names.ts';
import { readInstant } from './reading.ts';
import type { ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/** Use of the day, week, month or quarter that holds the instant, by feature, team or user. [A2] [A3] */
export function getReport(state: ReplicaState, given: z.output<typeof reportInput>): ReportView {
  const workspace = state.workspace(given.workspaceId);
  const { timeZone, weekStart } = workspace;
  const asOf = given.asOf === undefined ? state.clock() : readInstant(given.asOf, 'asOf', timeZone);
  const from = windowStart(given.period, dayOf(asOf, timeZone), weekStart);
  const rows = breakdownRows(state, workspace, { from, to: shiftWindow(given.period, from, 1), by: given.by });
  const window = windowContaining(given.period, asOf, timeZone, weekStart);
  return { window, total: totalOf(rows), rows: ranked(rows) };
}

/** Rows of the days [from, to) with names. */
export function breakdownRows(
  state: ReplicaState,
  workspace: Workspace,
  span: { readonly from: LocalDate; readonly to: LocalDate; readonly by: Dimension },
): readonly BreakdownRow[] {
  const names = namesOf(workspace);
  const nameOf = { feature: names.feature, team: names.team, user: names.member }[span.by];
  const { from, to } = span;
  return breakdownOf(state.database.connection, { workspaceId: workspace.id, from, to }, span.by).map((row) => ({
    id: row.id === '' ? null : row.id,
    name: row.id === '' ? 'Unattributed' : nameOf(row.id),
    credits: row.credits,
    transactions: row.uses,
  }));
}
