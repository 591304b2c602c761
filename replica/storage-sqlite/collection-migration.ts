/** One collection of a file on its way to a later schema version, inside the transaction of a migration. */

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { createRxSchema, defaultHashSha256, objectPathMonad } from 'rxdb';
import type { RxJsonSchema } from 'rxdb';
import { toColumnText } from './column-text.ts';
import { missingValue, toColumnValue } from './column-value.ts';
import { isPlainObject } from './plain-object.ts';
import { hasTable, quoteName } from './schema-names.ts';
import { tableLayout } from './table.ts';
import type { SqliteColumn, TableLayout } from './table.ts';

/** A document without RxDB's meta fields, as it was under one schema version, made into what the next one wants. */
export type MigrationStep = (document: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

/** Made by `migratedCollection`. */
export type MigratedCollection = {
  readonly name: string;
  /** Of its schema. */
  readonly version: number;
  readonly requiredFields: readonly string[];
  readonly layout: () => TableLayout;
  /** What RxDB notes of it in the file. */
  readonly notes: () => Promise<CollectionNotes>;
  /** `steps[n]` makes version n of a document from version n - 1; there is one for each version from 1 on. */
  readonly steps: Readonly<Record<number, MigrationStep>>;
};

type CollectionNotes = { readonly schemaHash: string; readonly schema: object; readonly version: number };

/** A collection as RxDB will open it, with the steps that lead to its version. */
export function migratedCollection<RxDocType>(
  name: string,
  schema: RxJsonSchema<RxDocType>,
  steps: MigratedCollection['steps'],
): MigratedCollection {
  const { version } = schema;
  const rxSchema = () => createRxSchema(schema, defaultHashSha256);
  return {
    name,
    version,
    requiredFields: (schema.required ?? []).map(String),
    layout: () => tableLayout(name, rxSchema().jsonSchema),
    notes: async () => ({ schemaHash: await rxSchema().hash, schema: rxSchema().jsonSchema, version }),
    steps,
  };
}

/** Documents that could not be migrated, as they were. */
export const SET_ASIDE = 'rxstorage_set_aside';
const INTERNAL_TABLE = '_rxdb_internal_v0';

/** A stored row of whatever version. */
type Row = Readonly<Record<string, SQLInputValue>>;

/** Moves the documents of one collection. Everything it does is part of the open transaction. */
export class CollectionMigration {
  readonly #database: DatabaseSync;
  readonly #collection: MigratedCollection;
  readonly #notes: CollectionNotes;
  readonly #layout: TableLayout;
  /** Highest first: of two documents with one id the later version counts. */
  readonly #versions: readonly number[];
  readonly #looseColumns = new Set<string>();
  readonly #readId: (document: object) => unknown;
  readonly #readers: readonly { readonly column: SqliteColumn; readonly read: (document: object) => unknown }[];
  #insertRow: StatementSync | undefined;

  constructor(database: DatabaseSync, collection: MigratedCollection, notes: CollectionNotes) {
    const { name, version: target, steps } = collection;
    this.#database = database;
    this.#collection = collection;
    this.#notes = notes;
    this.#layout = collection.layout();
    this.#versions = storedVersions(database, name).filter((version) => version < target);
    this.#readId = objectPathMonad(this.#layout.primaryPath);
    this.#readers = this.#layout.columns.map((column) => ({ column, read: objectPathMonad(column.path) }));
    for (let version = 1; version <= target; version += 1) {
      if (steps[version] === undefined) {
        throw new Error(`There is no step to version ${version} of “${name}”`);
      }
    }
    database.exec(
      `CREATE TABLE IF NOT EXISTS ${SET_ASIDE} (collection TEXT NOT NULL, schema_version INTEGER NOT NULL, ` +
        'id TEXT NOT NULL, sequence INTEGER NOT NULL, deleted INTEGER NOT NULL, lwt REAL NOT NULL, ' +
        'document TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (collection, id, schema_version))',
    );
  }

  count(): number {
    const counts = this.#versions.map((version) => countOf(this.#database, this.#tableOf(version)));
    const again = this.#database
      .prepare(`SELECT count(*) AS n FROM ${SET_ASIDE} WHERE collection=?`)
      .get(this.#collection.name);
    return counts.reduce((sum, count) => sum + count, Number(again?.['n']));
  }

  /** Moves all documents; yields for each whether it could be migrated. */
  *run(): Generator<boolean> {
    const { name } = this.#collection;
    const [createTable = '', ...createIndexes] = this.#layout.createSql;
    const known = hasTable(this.#database, this.#layout.name);
    if (!known) {
      this.#database.exec(createTable);
    }
    for (const version of this.#versions) {
      const table = this.#tableOf(version);
      // What the old indexes take is free for the new table then, and the new indexes are made at once at the end.
      dropIndexes(this.#database, table);
      const rows = this.#database
        .prepare(`SELECT sequence, id, deleted, lwt, document FROM ${quoteName(table)} ORDER BY sequence`)
        .iterate();
      for (const row of rows) {
        yield this.#migrate(row, version);
      }
      this.#database.exec(`DROP TABLE ${quoteName(table)}`);
      this.#database.prepare('DELETE FROM rxstorage_tables WHERE name=?').run(table);
      this.#noteVersion(version);
    }
    yield* this.#tryAgain();
    if (!known) {
      for (const sql of createIndexes) {
        this.#database.exec(sql);
      }
      this.#database
        .prepare('INSERT INTO rxstorage_tables (name, collection, definition, loose) VALUES (?, ?, ?, ?)')
        .run(this.#layout.name, name, JSON.stringify(this.#layout.createSql), '[]');
    }
    this.#keepLooseColumns();
  }

  /** What an earlier migration set aside may fit now. */
  *#tryAgain(): Generator<boolean> {
    const { name, version } = this.#collection;
    const rows = this.#database
      .prepare(`SELECT * FROM ${SET_ASIDE} WHERE collection=? AND schema_version<? ORDER BY sequence`)
      .all(name, this.#versions.at(-1) ?? version);
    for (const row of rows) {
      this.#database
        .prepare(`DELETE FROM ${SET_ASIDE} WHERE collection=? AND id=? AND schema_version=?`)
        .run(name, row['id'] ?? '', row['schema_version'] ?? 0);
      yield this.#migrate(row, Number(row['schema_version']));
    }
  }

  #migrate(row: Row, version: number): boolean {
    const outcome = this.#stepUp(row, version);
    const reason = 'reason' in outcome ? outcome.reason : this.#insert(row, outcome.document);
    if (reason !== undefined) {
      this.#database
        .prepare(
          `INSERT OR REPLACE INTO ${SET_ASIDE} (collection, schema_version, id, sequence, deleted, lwt, document, reason) ` +
            'VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        )
        .run(
          this.#collection.name,
          version,
          ...['id', 'sequence', 'deleted', 'lwt', 'document'].map((column) => row[column] ?? null),
          reason,
        );
    }
    return reason === undefined;
  }

  #stepUp(row: Row, from: number): { readonly document: Record<string, unknown> } | { readonly reason: string } {
    const { version: target, requiredFields, steps } = this.#collection;
    try {
      const text = row['document'];
      const stored: unknown = typeof text === 'string' ? JSON.parse(text) : text;
      if (!isPlainObject(stored)) {
        return { reason: 'It is no document.' };
      }
      const { _deleted, _meta, _rev, _attachments, ...own } = stored;
      const document = steppedUp(own, steps, { from, to: target });
      const lost = requiredFields.find((field) => document[field] === undefined);
      if (lost !== undefined) {
        return { reason: `${lost}: is missing` };
      }
      return { document: { ...document, _deleted, _meta, _rev, _attachments } };
    } catch (cause) {
      return { reason: cause instanceof SyntaxError ? 'It is no JSON.' : `It cannot be migrated: ${String(cause)}` };
    }
  }

  /** Returns why it was not written. */
  #insert(row: Row, document: Record<string, unknown>): string | undefined {
    const id = this.#readId(document);
    if (typeof id !== 'string' || toColumnText(id) !== row['id']) {
      return 'id: is not the one that it was stored under';
    }
    const values = this.#readers.map(({ column, read }) => {
      const value = toColumnValue(column, read(document));
      if (value === undefined) {
        this.#looseColumns.add(column.path);
      }
      return value ?? missingValue(column);
    });
    this.#insertRow ??= this.#database.prepare(insertSql(this.#layout));
    const { sequence = null, deleted = null, lwt = null } = row;
    const { changes } = this.#insertRow.run(sequence, row['id'], deleted, lwt, ...values, JSON.stringify(document));
    return Number(changes) === 1 ? undefined : 'A later version of it is there already.';
  }

  #keepLooseColumns(): void {
    const table = this.#layout.name;
    const row = this.#database.prepare('SELECT loose FROM rxstorage_tables WHERE name=?').get(table);
    const before: readonly string[] = JSON.parse(String(row?.['loose'] ?? '[]'));
    const loose = JSON.stringify([...new Set([...before, ...this.#looseColumns])]);
    this.#database.prepare('UPDATE rxstorage_tables SET loose=? WHERE name=?').run(loose, table);
  }

  /** RxDB notes each version of a collection that it has opened; this one is noted in place of an earlier one. */
  #noteVersion(earlier: number): void {
    if (!hasTable(this.#database, INTERNAL_TABLE)) {
      return;
    }
    const { name, version } = this.#collection;
    this.#database
      .prepare(
        `UPDATE OR IGNORE ${INTERNAL_TABLE} SET id=?, document=json_set(document, '$.id', ?, '$.key', ?, ` +
          "'$.data.schemaHash', ?, '$.data.version', ?, '$.data.schema', json(?)) WHERE id=?",
      )
      .run(
        idOfNotes(name, version),
        `collection|${name}-${version}`,
        `${name}-${version}`,
        this.#notes.schemaHash,
        version,
        JSON.stringify(this.#notes.schema),
        idOfNotes(name, earlier),
      );
    this.#database.prepare(`DELETE FROM ${INTERNAL_TABLE} WHERE id=?`).run(idOfNotes(name, earlier));
  }

  #tableOf(version: number): string {
    return `${this.#collection.name}_v${version}`;
  }
}

function idOfNotes(collection: string, version: number): string {
  return toColumnText(`collection|${collection}-${version}`);
}

function insertSql({ quotedName, columns }: TableLayout): string {
  const names = ['sequence', 'id', 'deleted', 'lwt', ...columns.map((column) => column.quotedName), 'document'];
  return (
    `INSERT INTO ${quotedName} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')}) ` +
    'ON CONFLICT (id) DO NOTHING'
  );
}

/** A document without RxDB's meta fields, brought from one schema version to a later one. Throws what a step throws. */
export function steppedUp(
  document: Readonly<Record<string, unknown>>,
  steps: MigratedCollection['steps'],
  { from, to }: { readonly from: number; readonly to: number },
): Readonly<Record<string, unknown>> {
  let brought = document;
  for (let version = from + 1; version <= to; version += 1) {
    brought = steps[version]?.(brought) ?? brought;
  }
  return brought;
}

/** Schema versions of a collection in the file, highest first. */
export function storedVersions(database: DatabaseSync, collection: string): readonly number[] {
  return database
    .prepare('SELECT name FROM rxstorage_tables WHERE collection=?')
    .all(collection)
    .map((row) => Number(/_v(\d+)$/.exec(String(row['name']))?.[1]))
    .filter((version) => !Number.isNaN(version))
    .sort((left, right) => right - left);
}

function dropIndexes(database: DatabaseSync, table: string): void {
  // What SQLite made itself for a UNIQUE column has no text, and stays.
  const indexes = database
    .prepare("SELECT name FROM sqlite_schema WHERE type='index' AND tbl_name=? AND sql IS NOT NULL")
    .all(table);
  for (const { name } of indexes) {
    database.exec(`DROP INDEX ${quoteName(String(name))}`);
  }
}

function countOf(database: DatabaseSync, table: string): number {
  return Number(database.prepare(`SELECT count(*) AS n FROM ${quoteName(table)}`).get()?.['n']);
}
