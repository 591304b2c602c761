import type { BackupReason } from '../../../shared/bridge/backup-views.ts';

/** What lists and checks of backups say, wherever they are shown. */
export const strings = {
  reasons: {
    manual: 'By hand',
    scheduled: 'By itself',
    'before-restore': 'Before a restore',
    'before-migration': 'Before an update',
    salvage: 'Salvaged',
  } satisfies Record<BackupReason, string>,
  now: 'just now',
  ago: (moment: string, age: string) => `${moment} (${age})`,
  whole: 'Whole',
  wholeHint: 'Every page and every row can be read.',
  partly: 'Readable in part',
  unusable: 'Cannot be restored',
  holds: (workspaces: string, transactions: string) => `${workspaces}, ${transactions}`,
  workspace: ['workspace', 'workspaces'],
  transaction: ['transaction', 'transactions'],
  namedWorkspace: (name: string, transactions: string) => `${name} (${transactions})`,
  andMore: (count: string) => `and ${count} more`,
  newest: 'Newest entry in it',
  noEntries: 'It holds no entries yet.',
  notInIt: (moment: string) => `Entries since ${moment} are not in it.`,
  contents: 'What is in it',
  size: 'Size',
  file: 'File',
  restore: {
    title: 'Restore this backup?',
    present: 'What is there now is kept before it is replaced, and can be restored in the same way.',
    confirm: 'Restore',
    done: (called: string) => `${called} was restored.`,
    keptBackup: (moment: string) => `What was there before is in the list as the backup of ${moment}.`,
    keptFolder: (folder: string) => `What was there before is kept in ${folder}.`,
  },
  backupOf: (moment: string) => `Backup of ${moment}`,
  checking: 'Looking at every part of it …',
} as const;
