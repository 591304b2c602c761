import type { z } from 'zod';
import type { settleInput, usageInput } from '../../shared/bridge/inputs.ts';
import { leaseShortOf, type LeaseShort } from './log-usage.ts';
import { problem, ProblemError } from './problems.ts';
import type { ReplicaState } from './replica-state.ts';
import { leaseShortOfCapture } from './settle-usage.ts';

/**
 * Asks the server for more where a use is within the pool and only beyond what this computer may spend by itself. The one
 * wait for the network on this path: two seconds at most, none where the server is known not to answer. Whoever breaks it
 * off has nothing booked. Takes no turn, so that everything else goes on; null where nothing has to be asked, so that
 * whoever came first is served first.
 */
export function askForMore(
  state: ReplicaState,
  given: z.output<typeof usageInput>,
  signal: AbortSignal | undefined,
): Promise<void> | null {
  return ask(state, () => leaseShortOf(state, given), signal);
}

/** The same for what a capture takes beyond its hold. */
export function askForMoreToCapture(
  state: ReplicaState,
  given: z.output<typeof settleInput>,
  signal: AbortSignal | undefined,
): Promise<void> | null {
  return ask(state, () => leaseShortOfCapture(state, given), signal);
}

function ask(
  state: ReplicaState,
  look: () => LeaseShort | null,
  signal: AbortSignal | undefined,
): Promise<void> | null {
  if (state.sync.workspaces().length === 0) return null;
  const short = shortOf(look);
  return short === null ? null : topUp(state, short, signal);
}

async function topUp(state: ReplicaState, short: LeaseShort, signal: AbortSignal | undefined): Promise<void> {
  await state.sync.topUp(short, signal);
  if (signal?.aborted !== true) return;
  throw problem('refused', 'It was broken off while the server was asked for more.', { todo: 'Log it again.' });
}

/** What is wrong with the input is told by the use case itself. */
function shortOf(look: () => LeaseShort | null): LeaseShort | null {
  try {
    return look();
  } catch (error) {
    if (error instanceof ProblemError) return null;
    throw error;
  }
}
