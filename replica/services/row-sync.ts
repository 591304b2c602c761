import type { RowSyncView } from '../../shared/bridge/sync-views.ts';
import { rowStandings } from '../sync/row-standings.ts';
import { wordingFor } from './log-usage.ts';
import type { ReplicaState } from './replica-state.ts';
import { bookedRow, verdictWords, waitingRow } from './verdict-words.ts';
import type { Workspace } from './workspace.ts';

/** What the server thinks of each of some lines; nothing for a workspace of this computer alone. */
export function rowSyncOf(
  state: ReplicaState,
  workspace: Workspace,
  ids: readonly string[],
): (id: string) => RowSyncView | undefined {
  const record = state.sync.workspace(workspace.id);
  if (!record) return () => undefined;
  const standings = rowStandings(state.database, record.key, ids);
  const wording = wordingFor(workspace);
  return (id) => {
    const standing = standings.get(id);
    if (!standing) return undefined;
    if (standing.verdict !== null) return verdictWords(standing.verdict, wording);
    return standing.confirmed ? bookedRow : waitingRow;
  };
}
