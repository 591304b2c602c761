import type { OpenDatabase } from './open-database.ts';
import { tableNamed } from './stored-rows.ts';

/**
 * Everything that the ledger is filtered by, in the order in which it is shown, in one index of SQLite: any filter is
 * answered from it without a look at the documents, which take ten times the space. It is kept up to date by SQLite;
 * without it every answer is the same, and slower.
 */
export function makeLedgerIndex(database: OpenDatabase): void {
  const table = tableNamed(database, 'transactions');
  if (table === undefined || database.readOnly) return;
  const columns = [
    ...['workspaceId', 'occurredAt', 'id', 'kind', 'memberId', 'teamId', 'featureId'].map((name) => `"${name}"`),
    ...Object.values(writtenText),
  ];
  try {
    database.connection.database.exec(
      `CREATE INDEX IF NOT EXISTS "${indexNameOf(table)}" ON ${table} (${columns.join(', ')}) WHERE deleted=0`,
    );
  } catch {
    // A full disk or a damaged page must not keep anybody from the data; the next start tries again.
  }
}

/**
 * The table of transactions for the FROM of a query that is to be answered from that index: SQLite would not find by
 * itself that the written texts are in it. Where the index is missing it is the table alone.
 */
export function ledgerSource({ connection }: OpenDatabase, table: string): string {
  const name = indexNameOf(table);
  const known = connection.prepare(`SELECT 1 FROM sqlite_schema WHERE type='index' AND name=?`).get(name);
  return known === undefined ? table : `${table} INDEXED BY "${name}"`;
}

/** Of a quoted table. */
function indexNameOf(table: string): string {
  return `fuelgauge_ledger_of_${table.slice(1, -1)}`;
}

/** SQL for the texts that people wrote with a line; NULL where there is none. The index holds them in just this form. */
export const writtenText = { note: textOf('note'), reason: textOf('reason') } as const;

function textOf(field: string): string {
  return `CASE WHEN json_valid(document) THEN json_extract(document,'$.body.${field}') END`;
}
