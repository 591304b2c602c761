import { words } from '../i18n/words.ts';

/** What the shared parts of all screens say. */
export const english = {
  wrongInput: {
    message: 'Something in the form needs a correction.',
    kept: 'Nothing was changed.',
    todo: 'Correct what is marked and try again.',
  },
  connectionLost: {
    message: 'The connection to your data was interrupted.',
    kept: 'Everything that was confirmed is kept on this computer.',
    todo: 'Fuelgauge connects again by itself. If it does not, start it again.',
  },
  unexpected: {
    message: 'Something went wrong: {{message}}',
    kept: 'Everything that was confirmed before is kept.',
    todo: 'Try again. If it happens again, start Fuelgauge again.',
  },
  line: 'Line {{line}}',
  column: 'column “{{column}}”',
  moreIssues: 'and {{count}} more',
  tryAgain: 'Try again',
  cancel: 'Cancel',
  close: 'Close',
  loading: 'Loading …',
  reason: 'Reason',
  reasonHint: 'Optional. It is kept in the history.',
  nobodyFound: 'Nobody has that name.',
  nothingFound: 'Nothing has that name.',
  copyPath: 'Copy path',
  copied: 'Copied',
  whoAmI: {
    label: 'Who am I on this computer?',
    hint: 'What you log in this workspace is booked in your name.',
    nobody: 'Nobody yet',
  },
} as const;

export const strings = words('ui', english);
