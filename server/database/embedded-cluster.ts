// A real PostgreSQL of the server's own: made in its data folder, started with it and stopped after it.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { platform } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { assert } from '../../shared/kernel/assert.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { clusterProgram, clusterUser, type ClusterProgram, type ProgramProblem } from './cluster-program.ts';

export interface EmbeddedCluster {
  /** Of the owner of the database, who migrates. */
  readonly ownerUrl: string;
  /** Of the login that serves, which owns nothing. */
  readonly serverUrl: string;
  readonly processId: number;
  /** Lets transactions end that run, closes the connections that are left, and writes everything down. */
  readonly stop: () => Promise<void>;
  /** Settles when PostgreSQL has ended, asked or not. */
  readonly ended: Promise<void>;
}

/** For the person who starts the server: what happened, what was kept, what to do. */
export type ClusterProblem =
  | ProgramProblem
  | { readonly kind: 'closed-folder' | 'did-not-start'; readonly message: string };

export interface ClusterOptions {
  /** Belongs to this process alone: whoever starts a cluster has locked it. */
  readonly folder: string;
  /** Off for tests that throw their data away: then a crash of the machine may lose what was confirmed. */
  readonly durable?: boolean;
  readonly connectionsMax?: number;
  readonly memoryMb?: number;
}

const databaseName = 'fuelgauge';
const ownerLogin = 'fuelgauge_owner';
const serverLogin = 'fuelgauge_login';
const startMsMax = 120_000;
const stopMsMax = 60_000;

