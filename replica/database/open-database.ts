import { join } from 'node:path';
import { createRxDatabase } from 'rxdb';
import { connectionOf, getRxStorageSqlite, type SqliteWrite } from '../storage-sqlite/storage-sqlite.ts';
import type { SqliteConnection } from '../storage-sqlite/connection.ts';
import { collectionCreators, type ReplicaCollections, type ReplicaDatabase } from './collections.ts';
import { DamagedRows } from './damaged-rows.ts';

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

/** The file of the database in a data directory; its write-ahead log lies beside it while it is open. */
export function databaseFile(folder: string): string {
  return join(folder, `${databaseName}.sqlite`);
}

/**
 * Opens `<folder>/fuelgauge.sqlite`, making it when it is not there. `onWrite` runs inside the transaction of every
 * write. Fails with a `SqliteStorageError` that says what happened, what was kept and what to do; the file is closed
 * then.
 */
export async function openDatabase(options: {
  readonly folder: string;
  readonly onWrite: (write: SqliteWrite) => void;
  /** Opens the file that is there and touches nothing of it. */
  readonly readOnly?: boolean;
}): Promise<OpenDatabase> {
  const { folder, onWrite, readOnly = false } = options;
  const storage = getRxStorageSqlite({ folder, synchronous: 'FULL', onWrite, readOnly });
  const rx = await createRxDatabase<ReplicaCollections>({
    name: databaseName,
    storage,
    multiInstance: false,
    eventReduce: false,
  });
  try {
    await rx.addCollections(collectionCreators);
  } catch (error) {
    await rx.close();
    throw error;
  }
  return {
    rx,
    connection: connectionOf(storage, databaseName),
    damaged: new DamagedRows(),
    readOnly,
    close: async () => {
      await rx.close();
    },
  };
}
