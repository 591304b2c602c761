/** What is said of servers and sync on more than one screen. */
export const strings = {
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
    firstPull: (share: string) => `Being brought here, ${share}`,
    syncing: 'Syncing …',
    upToDate: (server: string) => `Up to date with ${server}`,
    behind: 'Behind: the next sync is near',
    waiting: (entries: string) => `${entries} waiting`,
    trying: 'Sync did not work, tries again',
    offline: 'Offline',
    offlineSince: (moment: string) => `Offline since ${moment}`,
    stopped: 'Sync has stopped',
    look: (entries: string) => `${entries} not taken`,
  },
  entry: 'entry',
  entries: 'entries',
} as const;
