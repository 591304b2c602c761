import { fromColumnText, toColumnText } from '../storage-sqlite/column-text.ts';
import type { SqliteConnection } from '../storage-sqlite/connection.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { countedIn, countedFrom, type CountedUse } from './usage-batch.ts';

/**
 * What was used, read back from the ledger. Nearly all lines are uses: SQLite picks their credits out of the documents at
 * a fraction of what it costs to parse and check each one. A row that is damaged is passed over.
 */
export function* countedInOrder(
  connection: SqliteConnection,
  which: { readonly workspaceId?: string; readonly after?: number; readonly limit?: number },
): Generator<{ readonly sequence: number; readonly use: CountedUse | undefined }> {
  const { workspaceId, after = 0, limit = -1 } = which;
  const table = connection.tableOf('transactions')?.quotedName;
  if (table === undefined) return;
  // The plus keeps SQLite from the index of the workspace, which it would have to sort.
  const of = workspaceId === undefined ? '' : 'AND +"workspaceId"=?';
  const rows = connection.database
    .prepare(`${figuresSql(table)} AND sequence>? ${of} ORDER BY sequence LIMIT ?`)
    .iterate(after, ...(workspaceId === undefined ? [] : [toColumnText(workspaceId)]), limit);
  for (const row of rows) yield { sequence: Number(row['sequence']), use: countedInRow(row) };
}

/** Uses that count from an instant on. */
export function* countedByTime(
  connection: SqliteConnection,
  workspaceId: string,
  since: Instant,
  until?: Instant,
): Generator<CountedUse> {
  const table = connection.tableOf('transactions')?.quotedName;
  if (table === undefined) return;
  const rows = connection.database
    .prepare(`${figuresSql(table)} AND "workspaceId"=? AND "spentAt">=? AND "spentAt"<?`)
    .iterate(toColumnText(workspaceId), since, until ?? Number.MAX_SAFE_INTEGER);
  for (const row of rows) {
    const use = countedInRow(row);
    if (use) yield use;
  }
}

function figuresSql(table: string): string {
  return `SELECT sequence, "workspaceId", "occurredAt", "featureId", "teamId", "memberId",
      CASE WHEN "kind" NOT IN ('usage','hold','release','grant') THEN document END AS document,
      CASE WHEN "kind"='usage' AND json_valid(document) THEN json_extract(document,'$.body.credits') END AS credits
    FROM ${table} WHERE deleted=0`;
}

function countedInRow(row: Readonly<Record<string, unknown>>): CountedUse | undefined {
  const { document } = row;
  if (typeof document === 'string') {
    const stored = parsedJson(document);
    return stored && countedIn(stored);
  }
  if (row['credits'] === null) return undefined;
  const text = (name: string): string => fromColumnText(String(row[name]));
  const who = {
    workspaceId: text('workspaceId'),
    featureId: text('featureId'),
    teamId: text('teamId'),
    memberId: text('memberId'),
  };
  return countedFrom(who, row['occurredAt'], row['credits']);
}

function parsedJson(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
