import type { DatabaseSync } from 'node:sqlite';
import type { OpenDatabase } from '../database/open-database.ts';
import type { Difference } from './check.ts';
import type { SqliteConnection } from '../storage-sqlite/connection.ts';
import { hasTable } from '../storage-sqlite/schema-names.ts';
import type { SqliteWrite } from '../storage-sqlite/storage-sqlite.ts';

/**
 * What is worked out from the ledger and kept beside it in the same file. It follows every write in the write's own
 * transaction and can be rebuilt at any time: deleting it changes speed and nothing else.
 */
export interface Projection {
  /** Names its row in `projection_state`. */
  readonly name: string;
  /** Raised with every change of its tables or of their meaning: what an older version left is rebuilt. */
  readonly version: number;
  /** Its tables, apart from `projection_state`. */
  readonly tables: readonly ProjectedTable[];
  /**
   * Called once after opening. Makes the tables; rebuilds them when they are missing, of another version, or behind the
   * ledger.
   */
  readonly prepare: (database: OpenDatabase) => void;
  /**
   * Called inside the transaction of every write to any collection, before COMMIT: synchronous, and without writing to
   * collections. Writes that come before `prepare` call it too.
   */
  readonly onWrite: (write: SqliteWrite) => void;
  /** Makes it anew from the ledger in one transaction: all of it, or what is about one workspace. */
  readonly rebuild: (database: OpenDatabase, workspaceId?: string) => void;
  /**
   * For what is large: the same for one workspace, made beside what is kept in small pieces between which everything else
   * goes on. `rebuild` puts it in the place of what is kept; `check` compares the two.
   */
  readonly beside?: {
    readonly rebuild: (database: OpenDatabase, workspaceId: string) => Promise<void>;
    readonly check: (database: OpenDatabase, workspaceId: string) => Promise<readonly Difference[]>;
  };
}

/** An own table of a projection: its rows are figures that a rebuild finds again. */
export interface ProjectedTable {
  readonly name: string;
  /** `CREATE TABLE IF NOT EXISTS …` */
  readonly sql: string;
  /** SQL condition of the rows that say something; a row of zeros is as good as none. */
  readonly saysSomething: string;
}

/**
 * Makes the tables that are missing, `projection_state` first. Those of another version are dropped before: their columns
 * may mean something else. Returns whether all of them were there, of this version.
 */
export function makeTables(
  { connection, readOnly }: OpenDatabase,
  projection: Pick<Projection, 'name' | 'version' | 'tables'>,
): boolean {
  const make = (table: Pick<ProjectedTable, 'name' | 'sql'>): void =>
    readOnly ? copyToMemory(connection, table) : connection.database.exec(table.sql);
  make({ name: stateTable, sql: stateSql });
  const known = connection.prepare(`SELECT version FROM ${stateTable} WHERE name=?`).get(projection.name);
  const sameVersion = known?.['version'] === projection.version;
  const complete = sameVersion && projection.tables.every(({ name }) => hasTable(connection.database, name));
  connection.transaction(() => {
    for (const table of projection.tables) {
      if (!sameVersion && !readOnly) connection.database.exec(`DROP TABLE IF EXISTS ${table.name}`);
      make(table);
    }
  });
  return complete;
}

/**
 * Of a file that must not be touched, a table lives in memory from here on: under its own name it stands before that of
 * the file, and is rebuilt like that one. What another version left with other columns is not taken over.
 */
function copyToMemory(connection: SqliteConnection, { name, sql }: Pick<ProjectedTable, 'name' | 'sql'>): void {
  if (columnsOf(connection, 'temp', name).length > 0) return;
  connection.database.exec(sql.replace('CREATE TABLE IF NOT EXISTS', 'CREATE TEMP TABLE'));
  const columns = columnsOf(connection, 'temp', name).join();
  if (columnsOf(connection, 'main', name).join() !== columns) return;
  connection.database.exec(`INSERT INTO temp.${name} SELECT * FROM main.${name}`);
}

function columnsOf({ database }: SqliteConnection, schema: 'main' | 'temp', name: string): readonly string[] {
  return database
    .prepare('SELECT name FROM pragma_table_info(?, ?)')
    .all(name, schema)
    .map((row) => String(row['name']));
}

/** Whether a projection is of this version and has followed every write of the collections that it is made of. */
export function isCurrent(
  connection: SqliteConnection,
  projection: Pick<Projection, 'name' | 'version'>,
  collections: readonly string[] = ['transactions'],
): boolean {
  const known = connection.prepare(`SELECT version, sequence FROM ${stateTable} WHERE name=?`).get(projection.name);
  return (
    known?.['version'] === projection.version && Number(known['sequence']) >= highestSequence(connection, collections)
  );
}

/** Notes how far a projection has followed; to be called in the transaction in which it did. */
export function rememberSequence(
  connection: SqliteConnection,
  projection: Pick<Projection, 'name' | 'version'>,
  sequence: number,
): void {
  connection
    .prepare(`INSERT OR REPLACE INTO ${stateTable} (name, version, sequence) VALUES (?,?,?)`)
    .run(projection.name, projection.version, sequence);
}

/** Has every projection made anew at the next opening, whatever its version: the documents behind them have changed. */
export function forgetProjections(database: DatabaseSync): void {
  if (hasTable(database, stateTable)) database.exec(`DELETE FROM ${stateTable}`);
}

/** The last write of any of the collections; 0 before the first one. */
export function highestSequence(
  connection: SqliteConnection,
  collections: readonly string[] = ['transactions'],
): number {
  const sequences = collections.map((collection) => {
    const table = connection.tableOf(collection);
    const row = table && connection.prepare(`SELECT max(sequence) AS sequence FROM ${table.quotedName}`).get();
    return Number(row?.['sequence'] ?? 0);
  });
  return Math.max(0, ...sequences);
}

const stateTable = 'projection_state';

const stateSql = `
CREATE TABLE IF NOT EXISTS ${stateTable} (
  name TEXT PRIMARY KEY, version INTEGER NOT NULL, sequence INTEGER NOT NULL
) WITHOUT ROWID;`;
