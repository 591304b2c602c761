/** Opening a file that must not be touched: on a read-only disk, without the right to write, or because it is damaged. */

import { copyFileSync, existsSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { SqliteStorageError } from './storage-error.ts';

export type OpenedForReading = {
  readonly database: DatabaseSync;
  /** To be called after the database was closed. */
  readonly dispose: () => void;
};

/**
 * Opens `file` for reading; neither it nor its log is written to. Writes that another process left in the log (`-wal`)
 * are seen. Throws what SQLite throws, and a `SqliteStorageError` for a log whose database is gone.
 */
export function openForReading(path: string, lockWaitMs: number): OpenedForReading {
  // The log lies beside the file itself, wherever a link to it lies.
  const file = existsSync(path) ? realpathSync(path) : path;
  refuseLogAlone(file);
  const log = `${file}-wal`;
  // Whoever closed the file last took the log away: nobody has it open, and SQLite needs no files beside it.
  if (!existsSync(log)) return { database: openImmutable(file, lockWaitMs), dispose: () => undefined };
  try {
    return { database: openChecked(file, lockWaitMs), dispose: () => undefined };
  } catch (error) {
    if (!isCannotOpen(error)) throw error;
  }
  // The log's index would have to be made beside it, and cannot be: an empty log needs none, a full one is read in a copy.
  if (statSync(log).size === 0) return { database: openImmutable(file, lockWaitMs), dispose: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'sqlite-read-only-'));
  const dispose = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, 'copy.sqlite');
    copyFileSync(file, copy);
    copyFileSync(log, `${copy}-wal`);
    return { database: openChecked(copy, lockWaitMs), dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/**
 * Throws where a log with changes lies beside a database that is gone or empty. SQLite takes such a log for a leftover
 * and deletes it at the first look, and with it what may be all of a young database.
 */
export function refuseLogAlone(file: string): void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0) return;
  if ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) <= LOG_HEADER_BYTES) return;
  throw new SqliteStorageError('damaged', file, new Error('it is gone or empty, and its log still holds changes'));
}

const LOG_HEADER_BYTES = 32;

/** Reads the file as it is, without locks and without files beside it. */
function openImmutable(file: string, lockWaitMs: number): DatabaseSync {
  const url = pathToFileURL(file);
  url.searchParams.set('immutable', '1');
  return new DatabaseSync(url, { readOnly: true, timeout: lockWaitMs });
}

/** SQLite opens the log at the first statement only. */
function openChecked(file: string, lockWaitMs: number): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly: true, timeout: lockWaitMs });
  try {
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** SQLITE_CANTOPEN, and SQLITE_READONLY with its reasons: https://sqlite.org/rescode.html */
function isCannotOpen(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error)) return false;
  const primary = Number(error.errcode) & 0xff;
  return primary === 14 || primary === 8;
}
