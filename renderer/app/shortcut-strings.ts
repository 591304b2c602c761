import { words } from '../i18n/words.ts';

/** What the sheet of shortcuts says. */
export const english = {
  title: 'Keyboard shortcuts',
  open: 'Keyboard shortcuts',
  or: 'or',
  /** What stands on keys that a keyboard of the language labels in its own way. */
  keys: { Ctrl: 'Ctrl', Alt: 'Alt', Shift: 'Shift', Enter: 'Enter', Space: 'Space', Home: 'Home', End: 'End' },
  scopes: {
    everywhere: 'Everywhere',
    screens: 'Screens of the workspace',
    palette: 'In Find',
    log: 'While logging usage',
    ledger: 'In the table of the ledger',
  },
  does: {
    palette: 'Find a screen, a command, a person or a note',
    sheet: 'Show this sheet',
    home: 'Home: all workspaces',
    'palette-next': 'Next entry',
    'palette-previous': 'Previous entry',
    'palette-choose': 'Go there, or do it',
    'log-hold': 'Hold the credits instead of logging them',
    'log-happened': 'Record it as already happened',
    'line-next': 'Next line',
    'line-previous': 'Previous line',
    'line-page-down': 'A page of lines down',
    'line-page-up': 'A page of lines up',
    'line-first': 'First line',
    'line-last': 'Last line',
    'line-open': 'Open the line',
  },
} as const;

export const strings = words('shortcuts', english);
