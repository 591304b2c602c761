import type { KeptCopy } from '../database/migrations.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { openForReading } from '../storage-sqlite/open-for-reading.ts';
import { SqliteStorageError, type SqliteStorageErrorCode } from '../storage-sqlite/storage-error.ts';
import { backUpClosedFile } from './backup.ts';
import { listBackups, usualBackupFolder } from './backup-folder.ts';
import { codeOf } from '../database/error-code.ts';

/**
 * Keeps a backup of a file of an earlier version, which nobody has open, before it is brought to this one; answers the
 * backup's path, and whether it was made only now. What an attempt that was cut off has kept of the same state is taken as it is.
 * @throws SqliteStorageError when no backup could be made; then nothing may be migrated.
 */
export async function keepBeforeMigration(
  file: string,
  given: { readonly dataDir: string; readonly at: Instant },
): Promise<KeptCopy> {
  const folder = usualBackupFolder(given.dataDir);
  const known = keptBefore(folder, file);
  if (known !== undefined) return { file: known, isNew: false };
  const made = await backUpClosedFile(file, { folder, reason: 'before-migration', at: given.at });
  if (made.ok) return { file: made.value.file, isNew: true };
  const code: SqliteStorageErrorCode = codes.find((each) => each === made.error.code) ?? 'input-output';
  throw new SqliteStorageError(code, file, new Error(`${notKept} ${made.error.message}`));
}

function keptBefore(folder: string, file: string): string | undefined {
  try {
    const kept = listBackups(folder).filter(({ reason }) => reason === 'before-migration');
    if (kept.length === 0) return undefined;
    const state = stateOf(file);
    return kept.find((backup) => stateOf(backup.file) === state)?.file;
  } catch (error) {
    // What cannot be read is no backup of this file; making one tells what is wrong.
    if (codeOf(error) === undefined) throw error;
    return undefined;
  }
}

/**
 * Sequences only ever rise: files with the same tables and the same last rows hold the same documents. After an earlier
 * state was restored the same sequences are given out again, to other rows.
 */
function stateOf(file: string): string {
  const { database, dispose } = openForReading(file, lockWaitMs);
  try {
    const tables = database.prepare('SELECT name, definition FROM rxstorage_tables ORDER BY name').all();
    const last = tables.map(({ name }) =>
      database
        .prepare(
          `SELECT max(sequence) AS last, id, lwt, (SELECT count(*) FROM "${String(name)}") AS n FROM "${String(name)}"`,
        )
        .get(),
    );
    return JSON.stringify([tables, last, database.prepare('SELECT * FROM rxstorage_state').get()]);
  } finally {
    database.close();
    dispose();
  }
}

const lockWaitMs = 2_000;
const codes = ['disk-full', 'read-only', 'damaged'] as const;
const notKept =
  'It is of an earlier version, and is brought to this one only after a backup of it was made. Nothing in it was changed.';
