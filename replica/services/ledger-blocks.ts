import { setImmediate } from 'node:timers/promises';
import { compareText } from '../../shared/kernel/id.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { fromColumnText } from '../storage-sqlite/column-text.ts';
import { SqliteStorageError } from '../storage-sqlite/storage-error.ts';
import type { SqlPart } from './ledger-filter.ts';

/** Where a line stands in the ledger: by when it happened, then by its id as the column holds it. */
export interface LedgerKey {
  readonly at: number;
  readonly id: string;
}

/** The lines of a workspace in a table of transactions. */
export interface LedgerTable {
  readonly connection: OpenDatabase['connection'];
  /** Quoted. */
  readonly table: string;
  /** The same for a FROM that goes through the lines in their order. */
  readonly source: string;
  readonly workspaceId: string;
}

/**
 * So many lines are looked at in one go, in a few milliseconds. Whoever looks at more lets others be answered after each
 * block.
 */
const blockLines = 10_000;

/** Lets others be answered. Fails when the file was closed meanwhile. */
export async function othersFirst(connection: OpenDatabase['connection']): Promise<void> {
  await setImmediate();
  if (!connection.database.isOpen) throw new SqliteStorageError('closed', connection.file);
}

/** As SQLite compares them: the order of the columns is that of the texts that they stand for. */
export function compareKeys(left: LedgerKey, right: LedgerKey): number {
  return left.at - right.at || compareText(fromColumnText(left.id), fromColumnText(right.id));
}

/** Lines from `first` on and before `end`; null for no bound. */
export function between(first: LedgerKey | null, end: LedgerKey | null): SqlPart {
  const bounds: SqlPart[] = [];
  if (first) bounds.push({ sql: '("occurredAt",id)>=(?,?)', parameters: [first.at, first.id] });
  if (end) bounds.push({ sql: '("occurredAt",id)<(?,?)', parameters: [end.at, end.id] });
  return {
    sql: bounds.map(({ sql }) => ` AND ${sql}`).join(''),
    parameters: bounds.flatMap(({ parameters }) => parameters),
  };
}

/** Where the block from `first` on ends: the first line of the next one, or null where it is the last one. */
export function blockEnd({ connection, source, workspaceId }: LedgerTable, first: LedgerKey | null): LedgerKey | null {
  const { sql, parameters } = between(first, null);
  const row = connection
    .prepare(
      `SELECT "occurredAt", id FROM ${source} WHERE deleted=0 AND "workspaceId"=?${sql}
       ORDER BY "occurredAt", id LIMIT 1 OFFSET ${blockLines}`,
    )
    .get(workspaceId, ...parameters);
  return row ? { at: Number(row['occurredAt']), id: String(row['id']) } : null;
}
