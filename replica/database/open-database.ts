import { createRxDatabase } from 'rxdb';
import { connectionOf, getRxStorageSqlite, type SqliteWrite } from '../storage-sqlite/storage-sqlite.ts';
import type { SqliteConnection } from '../storage-sqlite/connection.ts';
import { setAsideDocuments } from '../storage-sqlite/migrate-file.ts';
import {
  collectionCreators,
  type CollectionDefinitions,
  type ReplicaCollections,
  type ReplicaDatabase,
} from './collections.ts';
import { databaseFile } from './data-directory.ts';
import { DamagedRows } from './damaged-rows.ts';
import { bringUpToDate, broughtUpToDateElsewhere, type MigrationSurroundings } from './migrations.ts';

/** The open database of a data directory: RxDB's collections, and the same file for SQL. */
export interface OpenDatabase {
  readonly rx: ReplicaDatabase;
  readonly connection: SqliteConnection;
  /** Rows that reading has met and could not read. */
  readonly damaged: DamagedRows;
  /** Every write is refused, and what is computed besides is kept in memory. */
  readonly readOnly: boolean;
  readonly close: () => Promise<void>;
}

export const databaseName = 'fuelgauge';

/**
 * Opens `<folder>/fuelgauge.sqlite`, making it when it is not there and migrating it when it is of an earlier version
 * (a file that must not be touched is migrated in a copy). `onWrite` runs inside the transaction of every
 * write. Fails with a `SqliteStorageError` that says what happened, what was kept and what to do; the file is closed
 * then.
 */
export async function openDatabase(options: {
  readonly folder: string;
  readonly onWrite: (write: SqliteWrite) => void;
  /** Opens the file that is there and touches nothing of it. */
  readonly readOnly?: boolean;
  readonly migration: MigrationSurroundings;
  /** Those of the product, unless a test tries later ones. */
  readonly collections?: CollectionDefinitions | undefined;
}): Promise<OpenDatabase> {
  const { folder, onWrite, readOnly = false, migration, collections = collectionCreators } = options;
  const place = databaseFile(folder);
  const { file, dispose } = readOnly
    ? await broughtUpToDateElsewhere(place, collections, migration.onMigrated)
    : { file: place, dispose: () => undefined };
  if (!readOnly) await bringUpToDate(place, collections, migration);
  const storage = getRxStorageSqlite({ file, synchronous: 'FULL', onWrite, readOnly });
  try {
    const rx = await openCollections(storage, collections);
    const connection = connectionOf(storage, databaseName);
    const close = async (): Promise<void> => {
      await rx.close();
      dispose();
    };
    return { rx, connection, damaged: rowsSetAside(connection), readOnly, close };
  } catch (error) {
    dispose();
    throw error;
  }
}

async function openCollections(
  storage: ReturnType<typeof getRxStorageSqlite>,
  collections: CollectionDefinitions,
): Promise<ReplicaDatabase> {
  const rx = await createRxDatabase<ReplicaCollections>({
    name: databaseName,
    storage,
    multiInstance: false,
    eventReduce: false,
  });
  try {
    // The file is of these versions already, so that RxDB has nothing to migrate.
    const creators = Object.entries(collections).map(
      ([name, { schema }]) => [name, { schema, autoMigrate: false }] as const,
    );
    await rx.addCollections(Object.fromEntries(creators));
    return rx;
  } catch (error) {
    await rx.close();
    throw error;
  }
}

/** What migrations could not bring along is told with the rows that cannot be read. */
function rowsSetAside(connection: SqliteConnection): DamagedRows {
  const damaged = new DamagedRows();
  for (const { collection, id, reason } of setAsideDocuments(connection)) damaged.note(collection, id, reason);
  return damaged;
}
