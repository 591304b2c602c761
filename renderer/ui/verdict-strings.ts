import { words } from '../i18n/words.ts';

/** What the server thinks of an entry, and what to do about it. */
export const english = {
  waiting: 'It is on this computer and counts here; the server does not have it yet.',
  late: 'It reached the server after its period was closed. It counts in that period.',
  overCap: 'It counts, and goes beyond a cap that this computer did not know of when it was logged.',
  overCapTodo: 'Talk to whoever set the cap, or correct the entry if it is wrong.',
  overrun: 'It counts, and {{credits}} of it were beyond what the pool had left.',
  overrunTodo: 'Buy a pack or ask an admin; the platform may have charged or refused the rest.',
  conflict: 'Another entry was on the server first under the same id: that one counts, and this one does not.',
  conflictTodo: 'Compare both. If this happened as well, log it again as an entry of its own.',
  refused: {
    malformed: 'The server could not read this entry, so it does not count.',
    'too-large': 'The entry, or its figure, is larger than the server takes, so it does not count.',
    'unknown-workspace': 'The entry belongs to a workspace that the server does not have, so it does not count.',
    'unknown-pool': 'The server knows no pool that this entry could burn from, so it does not count.',
    'unknown-line': 'The entry follows from another one that the server does not have, so it does not count.',
    'not-allowed': 'You may not do this on the server, so it does not count.',
    'already-resolved':
      'The hold was captured or released before, perhaps on another computer, so this does not count.',
    'not-priced': 'The server has no price for this, or another one, so it does not count.',
  },
  refusedTodo: {
    malformed: 'Update Fuelgauge and the server, then log it again.',
    'too-large': 'Log it again in smaller parts.',
    'unknown-workspace': 'Log it again in the right workspace.',
    'unknown-pool': 'Check the member and the plan, then log it again.',
    'unknown-line': 'Look for the first entry in the sync view; log both again.',
    'not-allowed': 'Ask a company admin to do it, or for the right to.',
    'already-resolved': 'Look at the hold in the ledger; correct the entry that settled it if it is wrong.',
    'not-priced': 'Sync, look at the price again, then log it again.',
  },
} as const;

export const strings = words('ui-verdict', english);
