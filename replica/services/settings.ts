import { putRecord } from '../database/append.ts';
import type { ReplicaState } from './replica-state.ts';
import { notFound } from './problems.ts';

/** Who I am on this computer in a workspace; null when nobody was chosen. */
export async function whoAmI(state: ReplicaState, workspaceId: string): Promise<string | null> {
  const document = await state.database.rx.settings.findOne(keyOf(workspaceId)).exec();
  const memberId = document?.toJSON().body['memberId'];
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
