// One process owns a data directory: the one that holds an exclusive transaction on a small database in it.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { err, ok, type Result } from '../../shared/kernel/result.ts';

export type LockErrorKind = 'locked' | 'unwritable' | 'damaged';

export interface LockError {
  readonly kind: LockErrorKind;
  readonly path: string;
  /** For the person: what happened, what was kept, what to do. */
  readonly message: string;
}

export interface DataDirectoryLock {
  /** Lets the next process have the directory. A second call does nothing. */
  release(): void;
}

/**
 * Nothing else may open this file in the owner's process, a backup included: on POSIX systems closing any handle of a
 * file drops all locks that the process has on it.
 */
export const LOCK_FILE_NAME = 'lock.sqlite';

/**
 * Takes the lock of `dataDirectory`, which must exist, or says at once that another process has it. The operating
 * system lets the lock go when its process ends, however it ends, so there is never a stale one to clear away.
 */
export function lockDataDirectory(dataDirectory: string): Result<DataDirectoryLock, LockError> {
  const path = join(dataDirectory, LOCK_FILE_NAME);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    const kind = kindOf(primaryResultCode(error));
    if (kind === undefined) throw error;
    return err({ kind, path, message: MESSAGE_BY_KIND[kind](path) });
  }
  const held = database;
  return ok({
    release() {
      if (held.isOpen) held.close();
    },
  });
}

/** SQLite's primary result codes, https://sqlite.org/rescode.html: 5 busy, 6 locked, 3 perm, 8 read-only, 14 cantopen. */
function kindOf(code: number | undefined): LockErrorKind | undefined {
  switch (code) {
    case 5:
    case 6:
      return 'locked';
    case 3:
    case 8:
    case 14:
      return 'unwritable';
    case 10:
    case 11:
    case 26:
      return 'damaged';
    default:
      return undefined;
  }
}

const MESSAGE_BY_KIND: Readonly<Record<LockErrorKind, (path: string) => string>> = {
  locked: (path) => `Another Fuelgauge is using this data folder (${path} is locked). Use that one, or quit it first.`,
  unwritable: (path) => `${path} cannot be opened for writing. Change its permissions or choose another data folder.`,
  damaged: (path) =>
    `${path} is damaged or its disk does not answer. It holds no data of yours: quit Fuelgauge, delete it, start again.`,
};

function primaryResultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff;
}
