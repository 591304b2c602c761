// A backup takes the place of the data, after it was looked at and after the present data was kept.
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FileCheckView } from '../../shared/bridge/backup-views.ts';
import type { Problem } from '../../shared/bridge/problem.ts';
import type { KeptBefore } from '../../shared/bridge/recovery.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { databaseFile } from '../database/data-directory.ts';
import { backUpClosedFile, copyClosedFile } from './backup.ts';
import { usualBackupFolder } from './backup-folder.ts';
import { checkFile } from './check-file.ts';
import { codeOf } from '../database/error-code.ts';
import { fileProblem } from './file-failure.ts';
import { finishReplacing, replaceDatabase, replacementFile, type ReplaceStep } from './replace-database.ts';

export type RestoreStep = 'check' | 'copy' | 'keep-present' | ReplaceStep;

export interface RestoreOptions {
  readonly dataDir: string;
  /** Any file that `checkFile` calls restorable; it stays as it is. */
  readonly file: string;
  readonly at: Instant;
  /** Where the present data is kept as a backup; the usual folder of the data directory unless given. */
  readonly backupFolder?: string;
  /** Told before each step. */
  readonly onStep?: ((step: RestoreStep) => void) | undefined;
}

export interface RestoreOutcome {
  /** What is in the data now. */
  readonly check: FileCheckView;
  /** What was there before: a backup of it, or the folder with its files as they were, where they are damaged. */
  readonly before: KeptBefore;
}

/**
 * Replaces the data of a directory by a backup. For whoever has the lock of the directory, while nobody has its database
 * open. Refuses what cannot be restored, and changes nothing then. A process that ends in between leaves the old data or
 * the new, each whole, once `finishReplacing` has run, which every opening does.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Result<RestoreOutcome, Problem>> {
  const { dataDir, at, onStep } = options;
  const file = resolve(options.file);
  const present = databaseFile(dataDir);
  const copy = replacementFile(dataDir, at);
  try {
    finishReplacing(dataDir);
    if (isSameFile(file, present)) return err(ownData(file));
    onStep?.('check');
    const check = await checkFile(file);
    if (!check.restorable) return err(unusable(check));
    onStep?.('copy');
    const copied = await copyClosedFile(file, copy);
    if (!copied.ok) return copied;
    onStep?.('keep-present');
    const folder = options.backupFolder ?? usualBackupFolder(dataDir);
    const kept = isThere(present)
      ? await backUpClosedFile(present, { folder, reason: 'before-restore', at })
      : undefined;
    // What cannot be backed up, damaged as it is or for want of space, is kept by moving it.
    const aside = replaceDatabase({ dataDir, file: copy, at, keepPresent: kept?.ok !== true, onStep });
    if (kept?.ok === true) return ok({ check, before: { kind: 'backup', backup: kept.value } });
    return ok({ check, before: aside === null ? { kind: 'nothing' } : { kind: 'folder', folder: aside } });
  } catch (error) {
    const known = fileProblem(error, dataDir, 'The data is as it was, or the backup is in its place as a whole.');
    if (known === undefined) throw error;
    return err(known);
  }
}

function isThere(file: string): boolean {
  try {
    realpathSync(file);
    return true;
  } catch (error) {
    // What cannot be looked at is no file to copy; if it is the data, its files are moved as they are.
    if (codeOf(error) === undefined) throw error;
    return false;
  }
}

function isSameFile(left: string, right: string): boolean {
  return isThere(left) && isThere(right) && realpathSync(left) === realpathSync(right);
}

function ownData(file: string): Problem {
  const message = `${file} is the data itself.`;
  return {
    code: 'wrong-input',
    message,
    kept: 'Nothing was changed.',
    todo: 'Choose a backup of it.',
    issues: [{ path: 'file', message }],
  };
}

function unusable({ file, faults }: FileCheckView): Problem {
  return {
    code: faults.some(({ kind }) => kind === 'unreadable') ? 'wrong-input' : 'damaged',
    message: `${file} cannot be restored. ${faults[0]?.message ?? ''}`.trim(),
    kept: 'Nothing was changed: your data is as it was.',
    todo: faults.some(({ kind }) => kind === 'newer')
      ? 'Update Fuelgauge, then try again.'
      : 'Choose another backup, or salvage what can be read.',
    issues: faults.map(({ message }) => ({ path: 'file', message })),
  };
}
