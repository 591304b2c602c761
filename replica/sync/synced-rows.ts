import { advanceMark, type ClockReading } from '../../shared/entitlement/lease.ts';
import { toColumnText } from '../storage-sqlite/column-text.ts';
import type { SqliteConnection } from '../storage-sqlite/connection.ts';
import type { SqliteWrite } from '../storage-sqlite/storage-sqlite.ts';
import { kindOfDocument, storedKind } from './entry-documents.ts';
import { deviceKey } from './sync-tables.ts';
import { changeWorkspaceRecord, workspaceRecords, type WorkspaceRecord } from './workspace-records.ts';

type Change = SqliteWrite['changes'][number];

/**
 * Follows every write of entries of connected workspaces, in the transaction of the write: what is written here gets its
 * number, so that it can be sent whatever happens next, and what came from the server its place.
 */
export class SyncedRows {
  readonly #clocks: () => ClockReading;
  /** Connected workspaces by their id as the columns have it. */
  #connected: ReadonlyMap<string, Pick<WorkspaceRecord, 'key' | 'body'>> = new Map();
  /** What goes with the writes of sync itself, by the context of the write. */
  readonly #ownWrites = new Map<string, (change: Change) => void>();
  #contexts = 0;
  /** Told which workspace has something to send, once it is written. */
  #written: (workspaceId: string) => void = () => undefined;

  constructor(clocks: () => ClockReading) {
    this.#clocks = clocks;
  }

  /** From now on `written` is told of everything that is to be sent, after the write is done. */
  follow(written: (workspaceId: string) => void): void {
    this.#written = written;
  }

  /** Reads anew which workspaces are connected. */
  refresh(connection: SqliteConnection): void {
    this.#connected = new Map(
      workspaceRecords(connection).map(({ workspaceId, key, body }) => [workspaceId, { key, body }]),
    );
  }

  onWrite(write: SqliteWrite): void {
    const ownWrite = this.#ownWrites.get(write.context);
    if (ownWrite) {
      for (const change of write.changes) ownWrite(change);
      return;
    }
    if (this.#connected.size === 0) return;
    const news = write.changes.filter(({ previous, document }) => isNew(previous) && document['_deleted'] !== true);
    for (const [workspaceId, changes] of Map.groupBy(news, ({ document }) => String(document['workspaceId']))) {
      const workspace = this.#connected.get(workspaceId);
      if (!workspace) continue;
      this.#number(write, { ...workspace, changes });
      setImmediate(() => this.#written(workspaceId));
    }
  }

  /** Runs a write whose changes are handed to `follow` within its transaction, in place of being numbered. */
  async asOwnWrite<Answer>(
    follow: (change: Change) => void,
    write: (context: string) => Promise<Answer>,
  ): Promise<Answer> {
    this.#contexts += 1;
    const context = `sync-${this.#contexts}`;
    this.#ownWrites.set(context, follow);
    try {
      return await write(context);
    } finally {
      this.#ownWrites.delete(context);
    }
  }

  #number(
    { connection, table }: SqliteWrite,
    { key, body, changes }: Pick<WorkspaceRecord, 'key' | 'body'> & { readonly changes: readonly Change[] },
  ): void {
    const row = connection.prepare('SELECT last_number FROM sync_workspace WHERE key=?').get(key);
    if (!row) return;
    let number = Number(row['last_number']);
    const device = deviceKey(connection, body.deviceId);
    const insert = connection.prepare(insertRow);
    let leased = false;
    for (const { document } of changes) {
      const kind = kindOfDocument(table.collectionName, document);
      if (kind === undefined) continue;
      number += 1;
      insert.run(key, toColumnText(String(document['id'])), storedKind(kind), device, number, null, 0);
      const leaseId = kind === 'line' ? leaseIn(document) : undefined;
      if (leaseId === undefined) continue;
      leased = true;
      connection
        .prepare('INSERT OR IGNORE INTO sync_lease_line (lease, line) VALUES (?,?)')
        .run(leaseId, toColumnText(String(document['id'])));
    }
    connection.prepare('UPDATE sync_workspace SET last_number=? WHERE key=?').run(number, key);
    if (leased) this.#moveMark(connection, key);
  }

  /** What was spent under a lease and how late it was then are kept together. [B5] */
  #moveMark(connection: SqliteConnection, key: number): void {
    const record = workspaceRecords(connection).find((known) => known.key === key);
    if (record) changeWorkspaceRecord(connection, key, { mark: advanceMark(record.mark, this.#clocks()) });
  }
}

export const insertRow = `INSERT INTO sync_row (workspace, id, kind, device, number, place, confirmed) VALUES (?,?,?,?,?,?,?)
  ON CONFLICT (workspace, id) DO UPDATE SET
    kind=excluded.kind, device=excluded.device, number=excluded.number, place=excluded.place, confirmed=excluded.confirmed`;

function isNew(previous: Change['previous']): boolean {
  return previous === undefined || previous['_deleted'] === true;
}

function leaseIn(document: Change['document']): string | undefined {
  const { body } = document;
  if (typeof body !== 'object' || body === null || !('leaseId' in body)) return undefined;
  return typeof body.leaseId === 'string' ? body.leaseId : undefined;
}
