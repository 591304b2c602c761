/** The tables and columns of a collection: the stable contract that SQL over the file relies on. */

import { getPrimaryFieldOfPrimaryKey, getSchemaByObjectPath } from 'rxdb';
import type { RxDocumentData, RxJsonSchema } from 'rxdb';
import { quoteName } from './schema-names.ts';

export type ColumnType = 'TEXT' | 'REAL' | 'INTEGER';

export type SqliteColumn = {
  /** Path in the document, with dots. */
  readonly path: string;
  /** Quoted name, ready for SQL. */
  readonly quotedName: string;
  readonly type: ColumnType;
  /** `typeof` of a value that the column can hold. */
  readonly valueType: 'string' | 'number' | 'boolean';
};

export type SqliteTable = {
  readonly collectionName: string;
  readonly schemaVersion: number;
  readonly name: string;
  /** Quoted name, ready for SQL. */
  readonly quotedName: string;
  /** Columns of indexed paths, besides `sequence`, `id`, `deleted`, `lwt` and `document`. */
  readonly columns: readonly SqliteColumn[];
  /** Quoted column of a document's path, the primary key, `_deleted` and `_meta.lwt` included; else undefined. */
  columnOf(path: string): string | undefined;
};

/** A table with what the storage itself has to know about it. */
export type TableLayout = SqliteTable & {
  readonly primaryPath: string;
  readonly columnsByPath: ReadonlyMap<string, SqliteColumn>;
  /** CREATE statements. */
  readonly createSql: readonly string[];
};

const FIXED_NAMES = ['sequence', 'id', 'deleted', 'lwt', 'document'];

export function tableLayout<RxDocType>(
  collectionName: string,
  schema: Readonly<RxJsonSchema<RxDocumentData<RxDocType>>>,
): TableLayout {
  const primaryPath: string = getPrimaryFieldOfPrimaryKey(schema.primaryKey);
  const indexes = (schema.indexes ?? []).map((index) => (typeof index === 'string' ? [index] : index.map(String)));
  const columnsByPath = new Map<string, SqliteColumn>([
    [primaryPath, { path: primaryPath, quotedName: 'id', type: 'TEXT', valueType: 'string' }],
    ['_deleted', { path: '_deleted', quotedName: 'deleted', type: 'INTEGER', valueType: 'boolean' }],
    ['_meta.lwt', { path: '_meta.lwt', quotedName: 'lwt', type: 'REAL', valueType: 'number' }],
  ]);
  const columns: SqliteColumn[] = [];
  const takenNames = new Set(FIXED_NAMES);
  for (const path of indexes.flat()) {
    const kind = columnKind(getSchemaByObjectPath(schema, path)?.type);
    if (columnsByPath.has(path) || kind === undefined) {
      continue;
    }
    const column = { path, quotedName: quoteName(freeName(path, takenNames)), ...kind };
    columnsByPath.set(path, column);
    columns.push(column);
  }
  const name = `${collectionName}_v${schema.version}`;
  return {
    collectionName,
    schemaVersion: schema.version,
    name,
    quotedName: quoteName(name),
    columns,
    columnOf: (path) => columnsByPath.get(path)?.quotedName,
    primaryPath,
    columnsByPath,
    createSql: createSql(name, columns, indexes, columnsByPath, primaryPath),
  };
}

/** SQLite does not tell the case of names apart: a name that is taken gets `_` appended until it is free. */
function freeName(name: string, takenNames: Set<string>): string {
  let free = name;
  while (takenNames.has(free.toLowerCase())) {
    free += '_';
  }
  takenNames.add(free.toLowerCase());
  return free;
}

function columnKind(type: unknown): Pick<SqliteColumn, 'type' | 'valueType'> | undefined {
  switch (type) {
    case 'string':
      return { type: 'TEXT', valueType: 'string' };
    case 'number':
      return { type: 'REAL', valueType: 'number' };
    case 'integer':
      return { type: 'INTEGER', valueType: 'number' };
    case 'boolean':
      return { type: 'INTEGER', valueType: 'boolean' };
    default:
      return undefined;
  }
}

function createSql(
  name: string,
  columns: readonly SqliteColumn[],
  indexes: readonly (readonly string[])[],
  columnsByPath: ReadonlyMap<string, SqliteColumn>,
  primaryPath: string,
): readonly string[] {
  const table = quoteName(name);
  const indexed = columns.map((column) => `${column.quotedName} ${column.type} NOT NULL, `).join('');
  const statements = [
    `CREATE TABLE ${table} (sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, deleted INTEGER NOT NULL, ` +
      `lwt REAL NOT NULL, ${indexed}document TEXT NOT NULL)`,
    // Few documents are tombstones, so that an insert does not pay for this one.
    `CREATE INDEX ${quoteName(`rxstorage_${name}_tombstones`)} ON ${table} (lwt) WHERE deleted=1`,
  ];
  const seen = new Set<string>();
  const takenNames = new Set<string>();
  for (const index of indexes) {
    const paths = leanIndex(index, primaryPath);
    const names = paths.map((path) => columnsByPath.get(path)?.quotedName);
    const key = names.join(', ');
    // A path without a column (a schema type that cannot be compared in SQL) leaves the index to the matcher.
    if (names.length > 0 && !names.includes(undefined) && !seen.has(key)) {
      seen.add(key);
      const indexName = freeName(`rxstorage_${name}_by_${paths.join(',')}`, takenNames);
      statements.push(`CREATE INDEX ${quoteName(indexName)} ON ${table} (${key}) WHERE deleted=0`);
    }
  }
  return statements;
}

/**
 * RxDB puts `_deleted` before and the primary key after every index. The partial index stands for the first; the last
 * orders only within equal values, which SQLite does as it reads. Both left out, an index takes half the space.
 */
function leanIndex(index: readonly string[], primaryPath: string): readonly string[] {
  const start = index[0] === '_deleted' ? 1 : 0;
  const end = index.at(-1) === primaryPath ? index.length - 1 : index.length;
  const paths = index.slice(start, end);
  // RxDB indexes the time of the last write for replication, which goes by `sequence` here.
  return paths.length === 1 && paths[0] === '_meta.lwt' ? [] : paths;
}
