import { verdictSchema, type Verdict } from '../../shared/protocol/verdict.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { fromColumnText, toColumnText } from '../storage-sqlite/column-text.ts';
import { jsonIn } from './server-records.ts';

/** Whether the server has an entry, and what it said of it besides that it is booked. */
export interface RowStanding {
  readonly confirmed: boolean;
  readonly verdict: Verdict | null;
}

/** How some entries of a workspace stand, by their ids. */
export function rowStandings(
  { connection }: Pick<OpenDatabase, 'connection'>,
  key: number,
  ids: readonly string[],
): ReadonlyMap<string, RowStanding> {
  const rows = connection
    .prepare(
      `SELECT sync_row.id AS id, confirmed, sync_verdict.body AS verdict FROM sync_row
       LEFT JOIN sync_verdict ON sync_verdict.workspace=sync_row.workspace AND sync_verdict.id=sync_row.id
       WHERE sync_row.workspace=? AND sync_row.id IN (SELECT value FROM json_each(?))`,
    )
    .all(key, JSON.stringify(ids.map(toColumnText)));
  return new Map(
    rows.map((row) => {
      const verdict = verdictSchema.safeParse(jsonIn(row['verdict']));
      const standing = { confirmed: row['confirmed'] === 1, verdict: verdict.success ? verdict.data : null };
      return [fromColumnText(String(row['id'])), standing];
    }),
  );
}
