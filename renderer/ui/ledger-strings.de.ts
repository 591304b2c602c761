import type { TranslationOf } from '../i18n/messages.ts';
import type { english } from './ledger-strings.ts';

export const german = {
  kinds: {
    usage: 'Verbrauch',
    hold: 'Reservierung',
    capture: 'Abbuchung',
    release: 'Freigabe',
    refund: 'Erstattung',
    void: 'Storno',
    correction: 'Korrektur',
    grant: 'Gutschrift',
  },
  holdStates: { open: 'Offen', captured: 'Abgebucht', released: 'Freigegeben', expired: 'Abgelaufen' },
  unattributed: 'Nicht zugeordnet',
  hidden: 'Nicht gezeigt',
  held: '{{credits}} reserviert',
  granted: '{{credits}} gutgeschrieben',
  nothing: '–',
} satisfies TranslationOf<typeof english>;
