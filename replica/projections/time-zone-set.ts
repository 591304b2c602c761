import { z } from 'zod';
import { toColumnText } from '../storage-sqlite/column-text.ts';
import type { SqliteConnection } from '../storage-sqlite/connection.ts';
import type { SqliteWrite } from '../storage-sqlite/storage-sqlite.ts';

/** Workspaces whose zone is set by what is being written. */
export function zonesSetIn(write: SqliteWrite): ReadonlySet<string> {
  if (write.table.collectionName !== 'changes') return new Set();
  return new Set(
    write.changes.flatMap(({ document }) => {
      const change = zoneChange.safeParse(document);
      return change.success ? [change.data.workspaceId] : [];
    }),
  );
}

/** The zone that the changes of a workspace set last; undefined where none does. [G12] */
export function latestZone(connection: SqliteConnection, workspaceId: string): string | undefined {
  const table = connection.tableOf('changes')?.quotedName;
  if (table === undefined) return undefined;
  const zone = connection
    .prepare(
      `SELECT ${inDocument('value.timeZone')} AS zone FROM ${table}
       WHERE deleted=0 AND "workspaceId"=? AND ${inDocument('value.kind')}='time-zone'
       ORDER BY ${inDocument('effectiveFrom')} DESC, id DESC LIMIT 1`,
    )
    .get(toColumnText(workspaceId))?.['zone'];
  return typeof zone === 'string' ? zone : undefined;
}

/** SQL for what the body of a change says; NULL for a damaged row, which says nothing. */
function inDocument(path: string): string {
  return `CASE WHEN json_valid(document) THEN json_extract(document,'$.body.${path}') END`;
}

const zoneChange = z.object({
  workspaceId: z.string(),
  body: z.object({ value: z.object({ kind: z.literal('time-zone') }) }),
});
