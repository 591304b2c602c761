import { putRecord } from '../database/append.ts';
import { readRecords } from '../database/stored-rows.ts';
import type { ReplicaState } from './replica-state.ts';
import { notFound } from './problems.ts';

/** Who I am on this computer in a workspace; null when nobody was chosen. */
export function whoAmI(state: ReplicaState, workspaceId: string): string | null {
  const memberId = readRecords(state.database, 'settings', 'id=?', [keyOf(workspaceId)])[0]?.body['memberId'];
  return typeof memberId === 'string' ? memberId : null;
}

export async function setMe(state: ReplicaState, workspaceId: string, memberId: string | null): Promise<void> {
  const workspace = state.workspace(workspaceId);
  if (memberId !== null && !workspace.index.members.has(memberId)) throw notFound('member', memberId);
  await putRecord(state.database, 'settings', { id: keyOf(workspaceId), workspaceId, body: { memberId } });
  state.signal.changed(workspaceId);
}

function keyOf(workspaceId: string): string {
  return `me/${workspaceId}`;
}
