import type { TranslationOf } from '../i18n/messages.ts';
import type { english } from './sync-strings.ts';

export const german = {
  roles: {
    'company-admin': 'Firmen-Admin',
    'team-lead': 'Teamleitung',
    member: 'Mitglied',
    guest: 'Gast',
    visitor: 'Besuch',
  },
  marks: {
    waiting: 'wartet',
    booked: 'gebucht',
    late: 'verspätet',
    'over-cap': 'über Obergrenze',
    overrun: 'überzogen',
    refused: 'abgelehnt',
    conflict: 'daneben aufbewahrt',
  },
  state: {
    'first-pull': 'Wird hierher geholt',
    firstPull: 'Wird hierher geholt, {{share}}',
    syncing: 'Synchronisiert …',
    upToDate: 'Auf dem Stand von {{server}}',
    behind: 'Im Rückstand: der nächste Sync steht bevor',
    waiting: '{{entries}} wartend',
    trying: 'Sync misslungen, neuer Versuch folgt',
    offline: 'Offline',
    offlineSince: 'Offline seit {{moment}}',
    stopped: 'Sync angehalten',
    look: '{{entries}} nicht angenommen',
  },
  entries_one: '{{count}} Eintrag',
  entries_other: '{{count}} Einträge',
} satisfies TranslationOf<typeof english>;
