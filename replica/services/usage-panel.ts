import type { z } from 'zod';
import { topFive, totalOf } from '../../shared/analytics/breakdown.ts';
import type { usageMomentInput, usagePanelInput } from '../../shared/bridge/usage-panel-inputs.ts';
import type { UsageBucket, UsageMomentView, UsagePanelView } from '../../shared/bridge/usage-panel-views.ts';
import type { BreakdownRow } from '../../shared/bridge/views.ts';
import { sum } from '../../shared/kernel/credits.ts';
import { instant } from '../../shared/kernel/instant.ts';
import type { Period } from '../../shared/kernel/period.ts';
import { addDays } from '../../shared/kernel/time-zone.ts';
import type { Transaction } from '../../shared/ledger/transaction.ts';
import { toColumnText } from '../storage-sqlite/column-text.ts';
import { daysOf } from '../projections/usage-figures.ts';
import { rowsOf } from './ledger-rows.ts';
import { peopleFor, privacyOf, type People } from './people.ts';
import { wrongField } from './problems.ts';
import type { ReplicaState } from './replica-state.ts';
import { breakdownRows, hourRows, rowsWithin } from './report.ts';
import { eventsWithin } from './usage-events.ts';
import { barsOf, previousOf, windowOf, type Window } from './usage-window.ts';
import type { Workspace } from './workspace.ts';

/** Who and what used credits in a window of the calendar, with its history. [A2] [A3] [A7] [A8] */
export function usagePanel(state: ReplicaState, given: z.output<typeof usagePanelInput>): UsagePanelView {
  const workspace = state.workspace(given.workspaceId);
  const window = windowOf(state, workspace, given);
  const people = peopleFor(state, workspace);
  const of = (by: 'feature' | 'team' | 'user'): readonly BreakdownRow[] =>
    breakdownRows(state, workspace, { from: window.first, to: window.end, by });
  const features = of('feature');
  const buckets = bucketsOf(state, workspace, window);
  const { end: _, ...shown } = window;
  return {
    workspaceId: workspace.id,
    timeZone: workspace.timeZone,
    window: shown,
    buckets,
    total: totalOf(features),
    transactions: features.reduce((total, row) => total + row.transactions, 0),
    previousTotal: totalOf(breakdownRows(state, workspace, { ...previousOf(window, workspace), by: 'feature' })),
    byFeature: topFive(features),
    byTeam: topFive(of('team')),
    byUser: people.byUser ? topFive(of('user')) : null,
    noUsers: noUsersOf(workspace, people),
    events: eventsWithin(state, workspace, {
      start: buckets[0]?.start ?? instant(0),
      end: buckets.at(-1)?.end ?? instant(0),
    }),
    lastUpdatedAt: state.lastRecordedAt(workspace.id),
  };
}

/** What happened within one bar of the history: what explains a spike. */
export function usageMoment(state: ReplicaState, given: z.output<typeof usageMomentInput>): UsageMomentView {
  const workspace = state.workspace(given.workspaceId);
  const window = windowOf(state, workspace, given);
  const bucket = bucketsOf(state, workspace, window).find(({ start }) => start === given.start);
  if (!bucket) throw wrongField('start', 'is no beginning of a bar of this window');
  const people = peopleFor(state, workspace);
  const of = (by: 'feature' | 'team' | 'user'): readonly BreakdownRow[] =>
    topFive(
      given.period === 'day'
        ? rowsWithin(state, workspace, bucket, by)
        : breakdownRows(state, workspace, { from: bucket.firstDay, to: addDays(bucket.lastDay, 1), by }),
    );
  const { lines, largest } = largestWithin(state, workspace, bucket);
  return {
    bucket,
    byFeature: of('feature'),
    byTeam: of('team'),
    byUser: people.byUser ? of('user') : null,
    events: eventsWithin(state, workspace, bucket),
    largest: rowsOf(state, workspace, largest),
    lines,
  };
}

function bucketsOf(state: ReplicaState, workspace: Workspace, window: Window): readonly UsageBucket[] {
  if (window.period === 'day') {
    const hours = hourRows(state, workspace, window.first);
    return hours.map(({ start, end, credits }) => ({
      start,
      end,
      firstDay: window.first,
      lastDay: window.first,
      credits,
    }));
  }
  const span = { workspaceId: workspace.id, from: window.first, to: window.end };
  const days = daysOf(state.database.connection, span);
  return barsOf(window, workspace).map((bar) => ({
    ...bar,
    credits: sum(days.flatMap(({ day, credits }) => (day >= bar.firstDay && day <= bar.lastDay ? credits : []))),
  }));
}

/** What the plan's own words call no people: left out for everybody, or not for this role. */
function noUsersOf(workspace: Workspace, people: People): UsagePanelView['noUsers'] {
  if (people.byUser) return null;
  return privacyOf(workspace).hidesPeople ? 'left-out' : 'role';
}

/** How many lines count within a span, and those that used most. */
function largestWithin(
  state: ReplicaState,
  workspace: Workspace,
  { start, end }: Period,
): { readonly lines: number; readonly largest: readonly Transaction[] } {
  const within = `"workspaceId"=? AND "spentAt">=? AND "spentAt"<? AND +"kind" IN ('usage','capture')`;
  const table = state.transactionsTable();
  const { connection } = state.database;
  const counted = connection
    .prepare(`SELECT count(*) AS lines FROM ${table} WHERE deleted=0 AND ${within}`)
    .get(toColumnText(workspace.id), start, end);
  // A row that is damaged has no credits, and comes last.
  const size = `CASE WHEN json_valid(document) THEN json_extract(document,'$.body.credits') END`;
  const largest = state.linesWhere(`${within} ORDER BY ${size} DESC, id LIMIT ${largestShown}`, [
    workspace.id,
    start,
    end,
  ]);
  return { lines: Number(counted?.['lines']), largest };
}

const largestShown = 5;
