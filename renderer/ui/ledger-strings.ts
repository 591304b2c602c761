import { words } from '../i18n/words.ts';

/** The words for a line of the ledger. */
export const english = {
  kinds: {
    usage: 'Usage',
    hold: 'Hold',
    capture: 'Capture',
    release: 'Release',
    refund: 'Refund',
    void: 'Void',
    correction: 'Correction',
    grant: 'Grant',
  },
  holdStates: { open: 'Open', captured: 'Captured', released: 'Released', expired: 'Expired' },
  unattributed: 'Unattributed',
  hidden: 'Not shown',
  held: '{{credits}} held',
  granted: '{{credits}} granted',
  nothing: '–',
} as const;

export const strings = words('ui-ledger', english);
