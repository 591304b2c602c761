import { hostname } from 'node:os';
import type { z } from 'zod';
import type { connectInput, inviteInput } from '../../shared/bridge/sync-contract.ts';
import type { InviteView } from '../../shared/bridge/sync-views.ts';
import { parseInvite, type Invite, type InviteProblem } from '../../shared/protocol/invite.ts';
import type { Result } from '../../shared/kernel/result.ts';
import { setMembership } from '../sync/administration.ts';
import { isOffline, nameFailure } from '../sync/name-failure.ts';
import type { CallFailure } from '../sync/server-client.ts';
import type { ServerRecord } from '../sync/server-records.ts';
import type { SyncCenter } from '../sync/sync-center.ts';
import { ownCatalogueEdition } from './catalogues.ts';
import { notFound, problem, ProblemError, wrongField } from './problems.ts';
import type { ReplicaState } from './replica-state.ts';
import { whoAmI } from './settings.ts';

/** Reads an invite; nothing is sent. */
export function lookAtInvite(sync: SyncCenter, { invite }: z.output<typeof inviteInput>): InviteView {
  const { server, code, fingerprint } = readInvite(invite);
  const known = sync.servers().find(({ address }) => address === server);
  return { server, code, fingerprint, knownServerId: known?.id ?? null };
}

/** Joins this computer to a server, and brings the workspaces of its person here in the background. */
export async function connectServer(
  sync: SyncCenter,
  given: z.output<typeof connectInput>,
): Promise<{ readonly serverId: string; readonly workspaceIds: readonly string[] }> {
  const invite = readInvite(given.invite);
  const joined = await sync.join(invite, given.deviceName ?? hostname());
  if (!joined.ok) throw notJoined(joined.error, invite);
  const { id: serverId, workspaces } = joined.value;
  for (const workspace of workspaces) sync.open(serverId, workspace.id);
  return { serverId, workspaceIds: workspaces.map(({ id }) => id) };
}

export async function refreshServer(sync: SyncCenter, serverId: string): Promise<void> {
  const server = serverOf(sync, serverId);
  answered(server, await sync.refresh(serverId));
}

export function openServerWorkspace(
  sync: SyncCenter,
  given: { readonly serverId: string; readonly workspaceId: string },
): { readonly workspaceId: string } {
  serverOf(sync, given.serverId);
  const opened = sync.open(given.serverId, given.workspaceId);
  if (!opened.ok) throw notFound('workspace of this server', given.workspaceId);
  return { workspaceId: given.workspaceId };
}

/** Takes a workspace of this computer to a server; its whole history is sent, and from then on everything new. */
export async function publishWorkspace(
  state: ReplicaState,
  given: { readonly serverId: string; readonly workspaceId: string },
): Promise<{ readonly workspaceId: string }> {
  const { serverId, workspaceId } = given;
  const { sync } = state;
  const server = serverOf(sync, serverId);
  const workspace = state.workspace(workspaceId);
  const other = sync.workspace(workspaceId);
  if (other?.serverId === serverId) return { workspaceId };
  if (other) {
    throw problem('conflict', `${workspace.name} is a workspace of another server.`, { todo: 'Leave that one first.' });
  }
  if (workspace.sample) {
    throw problem('refused', 'The sample team is made up: it stays on this computer.', {
      todo: 'Take a workspace of your own to the server.',
    });
  }
  // A platform that was described here is part of the history, so that every device can price with it.
  await ownCatalogueEdition(state, workspace);
  const memberId = whoAmI(state, workspaceId);
  answered(server, await sync.publish(serverId, { workspaceId, name: workspace.name, memberId }));
  if (memberId !== null && server.person.role === 'company-admin') {
    // The workspace is on the server whether or not this goes well; who is who can be said in the administration too.
    await sync.calling(serverId, (client) => setMembership(client, server.person.id, { workspaceId, memberId }));
  }
  await sync.refresh(serverId);
  return { workspaceId };
}

export async function leaveServer(sync: SyncCenter, workspaceId: string): Promise<{ readonly left: boolean }> {
  return { left: await sync.leave(workspaceId) };
}

export async function forgetServer(sync: SyncCenter, serverId: string): Promise<{ readonly left: number }> {
  serverOf(sync, serverId);
  return { left: await sync.forget(serverId) };
}

export function serverOf(sync: SyncCenter, serverId: string): ServerRecord {
  const server = sync.server(serverId);
  if (!server) throw notFound('server', serverId);
  return server;
}

/** What a server answered, or the problem in words. */
export function answered<Value>(server: ServerRecord, answer: Result<Value, CallFailure>): Value {
  if (answer.ok) return answer.value;
  throw new ProblemError({ ...nameFailure(answer.error, server.address), kept: 'Nothing was changed.' });
}

function readInvite(text: string): Invite {
  const invite = parseInvite(text);
  if (!invite.ok) throw wrongField('invite', inviteWords[invite.error]);
  return invite.value;
}

const inviteWords: Readonly<Record<InviteProblem, string>> = {
  'no-server':
    'names no server: paste the whole link, or the address (https://host:port) and the code with a space between',
  'no-code': 'has no code that could be one: it is 11 letters and digits or more, without I, L, O and U',
  'bad-fingerprint': 'has a broken certificate in it: paste the whole link',
};

/** An invite that is over looks like a device that is not known; to the person it is the invite. */
function notJoined(failure: CallFailure, invite: Invite): ProblemError {
  const named = nameFailure(failure, invite.server);
  if (failure.kind === 'problem' && (failure.type === 'unauthenticated' || failure.type === 'not-found')) {
    return problem('refused', `${invite.server} does not take this invite: it was used, withdrawn, or is over.`, {
      todo: 'Ask an admin for a new one; each works once and for a day.',
    });
  }
  const todo = isOffline(failure)
    ? 'Check the address and the network, then try again with the same invite.'
    : named.todo;
  return new ProblemError({ ...named, kept: 'Nothing was changed.', todo });
}
