import { z } from 'zod';
import type { ClockMark, HeldLease } from '../../shared/entitlement/lease.ts';
import { credits } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { checkpointSchema } from '../../shared/protocol/checkpoint.ts';
import { organisationRoles } from '../../shared/protocol/identity.ts';
import type { SqliteConnection } from '../storage-sqlite/connection.ts';
import { jsonIn } from './server-records.ts';

/** A workspace of a server as it stands on this computer. Written whole, in the transaction of what it belongs to. */
export interface WorkspaceRecord {
  /** The small number that its rows stand under. */
  readonly key: number;
  readonly workspaceId: string;
  readonly serverId: string;
  /** The last number that an entry of this device was given. [Y6] */
  readonly lastNumber: number;
  readonly mark: ClockMark | null;
  readonly leases: readonly KeptLease[];
  readonly body: WorkspaceBody;
}

/** A lease with when this computer was first told of its amount. [B9] */
export type KeptLease = HeldLease & { readonly grownAt?: Instant };

export type WorkspaceBody = z.output<typeof bodySchema>;

const moment = z.int().transform(instant);
const bodySchema = z.object({
  deviceId: z.string(),
  checkpoint: checkpointSchema.nullable(),
  access: z.enum(organisationRoles),
  /** The member that the person of this computer is in this workspace. */
  memberId: z.string().nullable(),
  forked: z.boolean(),
  /** Whether everything that was there at the beginning has been pulled once. */
  pulled: z.boolean(),
  /**
   * The data was put back to an earlier state, or copied: numbers may have been given since that are not known here. They
   * go on well above what the server knows, once everything has been pulled. [M5]
   */
  putBack: z.boolean(),
  lastSuccessAt: moment.nullable(),
});

const clockMarkSchema = z.object({
  wall: moment,
  bootId: z.string(),
  monotonicMs: z.number(),
  elapsedMs: z.number(),
});
const amount = z.int().transform(credits);
const leasesSchema = z.array(
  z.object({
    id: z.string(),
    deviceId: z.string(),
    poolId: z.string(),
    amount: amount,
    period: z.object({ start: moment, end: moment }),
    spendableForMs: z.number(),
    from: z.object({ wall: moment, elapsedMs: z.number() }),
    grownAt: moment.exactOptional(),
  }),
);

export function workspaceRecords(connection: SqliteConnection): readonly WorkspaceRecord[] {
  return connection
    .prepare('SELECT * FROM sync_workspace ORDER BY key')
    .all()
    .flatMap((row) => {
      const body = bodySchema.safeParse(jsonIn(row['body']));
      if (!body.success) return [];
      const mark = clockMarkSchema.safeParse(jsonIn(row['mark']));
      const leases = leasesSchema.safeParse(jsonIn(row['leases']));
      return [
        {
          key: Number(row['key']),
          workspaceId: String(row['workspace_id']),
          serverId: String(row['server_id']),
          lastNumber: Number(row['last_number']),
          mark: mark.success ? mark.data : null,
          leases: leases.success ? leases.data : [],
          body: body.data,
        },
      ];
    });
}

export function workspaceRecordOf(connection: SqliteConnection, workspaceId: string): WorkspaceRecord | undefined {
  return workspaceRecords(connection).find((record) => record.workspaceId === workspaceId);
}

/** Makes a workspace one of a server; its rows have no numbers yet. */
export function addWorkspaceRecord(
  connection: SqliteConnection,
  given: { readonly workspaceId: string; readonly serverId: string; readonly body: WorkspaceBody },
): number {
  return Number(
    connection
      .prepare(
        `INSERT INTO sync_workspace (workspace_id, server_id, last_number, mark, leases, body) VALUES (?,?,0,NULL,'[]',?)`,
      )
      .run(given.workspaceId, given.serverId, JSON.stringify(given.body)).lastInsertRowid,
  );
}

/** Changes what is said about a workspace; all else stays. */
export function changeWorkspaceRecord(
  connection: SqliteConnection,
  key: number,
  changes: Partial<WorkspaceBody> & Partial<Pick<WorkspaceRecord, 'mark' | 'leases' | 'lastNumber'>>,
): void {
  const { mark, leases, lastNumber, ...body } = changes;
  if (Object.keys(body).length > 0) {
    // SQLite's own merge of two objects: what else is said stays as it is written.
    const merge = 'UPDATE sync_workspace SET body=json_patch(body, ?) WHERE key=?';
    const nulls = Object.entries(body).filter(([, value]) => value === null);
    connection.prepare(merge).run(JSON.stringify(body), key);
    for (const [name] of nulls) {
      connection.prepare(`UPDATE sync_workspace SET body=json_set(body, ?, NULL) WHERE key=?`).run(`$.${name}`, key);
    }
  }
  if (mark !== undefined) {
    connection.prepare('UPDATE sync_workspace SET mark=? WHERE key=?').run(JSON.stringify(mark), key);
  }
  if (leases !== undefined) {
    connection.prepare('UPDATE sync_workspace SET leases=? WHERE key=?').run(JSON.stringify(leases), key);
  }
  if (lastNumber !== undefined) {
    connection.prepare('UPDATE sync_workspace SET last_number=? WHERE key=?').run(lastNumber, key);
  }
}

/** Leases of which nothing is spent any more; the server is told next. [B9] */
export function layDownLeases(connection: SqliteConnection, workspaceId: string, ids: readonly string[]): void {
  const record = workspaceRecordOf(connection, workspaceId);
  if (record === undefined) return;
  const leases = record.leases.filter(({ id }) => !ids.includes(id));
  connection.transaction(() => changeWorkspaceRecord(connection, record.key, { leases }));
}

/** Whatever is known of a workspace beside its entries goes; the entries stay as they are. */
export function removeWorkspaceRecord(connection: SqliteConnection, key: number): void {
  for (const table of ['sync_row', 'sync_verdict', 'sync_aside']) {
    connection.prepare(`DELETE FROM ${table} WHERE workspace=?`).run(key);
  }
  connection.prepare('DELETE FROM sync_workspace WHERE key=?').run(key);
}
