import type { RecoveryReason } from '../../../shared/bridge/recovery.ts';
import { words } from '../../i18n/words.ts';

/** What the recovery says: what happened, what is safe, and the ways on. */
export const english = {
  title: 'Your data could not be opened',
  readOnlyTitle: 'Your data can only be read',
  back: 'Back to the data',
  reasons: {
    asked: 'It was to be opened for reading only, and that did not work.',
    damaged:
      'The file that holds your data is damaged: parts of it are not what was written. A failing disk or a crash of the computer can do that.',
    'not-a-database':
      'The file in the place of your data is no database of Fuelgauge, or its beginning was overwritten. Another program may have put something else there.',
    newer: 'Your data was written by a newer version of Fuelgauge, and this older one cannot be sure to understand it.',
    'read-only': 'The file that holds your data cannot be written to.',
    'disk-full': 'The disk that holds your data is full.',
    'disk-error': 'The disk that holds your data reports errors when it is read.',
    busy: 'Another program has the file that holds your data open.',
    other: 'Something went wrong while your data was opened.',
  } satisfies Record<RecoveryReason, string>,
  safe: 'Nothing was changed. The file is exactly as it was found, and whatever you choose below keeps a copy of it first.',
  update: 'Install the newer version of Fuelgauge again, and everything is there.',
  recommended: 'Recommended',
  ways: 'Ways on',
  restore: {
    title: 'Restore a backup',
    body: 'Everything is then as it was when the backup was made.',
    choose: 'Backups, newest first',
    action: 'Restore this backup …',
    none: 'There is no backup in {{folder}}.',
    more: 'Show {{count}} more',
    other: 'A backup in another place',
    otherHint: 'The full path of the file',
    otherAction: 'Look at it …',
  },
  salvage: {
    title: 'Salvage what can be read',
    body: 'Reads the damaged file page by page and puts what is still whole into a new one. It has what no backup has yet; what is broken is missing.',
    action: 'Salvage …',
    confirmTitle: 'Salvage what can be read?',
    confirm: 'Salvage',
    confirmBody:
      'A new file takes the place of the damaged one. You are told what was read and what is known to be lost. The damaged files are kept, and backups can still be restored afterwards.',
    file: 'Damaged file',
    doneTitle: 'What was salvaged',
    read: 'Read',
    readText: '{{transactions}} of {{workspaces}}',
    transaction_one: '{{count}} transaction',
    transaction_other: '{{count}} transactions',
    workspace_one: '{{count}} workspace',
    workspace_other: '{{count}} workspaces',
    row_one: '{{count}} row',
    row_other: '{{count}} rows',
    place_one: '{{count}} place',
    place_other: '{{count}} places',
    lost: 'Lost',
    lostNone: 'Nothing that is known of',
    lostRows: '{{rows}} that can no longer be read',
    lostBetween: 'They happened between {{from}} and {{to}}.',
    broken: 'Unreadable',
    brokenText: '{{places}} of the file; what was there cannot be told',
    kept: 'Damaged files',
    keptHint: 'They are kept there. Nothing deletes them.',
    backedUp: 'What was salvaged was backed up at once ({{moment}}).',
    close: 'Go on',
  },
  readOnly: {
    title: 'Look at it without changing anything',
    body: 'Opens what can be read. Nothing can be entered until the data is brought in order.',
    action: 'Open read-only',
  },
  tryAgain: {
    title: 'Try again',
    body: {
      default: 'After the cause is gone: a disk that is connected again, a file that was put back.',
      newer: 'After Fuelgauge was updated and started again.',
      'disk-full': 'After some space was freed.',
      busy: 'After the other program was closed.',
    },
    action: 'Try again',
    still: 'It still cannot be opened.',
  },
  details: {
    title: 'For whoever helps you',
    file: 'File',
    folder: 'Data directory',
    folderHint: 'Open it in your file manager to look at the files themselves.',
    message: 'Message',
    version: 'Version',
  },
  busy: {
    opening: 'Opening the data …',
    restoring: 'Restoring. This page goes on by itself when it is done.',
    salvaging: 'Salvaging what can be read. This page goes on by itself when it is done.',
  },
} as const;

export const strings = words('recovery', english);
