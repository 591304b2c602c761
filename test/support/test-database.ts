// A database of one's own on the cluster that the suite shares.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';
import { openDatabase, type Database } from '../../server/database/database.ts';

export interface TestDatabase {
  readonly database: Database;
  readonly ownerUrl: string;
  readonly serverUrl: string;
}

/** A new database with the present schema and nothing in it, which goes when the running test ends. */
export async function testDatabase(given: { readonly connectionsMax?: number } = {}): Promise<TestDatabase> {
  const made = await makeTestDatabase(given);
  onTestFinished(made.drop);
  return made;
}

/** The same for a whole file: its last test ends with `drop`. */
export async function makeTestDatabase({ connectionsMax = 10 }: { readonly connectionsMax?: number } = {}): Promise<
  TestDatabase & { readonly drop: () => Promise<void> }
> {
  const template = inject('clusterOwnerUrl');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asOwner(template, `CREATE DATABASE ${name} TEMPLATE ${new URL(template).pathname.slice(1)}`);
  const [ownerUrl, serverUrl] = [template, inject('clusterServerUrl')].map((url) =>
    Object.assign(new URL(url), { pathname: `/${name}` }).toString(),
  );
  const database = openDatabase({
    url: serverUrl!,
    connectionsMax,
    statementMsMax: 60_000,
    onLost: (error) => console.error(error.message),
  });
  return {
    database,
    ownerUrl: ownerUrl!,
    serverUrl: serverUrl!,
    drop: async () => {
      await database.close();
      await asOwner(template, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** Runs one statement from a database that nobody copies from. */
async function asOwner(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: Object.assign(new URL(url), { pathname: '/postgres' }).toString() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
