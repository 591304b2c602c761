/**
 * Brings a file whose collections are of earlier schema versions to later ones, before RxDB opens it: all of it in one
 * transaction, so that the file is wholly old or wholly new, whatever happens on the way.
 */

import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { CollectionMigration, SET_ASIDE, storedVersions } from './collection-migration.ts';
import type { MigratedCollection } from './collection-migration.ts';
import { fromColumnText } from './column-text.ts';
import { APPLICATION_ID, FORMAT_VERSION } from './connection.ts';
import type { SqliteConnection } from './connection.ts';
import { openForReading } from './open-for-reading.ts';
import { hasTable, quoteName } from './schema-names.ts';
import { SqliteStorageError, toStorageError } from './storage-error.ts';

/** A collection whose documents are of an earlier version in the file. */
export type PendingMigration = {
  readonly collection: string;
  /** The earliest version that the file holds. */
  readonly from: number;
  readonly to: number;
};

export type MigrationProgress = {
  /** Documents that were looked at, of all collections. */
  readonly done: number;
  readonly total: number;
};

export type MigrationOutcome = {
  readonly migrated: number;
  /** Documents that could not be migrated; they stay in the file as they were. */
  readonly setAside: number;
};

/** A document that a migration could not bring to the next version. */
export type SetAsideDocument = {
  readonly collection: string;
  readonly id: string;
  /** The version that it is of. */
  readonly schemaVersion: number;
  readonly reason: string;
};

const DOCUMENTS_PER_TURN = 2_000;
const LOCK_WAIT_MS = 2_000;

/**
 * What would have to be migrated in `file`; nothing in one that is not there, that is empty or of another program.
 * Nothing of it is touched.
 * @throws SqliteStorageError `newer-format` when a collection is of a later version than the one given.
 */
export function pendingMigrations(
  file: string,
  collections: readonly Pick<MigratedCollection, 'name' | 'version'>[],
): readonly PendingMigration[] {
  if (!existsSync(file)) {
    return [];
  }
  return withFile(file, (database) => {
    if (pragma(database, 'application_id') !== APPLICATION_ID || pragma(database, 'user_version') > FORMAT_VERSION) {
      return [];
    }
    return collections.flatMap(({ name, version: to }) => {
      const versions = storedVersions(database, name);
      const newer = versions.find((version) => version > to);
      if (newer !== undefined) {
        const cause = new Error(`“${name}” is of version ${newer}, known is ${to}`);
        throw new SqliteStorageError('newer-format', file, cause);
      }
      const from = versions.find((version) => version < to);
      return from === undefined ? [] : [{ collection: name, from, to }];
    });
  });
}

/**
 * Migrates every collection of `file` that is of an earlier version than its schema. Sequences, revisions and times of
 * writing stay, so that no checkpoint loses its meaning. A document that a step throws at, or that comes out without
 * its id or without a required field, is set aside with the reason and can be tried again by a later migration.
 *
 * Nobody else may have the file open. While it runs, the thread is given free every few thousand documents.
 * @throws SqliteStorageError when nothing was changed: the earlier program still opens the file.
 */
export async function migrateFile(options: {
  readonly file: string;
  readonly collections: readonly MigratedCollection[];
  readonly onProgress?: ((progress: MigrationProgress) => void) | undefined;
  /** Runs before COMMIT, for what else in the file depends on the documents. */
  readonly onMigrated?: ((database: DatabaseSync) => void) | undefined;
}): Promise<MigrationOutcome> {
  const { file, collections, onProgress } = options;
  const pending = pendingMigrations(file, collections);
  if (pending.length === 0) {
    return { migrated: 0, setAside: 0 };
  }
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: LOCK_WAIT_MS });
    database.exec('PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; BEGIN IMMEDIATE');
    keepSequence(database);
    const migrations: CollectionMigration[] = [];
    for (const collection of collections) {
      if (pending.some((known) => known.collection === collection.name)) {
        migrations.push(new CollectionMigration(database, collection, await collection.notes()));
      }
    }
    const total = migrations.reduce((sum, migration) => sum + migration.count(), 0);
    const outcome = { migrated: 0, setAside: 0 };
    for (const migration of migrations) {
      for (const written of migration.run()) {
        outcome[written ? 'migrated' : 'setAside'] += 1;
        const done = outcome.migrated + outcome.setAside;
        if (done % DOCUMENTS_PER_TURN === 0) {
          onProgress?.({ done, total });
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
    }
    options.onMigrated?.(database);
    database.exec('COMMIT');
    onProgress?.({ done: total, total });
    return outcome;
  } catch (cause) {
    // SQLite has already rolled back after some failures, such as a full disk.
    if (database?.isTransaction) {
      database.exec('ROLLBACK');
    }
    const { code } = toStorageError(cause, file);
    throw new SqliteStorageError(code, file, new Error(NOT_MIGRATED, { cause }));
  } finally {
    database?.close();
  }
}

const NOT_MIGRATED =
  'it could not be brought to the format of this version of the program; nothing in it was changed, and the version that wrote it still opens it';

/** Documents that earlier migrations had to leave behind. */
export function setAsideDocuments(connection: Pick<SqliteConnection, 'database'>): readonly SetAsideDocument[] {
  const { database } = connection;
  if (!hasTable(database, SET_ASIDE)) {
    return [];
  }
  return database
    .prepare(`SELECT collection, id, schema_version, reason FROM ${SET_ASIDE} ORDER BY collection, sequence`)
    .all()
    .map((row) => ({
      collection: String(row['collection']),
      id: fromColumnText(String(row['id'])),
      schemaVersion: Number(row['schema_version']),
      reason: String(row['reason']),
    }));
}

/** The highest sequence must stay known when the rows that carry it are set aside. */
function keepSequence(database: DatabaseSync): void {
  const tables = database.prepare('SELECT name FROM rxstorage_tables').all();
  const keep = database.prepare('UPDATE rxstorage_state SET sequence_floor = max(sequence_floor, ?)');
  for (const { name } of tables) {
    const row = database.prepare(`SELECT coalesce(max(sequence), 0) AS n FROM ${quoteName(String(name))}`).get();
    keep.run(Number(row?.['n']));
  }
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function withFile<Result>(file: string, work: (database: DatabaseSync) => Result): Result {
  try {
    const { database, dispose } = openForReading(file, LOCK_WAIT_MS);
    try {
      return work(database);
    } finally {
      database.close();
      dispose();
    }
  } catch (cause) {
    throw toStorageError(cause, file);
  }
}
