import { createHash } from 'node:crypto';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { scheduleUntil, type PoolCheckpoint } from '../../shared/ledger/checkpoint.ts';
import { holdsUntil } from '../../shared/ledger/open-ledger.ts';
import type { AllotmentSchedule } from '../../shared/ledger/schedule.ts';
import { checkpointIn, checkpointText } from '../database/checkpoint-text.ts';
import { codeOf } from '../database/error-code.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { fromDocument } from '../database/transaction-document.ts';
import type { SqliteConnection } from '../storage-sqlite/connection.ts';
import { highestSequence, isCurrent, makeTables, rememberSequence } from './projection.ts';
import type { Projection } from './projection.ts';

/**
 * Checkpoints of pools: what a balance was folded to at some instants, so that a start goes on from there and does not
 * read every line. Nothing is added to one: a write takes away those that no longer hold, in its own transaction, and
 * whoever folds a pool leaves new ones behind. So one that is there is right, or was made under another schedule.
 */
export function createPoolBalances(): Projection {
  const rebuild = ({ connection }: OpenDatabase): void => {
    // Of which pools and instants there are checkpoints follows from what is asked; the next question leaves some.
    connection.transaction(() => {
      connection.prepare('DELETE FROM pool_checkpoint').run();
      rememberSequence(connection, identity, highestSequence(connection));
    });
  };
  return {
    ...identity,
    rebuild,
    prepare: (database) => {
      const complete = makeTables(database, identity);
      if (!complete || !isCurrent(database.connection, identity)) rebuild(database);
    },
    onWrite: ({ connection, table, changes, sequence }) => {
      if (table.collectionName !== 'transactions') return;
      const heldUntil = new Map<string, number>();
      for (const { document, previous } of changes) {
        for (const stored of previous ? [document, previous] : [document]) {
          const poolId = String(stored['poolId']);
          heldUntil.set(poolId, Math.min(heldUntil.get(poolId) ?? Infinity, heldUntilOf(stored)));
        }
      }
      const drop = connection.prepare('DELETE FROM pool_checkpoint WHERE pool_id=? AND at>?');
      for (const [poolId, at] of heldUntil) drop.run(poolId, at);
      rememberSequence(connection, identity, sequence);
    },
  };
}

/**
 * The latest checkpoint of a pool at or before an instant that holds under its schedule; null where there is none. What
 * cannot be read, or was made under another schedule, goes.
 */
export function checkpointUntil(
  database: OpenDatabase,
  { poolId, schedule }: { readonly poolId: string; readonly schedule: AllotmentSchedule },
  until: Instant,
): PoolCheckpoint | null {
  const { connection } = database;
  const latest = 'SELECT at, seal, body FROM pool_checkpoint WHERE pool_id=? AND at<=? ORDER BY at DESC LIMIT 1';
  for (let upTo: number = until; ;) {
    const row = connection.prepare(latest).get(poolId, upTo);
    if (!row) return null;
    const checkpoint = sealedIn(row, schedule);
    if (checkpoint) return checkpoint;
    const at = Number(row['at']);
    saveTime(database, () =>
      connection.prepare('DELETE FROM pool_checkpoint WHERE pool_id=? AND at=?').run(poolId, at),
    );
    upTo = at - 1;
  }
}

/** The checkpoint of a pool at just this instant; null where none holds there under its schedule. Changes nothing. */
export function checkpointAt(
  { connection }: OpenDatabase,
  { poolId, schedule }: { readonly poolId: string; readonly schedule: AllotmentSchedule },
  at: Instant,
): PoolCheckpoint | null {
  const row = connection.prepare('SELECT at, seal, body FROM pool_checkpoint WHERE pool_id=? AND at=?').get(poolId, at);
  return row ? sealedIn(row, schedule) : null;
}

function sealedIn(row: Readonly<Record<string, unknown>>, schedule: AllotmentSchedule): PoolCheckpoint | null {
  const body = String(row['body']);
  const checkpoint = checkpointIn(body);
  const isWhole = checkpoint?.at === Number(row['at']) && row['seal'] === sealOf(schedule, checkpoint, body);
  return isWhole ? checkpoint : null;
}

