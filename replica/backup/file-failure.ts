import type { Problem } from '../../shared/bridge/problem.ts';
import { codeOf } from '../database/error-code.ts';
import { SqliteStorageError, toStorageError, type SqliteStorageErrorCode } from '../storage-sqlite/storage-error.ts';

/** What a person reads about a file or folder that does not do what it should. */

interface Advice {
  readonly code: Problem['code'];
  readonly what: (path: string) => string;
  readonly todo: string;
}

const full: Advice = {
  code: 'disk-full',
  what: (path) => `There is not enough space on the disk for ${path}.`,
  todo: 'Free some space, or choose another folder for backups, then try again.',
};
const unwritable: Advice = {
  code: 'read-only',
  what: (path) => `${path} cannot be written.`,
  todo: 'Change its permissions or choose another folder, then try again.',
};
const missing: Advice = {
  code: 'unavailable',
  what: (path) => `${path} is not there.`,
  todo: 'Connect the disk it is on, or choose another place, then try again.',
};
const broken: Advice = {
  code: 'unavailable',
  what: (path) => `The disk did not read or write ${path} as it should.`,
  todo: 'Check the disk, or choose another folder, then try again.',
};
const damaged: Advice = {
  code: 'damaged',
  what: (path) => `${path} is damaged.`,
  todo: 'Restore another backup, or salvage what can be read.',
};
const foreign: Advice = {
  code: 'damaged',
  what: (path) => `${path} is no database of Fuelgauge.`,
  todo: 'Choose another file.',
};

const inUse: Advice = {
  code: 'unavailable',
  what: (path) => `Another program is using ${path}.`,
  todo: 'Close it, then try again.',
};

/** By the codes of the system, https://man7.org/linux/man-pages/man3/errno.3.html. */
const adviceBySystemCode: Readonly<Record<string, Advice>> = {
  ENOSPC: full,
  EDQUOT: full,
  EFBIG: full,
  EACCES: unwritable,
  EPERM: unwritable,
  EROFS: unwritable,
  ENOENT: missing,
  ENOTDIR: missing,
  ENODEV: missing,
  EEXIST: unwritable,
  EIO: broken,
  // Another program holds it open, as a scanner for viruses does on Windows.
  EBUSY: inUse,
  ETXTBSY: inUse,
  // Disks in the network, and those that were unplugged.
  ESTALE: missing,
  ENOTCONN: missing,
  EHOSTDOWN: missing,
  ETIMEDOUT: missing,
  ENXIO: missing,
  ELOOP: missing,
  ENAMETOOLONG: missing,
};

const adviceByStorageCode: Readonly<Partial<Record<SqliteStorageErrorCode, Advice>>> = {
  'disk-full': full,
  'read-only': unwritable,
  'folder-missing': missing,
  'input-output': broken,
  damaged,
  'not-a-database': foreign,
  'newer-format': {
    code: 'damaged',
    what: (path) => `${path} was written by a later version of Fuelgauge.`,
    todo: 'Update Fuelgauge, then try again.',
  },
  locked: inUse,
};

/**
 * The problem behind an error of the file system or of SQLite; undefined for a bug. `kept` says what became of the data.
 */
export function fileProblem(error: unknown, path: string, kept = 'Nothing was changed.'): Problem | undefined {
  const advice = adviceOf(error, path);
  if (advice === undefined) return undefined;
  const reason = error instanceof Error ? ` (${error.message.replace(/[.\s]+$/, '')})` : '';
  return { code: advice.code, message: `${advice.what(path)}${reason}`, kept, todo: advice.todo, issues: [] };
}

function adviceOf(error: unknown, path: string): Advice | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof SqliteStorageError) return adviceByStorageCode[cause.code] ?? broken;
    const code = codeOf(cause);
    if (code === 'ERR_SQLITE_ERROR') return adviceByStorageCode[toStorageError(cause, path).code] ?? broken;
    if (code !== undefined && code in adviceBySystemCode) return adviceBySystemCode[code];
  }
  return undefined;
}
