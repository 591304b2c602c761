import { words } from '../../i18n/words.ts';

export const english = {
  ways: 'How to add people',
  type: 'Type',
  paste: 'Paste',
  file: 'CSV file',
  name: 'Name',
  role: 'Role',
  team: 'Team',
  teamHint: 'optional',
  add: 'Add',
  nameMissing: 'Enter a name.',
  pasteLabel: 'One person per line',
  pasteHint:
    'Name, role, team, separated by commas, semicolons or tabs. A first line with the columns name, role, team and id is understood too. Roles: {{roles}}.',
  pastePlaceholder: 'Ada Lovelace, Member, Design\nGrace Hopper, Member, Engineering',
  read: 'Read',
  fileLabel: 'Choose a CSV file',
  fileHint: 'With the columns name, role, team and, if you have one, id.',
  found: '{{people}} found',
  people_one: '{{count}} person',
  people_other: '{{count}} people',
  nobody: 'The text names nobody.',
  addFound: 'Add {{people}}',
  issuesTitle: 'These lines cannot be read. The others can be added.',
  moreIssues: 'and {{count}} more lines',
  fileTooLarge: 'The file is larger than 5 MB. Split it and add the parts one after the other.',
  fileNotText: 'The file is not UTF-8 text. Save it as “CSV UTF-8” and choose it again.',
  list: 'People to add',
  nobodyYet: 'Nobody yet.',
  remove: 'Remove {{name}}',
  removeAll: 'Remove all',
  actions: 'Remove',
  noTeam: '–',
} as const;

export const strings = words('ui-members-entry', english);
