import { basename, join } from 'node:path';
import type { z } from 'zod';
import type { BackupSettingsView, BackupsView, BackupView, FileCheckView } from '../../shared/bridge/backup-views.ts';
import type { backupCheckInput, backupRemoveInput, backupSettingsInput } from '../../shared/bridge/inputs.ts';
import type { Problem } from '../../shared/bridge/problem.ts';
import type { Result } from '../../shared/kernel/result.ts';
import { LOCK_FILE_NAME } from '../database/lock.ts';
import type { BackupKeeper } from '../backup/backup-keeper.ts';
import { checkFile } from '../backup/check-file.ts';
import { fileNamed } from '../backup/named-file.ts';
import { notFound, notNamed, ProblemError, wrongField } from './problems.ts';
import type { ReplicaState } from './replica-state.ts';

/** Where backups are, what there is, and how the last attempt went. */
export function backupsView(backups: BackupKeeper): BackupsView {
  return backups.view();
}

export async function makeBackup(backups: BackupKeeper): Promise<BackupView> {
  return valueOf(await backups.make('manual'));
}

/** Looks at every part of a listed backup, or of any file but the one that is in use. */
export async function checkBackup(
  state: ReplicaState,
  backups: BackupKeeper,
  given: z.infer<typeof backupCheckInput>,
): Promise<FileCheckView> {
  const { dataDirectory } = state.options;
  const named = fileNamed(given.file, {
    backups: backups.backups(),
    inUse: [state.database.connection.file, join(dataDirectory, LOCK_FILE_NAME)],
  });
  if (named.ok) return checkFile(named.value);
  throw named.error === 'in-use'
    ? wrongField('file', 'is the data that is in use; make a backup and check that')
    : notNamed(named.error);
}

export async function removeBackup(
  backups: BackupKeeper,
  given: z.infer<typeof backupRemoveInput>,
): Promise<{ readonly removed: boolean }> {
  const removed = valueOf(await backups.remove(basename(given.name)));
  if (!removed) throw notFound('backup', given.name);
  return { removed };
}

export async function setBackupSettings(
  backups: BackupKeeper,
  given: z.infer<typeof backupSettingsInput>,
): Promise<BackupSettingsView> {
  const { on, keepDaily, keepWeekly, folder } = given;
  return valueOf(
    await backups.setSettings({
      ...(on === undefined ? {} : { on }),
      ...(keepDaily === undefined ? {} : { keepDaily }),
      ...(keepWeekly === undefined ? {} : { keepWeekly }),
      ...(folder === undefined ? {} : { folder }),
    }),
  );
}

function valueOf<Value>(result: Result<Value, Problem>): Value {
  if (result.ok) return result.value;
  throw new ProblemError(result.error);
}
