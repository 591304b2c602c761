// One PostgreSQL for all files of this suite, with a migrated database to copy from.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedCluster } from '../../server/database/embedded-cluster.ts';
import { migrate, shippedMigrations } from '../../server/database/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the database that others are copied from. */
    readonly clusterOwnerUrl: string;
    readonly clusterServerUrl: string;
  }
}

/** Starts it before the first test and stops it after the last one. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'fuelgauge-cluster-'));
  // What these tests write is thrown away: they need no disk. Durability has tests with clusters of their own.
  const cluster = await startEmbeddedCluster({ folder, durable: false, connectionsMax: 200 });
  if (!cluster.ok) throw new Error(cluster.error.message);
  const { ownerUrl, serverUrl, stop } = cluster.value;
  const migrated = await migrate({
    ownerUrl,
    serverLogin: new URL(serverUrl).username,
    migrations: shippedMigrations(),
  });
  if (!migrated.ok) throw new Error(migrated.error.message);
  project.provide('clusterOwnerUrl', ownerUrl);
  project.provide('clusterServerUrl', serverUrl);
  return async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
