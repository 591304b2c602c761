// Finds the database of the configuration, for the server and for its commands.
import { mkdirSync } from 'node:fs';
import { lockDataDirectory } from '../replica/database/lock.ts';
import { err, ok, type Result } from '../shared/kernel/result.ts';
import type { Config } from './config.ts';
import { openDatabase, type Database } from './database/database.ts';
import { runningClusterUrls, startEmbeddedCluster } from './database/embedded-cluster.ts';
import { migrate, shippedMigrations } from './database/migrate.ts';

/** For the person who starts the server: what happened, what was kept, what to do. */
export interface StartProblem {
  readonly message: string;
}

export interface OpenDatabase {
  readonly database: Database;
  /** Settles when the database that comes with the server has ended by itself; never for any other. */
  readonly lost: Promise<void>;
  readonly close: () => Promise<void>;
}

export interface OpenOptions {
  /** Also a database that a running server has started: for commands that run beside it. */
  readonly shared: boolean;
  readonly onLost: (error: Error) => void;
}

/** Opens the database, and brings it to the present schema first. */
export async function openServerDatabase(
  config: Config,
  options: OpenOptions,
): Promise<Result<OpenDatabase, StartProblem>> {
  const found = await findDatabase(config, options);
  if (!found.ok) return found;
  const { ownerUrl, serverUrl, lost, close } = found.value;
  try {
    const serverLogin = decodeURIComponent(new URL(serverUrl).username);
    const migrated = await migrate({ ownerUrl, serverLogin, migrations: shippedMigrations() });
    if (!migrated.ok) {
      await close();
      return migrated;
    }
  } catch (error) {
    await close();
    const why = error instanceof Error ? error.message : String(error);
    return err({ message: `The database could not be opened: ${why}. Nothing was changed.` });
  }
  const { connectionsMax, listenDatabaseUrl } = config;
  const database = openDatabase({
    url: serverUrl,
    listenUrl: listenDatabaseUrl ?? serverUrl,
    connectionsMax,
    statementMsMax: 30_000,
    onLost: options.onLost,
  });
  return ok({
    database,
    lost,
    close: async () => {
      await database.close();
      await close();
    },
  });
}

interface FoundDatabase {
  readonly ownerUrl: string;
  readonly serverUrl: string;
  readonly lost: Promise<void>;
  readonly close: () => Promise<void>;
}

const never = new Promise<void>(() => undefined);

async function findDatabase(config: Config, { shared }: OpenOptions): Promise<Result<FoundDatabase, StartProblem>> {
  const { databaseUrl, migrationDatabaseUrl, dataFolder } = config;
  const elsewhere = { lost: never, close: async () => undefined };
  if (databaseUrl !== null) {
    return ok({ ownerUrl: migrationDatabaseUrl ?? databaseUrl, serverUrl: databaseUrl, ...elsewhere });
  }
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const lock = lockDataDirectory(dataFolder);
  if (!lock.ok) {
    const urls = shared && lock.error.kind === 'locked' ? runningClusterUrls(dataFolder) : null;
    return urls ? ok({ ...urls, ...elsewhere }) : lock;
  }
  // One more to listen, some for commands beside it and for whoever looks into it.
  const cluster = await startEmbeddedCluster({ folder: dataFolder, connectionsMax: config.connectionsMax + 20 });
  if (!cluster.ok) {
    lock.value.release();
    return cluster;
  }
  const { ownerUrl, serverUrl, ended, stop } = cluster.value;
  return ok({
    ownerUrl,
    serverUrl,
    lost: ended,
    close: async () => {
      await stop();
      lock.value.release();
    },
  });
}
