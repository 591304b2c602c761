// Brings a database to the present schema: forward only, one step a file, each wholly or not at all.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { databaseRoles } from './database.ts';

export interface Migration {
  /** From 1 without gaps: `0001-identity.sql` is 1. */
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** Why a database was left as it is. */
export type MigrationProblem =
  /** The database was made by a later server. */
  | { readonly kind: 'newer-database'; readonly message: string }
  /** A step that ran already has another text now. */
  | { readonly kind: 'changed-step'; readonly message: string };

export interface MigrateOptions {
  /** Of the owner, straight to PostgreSQL: a pooler would lose the lock between two statements. */
  readonly ownerUrl: string;
  /** The login that the server uses, which is made a member of the roles. */
  readonly serverLogin: string;
  readonly migrations: readonly Migration[];
}

/** Any number that nothing else takes: all servers on one database wait for each other here. */
const lockKey = 4_605_123_877;

/** Runs the steps that are missing; answers how many they were. A second server waits and then finds nothing to do. */
export async function migrate(options: MigrateOptions): Promise<Result<number, MigrationProblem>> {
  const client = new pg.Client({ connectionString: options.ownerUrl, application_name: 'fuelgauge-migrate' });
  // An error of the connection also fails the statement that runs; unheard, it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockKey]);
    await client.query(
      'CREATE TABLE IF NOT EXISTS schema_migration (number int PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,' +
        ' ran_at timestamptz NOT NULL DEFAULT now())',
    );
    const { rows: ran } = await client.query<Ran>(
      'SELECT number, name, checksum FROM schema_migration ORDER BY number',
    );
    const problem = problemWith(ran, options.migrations);
    if (problem) return err(problem);
    const missing = options.migrations.slice(ran.length);
    for (const migration of missing) await runStep(client, migration);
    await joinRoles(client, options.serverLogin);
    return ok(missing.length);
  } finally {
    // The lock goes with the connection.
    await client.end();
  }
}

/** The steps of this server, in their order. */
export function shippedMigrations(): readonly Migration[] {
  const folder = fileURLToPath(new URL('migrations', import.meta.url));
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({ number: Number(name.slice(0, 4)), name, sql: readFileSync(join(folder, name), 'utf8') }));
}

interface Ran {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

function problemWith(ran: readonly Ran[], migrations: readonly Migration[]): MigrationProblem | null {
  if (ran.length > migrations.length) {
    const message =
      `The database has ${ran.length} schema steps and this server knows ${migrations.length}: a later version made ` +
      'it. Nothing was changed. Start that version or a later one.';
    return { kind: 'newer-database', message };
  }
  const changed = ran.find(({ checksum }, index) => {
    const migration = migrations[index];
    return migration === undefined || checksumOf(migration) !== checksum;
  });
  if (!changed) return null;
  const message =
    `Schema step ${changed.name} ran on this database with another text than it has in this server. Nothing was ` +
    'changed. Start the version that made the database, or restore its files.';
  return { kind: 'changed-step', message };
}

async function runStep(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(migration.sql);
    await client.query('INSERT INTO schema_migration (number, name, checksum) VALUES ($1, $2, $3)', [
      migration.number,
      migration.name,
      checksumOf(migration),
    ]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** The roles belong to the whole cluster, so the login may be a member already by another database. */
async function joinRoles(client: pg.Client, login: string): Promise<void> {
  for (const role of Object.values(databaseRoles)) {
    const { rows } = await client.query<{ readonly member: boolean }>("SELECT pg_has_role($1, $2, 'SET') AS member", [
      login,
      role,
    ]);
    if (rows[0]?.member !== true) {
      await client.query(`GRANT ${role} TO ${pg.escapeIdentifier(login)} WITH INHERIT FALSE, SET TRUE`);
    }
  }
}

function checksumOf({ sql }: Migration): string {
  return createHash('sha256').update(sql).digest('hex');
}
