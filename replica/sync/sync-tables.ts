import type { OpenDatabase } from '../database/open-database.ts';
import type { SqliteConnection } from '../storage-sqlite/connection.ts';
import { hasTable } from '../storage-sqlite/schema-names.ts';

/**
 * What a device knows of servers, beside the collections in the same file. Unlike a projection none of it can be worked
 * out from the ledger. Workspaces and devices stand under small numbers, since there is a row for every entry; ids are
 * written as the collections have them in their columns.
 */
const tablesSql = `
CREATE TABLE IF NOT EXISTS sync_server (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sync_workspace (
  key INTEGER PRIMARY KEY, workspace_id TEXT NOT NULL UNIQUE, server_id TEXT NOT NULL,
  last_number INTEGER NOT NULL, mark TEXT, leases TEXT NOT NULL, body TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS sync_device (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS sync_row (
  workspace INTEGER NOT NULL, id TEXT NOT NULL, kind INTEGER NOT NULL, device INTEGER NOT NULL,
  number INTEGER NOT NULL, place INTEGER, confirmed INTEGER NOT NULL,
  PRIMARY KEY (workspace, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sync_row_waiting ON sync_row (workspace, device, number) WHERE confirmed=0;
CREATE TABLE IF NOT EXISTS sync_verdict (
  workspace INTEGER NOT NULL, id TEXT NOT NULL, place INTEGER, body TEXT NOT NULL,
  PRIMARY KEY (workspace, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sync_aside (
  workspace INTEGER NOT NULL, id TEXT NOT NULL, why TEXT NOT NULL, at INTEGER NOT NULL, seen INTEGER NOT NULL,
  entry TEXT NOT NULL, verdict TEXT,
  PRIMARY KEY (workspace, why, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sync_lease_line (
  lease TEXT NOT NULL, line TEXT NOT NULL, PRIMARY KEY (lease, line)
) WITHOUT ROWID;`;

/** Makes the tables that are missing. Answers whether they are there: not in a file that is only read and has none. */
export function makeSyncTables({ connection, readOnly }: OpenDatabase): boolean {
  if (!readOnly) connection.database.exec(tablesSql);
  return hasTable(connection.database, 'sync_workspace');
}

/** The small number of a device; it is given one where it has none yet. */
export function deviceKey(connection: SqliteConnection, id: string): number {
  const known = connection.prepare('SELECT key FROM sync_device WHERE id=?').get(id);
  if (known) return Number(known['key']);
  return Number(connection.prepare('INSERT INTO sync_device (id) VALUES (?)').run(id).lastInsertRowid);
}

/** The device of a small number. */
export function deviceOf(connection: SqliteConnection, key: number): string {
  return String(connection.prepare('SELECT id FROM sync_device WHERE key=?').get(key)?.['id'] ?? '');
}
