// What can be told about backups while the data itself is not open.
import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { implement } from '@orpc/server';
import type { BackupsView } from '../../shared/bridge/backup-views.ts';
import { replicaContract } from '../../shared/bridge/contract.ts';
import { LOCK_FILE_NAME } from '../database/lock.ts';
import { failureOf } from '../router.ts';
import { listBackups, usualBackupFolder } from '../backup/backup-folder.ts';
import { defaultBackupSettings } from '../backup/backup-keeper.ts';
import { checkFile } from '../backup/check-file.ts';
import { wrongField } from '../services/problems.ts';

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
      check: to.check.handler(({ input }) => checkFile(fileNamed(input.file, dataDir, backups()))),
    },
  };
}

/** Newest first: of the folder that was used last, and of the one in the data folder. */
export function listedBackups(dataDir: string, folder: string | undefined): BackupsView['backups'] {
  const folders = new Set([folder ?? usualBackupFolder(dataDir), usualBackupFolder(dataDir)]);
  return [...folders].flatMap(listBackups).toSorted((left, right) => right.madeAt - left.madeAt);
}

/**
 * The file that a person means: a listed backup by its name, or any file by its full path. A link in a folder of backups
 * that leads out of it is no backup of ours, and the lock is none either: opening it here would let it go.
 */
export function fileNamed(given: string, dataDir: string, backups: BackupsView['backups']): string {
  const listed = backups.find((backup) => backup.name === given || backup.file === given);
  if (listed !== undefined) {
    if (dirname(realPath(listed.file)) === realPath(dirname(listed.file))) return listed.file;
    throw wrongField('file', 'is a link that leads out of the folder of backups');
  }
  if (!isAbsolute(given)) throw wrongField('file', 'is no backup in the list; give the full path of another file');
  const file = resolve(given);
  if (realPath(file) === realPath(join(dataDir, LOCK_FILE_NAME))) throw wrongField('file', 'is no backup');
  return file;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
