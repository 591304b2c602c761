import { credits, formatDecimal, type Credits } from '../../shared/kernel/credits.ts';
import type { PoolState } from '../../shared/ledger/pool-state.ts';
import { wrongField } from './problems.ts';
import { readCredits } from './reading.ts';
import type { Pool, ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/**
 * Stops an entry that would take the sums of a pool beyond what is counted exactly. Without this, two absurd entries
 * would leave a workspace whose balance cannot be told any more. [K1]
 */
export function checkCountable(
  state: ReplicaState,
  workspace: Workspace,
  entry: { readonly pool: Pool; readonly amount: Credits; readonly path: string },
): void {
  if (!isCountable(state.poolNow(workspace, entry.pool), entry.amount)) {
    throw wrongField(entry.path, 'takes the sums of this pool beyond what Fuelgauge can count exactly');
  }
}

/** Whether all sums of a pool are counted exactly, with `more` on top of them. [K1] */
export function isCountable(pool: PoolState, more: number = 0): boolean {
  const { slots, awaited, totalsByPeriodStart, openHoldById } = pool;
  let total = Math.abs(more);
  for (const slot of slots) total += slot.amount;
  for (const slot of awaited) total += slot.amount;
  for (const { used } of totalsByPeriodStart.values()) total += used;
  for (const { parts } of openHoldById.values()) for (const part of parts) total += part.held;
  return total <= countableMax;
}

/** Credits that recur in every period: low enough that centuries of them are still counted exactly. */
export function readRecurringCredits(text: string, path: string, demand: 'any' | 'positive' = 'any'): Credits {
  const value = readCredits(text, path, demand);
  if (value > recurringMax) {
    throw wrongField(path, `${text} is too large; the most per period is ${formatDecimal(recurringMax)} credits`);
  }
  return value;
}

/** Half of the exact integers, so that a sum of granted and used stays exact too. */
const countableMax = Math.floor(Number.MAX_SAFE_INTEGER / 2);
const recurringMax = credits(1_000_000 * 1_000_000);