/** Starts the cluster of a folder, and makes it first where there is none. One left running by a killed server is stopped. */
export async function startEmbeddedCluster(options: ClusterOptions): Promise<Result<EmbeddedCluster, ClusterProblem>> {
  const { folder } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const user = clusterUser();
  if (!user.ok) return user;
  const dataFolder = join(folder, 'postgresql');
  const logFolder = join(folder, 'postgresql-log');
  const passwords = passwordsOf(folder);
  const lent = lendFolders(user.value, { folder, logFolder });
  if (!lent.ok) return lent;
  const program = clusterProgram({ runAs: user.value, spareFolder: join(folder, 'postgresql-program') });
  if (!program.ok) return program;
  await endLeftover(dataFolder);
  try {
    const isNew = !existsSync(join(dataFolder, 'PG_VERSION'));
    if (isNew) makeCluster(program.value, { dataFolder, password: passwords.owner });
    const { started, urls } = await startAnswering(program.value, { ...options, dataFolder, logFolder }, passwords);
    await prepareDatabase(firstUrl(urls), passwords.server);
    const { pid } = started.child;
    assert(pid !== undefined, 'A program that answers has a process.');
    return ok({
      ...urls,
      processId: pid,
      stop: () => stopProcess(started),
      ended: started.ended,
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `PostgreSQL did not start: ${why} Its own words are in ${logFolder}. The data was left as it is.`;
    return err({ kind: 'did-not-start', message });
  }
}

/** The addresses of a cluster that another process has started and runs; null where none runs. */
export function runningClusterUrls(folder: string): Urls | null {
  const pidFile = join(folder, 'postgresql', 'postmaster.pid');
  if (!existsSync(pidFile)) return null;
  // PostgreSQL writes its port into the fourth line.
  const port = Number(readFileSync(pidFile, 'utf8').split('\n')[3]);
  if (!Number.isSafeInteger(port)) return null;
  return urlsOf(port, passwordsOf(folder));
}

function urlsOf(port: number, passwords: Passwords): Urls {
  const urlOf = (login: string, password: string): string =>
    `postgres://${login}:${password}@127.0.0.1:${port}/${databaseName}`;
  return { ownerUrl: urlOf(ownerLogin, passwords.owner), serverUrl: urlOf(serverLogin, passwords.server) };
}

const passwordsSchema = z.object({ owner: z.string().min(32), server: z.string().min(32) });
type Passwords = z.output<typeof passwordsSchema>;

/** They are made once and lie beside the data, readable for its owner only. */
function passwordsOf(folder: string): Passwords {
  const path = join(folder, 'postgresql-passwords.json');
  if (existsSync(path)) return passwordsSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const made: Passwords = { owner: randomBytes(32).toString('hex'), server: randomBytes(32).toString('hex') };
  writeFileSync(`${path}.new`, JSON.stringify(made), { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
  return made;
}

/** Where PostgreSQL runs as a user of its own, that user may pass through the folder and owns what is below it. */
function lendFolders(
  runAs: ClusterProgram['runAs'],
  { folder, logFolder }: { readonly folder: string; readonly logFolder: string },
): Result<null, ClusterProblem> {
  mkdirSync(logFolder, { recursive: true, mode: 0o700 });
  if (runAs === undefined) return ok(null);
  chownSync(logFolder, runAs.uid, runAs.gid);
  if ((statSync(folder).mode & 0o001) === 0) {
    chownSync(folder, statSync(folder).uid, runAs.gid);
    chmodSync(folder, 0o710);
  }
  try {
    execFileSync('test', ['-x', logFolder], { ...runAs, stdio: 'ignore' });
    return ok(null);
  } catch {
    const message =
      `The user "postgres", as whom PostgreSQL runs here, may not enter ${folder}: a folder above it is closed. ` +
      'Open that one (chmod o+x), choose another data folder, or start the server as an ordinary user.';
    return err({ kind: 'closed-folder', message });
  }
}

/** Made aside and moved into its place whole, so that a start that was cut off begins anew. */
function makeCluster(program: ClusterProgram, given: { dataFolder: string; password: string }): void {
  const { runAs } = program;
  const making = `${given.dataFolder}.making`;
  const passwordFile = `${given.dataFolder}.password`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { mode: 0o700 });
  writeFileSync(passwordFile, given.password, { mode: 0o600 });
  try {
    if (runAs) for (const path of [making, passwordFile]) chownSync(path, runAs.uid, runAs.gid);
    const parameters = [
      `--pgdata=${making}`,
      `--username=${ownerLogin}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // One order of texts on every machine.
      '--locale=C',
      '--data-checksums',
    ];
    execFileSync(program.initdb, parameters, { ...runAs, cwd: making, stdio: ['ignore', 'ignore', 'pipe'] });
    renameSync(making, given.dataFolder);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
}

interface ProcessOptions extends ClusterOptions {
  readonly dataFolder: string;
  readonly logFolder: string;
}

type Urls = Pick<EmbeddedCluster, 'ownerUrl' | 'serverUrl'>;

/** Of the database that every cluster has from its beginning. */
function firstUrl({ ownerUrl }: Urls): string {
  return Object.assign(new URL(ownerUrl), { pathname: '/postgres' }).toString();
}

/**
 * Starts it and waits until it answers. It ends at once while processes of one that was killed are still going away, or
 * where somebody took the port meanwhile: then once more.
 */
async function startAnswering(
  program: ClusterProgram,
  options: ProcessOptions,
  passwords: Passwords,
): Promise<{ readonly started: Started; readonly urls: Urls }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const started = startProcess(program, options, port);
    const urls = urlsOf(port, passwords);
    const outcome = await untilReady(firstUrl(urls), started.ended);
    if (outcome === 'ready') return { started, urls };
    if (outcome === 'silent') await stopProcess(started);
    if (outcome === 'silent' || attempt === attemptsMax) throw new Error(whyNot[outcome]);
    await wait(1_000);
  }
}

const attemptsMax = 5;
const whyNot = { ended: 'it ended at once.', silent: 'it does not answer.' } as const;

function startProcess(program: ClusterProgram, options: ProcessOptions, port: number): Started {
  const { dataFolder, logFolder, durable = true, connectionsMax = 60, memoryMb = 256 } = options;
  const settings: Readonly<Record<string, string | number>> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: connectionsMax,
    shared_buffers: `${memoryMb}MB`,
    fsync: durable ? 'on' : 'off',
    synchronous_commit: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
    // A week of logs and no more.
    logging_collector: 'on',
    log_directory: logFolder,
    log_filename: 'postgresql-%a.log',
    log_truncate_on_rotation: 'on',
    log_rotation_age: '1d',
    // Statements may carry what people wrote; logs have none of it.
    log_min_error_statement: 'panic',
    log_parameter_max_length_on_error: 0,
    log_checkpoints: 'off',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(program.postgres, ['-D', dataFolder, '-p', String(port), ...flags], {
    ...program.runAs,
    cwd: dataFolder,
    // A process group of its own: Ctrl+C reaches the server, which stops PostgreSQL last.
    detached: platform() !== 'win32',
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  return { child, ended };
}

async function untilReady(url: string, ended: Promise<void>): Promise<'ready' | 'ended' | 'silent'> {
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  const deadline = Date.now() + startMsMax;
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return 'ready';
    } catch {
      await client.end().catch(() => undefined);
      if (hasEnded) return 'ended';
      if (Date.now() > deadline) return 'silent';
    }
    await wait(50);
  }
}

/** The database and the login that serves. Both may be there already, of an earlier start or one that was cut off. */
async function prepareDatabase(url: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount: logins } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [serverLogin]);
    if (logins === 0) {
      await client.query(
        `CREATE ROLE ${serverLogin} LOGIN NOINHERIT NOSUPERUSER PASSWORD ${pg.escapeLiteral(password)}`,
      );
    }
    const { rowCount: databases } = await client.query('SELECT FROM pg_database WHERE datname = $1', [databaseName]);
    if (databases === 0) await client.query(`CREATE DATABASE ${databaseName}`);
  } finally {
    await client.end();
  }
}

/** PostgreSQL of a server that was killed runs on. The folder is locked by us, so nobody else needs it: it is ended. */
async function endLeftover(dataFolder: string): Promise<void> {
  const pidFile = join(dataFolder, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
  if (!Number.isSafeInteger(pid) || pid <= 1 || !isClusterOf(pid, dataFolder)) {
    // The number belongs to some other program by now, and PostgreSQL would take that for itself.
    rmSync(pidFile, { force: true });
    return;
  }
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + stopMsMax;
  // Not by its number alone: a process that ended and that nobody has looked after yet still has it.
  while (isClusterOf(pid, dataFolder)) {
    if (Date.now() > deadline) process.kill(pid, 'SIGQUIT');
    await wait(50);
  }
}

function isClusterOf(pid: number, dataFolder: string): boolean {
  try {
    const commandLine =
      platform() === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return commandLine.includes('postgres') && commandLine.includes(dataFolder);
  } catch {
    return false;
  }
}

async function stopProcess({ child, ended }: Started): Promise<void> {
  // SIGINT is PostgreSQL's fast stop: it rolls back what is open and writes everything down.
  child.kill('SIGINT');
  const guard = setTimeout(() => child.kill('SIGQUIT'), stopMsMax);
  await ended;
  clearTimeout(guard);
}

/** A port that nobody has just now. */
async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      assert(address !== null && typeof address === 'object', 'A listening server has an address.');
      probe.close(() => resolve(address.port));
    });
  });
}
