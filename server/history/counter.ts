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
  /** The database and its run as they are now: what a process remembers of another one may be lost. */
  readonly origin: string;
  /** Whether the database goes on elsewhere than where the present epoch began: a tail may have been lost. */
  readonly isElsewhere: boolean;
  /** Whether more is known of where the database comes from than is written down. */
  readonly isOriginNew: boolean;
  /** The database's clock, after the lock was taken. */
  readonly now: Instant;
}

export interface LockedCounter extends Counter {
  /** The first statement has locked it: what was sent along after it was read under the lock. */
  readonly atOnce: boolean;
}

/** The database's clock in milliseconds. */
export const clockMs = 'floor(extract(epoch FROM clock_timestamp()) * 1000)::float8';

const columns = `seq::float8 AS seq, epochs, began_at::float8 AS began_at, lends_from::float8 AS lends_from, secret,
  origin AS known, database_origin() AS present, pg_postmaster_start_time()::text AS started`;
const originSchema = z.record(z.string(), z.string());
const counterSchema = z.object({
  seq: z.int(),
  epochs: epochsSchema,
  began_at: z.int(),
  lends_from: z.int(),
  secret: z.instanceof(Buffer),
  known: originSchema.nullable(),
  present: originSchema,
  started: z.string(),
  now: z.int(),
});

/**
 * Locks the counter, in a statement of its own: whatever is read afterwards is what is so, and the order of places is
 * that of the commits. The first writer of a workspace begins its history. Where the database goes on elsewhere, nothing
 * is written before another epoch has begun: places that were lost may be taken anew. [M1] [M8]
 */
export async function lockCounter(
  { query }: Pick<Transaction, 'query'>,
  workspace: WorkspaceOf,
): Promise<LockedCounter> {
  const { workspaceId } = workspace;
  const lock = `SELECT ${columns}, ${clockMs} AS now FROM history WHERE workspace_id = $1 FOR UPDATE`;
  const { rows } = await query(lock, [workspaceId]);
  if (rows.length === 0) {
    await beginHistory({ query }, workspace);
    const again = await query(lock, [workspaceId]);
    return { ...counterFrom(again.rows[0]), atOnce: false };
  }
  const counter = counterFrom(rows[0]);
  if (counter.isElsewhere) {
    const lendsFrom = instant(counter.now + longestLeaseMs);
    await beginEpoch({ query }, { workspaceId, survivedSeq: counter.seq, lendsFrom });
    const begun = await readCounter({ query }, workspaceId);
    return { ...(begun ?? counter), atOnce: true };
  }
  if (counter.isOriginNew) {
    await query(`UPDATE history SET origin = coalesce(origin, '{}') || database_origin() WHERE workspace_id = $1`, [
      workspaceId,
    ]);
  }
  return { ...counter, atOnce: true };
}

/** No lease can be spent for longer. */
export const longestLeaseMs = 7 * 86_400_000;

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
    `INSERT INTO history (organisation_id, workspace_id, epochs, secret, began_at, origin)
     VALUES ($1, $2, jsonb_build_array(jsonb_build_object('epoch', $3::text, 'survivedSeq', 0)), $4, ${clockMs},
       database_origin())
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
       lends_from = greatest(lends_from, $4), origin = database_origin() WHERE workspace_id = $1`,
    [given.workspaceId, randomUUID(), given.survivedSeq, given.lendsFrom],
  );
}

function counterFrom(row: unknown): Counter {
  const { seq, epochs, began_at, lends_from, secret, known, present, started, now } = counterSchema.parse(row);
  const epoch = epochs.at(-1)?.epoch;
  assert(epoch !== undefined, 'A history has an epoch');
  // What cannot be read now, or could not then, says nothing.
  const parts = Object.entries(present);
  return {
    seq,
    epochs,
    epoch,
    beganAt: instant(began_at),
    lendsFrom: instant(lends_from),
    secret,
    origin: JSON.stringify([present, started]),
    isElsewhere: parts.some(([name, value]) => known?.[name] !== undefined && known[name] !== value),
    isOriginNew: parts.some(([name]) => known?.[name] === undefined),
    now: instant(now),
  };
}