/** Where checkpoints of a pool stand, the earliest first: how many lines count before each. */
export function storedCheckpoints(
  { connection }: Pick<OpenDatabase, 'connection'>,
  poolId: string,
): readonly { readonly at: Instant; readonly lines: number }[] {
  return connection
    .prepare('SELECT at, lines FROM pool_checkpoint WHERE pool_id=? ORDER BY at')
    .all(poolId)
    .map((row) => ({ at: instant(Number(row['at'])), lines: Number(row['lines']) }));
}

/**
 * Stores checkpoints of a pool. They must have been made of all lines that are in the file at this moment: between the
 * reading of the lines and this nothing else may run.
 */
export function keepCheckpoints(
  database: OpenDatabase,
  { poolId, schedule }: { readonly poolId: string; readonly schedule: AllotmentSchedule },
  checkpoints: readonly PoolCheckpoint[],
): void {
  if (checkpoints.length === 0) return;
  const { connection } = database;
  saveTime(database, () => {
    const insert = connection.prepare(
      'INSERT OR REPLACE INTO pool_checkpoint (pool_id, at, lines, seal, body) VALUES (?,?,?,?,?)',
    );
    for (const checkpoint of checkpoints) {
      const body = checkpointText(checkpoint);
      insert.run(poolId, checkpoint.at, checkpoint.lines, sealOf(schedule, checkpoint, body), body);
    }
    thinOut(connection, poolId);
  });
}

/** Of old checkpoints some are enough. */
function thinOut(connection: SqliteConnection, poolId: string): void {
  const remove = connection.prepare('DELETE FROM pool_checkpoint WHERE pool_id=? AND at=?');
  let linesBefore = 0;
  for (const { at, lines } of storedCheckpoints({ connection }, poolId).slice(0, -newestKept)) {
    if (lines - linesBefore < linesBetweenMin) remove.run(poolId, at);
    else linesBefore = lines;
  }
}

/** Stands for the schedule that a checkpoint was made under, and for its text as it was written. */
function sealOf(schedule: AllotmentSchedule, checkpoint: PoolCheckpoint, body: string): string {
  return createHash('sha256').update(scheduleUntil(schedule, checkpoint)).update('\n').update(body).digest('hex');
}

/** The instant up to which checkpoints do without a stored line. */
function heldUntilOf(stored: Readonly<Record<string, unknown>>): number {
  const { kind, occurredAt, spentAt } = stored;
  if (kind === 'usage' || kind === 'hold' || kind === 'grant') return momentIn(occurredAt);
  const line = fromDocument(stored);
  return line ? holdsUntil(line) : Math.min(momentIn(occurredAt), momentIn(spentAt));
}

function momentIn(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : -Infinity;
}

/**
 * Writes what only saves time: it need not survive a power cut, and where there is no room or no right to write it,
 * everything goes on without.
 */
function saveTime({ connection, readOnly }: OpenDatabase, work: () => void): void {
  if (readOnly || connection.database.isTransaction) return;
  try {
    connection.setSynchronous('NORMAL');
    connection.transaction(work);
  } catch (error) {
    if (codeOf(error) !== 'ERR_SQLITE_ERROR') throw error;
  } finally {
    connection.setSynchronous('FULL');
  }
}

const newestKept = 8;
const linesBetweenMin = 800;

export const poolBalancesName = 'pool-balances';

const identity = {
  name: poolBalancesName,
  version: 1,
  tables: [
    {
      name: 'pool_checkpoint',
      sql: `
CREATE TABLE IF NOT EXISTS pool_checkpoint (
  pool_id TEXT NOT NULL, at INTEGER NOT NULL, lines INTEGER NOT NULL, seal TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (pool_id, at)
);`,
      // No row says anything that the ledger does not say without it.
      saysSomething: '0=1',
    },
  ],
} as const satisfies Pick<Projection, 'name' | 'version' | 'tables'>;
