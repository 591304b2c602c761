import type { z } from 'zod';
import { ranked, topFive, totalOf } from '../../shared/analytics/breakdown.ts';
import type { teamUsageInput, usageListInput } from '../../shared/bridge/usage-panel-inputs.ts';
import type { TeamUsageView, UsageListRow, UsageListView } from '../../shared/bridge/usage-panel-views.ts';
import type { BreakdownRow } from '../../shared/bridge/views.ts';
import { compareText } from '../../shared/kernel/id.ts';
import { holdingAt } from '../../shared/ledger/change.ts';
import { smallTeamsId } from '../../shared/privacy/people-shown.ts';
import { breakdownOf } from '../projections/usage-figures.ts';
import { hiddenTeam, noListOfPeople, peopleFor } from './people.ts';
import { notFound, problem } from './problems.ts';
import type { ReplicaState } from './replica-state.ts';
import { breakdownRows } from './report.ts';
import { windowOf } from './usage-window.ts';
import type { Workspace } from './workspace.ts';

/** All features, teams or people with use in a window: searched, sorted and cut to the rows that are drawn. [A4] */
export function usageList(state: ReplicaState, given: z.output<typeof usageListInput>): UsageListView {
  const workspace = state.workspace(given.workspaceId);
  const people = peopleFor(state, workspace);
  if (given.by === 'user' && !people.byUser) throw noListOfPeople(workspace);
  const { end, ...window } = windowOf(state, workspace, given);
  const all = breakdownRows(state, workspace, { from: window.first, to: end, by: given.by });
  const total = totalOf(all);
  const wanted = given.search?.toLowerCase() ?? '';
  const found = wanted === '' ? all : all.filter(({ name }) => name.toLowerCase().includes(wanted));
  const sorted = sortedBy(given.sort, found);
  const ordered = given.descending === (given.sort !== 'name') ? sorted : sorted.toReversed();
  const rows = ordered.slice(given.from, given.from + given.limit).map((row): UsageListRow => ({
    ...row,
    share: total === 0 ? 0 : row.credits / total,
    deleted: given.by === 'team' && row.id !== null && isDeleted(state, workspace, row.id),
    opens: given.by === 'team' && row.id !== null && row.id !== smallTeamsId,
  }));
  return { window, total, count: found.length, rows, lastUpdatedAt: state.lastRecordedAt(workspace.id) };
}

/** Most first, and names from A to Z. */
function sortedBy(sort: 'credits' | 'name' | 'transactions', rows: readonly BreakdownRow[]): readonly BreakdownRow[] {
  const byCredits = ranked(rows);
  switch (sort) {
    case 'credits':
      return byCredits;
    case 'transactions':
      return byCredits.toSorted((left, right) => right.transactions - left.transactions);
    case 'name':
      return byCredits.toSorted((left, right) => compareText(left.name.toLowerCase(), right.name.toLowerCase()));
  }
}

/** The page of a team, of a deleted one too. [A5] */
export function teamUsage(state: ReplicaState, given: z.output<typeof teamUsageInput>): TeamUsageView {
  const workspace = state.workspace(given.workspaceId);
  const known = workspace.index.teams.get(given.team);
  if (!known) throw notFound('team', given.team);
  const people = peopleFor(state, workspace);
  if (people.team(given.team) !== given.team) throw hiddenTeam();
  if (people.byUser && !people.everybody && !membersOf(state, workspace, given.team).some(people.person)) {
    throw problem('refused', 'A team lead sees the people of the own team.', {
      todo: 'Open the page of your own team.',
    });
  }
  const { end, ...window } = windowOf(state, workspace, given);
  const span = { workspaceId: workspace.id, from: window.first, to: end };
  const { connection } = state.database;
  const features = breakdownOf(connection, span, { featuresOfTeam: given.team }).map((row) => ({
    id: row.id === '' ? null : row.id,
    name: row.id === '' ? 'Unattributed' : people.names.feature(row.id),
    credits: row.credits,
    transactions: row.uses,
  }));
  const total = totalOf(features);
  const everything = totalOf(breakdownRows(state, workspace, { from: window.first, to: end, by: 'team' }));
  const members = new Set(membersOf(state, workspace, given.team));
  const users = people.byUser ? breakdownRows(state, workspace, { from: window.first, to: end, by: 'user' }) : [];
  return {
    window,
    id: given.team,
    name: people.names.team(given.team),
    deleted: isDeleted(state, workspace, given.team),
    people: members.size,
    total,
    share: everything === 0 ? 0 : total / everything,
    byFeature: topFive(features),
    byUser: people.byUser ? ranked(users.filter(({ id }) => id !== null && members.has(id))) : null,
    lastUpdatedAt: state.lastRecordedAt(workspace.id),
  };
}

function membersOf(state: ReplicaState, { index }: Workspace, teamId: string): readonly string[] {
  const now = state.clock();
  return [...index.members].flatMap(([id, dated]) => (holdingAt(dated, now)?.member.teamId === teamId ? id : []));
}

function isDeleted(state: ReplicaState, { index }: Workspace, teamId: string): boolean {
  return holdingAt(index.teams.get(teamId), state.clock())?.deleted === true;
}
