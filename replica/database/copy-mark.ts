import type { OpenDatabase } from './open-database.ts';
import { hasTable } from '../storage-sqlite/schema-names.ts';

const table = 'made_as_copy';

/** SQL that marks a file as a copy of another one. */
export const markedAsCopy = `CREATE TABLE IF NOT EXISTS ${table} (mark INTEGER)`;

/**
 * Whether the open file was made as a copy, such as a backup that was restored; `settle` runs once for it, in the
 * transaction that takes the mark away. A file that is only read keeps its mark.
 */
export function settleCopy({ connection, readOnly }: OpenDatabase, settle: () => void): void {
  if (readOnly || !hasTable(connection.database, table)) return;
  connection.transaction(() => {
    settle();
    connection.database.exec(`DROP TABLE ${table}`);
  });
}
