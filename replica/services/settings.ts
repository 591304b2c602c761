import { putRecord } from '../database/append.ts';
import { readRecords } from '../database/stored-rows.ts';
import type { ReplicaState } from './replica-state.ts';
import { notFound, problem } from './problems.ts';

/** Who I am on this computer in a workspace, as its server says; null when nobody was chosen. */
export function whoAmI(state: ReplicaState, workspaceId: string): string | null {
  const shared = state.sync.workspace(workspaceId);
  if (shared) return shared.body.memberId;
  const memberId = readRecords(state.database, 'settings', 'id=?', [keyOf(workspaceId)])[0]?.body['memberId'];
  return typeof memberId === 'string' ? memberId : null;
}

export async function setMe(state: ReplicaState, workspaceId: string, memberId: string | null): Promise<void> {
  const workspace = state.workspace(workspaceId);
  if (state.sync.workspace(workspaceId)) {
    throw problem('refused', 'The server says who you are in this workspace.', {
      todo: 'Ask a company admin: people and members are brought together in the administration.',
    });
  }
  if (memberId !== null && !workspace.index.members.has(memberId)) throw notFound('member', memberId);
  await putRecord(state.database, 'settings', { id: keyOf(workspaceId), workspaceId, body: { memberId } });
  state.signal.changed(workspaceId);
}

function keyOf(workspaceId: string): string {
  return `me/${workspaceId}`;
}
