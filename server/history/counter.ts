// The counter of a workspace: who writes locks it first, and reads everything else afterwards.
import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { assert } from '../../shared/kernel/assert.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import type { Epoch } from '../../shared/sync-engine/epoch.ts';
import type { Transaction } from '../database/database.ts';
import { epochsSchema } from './stored-rows.ts';

/** A workspace of an organisation, as its path and the caller's token say. */
export interface WorkspaceOf {
  readonly organisationId: string;
  readonly workspaceId: string;
}

export interface Counter {
  readonly seq: number;
  readonly epochs: readonly Epoch[];
  /** The present one. */
  readonly epoch: string;
  readonly beganAt: Instant;
  readonly lendsFrom: Instant;
  readonly secret: Buffer;
  /** The database's clock, after the lock was taken. */
  readonly now: Instant;
}

/** The database's clock in milliseconds. */
export const clockMs = 'floor(extract(epoch FROM clock_timestamp()) * 1000)::float8';

const columns = `seq::float8 AS seq, epochs, began_at::float8 AS began_at, lends_from::float8 AS lends_from, secret`;
const counterSchema = z.object({
  seq: z.int(),
  epochs: epochsSchema,
  began_at: z.int(),
  lends_from: z.int(),
  secret: z.instanceof(Buffer),
  now: z.int(),
});

/**
 * Locks the counter, in a statement of its own: whatever is read afterwards is what is so, and the order of places is
 * that of the commits. The first writer of a workspace begins its history. [M1]
 */
export async function lockCounter({ query }: Transaction, workspace: WorkspaceOf): Promise<Counter> {
  const lock = `SELECT ${columns}, ${clockMs} AS now FROM history WHERE workspace_id = $1 FOR UPDATE`;
  const { rows } = await query(lock, [workspace.workspaceId]);
  if (rows.length > 0) return counterFrom(rows[0]);
  await beginHistory({ query }, workspace);
  const again = await query(lock, [workspace.workspaceId]);
  return counterFrom(again.rows[0]);
}

/** Where a history stands, for those who only read; null before anything was written. */
export async function readCounter({ query }: Pick<Transaction, 'query'>, workspaceId: string): Promise<Counter | null> {
  const { rows } = await query(`SELECT ${columns}, ${clockMs} AS now FROM history WHERE workspace_id = $1`, [
    workspaceId,
  ]);
  return rows.length === 0 ? null : counterFrom(rows[0]);
}

/** An empty history in its first epoch; one that is there stays. */
export async function beginHistory({ query }: Pick<Transaction, 'query'>, workspace: WorkspaceOf): Promise<void> {
  await query(
    `INSERT INTO history (organisation_id, workspace_id, epochs, secret, began_at)
     VALUES ($1, $2, jsonb_build_array(jsonb_build_object('epoch', $3::text, 'survivedSeq', 0)), $4, ${clockMs})
     ON CONFLICT DO NOTHING`,
    [workspace.organisationId, workspace.workspaceId, randomUUID(), randomBytes(32)],
  );
}

/**
 * Begins another epoch under the lock of the counter: the history is the same as before up to `survivedSeq`. Nothing is
 * lent until the last lease that nobody here knows of has ended. [M8]
 */
export async function beginEpoch(
  { query }: Pick<Transaction, 'query'>,
  given: { readonly workspaceId: string; readonly survivedSeq: number; readonly lendsFrom: Instant },
): Promise<void> {
  await query(
    `UPDATE history SET epochs = epochs || jsonb_build_array(jsonb_build_object('epoch', $2::text, 'survivedSeq', $3::bigint)),
       lends_from = greatest(lends_from, $4) WHERE workspace_id = $1`,
    [given.workspaceId, randomUUID(), given.survivedSeq, given.lendsFrom],
  );
}

function counterFrom(row: unknown): Counter {
  const { seq, epochs, began_at, lends_from, secret, now } = counterSchema.parse(row);
  const epoch = epochs.at(-1)?.epoch;
  assert(epoch !== undefined, 'A history has an epoch');
  return { seq, epochs, epoch, beganAt: instant(began_at), lendsFrom: instant(lends_from), secret, now: instant(now) };
}
