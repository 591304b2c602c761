import { words } from '../i18n/words.ts';

/** What is said of servers and sync on more than one screen. */
export const english = {
  roles: {
    'company-admin': 'Company admin',
    'team-lead': 'Team lead',
    member: 'Member',
    guest: 'Guest',
    visitor: 'Visitor',
  },
  marks: {
    waiting: 'waiting',
    booked: 'booked',
    late: 'late',
    'over-cap': 'over cap',
    overrun: 'overrun',
    refused: 'refused',
    conflict: 'kept beside',
  },
  state: {
    'first-pull': 'Being brought here',
    firstPull: 'Being brought here, {{share}}',
    syncing: 'Syncing …',
    upToDate: 'Up to date with {{server}}',
    behind: 'Behind: the next sync is near',
    waiting: '{{entries}} waiting',
    trying: 'Sync did not work, tries again',
    offline: 'Offline',
    offlineSince: 'Offline since {{moment}}',
    stopped: 'Sync has stopped',
    look: '{{entries}} not taken',
  },
  entries_one: '{{count}} entry',
  entries_other: '{{count}} entries',
} as const;

export const strings = words('ui-sync', english);
