import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { databaseRoles, openDatabase } from '../../server/database/database.ts';
import { startEmbeddedCluster } from '../../server/database/embedded-cluster.ts';
import { migrate, shippedMigrations } from '../../server/database/migrate.ts';
import { createOrganisation } from '../../server/identity/organisations.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testDatabase, type TestDatabase } from '../support/test-database.ts';

async function asLogin<Row extends pg.QueryResultRow>(url: string, text: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

const migrateAs = ({ ownerUrl, serverUrl }: TestDatabase, migrations = shippedMigrations()) =>
  migrate({ ownerUrl, serverLogin: new URL(serverUrl).username, migrations });

describe('migrations', () => {
  it('are numbered without gaps', () => {
    expect(shippedMigrations().map(({ number }) => number)).toEqual(shippedMigrations().map((_, index) => index + 1));
  });

  it('run once, also where several servers start at the same time', async () => {
    const database = await testDatabase();
    await asLogin(database.ownerUrl, 'CREATE TABLE fresh ()');
    const more = [
      ...shippedMigrations(),
      { number: shippedMigrations().length + 1, name: 'later.sql', sql: 'CREATE TABLE later (id int)' },
    ];
    const ran = await Promise.all(Array.from({ length: 5 }, () => migrateAs(database, more)));
    const steps = ran.map((each) => (each.ok ? each.value : each.error));
    expect(steps.filter((count) => count === 1)).toHaveLength(1);
    expect(steps.filter((count) => count === 0)).toHaveLength(4);
  });

  it('leave a database of a later server alone, and one whose steps were others', async () => {
    const database = await testDatabase();
    const before = await asLogin(database.ownerUrl, 'SELECT * FROM schema_migration');
    const [first, ...rest] = shippedMigrations();
    const older = await migrateAs(database, [first!]);
    const other = await migrateAs(database, [{ ...first!, sql: `${first!.sql} -- changed` }, ...rest]);
    expect([older, other].map((each) => (each.ok ? 'ran' : each.error.kind))).toEqual([
      'newer-database',
      'changed-step',
    ]);
    expect(await asLogin(database.ownerUrl, 'SELECT * FROM schema_migration')).toEqual(before);
  });

  it('keep nothing of a step that fails', async () => {
    const database = await testDatabase();
    const broken = {
      number: shippedMigrations().length + 1,
      name: 'broken.sql',
      sql: 'CREATE TABLE half (id int); SELECT 1 / 0',
    };
    await expect(migrateAs(database, [...shippedMigrations(), broken])).rejects.toThrow('division by zero');
    const half = await asLogin(database.ownerUrl, "SELECT FROM pg_class WHERE relname = 'half'");
    expect(half).toEqual([]);
    expect(await migrateAs(database)).toEqual({ ok: true, value: 0 });
  });
});

describe("a PostgreSQL of one's own", () => {
  it('is served with the logins that the manual names: an owner that migrates, and one that owns nothing', async () => {
    const folder = await temporaryFolder();
    chmodSync(folder, 0o755);
    const cluster = await startEmbeddedCluster({ folder: join(folder, 'cluster'), durable: false });
    if (!cluster.ok) throw new Error(cluster.error.message);
    onTestFinished(() => cluster.value.stop());
    const manual = readFileSync(new URL('../../docs/OPERATIONS.md', import.meta.url), 'utf8');
    const [, statements = ''] = /```sql\n(CREATE ROLE fuelgauge_owner.*?)```/s.exec(manual) ?? [];
    expect(statements).toContain('CREATE DATABASE fuelgauge OWNER fuelgauge_owner;');
    const urlOf = (user: string): string =>
      Object.assign(new URL(cluster.value.ownerUrl), {
        username: user,
        password: 'secret',
        pathname: '/own',
      }).toString();
    // The cluster of the test has an owner and a database of those names by itself.
    const own = statements
      .replaceAll(/fuelgauge(_\w+)?\b/g, (_, rest: string = '') => `own${rest}`)
      .replaceAll('…', 'secret');
    for (const statement of own.split(';').filter((text) => text.trim() !== '')) {
      await asLogin(cluster.value.ownerUrl, statement);
    }
    const migrated = await migrate({
      ownerUrl: urlOf('own_owner'),
      serverLogin: 'own_login',
      migrations: shippedMigrations(),
    });
    expect(migrated).toEqual({ ok: true, value: shippedMigrations().length });
    await expect(asLogin(urlOf('own_login'), 'SELECT * FROM person')).rejects.toThrow('permission denied');
    for (const login of ['own_login', 'own_owner']) {
      if (login === 'own_owner') {
        // One login for both: it serves through the same roles.
        await migrate({ ownerUrl: urlOf(login), serverLogin: login, migrations: shippedMigrations() });
      }
      const database = openDatabase({
        url: urlOf(login),
        connectionsMax: 2,
        statementMsMax: 10_000,
        onLost: () => undefined,
      });
      const made = await database.asServer((transaction) =>
        createOrganisation(transaction, { name: 'Studio', adminName: 'Ana' }),
      );
      const seen = await database.inOrganisation(made.organisationId, async ({ query }) =>
        query<{ readonly id: string }>('SELECT id FROM person'),
      );
      await database.close();
      expect(seen.rows, login).toEqual([{ id: made.adminId }]);
    }
  });
});

describe('the schema', () => {
  it('keeps organisations apart on every table that has one: forced, also for the owner', async () => {
    const { ownerUrl } = await testDatabase();
    const tables = await asLogin<{ name: string; enabled: boolean; forced: boolean; policies: number }>(
      ownerUrl,
      `SELECT c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
          (SELECT count(*)::int FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organisation_id'
        WHERE c.relkind IN ('r', 'p') ORDER BY 1`,
    );
    expect(tables.length).toBeGreaterThan(5);
    for (const { name, enabled, forced, policies } of tables) {
      expect([enabled, forced, policies > 0], name).toEqual([true, true, true]);
    }
  });

  it('has no table that an organisation may read and that names none, beside the organisations themselves', async () => {
    const { ownerUrl } = await testDatabase();
    const open = await asLogin<{ name: string }>(
      ownerUrl,
      `SELECT DISTINCT table_name::text AS name FROM information_schema.role_table_grants g
        WHERE grantee IN ('${databaseRoles.organisation}', 'PUBLIC') AND table_schema = 'public'
        AND NOT EXISTS (SELECT FROM information_schema.columns c
          WHERE c.table_name = g.table_name AND c.column_name = 'organisation_id') ORDER BY 1`,
    );
    expect(open).toEqual([{ name: 'organisation' }]);
  });

  it('gives the login of the server nothing by itself, and no table to any role that serves', async () => {
    const { ownerUrl, serverUrl } = await testDatabase();
    await expect(asLogin(serverUrl, 'SELECT * FROM person')).rejects.toThrow('permission denied');
    await expect(asLogin(serverUrl, 'ALTER TABLE person DISABLE ROW LEVEL SECURITY')).rejects.toThrow('must be owner');
    const owned = await asLogin(
      ownerUrl,
      `SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
        WHERE r.rolname IN ('${Object.values(databaseRoles).join("', '")}', '${new URL(serverUrl).username}')`,
    );
    expect(owned).toEqual([]);
    const powers = await asLogin(
      ownerUrl,
      `SELECT rolname FROM pg_roles WHERE (rolsuper OR rolbypassrls OR rolcreaterole)
        AND rolname IN ('${Object.values(databaseRoles).join("', '")}', '${new URL(serverUrl).username}')`,
    );
    expect(powers).toEqual([]);
  });

  it('shows keys that sign tokens to no organisation', async () => {
    const { database } = await testDatabase();
    const looking = database.inOrganisation('01a1f986-9477-7337-a7ef-d981f2b4c214', async ({ query }) =>
      query('SELECT * FROM signing_key'),
    );
    await expect(looking).rejects.toThrow('permission denied');
  });
});
