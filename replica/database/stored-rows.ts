import { z } from 'zod';
import { credits } from '../../shared/kernel/credits.ts';
import { instant, latestInstant, type Instant } from '../../shared/kernel/instant.ts';
import { err } from '../../shared/kernel/result.ts';
import type { BalanceLine, Transaction } from '../../shared/ledger/transaction.ts';
import { fromColumnText, toColumnText } from '../storage-sqlite/column-text.ts';
import type { RecordDocument } from './collections.ts';
import type { OpenDatabase } from './open-database.ts';
import { lineOf } from './transaction-document.ts';
import type { RecordCollection } from './append.ts';

/**
 * What the file holds, read by SQL. A row that is damaged is passed over and noted, and everything else goes on: one bad
 * sector must not take the ledger with it.
 */

type Parameters = readonly (string | number)[];

/** SQL function: a text in lower case as JavaScript has it. SQLite's own `lower` knows the letters of ASCII only. */
export const foldedCase = 'fuelgauge_folded';

export function addSqlFunctions({ connection }: OpenDatabase): void {
  connection.database.function(foldedCase, { deterministic: true }, (text) =>
    typeof text === 'string' ? text.toLowerCase() : null,
  );
}

/** The quoted name of a collection's table; undefined before the collection was opened. */
export function tableNamed(database: OpenDatabase, collection: string): string | undefined {
  return database.connection.tableOf(collection)?.quotedName;
}

/**
 * Lines of the ledger by SQL over their columns. Texts are compared with columns, which hold them in a form of their
 * own; they are brought into it here.
 */
export function* readLines(database: OpenDatabase, where: string, parameters: Parameters): Generator<Transaction> {
  const table = tableNamed(database, 'transactions');
  if (table === undefined) return;
  const rows = database.connection.database
    .prepare(`SELECT id, document FROM ${table} WHERE deleted=0 AND ${where}`)
    .iterate(...bound(parameters));
  for (const row of rows) {
    const line = lineIn(database, row);
    if (line) yield line;
  }
}

/** The line in a row with `id` and `document`; undefined when the row is damaged. */
export function lineIn(database: OpenDatabase, row: Readonly<Record<string, unknown>>): Transaction | undefined {
  const parsed = parsedJson(row['document']);
  const line = parsed === undefined ? err('It is no JSON.') : lineOf(parsed);
  if (line.ok) return line.value;
  database.damaged.note('transactions', String(row['id']), line.error);
  return undefined;
}

/**
 * What a balance depends on of the lines of a pool, between two instants where they are given, both included. Nearly all
 * are uses, of which it needs two figures: SQLite picks them out at a quarter of what parsing each document costs.
 */
export function* readBalanceLines(
  database: OpenDatabase,
  poolId: string,
  { since = null, until = latestInstant }: { readonly since?: Instant | null; readonly until?: Instant } = {},
): Generator<BalanceLine> {
  const table = tableNamed(database, 'transactions');
  if (table === undefined) return;
  const rows = database.connection.database
    .prepare(
      `SELECT id, "occurredAt", CASE WHEN "kind"<>'usage' THEN document END AS document,
         CASE WHEN "kind"='usage' AND json_valid(document) THEN json_extract(document,'$.body.credits') END AS credits
       FROM ${table} WHERE deleted=0 AND "poolId"=? AND "occurredAt">=? AND "occurredAt"<=?`,
    )
    .iterate(toColumnText(poolId), since ?? Number.MIN_SAFE_INTEGER, until);
  for (const row of rows) {
    const { id, occurredAt, credits: amount } = row;
    if (row['document'] !== null) {
      const line = lineIn(database, row);
      if (line) yield line;
    } else if (typeof id === 'string' && isMoment(occurredAt) && isExact(amount) && amount >= 0) {
      yield { kind: 'usage', id: fromColumnText(id), occurredAt: instant(occurredAt), credits: credits(amount) };
    } else database.damaged.note('transactions', String(id), 'credits: no exact amount of 0 or more');
  }
}

/** An instant that no line of a pool with an id counts before; null where the pool has no such line. */
export function whenLineCounts(database: OpenDatabase, poolId: string, id: string): Instant | null {
  const table = tableNamed(database, 'transactions');
  if (table === undefined) return null;
  const row = database.connection
    .prepare(`SELECT min("occurredAt", "spentAt") AS at FROM ${table} WHERE deleted=0 AND id=? AND "poolId"=?`)
    .get(toColumnText(id), toColumnText(poolId));
  return isMoment(row?.['at']) ? instant(row['at']) : null;
}

/** Records of a collection by SQL over `id` and `workspaceId`. */
export function readRecords(
  database: OpenDatabase,
  collection: RecordCollection,
  where = '1=1',
  parameters: Parameters = [],
): readonly RecordDocument[] {
  const table = tableNamed(database, collection);
  if (table === undefined) return [];
  return database.connection
    .prepare(`SELECT id, document FROM ${table} WHERE deleted=0 AND ${where}`)
    .all(...bound(parameters))
    .flatMap((row) => {
      const record = recordOf(parsedJson(row['document']));
      if (record) return [record];
      database.damaged.note(collection, String(row['id']));
      return [];
    });
}

/** The record in a stored document; undefined when it is none. */
export function recordOf(stored: unknown): RecordDocument | undefined {
  const record = recordSchema.safeParse(stored);
  return record.success ? record.data : undefined;
}

/** What a document's text says; undefined when it is no JSON. */
export function parsedJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

function bound(parameters: Parameters): readonly (string | number)[] {
  return parameters.map((value) => (typeof value === 'string' ? toColumnText(value) : value));
}

function isMoment(value: unknown): value is number {
  return isExact(value) && value >= 0 && value <= latestInstant;
}

function isExact(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

const recordSchema = z.object({ id: z.string(), workspaceId: z.string(), body: z.record(z.string(), z.unknown()) });
