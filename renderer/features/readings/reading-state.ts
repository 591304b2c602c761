import type { ReadingView } from '../../../shared/bridge/reading-views.ts';

export type ReadingState = 'agrees' | 'open' | 'booked' | 'reopened' | 'closedByLater';

/** How a reading and the ledger stand to each other. */
export function readingState({ drift, booking, closedByLater }: ReadingView): ReadingState {
  if (booking !== null) return drift === 0 ? 'booked' : 'reopened';
  if (drift === 0) return 'agrees';
  return closedByLater ? 'closedByLater' : 'open';
}
