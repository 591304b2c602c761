import { layDownLeases } from '../sync/workspace-records.ts';
import type { SyncCenterOptions } from '../sync/sync-center.ts';
import { everyWorkspace } from './change-signal.ts';
import { leaseWishes } from './lease-wishes.ts';
import type { ReplicaState } from './replica-state.ts';

/** What sync tells the use cases, and asks of them. `stateOf` answers nothing while the data is being opened. */
export function syncHooks(stateOf: () => ReplicaState | undefined): SyncCenterOptions['hooks'] {
  return {
    written: (workspaceId, entries) => stateOf()?.takeOver(workspaceId, entries),
    dropped: (workspaceId, kinds, again) => {
      // What is about to come anew stays as it was known, so that nobody is sent away in between.
      if (!again) stateOf()?.takeAway(workspaceId, kinds);
    },
    changed: (workspaceId) => stateOf()?.signal.changed(workspaceId),
    synced: (workspaceId) => stateOf()?.signal.changed(workspaceId),
    serversChanged: () => stateOf()?.signal.changed(everyWorkspace),
    leaseWishes: async (workspaceId) => {
      const state = stateOf();
      const wish = state ? leaseWishes(state, workspaceId) : null;
      if (!state || wish?.kind !== 'return') return wish;
      // Nobody may be about to spend what is given back: from here on it is not there any more.
      return state.inTurn(async () => {
        const sure = leaseWishes(state, workspaceId);
        if (sure?.kind === 'return') layDownLeases(state.database.connection, workspaceId, sure.leaseIds);
        return sure;
      });
    },
  };
}
