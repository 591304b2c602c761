import type { Instant } from '../../shared/kernel/instant.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { contentOf, type Entry } from '../../shared/protocol/entry.ts';
import { parsedJson, tableNamed } from '../database/stored-rows.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { fromColumnText } from '../storage-sqlite/column-text.ts';
import { countAside } from './aside.ts';
import { collectionOfKind, entryIn, kindStoredAs } from './entry-documents.ts';
import type { WorkspaceRecord } from './workspace-records.ts';

/** How much waits, and since when. */
export function outboxSummary(database: OpenDatabase, { key }: WorkspaceRecord) {
  const { connection } = database;
  const row = connection.prepare('SELECT count(*) AS n FROM sync_row WHERE workspace=? AND confirmed=0').get(key);
  const [oldest] = waitingEntries(database, key, { limit: 1, offset: 0 });
  return {
    waiting: Number(row?.['n'] ?? 0),
    oldestAt: oldest?.entry ? writtenAt(oldest.entry) : null,
    refused: countAside(connection, key, 'refused'),
    conflicts: countAside(connection, key, 'conflict'),
  };
}

export interface WaitingEntry {
  readonly id: string;
  readonly kind: Entry['kind'];
  /** null where it cannot be read any more. */
  readonly entry: Entry | null;
}

/** What waits to be sent, oldest first. */
export function waitingEntries(
  database: OpenDatabase,
  key: number,
  page: { readonly limit: number; readonly offset: number },
): readonly WaitingEntry[] {
  return database.connection
    .prepare('SELECT id, kind FROM sync_row WHERE workspace=? AND confirmed=0 ORDER BY device, number LIMIT ? OFFSET ?')
    .all(key, page.limit, page.offset)
    .map((row) => {
      const kind = kindStoredAs(row['kind']);
      const columnId = String(row['id']);
      return { id: fromColumnText(columnId), kind, entry: storedEntry(database, kind, columnId) ?? null };
    });
}

/** When an entry was written down; a reading says when it was taken. */
export function writtenAt(entry: Entry): Instant {
  switch (entry.kind) {
    case 'reading':
      return entry.reading.at;
    case 'workspace':
      return entry.workspace.createdAt;
    case 'line':
    case 'change':
    case 'order':
    case 'catalogue': {
      const content = contentOf(entry);
      return 'recordedAt' in content ? content.recordedAt : instant(0);
    }
  }
}

function storedEntry(database: OpenDatabase, kind: Entry['kind'], columnId: string): Entry | undefined {
  const table = tableNamed(database, collectionOfKind[kind]);
  if (table === undefined) return undefined;
  const row = database.connection.prepare(`SELECT document FROM ${table} WHERE deleted=0 AND id=?`).get(columnId);
  return row && entryIn(kind, parsedJson(row['document']));
}
