// What can be told about backups while the data itself is not open.
import { join } from 'node:path';
import { implement } from '@orpc/server';
import type { BackupsView } from '../../shared/bridge/backup-views.ts';
import { replicaContract } from '../../shared/bridge/contract.ts';
import { LOCK_FILE_NAME } from '../database/lock.ts';
import { failureOf } from '../router.ts';
import { listAllBackups, usualBackupFolder } from '../backup/backup-folder.ts';
import { defaultBackupSettings } from '../backup/backup-keeper.ts';
import { checkFile } from '../backup/check-file.ts';
import { fileNamed } from '../backup/named-file.ts';
import { notNamed, wrongField } from '../services/problems.ts';

/**
 * Lists and checks backups on closed files. `folder` is where they were written when the data was last open here; which
 * folder was chosen is in the data itself.
 */
export function closedBackupsRouter(dataDir: string, folder: string | undefined) {
  const to = implement(replicaContract.backups).use(async ({ next }) => {
    try {
      return await next();
    } catch (error) {
      throw failureOf(error, dataDir);
    }
  });
  const backups = () => listedBackups(dataDir, folder);
  return {
    backups: {
      list: to.list.handler((): BackupsView => ({
        folder: folder ?? usualBackupFolder(dataDir),
        backups: backups(),
        settings: defaultBackupSettings,
        lastFailure: null,
        nextDueAt: null,
      })),
      check: to.check.handler(({ input }) => checkFile(closedFileNamed(input.file, dataDir, backups()))),
    },
  };
}

/** Newest first: of the folder that was used last, and of the one in the data folder. */
export function listedBackups(dataDir: string, folder: string | undefined): BackupsView['backups'] {
  return listAllBackups(dataDir, folder ?? usualBackupFolder(dataDir));
}

/** The file that a person means. It may be the data itself, which nobody has open, but not the lock, which is held here. */
export function closedFileNamed(given: string, dataDir: string, backups: BackupsView['backups']): string {
  const named = fileNamed(given, { backups, inUse: [join(dataDir, LOCK_FILE_NAME)] });
  if (named.ok) return named.value;
  throw named.error === 'in-use' ? wrongField('file', 'is no backup') : notNamed(named.error);
}
