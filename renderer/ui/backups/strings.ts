import type { BackupReason } from '../../../shared/bridge/backup-views.ts';
import { words } from '../../i18n/words.ts';

/** What lists and checks of backups say, wherever they are shown. */
export const english = {
  reasons: {
    manual: 'By hand',
    scheduled: 'By itself',
    'before-restore': 'Before a restore',
    'before-migration': 'Before an update',
    salvage: 'Salvaged',
  } satisfies Record<BackupReason, string>,
  now: 'just now',
  ago: '{{moment}} ({{age}})',
  whole: 'Whole',
  wholeHint: 'Every page and every row can be read.',
  partly: 'Readable in part',
  unusable: 'Cannot be restored',
  holds: '{{workspaces}}, {{transactions}}',
  workspace_one: '{{count}} workspace',
  workspace_other: '{{count}} workspaces',
  transaction_one: '{{count}} transaction',
  transaction_other: '{{count}} transactions',
  namedWorkspace: '{{name}} ({{transactions}})',
  andMore: 'and {{count}} more',
  newest: 'Newest entry in it',
  noEntries: 'It holds no entries yet.',
  notInIt: 'Entries since {{moment}} are not in it.',
  contents: 'What is in it',
  size: 'Size',
  file: 'File',
  restore: {
    title: 'Restore this backup?',
    present: 'What is there now is kept before it is replaced, and can be restored in the same way.',
    presentUnopened: 'The file that is there now is kept as well, as it is. Nothing is deleted.',
    confirm: 'Restore',
    done: '{{called}} was restored.',
    keptBackup: 'What was there before is in the list as the backup of {{moment}}.',
    keptFolder: 'What was there before is kept in {{folder}}.',
  },
  backupOf: 'Backup of {{moment}}',
  checking: 'Looking at every part of it …',
} as const;

export const strings = words('ui-backups', english);
