// The composition root: the database, the schema, the services and the application, started in this order and stopped
// in the other one.
import { mkdirSync } from 'node:fs';
import { err, ok, type Result } from '../shared/kernel/result.ts';
import { lockDataDirectory } from '../replica/database/lock.ts';
import type { Config } from './config.ts';
import { openDatabase, type Database } from './database/database.ts';
import { startEmbeddedCluster } from './database/embedded-cluster.ts';
import { migrate, shippedMigrations } from './database/migrate.ts';
import { allRoutes } from './http/all-routes.ts';
import { buildApp } from './http/app.ts';

export interface RunningServer {
  /** `http://127.0.0.1:8585` */
  readonly address: string;
  readonly database: Database;
  /** Answers what has arrived, ends the streams, then the database. A second call waits for the first. */
  readonly stop: () => Promise<void>;
}

/** For the person who starts the server: what happened, what was kept, what to do. */
export interface StartProblem {
  readonly message: string;
}

export async function startServer(config: Config): Promise<Result<RunningServer, StartProblem>> {
  const stops: (() => Promise<void> | void)[] = [];
  const stop = once(async () => {
    for (const each of stops.toReversed()) await each();
  });
  const fail = async (problem: StartProblem) => {
    await stop();
    return err({ message: problem.message });
  };
  const urls = await databaseUrls(config, stops);
  if (!urls.ok) return fail(urls.error);
  const { ownerUrl, serverUrl } = urls.value;
  const migrated = await migrate({
    ownerUrl,
    serverLogin: decodeURIComponent(new URL(serverUrl).username),
    migrations: shippedMigrations(),
  });
  if (!migrated.ok) return fail(migrated.error);
  const database = openDatabase({
    url: serverUrl,
    connectionsMax: config.connectionsMax,
    statementMsMax: 30_000,
    onLost: () => undefined,
  });
  stops.push(database.close);
  const app = buildApp({
    routes: allRoutes({ database }),
    authenticate: async () => err('unauthenticated'),
    hasWorkspace: async () => false,
    logLevel: config.logLevel,
  });
  stops.push(() => app.close());
  const address = await app.listen({ host: config.host, port: config.port });
  return ok({ address, database, stop });
}

/** The database of the environment, or the one that comes with the server, started in the data folder. */
async function databaseUrls(
  config: Config,
  stops: (() => Promise<void> | void)[],
): Promise<Result<{ readonly ownerUrl: string; readonly serverUrl: string }, StartProblem>> {
  const { databaseUrl, migrationDatabaseUrl, dataFolder } = config;
  if (databaseUrl !== null) return ok({ ownerUrl: migrationDatabaseUrl ?? databaseUrl, serverUrl: databaseUrl });
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const lock = lockDataDirectory(dataFolder);
  if (!lock.ok) return lock;
  stops.push(lock.value.release);
  const cluster = await startEmbeddedCluster({ folder: dataFolder });
  if (!cluster.ok) return cluster;
  stops.push(cluster.value.stop);
  return ok(cluster.value);
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}
