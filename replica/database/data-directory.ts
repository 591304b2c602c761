// The folder that holds all of a person's data on this computer: where it is, and whether it can be used.
import { accessSync, constants, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, resolve, win32 } from 'node:path';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { codeOf } from './error-code.ts';

export type DataDirectoryErrorKind = 'missing' | 'not-a-directory' | 'unwritable' | 'read-only' | 'disk-full';

export interface DataDirectoryError {
  readonly kind: DataDirectoryErrorKind;
  readonly path: string;
  /** For the person: what happened, what was kept, what to do. */
  readonly message: string;
}

export interface DataDirectoryPlace {
  /** A value of `process.platform`. */
  readonly platform: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  /** What `--data-dir` says; wins over everything else. */
  readonly chosen?: string | undefined;
}

/**
 * The absolute path of the data directory: `--data-dir`, else `FUELGAUGE_DATA_DIR`, else the usual place of the
 * platform. Windows: `%APPDATA%\Fuelgauge`. macOS: `~/Library/Application Support/Fuelgauge`. Else the XDG base
 * directory specification: `$XDG_DATA_HOME/fuelgauge` with `~/.local/share` as the default; a relative value of the
 * variable is ignored, as the specification demands.
 */
export function dataDirectoryPath({ platform, environment, homeDirectory, chosen }: DataDirectoryPlace): string {
  const explicit = nonEmpty(chosen) ?? nonEmpty(environment['FUELGAUGE_DATA_DIR']);
  if (explicit !== undefined) return resolve(explicit);
  if (platform === 'win32') {
    const roaming = nonEmpty(environment['APPDATA']) ?? win32.join(homeDirectory, 'AppData', 'Roaming');
    return win32.join(roaming, 'Fuelgauge');
  }
  if (platform === 'darwin') return posix.join(homeDirectory, 'Library', 'Application Support', 'Fuelgauge');
  const xdgDataHome = nonEmpty(environment['XDG_DATA_HOME']);
  const dataHome =
    xdgDataHome !== undefined && posix.isAbsolute(xdgDataHome)
      ? xdgDataHome
      : posix.join(homeDirectory, '.local', 'share');
  return posix.join(dataHome, 'fuelgauge');
}

/**
 * Makes sure that the data directory exists and can be written to; answers its path. A new one is readable by its
 * owner alone. An existing one keeps its mode: it may be shared on purpose.
 */
export function prepareDataDirectory(path: string): Result<string, DataDirectoryError> {
  try {
    makeFolder(path);
    if (!statSync(path).isDirectory()) return err(describe('not-a-directory', path));
    // Permission bits do not tell: root passes them all, and a mounted file system may be read-only. Only a write does.
    const probe = resolve(path, `.write-probe-${process.pid}`);
    writeFileSync(probe, 'probe', { mode: 0o600 });
    rmSync(probe);
    return ok(path);
  } catch (error) {
    const kind = kindOf(codeOf(error));
    if (kind === undefined) throw error;
    return err(describe(kind, path));
  }
}

/** Whether the database of a directory that cannot be claimed can still be looked at: only writing is what fails. */
export function canStillBeRead(dataDirectory: string, { kind }: { readonly kind: string }): boolean {
  return (kind === 'unwritable' || kind === 'read-only' || kind === 'disk-full') && holdsData(dataDirectory);
}

/** Whether there is a database that this process may read. */
export function holdsData(dataDirectory: string): boolean {
  try {
    accessSync(databaseFile(dataDirectory), constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** The one file of the person's data. */
export function databaseFile(dataDirectory: string): string {
  return join(dataDirectory, 'fuelgauge.sqlite');
}

/**
 * Makes the folder and those above it. The recursive `mkdir` of Node never returns where the parent exists and the
 * system still answers that it does not, as below /proc.
 */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have been faster.
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

function kindOf(code: string | undefined): DataDirectoryErrorKind | undefined {
  switch (code) {
    case 'ENOENT':
      return 'missing';
    case 'ENOTDIR':
    case 'EEXIST':
      return 'not-a-directory';
    case 'EACCES':
    case 'EPERM':
      return 'unwritable';
    case 'EROFS':
      return 'read-only';
    case 'ENOSPC':
    case 'EDQUOT':
      return 'disk-full';
    default:
      return undefined;
  }
}

function describe(kind: DataDirectoryErrorKind, path: string): DataDirectoryError {
  return { kind, path, message: `${MESSAGE_BY_KIND[kind](path)} Nothing was changed.` };
}

const MESSAGE_BY_KIND: Readonly<Record<DataDirectoryErrorKind, (path: string) => string>> = {
  missing: (path) => `The data folder ${path} does not exist and cannot be made there. Choose another one.`,
  'not-a-directory': (path) => `The data folder ${path} is a file, or lies below one. Choose a folder.`,
  unwritable: (path) => `You may not write to the data folder ${path}. Change its permissions or choose another one.`,
  'read-only': (path) => `The data folder ${path} is on a read-only disk. Choose a folder on another one.`,
  'disk-full': (path) => `The disk that holds the data folder ${path} is full. Free some space and start again.`,
};

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : value;
}
