import { setImmediate } from 'node:timers/promises';
import type { ReadingBooking, ReadingsView, ReadingView } from '../../shared/bridge/reading-views.ts';
import { noCredits, subtract } from '../../shared/kernel/credits.ts';
import { compareText } from '../../shared/kernel/id.ts';
import { periodAt } from '../../shared/ledger/schedule.ts';
import type { Reading } from '../../shared/ledger/reading.ts';
import { namesOf } from './names.ts';
import { bookedLater, bookingIdOf, driftOf, readingsOf } from './readings.ts';
import type { ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/** What the platform said, each time, beside the ledger. [G13] */
export async function readingsView(state: ReplicaState, workspaceId: string): Promise<ReadingsView> {
  const all = readingsOf(state, workspaceId).toSorted(latestFirst);
  const readings: ReadingView[] = [];
  for (const reading of all.slice(0, readingsMax)) {
    readings.push(readingView(state, state.workspace(workspaceId), reading));
    // Each asks a pool about another instant of its past.
    await setImmediate();
  }
  return { readings, more: all.length - readings.length };
}

export function readingView(state: ReplicaState, workspace: Workspace, reading: Reading): ReadingView {
  const { id, at, used } = reading;
  const drift = driftOf(state, workspace, reading);
  const { start, end } = periodAt(workspace.index, at);
  return {
    id,
    at,
    period: { start, end },
    used,
    ledger: subtract(used, drift),
    drift,
    booking: bookingOf(state, workspace, reading),
    closedByLater: drift !== noCredits && bookedLater(state, workspace, state.poolOf(workspace, null, at), reading),
  };
}

/** What was booked to make the ledger agree with a reading: who, when, why, from what to what. */
export function bookingOf(state: ReplicaState, workspace: Workspace, reading: Reading): ReadingBooking | null {
  const line = state.line(bookingIdOf(state, reading.id));
  if (line?.kind !== 'correction') return null;
  return {
    transactionId: line.id,
    credits: line.credits,
    usedBefore: subtract(reading.used, line.credits),
    usedAfter: reading.used,
    recordedAt: line.recordedAt,
    authorName: line.authorId === null ? null : namesOf(workspace).member(line.authorId),
    reason: line.reason,
  };
}

export function latestFirst(left: Reading, right: Reading): number {
  return right.at - left.at || compareText(right.id, left.id);
}

const readingsMax = 100;
