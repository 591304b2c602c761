import { readBalanceLines } from '../../replica/database/stored-rows.ts';
import type { Pool, ReplicaState } from '../../replica/services/replica-state.ts';
import type { Workspace } from '../../replica/services/workspace.ts';
import { PoolLedger } from '../../shared/ledger/pool-ledger.ts';
import type { PoolState } from '../../shared/ledger/pool-state.ts';
import { scheduleOf } from '../../shared/ledger/schedule.ts';

/** A pool as of now from nothing but what is in the file, whatever the replica has kept of it. */
export function foldedAnew(state: ReplicaState, workspace: Workspace, pool: Pool): PoolState {
  return ledgerAnew(state, workspace, pool).stateAt(state.clock());
}

/** A ledger of nothing but what is in the file, with every line of the pool. */
export function ledgerAnew(state: ReplicaState, workspace: Workspace, pool: Pool): PoolLedger {
  const schedule = scheduleOf(workspace.index, pool.id, pool.memberId);
  const ledger = new PoolLedger({ poolId: pool.id, schedule });
  ledger.add(readBalanceLines(state.database, pool.id));
  return ledger;
}
