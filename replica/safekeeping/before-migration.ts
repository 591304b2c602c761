import type { Instant } from '../../shared/kernel/instant.ts';
import { SqliteStorageError, type SqliteStorageErrorCode } from '../storage-sqlite/storage-error.ts';
import { backUpClosedFile } from './backup.ts';
import { usualBackupFolder } from './backup-folder.ts';

/**
 * Keeps a backup of a file of an earlier version, which nobody has open, before it is brought to this one; answers the
 * backup's path.
 * @throws SqliteStorageError when no backup could be made; then nothing may be migrated.
 */
export async function keepBeforeMigration(
  file: string,
  given: { readonly dataDir: string; readonly at: Instant },
): Promise<string> {
  const request = { folder: usualBackupFolder(given.dataDir), reason: 'before-migration', at: given.at } as const;
  const made = await backUpClosedFile(file, request);
  if (made.ok) return made.value.file;
  const code: SqliteStorageErrorCode = codes.find((each) => each === made.error.code) ?? 'input-output';
  throw new SqliteStorageError(code, file, new Error(`${notKept} ${made.error.message}`));
}

const codes = ['disk-full', 'read-only', 'damaged'] as const;
const notKept =
  'It is of an earlier version, and is brought to this one only after a backup of it was made. Nothing in it was changed.';
