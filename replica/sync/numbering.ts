import type { OpenDatabase } from '../database/open-database.ts';
import { tableNamed } from '../database/stored-rows.ts';
import { toColumnText } from '../storage-sqlite/column-text.ts';
import type { SqliteConnection } from '../storage-sqlite/connection.ts';
import { collectionOfKind, storedKind } from './entry-documents.ts';
import { deviceKey } from './sync-tables.ts';
import { changeWorkspaceRecord, type WorkspaceRecord } from './workspace-records.ts';

/** In which order a history that was this computer's own is sent: what others are understood with first. */
const kindsInOrder = ['workspace', 'catalogue', 'change', 'reading', 'order', 'line'] as const;

/**
 * Numbers all entries of a workspace that have no row yet, in the order in which they were written. To be called in the
 * transaction that connects the workspace: from its end on every write is numbered as it happens. [Y6]
 */
export function numberEverything(
  database: OpenDatabase,
  { key, workspaceId, body, lastNumber }: WorkspaceRecord,
): void {
  const { connection } = database;
  const device = deviceKey(connection, body.deviceId);
  let number = lastNumber;
  for (const kind of kindsInOrder) {
    const table = tableNamed(database, collectionOfKind[kind]);
    if (table === undefined) continue;
    const { changes } = connection
      .prepare(
        `INSERT INTO sync_row (workspace, id, kind, device, number, place, confirmed)
         SELECT ?1, id, ?2, ?3, ?4 + row_number() OVER (ORDER BY sequence), NULL, 0 FROM ${table}
         WHERE deleted=0 AND "workspaceId"=?5
           AND NOT EXISTS (SELECT 1 FROM sync_row WHERE workspace=?1 AND sync_row.id=${table}.id)`,
      )
      .run(key, storedKind(kind), device, number, toColumnText(workspaceId));
    number += Number(changes);
  }
  changeWorkspaceRecord(connection, key, { lastNumber: number });
}

/**
 * Once everything was pulled after data was put back: the highest number of this device that the server showed is known.
 * What still waits gets numbers well above it, so that none is used twice; entries that were refused show no number.
 * Answers whether there was anything to settle.
 */
export function settlePutBack(connection: SqliteConnection, record: WorkspaceRecord): boolean {
  const { key, body, lastNumber } = record;
  if (!body.putBack) return false;
  const device = deviceKey(connection, body.deviceId);
  const row = connection
    .prepare('SELECT max(number) AS number FROM sync_row WHERE workspace=? AND device=? AND confirmed=1')
    .get(key, device);
  const from = Math.max(Number(row?.['number'] ?? 0), lastNumber);
  renumberWaiting(connection, record, { device, from: from === 0 ? 0 : from + numbersLeftOut });
  changeWorkspaceRecord(connection, key, { putBack: false });
  return true;
}

/** Everything that waits is sent as by another device from now on: its numbers begin anew. */
export function handOver(connection: SqliteConnection, record: WorkspaceRecord, deviceId: string): void {
  renumberWaiting(connection, record, { device: deviceKey(connection, deviceId), from: 0 });
  changeWorkspaceRecord(connection, record.key, { deviceId, forked: false, putBack: false, leases: [] });
}

function renumberWaiting(
  connection: SqliteConnection,
  { key, body }: WorkspaceRecord,
  { device, from }: { readonly device: number; readonly from: number },
): void {
  const waiting = connection
    .prepare('SELECT id FROM sync_row WHERE workspace=? AND confirmed=0 AND device=? ORDER BY number')
    .all(key, deviceKey(connection, body.deviceId));
  const renumber = connection.prepare('UPDATE sync_row SET device=?, number=? WHERE workspace=? AND id=?');
  let number = from;
  for (const { id } of waiting) {
    number += 1;
    renumber.run(device, number, key, String(id));
  }
  changeWorkspaceRecord(connection, key, { lastNumber: number });
}

/**
 * Notes that the data was put back to an earlier state or copied: it is pulled whole before anything is sent, and what it
 * was lent is asked for anew.
 */
export function notePutBack(connection: SqliteConnection, { key }: Pick<WorkspaceRecord, 'key'>): void {
  changeWorkspaceRecord(connection, key, { putBack: true, checkpoint: null, leases: [] });
}

/** More than a device has refused entries. */
const numbersLeftOut = 1_000_000;
