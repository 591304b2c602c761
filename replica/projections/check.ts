import type { OpenDatabase } from '../database/open-database.ts';
import type { SqliteConnection } from '../storage-sqlite/connection.ts';
import type { ProjectedTable, Projection } from './projection.ts';

/** Rows of one table that a rebuild finds otherwise. */
export interface Difference {
  readonly table: string;
  /** Kept, and not found by a rebuild. */
  readonly keptOnly: number;
  /** Found by a rebuild, and not kept. */
  readonly rebuiltOnly: number;
  /** Some of them as JSON. */
  readonly examples: readonly string[];
}

/** Compares what is kept with what a rebuild finds, in one transaction that is taken back: nothing is changed by it. */
export function differencesFromRebuild(database: OpenDatabase, projection: Projection): readonly Difference[] {
  const { connection } = database;
  let found: readonly Difference[] = [];
  try {
    connection.transaction(() => {
      for (const table of projection.tables) {
        connection.database.exec(`CREATE TEMP TABLE kept_${table.name} AS ${rowsOf(table)}`);
      }
      projection.rebuild(database);
      found = projection.tables.flatMap((table) =>
        differencesBetween(connection, table.name, {
          kept: `SELECT * FROM kept_${table.name}`,
          rebuilt: rowsOf(table),
        }),
      );
      throw new TakenBack();
    });
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
  }
  return found;
}

/** `kept` and `rebuilt` select rows of the same columns. */
export function differencesBetween(
  connection: SqliteConnection,
  table: string,
  selects: {
    readonly kept: string;
    readonly rebuilt: string;
    readonly parameters?: { readonly kept: readonly number[]; readonly rebuilt: readonly number[] };
  },
): readonly Difference[] {
  const { kept, rebuilt, parameters = { kept: [], rebuilt: [] } } = selects;
  const only = (left: string, right: string, bound: readonly number[]) =>
    connection.database.prepare(`${left} EXCEPT ${right}`).all(...bound);
  const keptOnly = only(kept, rebuilt, [...parameters.kept, ...parameters.rebuilt]);
  const rebuiltOnly = only(rebuilt, kept, [...parameters.rebuilt, ...parameters.kept]);
  if (keptOnly.length === 0 && rebuiltOnly.length === 0) return [];
  const examples = [
    ...keptOnly.slice(0, examplesMax).map((row) => `kept ${JSON.stringify(row)}`),
    ...rebuiltOnly.slice(0, examplesMax).map((row) => `rebuilt ${JSON.stringify(row)}`),
  ];
  return [{ table, keptOnly: keptOnly.length, rebuiltOnly: rebuiltOnly.length, examples }];
}

function rowsOf({ name, saysSomething }: ProjectedTable): string {
  return `SELECT * FROM ${name} WHERE ${saysSomething}`;
}

/** Ends a transaction without a trace. */
class TakenBack extends Error {}

const examplesMax = 3;
