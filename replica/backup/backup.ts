// One file that holds everything, made while the database is in use.
import { chmodSync, closeSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import type { BackupReason, BackupView } from '../../shared/bridge/backup-views.ts';
import type { Problem } from '../../shared/bridge/problem.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { openForReading, type OpenedForReading } from '../storage-sqlite/open-for-reading.ts';
import { freeBackupName, partialName } from './backup-folder.ts';
import { makePrivateFolder, syncFolder } from './durable-files.ts';
import { fileProblem } from './file-failure.ts';
import { markedAsCopy } from '../database/copy-mark.ts';
import { finishCopy } from './whole-file.ts';

export interface BackupRequest {
  /** The folder of backups; it is made when only it is missing. */
  readonly folder: string;
  readonly reason: BackupReason;
  readonly at: Instant;
  /** Breaks the backup off, leaving nothing. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((donePages: number, totalPages: number) => void) | undefined;
}

/**
 * Copies the database that this process has open into a new backup, as it is at this moment, while others go on reading
 * and writing. The file gets its name once it is complete, checked and on the disk; whatever ends the process before
 * leaves a leftover that `removeLeftovers` knows. Backups of one data directory are made one after the other.
 */
export async function backUpOpenFile(file: string, request: BackupRequest): Promise<Result<BackupView, Problem>> {
  return copying(file, request, () => {
    const database = new DatabaseSync(file, { readOnly: true, timeout: lockWaitMs });
    return { database, dispose: () => undefined };
  });
}

/**
 * The same for a database file that nobody has open, with what its write-ahead log holds; neither is changed. For a
 * caller that holds the lock of the data directory.
 */
export async function backUpClosedFile(file: string, request: BackupRequest): Promise<Result<BackupView, Problem>> {
  return copying(file, request, () => openForReading(file, lockWaitMs));
}

/**
 * Copies a database file that nobody has open, with what its write-ahead log holds, into `target`: one file, checked and
 * on the disk, without a log of its own. What is at `target` is replaced; after a failure nothing is there.
 */
export async function copyClosedFile(file: string, target: string): Promise<Result<string, Problem>> {
  return reading(
    file,
    () => openForReading(file, lockWaitMs),
    async (source) => {
      const written = await writeWhole(source, target, {});
      return written.ok ? ok(target) : written;
    },
  );
}

async function copying(
  file: string,
  request: BackupRequest,
  open: () => OpenedForReading,
): Promise<Result<BackupView, Problem>> {
  return reading(file, open, (source) => writeBackup(source, request));
}

async function reading<Value>(
  file: string,
  open: () => OpenedForReading,
  copy: (source: DatabaseSync) => Promise<Result<Value, Problem>>,
): Promise<Result<Value, Problem>> {
  let source: OpenedForReading | undefined;
  try {
    source = open();
    // A connection of its own that keeps on reading one state of the file: the copy needs no turn of the writer's
    // connection, which would make it start again or fail, and no commit gets into the middle of it.
    source.database.exec('BEGIN');
    source.database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return await copy(source.database);
  } catch (error) {
    const known = fileProblem(error, file, nothingLost);
    if (known === undefined) throw error;
    return err(known);
  } finally {
    source?.database.close();
    source?.dispose();
  }
}

async function writeBackup(source: DatabaseSync, request: BackupRequest): Promise<Result<BackupView, Problem>> {
  const { folder, reason, at } = request;
  const name = freeBackupName(folder, reason, at);
  const file = join(folder, name);
  const partial = join(folder, partialName(name));
  try {
    makePrivateFolder(folder);
    const written = await writeWhole(source, partial, request);
    if (!written.ok) return written;
    renameSync(partial, file);
    syncFolder(folder);
    return ok({ name, file, reason, madeAt: toSecond(at), bytes: statSync(file).size });
  } catch (error) {
    const known = fileProblem(error, folder, nothingLost);
    if (known === undefined) throw error;
    return discarded(partial, known);
  }
}

/** Writes a copy and waits until it is on the disk, or leaves nothing. */
async function writeWhole(
  source: DatabaseSync,
  target: string,
  watch: Pick<BackupRequest, 'signal' | 'onProgress'>,
): Promise<Result<string, Problem>> {
  try {
    // The file is there with its mode before the first byte of anybody's data is in it.
    closeSync(openSync(target, 'w', 0o600));
    chmodSync(target, 0o600);
    await copyPages(source, target, watch);
    markCopy(target);
    const [fault] = await finishCopy(target, watch.signal);
    if (watch.signal?.aborted === true) throw new BrokenOff();
    if (fault !== undefined) return discarded(target, damagedSource(target, fault));
    return ok(target);
  } catch (error) {
    const known = error instanceof BrokenOff ? brokenOff(target) : fileProblem(error, target, nothingLost);
    if (known === undefined) throw error;
    return discarded(target, known);
  }
}

/** A copy says that it is one: whoever goes on from it must not take up where it stood as if nothing had come since. */
function markCopy(target: string): void {
  const copy = new DatabaseSync(target);
  try {
    copy.exec(markedAsCopy);
  } finally {
    copy.close();
  }
}

const lockWaitMs = 2_000;

/** Pages that are copied at a time, on another thread; in between it is asked whether to go on. */
const pagesPerStep = 1_000;

async function copyPages(
  source: DatabaseSync,
  partial: string,
  { signal, onProgress }: Pick<BackupRequest, 'signal' | 'onProgress'>,
): Promise<void> {
  if (signal?.aborted === true) throw new BrokenOff();
  await backup(source, partial, {
    rate: pagesPerStep,
    progress: ({ totalPages, remainingPages }) => {
      // What is thrown here ends the backup and is what it is rejected with.
      if (signal?.aborted === true) throw new BrokenOff();
      onProgress?.(totalPages - remainingPages, totalPages);
    },
  });
}

class BrokenOff extends Error {
  override readonly name = 'BrokenOff';
}

function discarded(partial: string, problem: Problem): Result<never, Problem> {
  for (const suffix of ['', '-journal', '-wal', '-shm']) {
    try {
      rmSync(partial + suffix, { force: true });
    } catch {
      // On a disk that went away nothing can be removed; the next start tries again.
    }
  }
  return err(problem);
}

const nothingLost = 'Your data and the earlier backups are as they were; no backup was made.';

function brokenOff(target: string): Problem {
  return {
    code: 'unavailable',
    message: `The copy into ${dirname(target)} was broken off.`,
    kept: nothingLost,
    todo: 'Make it again.',
    issues: [],
  };
}

function damagedSource(target: string, fault: string): Problem {
  return {
    code: 'damaged',
    message: `The copy into ${dirname(target)} was checked and is not whole: ${fault}`,
    kept: nothingLost,
    todo: 'Try again. If it stays, the data itself is damaged: restore an earlier backup, or salvage what can be read.',
    issues: [],
  };
}

/** Names carry whole seconds, and a backup is listed under the time of its name. */
function toSecond(at: Instant): Instant {
  return instant(Math.floor(at / 1000) * 1000);
}
