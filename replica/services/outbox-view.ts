import type { z } from 'zod';
import type { dismissInput, outboxInput } from '../../shared/bridge/sync-contract.ts';
import type { OutboxEntry, OutboxPage, RowSyncView } from '../../shared/bridge/sync-views.ts';
import type { Entry } from '../../shared/protocol/entry.ts';
import { useOf, type Transaction } from '../../shared/ledger/transaction.ts';
import { markSeen, unseenAside } from '../sync/aside.ts';
import { outboxSummary, waitingEntries, writtenAt } from '../sync/outbox.ts';
import type { SyncCenter } from '../sync/sync-center.ts';
import type { WorkspaceRecord } from '../sync/workspace-records.ts';
import { rowsOf } from './ledger-rows.ts';
import { wordingFor } from './log-usage.ts';
import { notFound, wrongField } from './problems.ts';
import type { ReplicaState } from './replica-state.ts';
import { conflictRow, verdictWords, waitingRow } from './verdict-words.ts';
import type { Workspace } from './workspace.ts';

/** What waits to be sent, what the server did not take, or what gave way to another entry. */
export function outboxPage(state: ReplicaState, sync: SyncCenter, given: z.output<typeof outboxInput>): OutboxPage {
  const { workspaceId, show, cursor, limit } = given;
  const record = recordOf(sync, workspaceId);
  const workspace = state.workspace(workspaceId);
  const offset = cursor === null ? 0 : offsetIn(cursor);
  const { entries, total } =
    show === 'waiting' ? waiting(state, record, { limit, offset }) : aside(state, record, show);
  const shown = show === 'waiting' ? entries : entries.slice(offset, offset + limit);
  return {
    entries: shown.map((entry) => outboxEntry(state, workspace, entry)),
    nextCursor: offset + shown.length < total ? String(offset + shown.length) : null,
    total,
  };
}

/** Refused entries and conflicts that a person has seen. */
export function dismiss(state: ReplicaState, sync: SyncCenter, given: z.output<typeof dismissInput>) {
  const { key } = recordOf(sync, given.workspaceId);
  const { connection } = state.database;
  const dismissed = connection.transaction(() => markSeen(connection, key, given.ids));
  state.signal.changed(given.workspaceId);
  return { dismissed };
}

interface Shown {
  readonly id: string;
  readonly kind: Entry['kind'];
  readonly entry: Entry | null;
  readonly sync: (workspace: Workspace) => RowSyncView;
}

function waiting(
  state: ReplicaState,
  record: WorkspaceRecord,
  page: { readonly limit: number; readonly offset: number },
): { readonly entries: readonly Shown[]; readonly total: number } {
  const entries = waitingEntries(state.database, record.key, page).map((entry) => ({
    ...entry,
    sync: () => waitingRow,
  }));
  return { entries, total: outboxSummary(state.database, record).waiting };
}

function aside(
  state: ReplicaState,
  { key }: WorkspaceRecord,
  show: 'refused' | 'conflicts',
): { readonly entries: readonly Shown[]; readonly total: number } {
  const why = show === 'refused' ? 'refused' : 'conflict';
  const entries = unseenAside(state.database.connection, key, why).map(({ id, entry, verdict }): Shown => ({
    id,
    kind: entry?.kind ?? 'line',
    entry,
    sync: (workspace) => (verdict === null ? conflictRow : verdictWords(verdict, wordingFor(workspace))),
  }));
  return { entries, total: entries.length };
}

function outboxEntry(state: ReplicaState, workspace: Workspace, shown: Shown): OutboxEntry {
  const { id, kind, entry } = shown;
  const line = entry?.kind === 'line' ? entry.line : null;
  const sync = shown.sync(workspace);
  const row = line === null ? null : (rowsOf(state, workspace, [line])[0] ?? null);
  return {
    id,
    kind,
    recordedAt: entry === null ? null : writtenAt(entry),
    summary: entry === null ? 'An entry that cannot be read any more' : summaryOf(workspace, entry),
    sync,
    row: row === null ? null : { ...row, sync, actions: sync.state === 'waiting' ? row.actions : [] },
  };
}

function summaryOf(workspace: Workspace, entry: Entry): string {
  switch (entry.kind) {
    case 'line':
      return lineSummary(workspace, entry.line);
    case 'change':
      return `Change of ${changeNames[entry.change.value.kind]}`;
    case 'order':
      return `Order of pack ${entry.order.packId}: ${entry.order.state}`;
    case 'reading':
      return `Reading of ${wordingFor(workspace).credits(entry.reading.used)}`;
    case 'catalogue':
      return `Catalogue of ${entry.catalogue.catalogue.name}`;
    case 'workspace':
      return `Workspace ${entry.workspace.name}`;
  }
}

function lineSummary(workspace: Workspace, line: Transaction): string {
  const wording = wordingFor(workspace);
  if (line.kind === 'grant') return `Grant of ${wording.credits(line.amount)}`;
  const amount = line.kind === 'hold' ? line.credits : useOf(line)?.credits;
  const feature = workspace.catalogue.versions.at(-1)?.features.find(({ id }) => id === line.featureId)?.name;
  const what = feature === undefined ? lineNames[line.kind] : `${lineNames[line.kind]} of ${feature}`;
  return amount === undefined ? what : `${what}, ${wording.credits(amount)}`;
}

const lineNames: Readonly<Record<Exclude<Transaction['kind'], 'grant'>, string>> = {
  usage: 'Use',
  hold: 'Hold',
  capture: 'Capture',
  release: 'Release',
  refund: 'Refund',
  void: 'Void',
  correction: 'Correction',
};

const changeNames: Readonly<Record<Extract<Entry, { readonly kind: 'change' }>['change']['value']['kind'], string>> = {
  plan: 'the plan',
  seats: 'seats',
  'entered-allotment': 'the allotment',
  'add-on': 'an add-on',
  member: 'a member',
  team: 'a team',
  cap: 'a cap',
  feature: 'a feature',
  name: 'the name',
  'time-zone': 'the time zone',
  'week-start': 'the start of the week',
  'work-week': 'working days',
  'own-days': 'days off and days worked',
  privacy: 'privacy',
};

function recordOf(sync: SyncCenter, workspaceId: string): WorkspaceRecord {
  const record = sync.workspace(workspaceId);
  if (!record) throw notFound('workspace of a server', workspaceId);
  return record;
}

function offsetIn(cursor: string): number {
  const offset = Number(cursor);
  if (!Number.isSafeInteger(offset) || offset < 0) throw wrongField('cursor', 'is none of this list');
  return offset;
}
