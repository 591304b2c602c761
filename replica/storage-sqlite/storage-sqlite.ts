/** RxDB on `node:sqlite`: the storage to hand to `createRxDatabase`, and the way to its open file. See README.md. */

import { join, resolve } from 'node:path';
import {
  ensureRxStorageInstanceParamsAreCorrect,
  getPrimaryFieldOfPrimaryKey,
  getSchemaByObjectPath,
  RXDB_VERSION,
} from 'rxdb';
import type { RxStorage, RxStorageInstanceCreationParams } from 'rxdb';
import { Subject } from 'rxjs';
import { StorageFile } from './connection.ts';
import type { OpenTable, SqliteConnection, Synchronous } from './connection.ts';
import { SqliteStorageError, toStorageError } from './storage-error.ts';
import { SqliteStorageInstance } from './storage-instance.ts';
import type { SqliteEventBulk, SqliteInstanceOptions, SqliteInternals } from './storage-instance.ts';
import { tableLayout } from './table.ts';
import type { SqliteTable } from './table.ts';

/** A document as RxDB hands it to a storage, meta fields included. */
export type StoredDocument = Readonly<Record<string, unknown>>;

/** What a bulk really wrote, while its transaction is still open. */
export type SqliteWrite = {
  readonly connection: SqliteConnection;
  readonly table: SqliteTable;
  /** In rising sequence, without the documents that were in conflict. */
  readonly changes: readonly {
    readonly document: StoredDocument;
    /** The state that it replaced; undefined for a new document. */
    readonly previous: StoredDocument | undefined;
    readonly sequence: number;
  }[];
  /** Sequence of the last change. */
  readonly sequence: number;
  /** RxDB's name for the origin of the write. */
  readonly context: string;
};

export type SqliteStorageOptions = {
  /** FULL (default): an answered write survives a power cut. NORMAL: it survives a crash of the process. */
  readonly synchronous?: Synchronous;
  /** Open an existing file for reading only. */
  readonly readOnly?: boolean;
  /** Runs before COMMIT of every bulk; when it throws, the bulk is rolled back and rejected. */
  readonly onWrite?: (write: SqliteWrite) => void;
} & (
  | {
      /** Existing folder; each RxDatabase is a file in it, `<name>.sqlite`. */
      readonly folder: string;
    }
  | {
      /** The file of the one RxDatabase. */
      readonly file: string;
    }
);

export type RxStorageSqlite = RxStorage<SqliteInternals, SqliteInstanceOptions> & {
  /** Absolute path of a database's file. */
  readonly fileOf: (databaseName: string) => string;
};

/** Open files of this process by path, so that all instances of a database share one connection. */
const openFiles = new Map<string, StorageFile>();
/** One change stream per open table, of the table's type of documents. */
const changesByTable = new WeakMap<OpenTable, unknown>();

export function getRxStorageSqlite(options: SqliteStorageOptions): RxStorageSqlite {
  const fileOf = (databaseName: string): string =>
    'file' in options
      ? resolve(options.file)
      : join(resolve(options.folder), `${encodeURIComponent(databaseName)}.sqlite`);
  return {
    name: 'sqlite',
    rxdbVersion: RXDB_VERSION,
    fileOf,
    async createStorageInstance<RxDocType>(params: RxStorageInstanceCreationParams<RxDocType, SqliteInstanceOptions>) {
      ensureRxStorageInstanceParamsAreCorrect(params);
      return openInstance(params, fileOf(params.databaseName), options);
    },
  };
}

/**
 * The open connection of a database, for SQL beside the storage. Valid until the RxDatabase is closed.
 * @throws SqliteStorageError `closed`
 */
export function connectionOf(storage: RxStorageSqlite, databaseName: string): SqliteConnection {
  const path = storage.fileOf(databaseName);
  const file = openFiles.get(path);
  if (file === undefined || file.databaseName !== databaseName) {
    throw new SqliteStorageError('closed', path);
  }
  return file;
}

function openInstance<RxDocType>(
  params: RxStorageInstanceCreationParams<RxDocType, SqliteInstanceOptions>,
  path: string,
  options: SqliteStorageOptions,
): SqliteStorageInstance<RxDocType> {
  const primaryKey = getSchemaByObjectPath(params.schema, getPrimaryFieldOfPrimaryKey(params.schema.primaryKey));
  if (params.schema.attachments !== undefined || (primaryKey?.type ?? 'string') !== 'string') {
    throw new SqliteStorageError('not-supported', path);
  }
  const { databaseName } = params;
  const { synchronous = 'FULL', readOnly = false, onWrite } = options;
  const file = openFiles.get(path) ?? new StorageFile({ file: path, databaseName, synchronous, readOnly });
  openFiles.set(path, file);
  file.addInstance();
  const onClose = (): void => {
    if (file.removeInstance()) {
      openFiles.delete(path);
    }
  };
  try {
    if (file.databaseName !== databaseName) {
      throw new SqliteStorageError('other-database', path);
    }
    const table = file.openTable(tableLayout(params.collectionName, params.schema));
    const connection: SqliteConnection = file;
    return new SqliteStorageInstance(params, {
      file,
      table,
      changes: changesOf<RxDocType>(table),
      onWrite: onWrite === undefined ? undefined : (bulk) => onWrite({ connection, table: table.layout, ...bulk }),
      onClose,
    });
  } catch (cause) {
    onClose();
    throw toStorageError(cause, path);
  }
}

function changesOf<RxDocType>(table: OpenTable): Subject<SqliteEventBulk<RxDocType>> {
  const shared = changesByTable.get(table);
  if (shared instanceof Subject) {
    return shared;
  }
  const changes = new Subject<SqliteEventBulk<RxDocType>>();
  changesByTable.set(table, changes);
  return changes;
}
