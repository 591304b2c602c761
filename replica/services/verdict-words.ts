import type { RowSyncView } from '../../shared/bridge/sync-views.ts';
import type { RefusalReason, Verdict } from '../../shared/protocol/verdict.ts';
import type { Wording } from '../../shared/entitlement/explain.ts';

/** What the server thinks of an entry, in words. [Y5] */
export function verdictWords(verdict: Verdict, wording: Wording): RowSyncView {
  switch (verdict.kind) {
    case 'booked':
      return bookedRow;
    case 'late':
      return {
        ...bookedRow,
        state: 'late',
        message: 'It reached the server after its period was closed. It counts in that period.',
      };
    case 'over-cap':
      return {
        ...bookedRow,
        state: 'over-cap',
        message: 'It counts, and goes beyond a cap that this computer did not know of when it was logged.',
        todo: 'Talk to whoever set the cap, or correct the entry if it is wrong.',
      };
    case 'overrun':
      return {
        ...bookedRow,
        state: 'overrun',
        message: `It counts, and ${wording.credits(verdict.excess)} of it were beyond what the pool had left.`,
        todo: 'Buy a pack or ask an admin; the platform may have charged or refused the rest.',
        excess: verdict.excess,
      };
    case 'refused':
      return { ...refusedWords(verdict.reason), state: 'refused', excess: null, reason: verdict.reason };
  }
}

export const waitingRow: RowSyncView = {
  state: 'waiting',
  message: 'It is on this computer and counts here; the server does not have it yet.',
  todo: '',
  excess: null,
  reason: null,
};

export const bookedRow: RowSyncView = { state: 'booked', message: '', todo: '', excess: null, reason: null };

export const conflictRow: RowSyncView = {
  state: 'conflict',
  message: 'Another entry was on the server first under the same id: that one counts, and this one does not.',
  todo: 'Compare both. If this happened as well, log it again as an entry of its own.',
  excess: null,
  reason: null,
};

function refusedWords(reason: RefusalReason): Pick<RowSyncView, 'message' | 'todo'> {
  switch (reason) {
    case 'malformed':
      return {
        message: 'The server could not read this entry, so it does not count.',
        todo: 'Update Fuelgauge and the server, then log it again.',
      };
    case 'too-large':
      return {
        message: 'The entry, or its figure, is larger than the server takes, so it does not count.',
        todo: 'Log it again in smaller parts.',
      };
    case 'unknown-workspace':
      return {
        message: 'The entry belongs to a workspace that the server does not have, so it does not count.',
        todo: 'Log it again in the right workspace.',
      };
    case 'unknown-pool':
      return {
        message: 'The server knows no pool that this entry could burn from, so it does not count.',
        todo: 'Check the member and the plan, then log it again.',
      };
    case 'unknown-line':
      return {
        message: 'The entry follows from another one that the server does not have, so it does not count.',
        todo: 'Look for the first entry in the sync view; log both again.',
      };
    case 'not-allowed':
      return {
        message: 'You may not do this on the server, so it does not count.',
        todo: 'Ask a company admin to do it, or for the right to.',
      };
    case 'already-resolved':
      return {
        message: 'The hold was captured or released before, perhaps on another computer, so this does not count.',
        todo: 'Look at the hold in the ledger; correct the entry that settled it if it is wrong.',
      };
    case 'not-priced':
      return {
        message: 'The server has no price for this, or another one, so it does not count.',
        todo: 'Sync, look at the price again, then log it again.',
      };
  }
}
