import type { z } from 'zod';
import type {
  deviceRevokeInput,
  inviteCreateInput,
  inviteWithdrawInput,
  membershipInput,
  personAddInput,
  personChangeInput,
  webhookSetInput,
} from '../../shared/bridge/sync-contract.ts';
import type {
  NewInviteView,
  PersonView,
  ServerDeviceView,
  ServerInviteView,
  ServerWorkspaceView,
} from '../../shared/bridge/sync-views.ts';
import { inviteLink } from '../../shared/protocol/invite.ts';
import type { Result } from '../../shared/kernel/result.ts';
import type { WebhookStanding } from '../../shared/protocol/webhook.ts';
import * as server from '../sync/administration.ts';
import * as hooks from '../sync/webhook.ts';
import type { CallFailure, ServerClient } from '../sync/server-client.ts';
import { offeredAt } from '../sync/sign-in.ts';
import type { SyncCenter } from '../sync/sync-center.ts';
import { wrongField } from './problems.ts';
import { answered, serverOf } from './servers.ts';

/** What a company admin does on a server; the server decides who may, and what it says is told in words. */

export function people(sync: SyncCenter, serverId: string): Promise<readonly PersonView[]> {
  return asked(sync, serverId, server.listPeople);
}

/** How people sign in there; null where they do not. */
export async function signIn(sync: SyncCenter, serverId: string) {
  const record = serverOf(sync, serverId);
  return answered(record, await offeredAt(record));
}

export async function addPerson(sync: SyncCenter, given: z.output<typeof personAddInput>) {
  const { name, role, signsInAs } = given;
  const person = { name, role, ...(signsInAs === undefined ? {} : { signsInAs }) };
  const { id } = await askedOfPerson(sync, given, (client) => server.addPerson(client, person));
  return { personId: id };
}

export function changePerson(sync: SyncCenter, given: z.output<typeof personChangeInput>) {
  const { personId, name, role, active, signsInAs } = given;
  const changes = {
    ...(name === undefined ? {} : { name }),
    ...(role === undefined ? {} : { role }),
    ...(active === undefined ? {} : { active }),
    ...(signsInAs === undefined ? {} : { signsInAs }),
  };
  return askedOfPerson(sync, given, (client) => server.changePerson(client, personId, changes));
}

export async function setMembership(sync: SyncCenter, given: z.output<typeof membershipInput>) {
  const { serverId, personId, workspaceId, memberId } = given;
  const answer = await asked(sync, serverId, (client) =>
    server.setMembership(client, personId, { workspaceId, memberId }),
  );
  if (personId === serverOf(sync, serverId).person.id) await sync.refresh(serverId);
  return answer;
}

export async function invites(sync: SyncCenter, serverId: string): Promise<readonly ServerInviteView[]> {
  const [listed, names] = [await asked(sync, serverId, server.listInvites), await namesOf(sync, serverId)];
  return listed.map((invite) => ({ ...invite, personName: names.get(invite.personId) ?? '' }));
}

export async function createInvite(
  sync: SyncCenter,
  { serverId, personId }: z.output<typeof inviteCreateInput>,
): Promise<NewInviteView> {
  const { address, fingerprint } = serverOf(sync, serverId);
  const made = await asked(sync, serverId, (client) => server.createInvite(client, personId));
  return { ...made, link: inviteLink({ server: address, code: made.code, fingerprint }) };
}

export async function withdrawInvite(sync: SyncCenter, { serverId, inviteId }: z.output<typeof inviteWithdrawInput>) {
  const { changed } = await asked(sync, serverId, (client) => server.withdrawInvite(client, inviteId));
  return { withdrawn: changed };
}

export async function devices(sync: SyncCenter, serverId: string): Promise<readonly ServerDeviceView[]> {
  const { deviceId } = serverOf(sync, serverId);
  const [listed, names] = [await asked(sync, serverId, server.listDevices), await namesOf(sync, serverId)];
  return listed.map(({ id, name, personId, enrolledAt, lastSeenAt, program, revokedAt, revokedReason }) => ({
    id,
    name,
    personId,
    personName: names.get(personId) ?? '',
    enrolledAt,
    lastSeenAt,
    program,
    revokedAt,
    revokedReason,
    isThisOne: id === deviceId,
  }));
}

export async function revokeDevice(sync: SyncCenter, { serverId, deviceId }: z.output<typeof deviceRevokeInput>) {
  const { changed } = await asked(sync, serverId, (client) => server.revokeDevice(client, deviceId));
  return { revoked: changed };
}

export async function serverWorkspaces(sync: SyncCenter, serverId: string): Promise<readonly ServerWorkspaceView[]> {
  const listed = await asked(sync, serverId, server.listServerWorkspaces);
  return listed.map((workspace) => ({ ...workspace, here: sync.workspace(workspace.id) !== undefined }));
}

/** Null where none is set. */
export async function webhook(sync: SyncCenter, serverId: string): Promise<WebhookStanding | null> {
  return (await asked(sync, serverId, hooks.readWebhook)).webhook;
}

export async function setWebhook(sync: SyncCenter, given: z.output<typeof webhookSetInput>) {
  const { serverId, url, thresholds, newSecret } = given;
  const set = {
    url,
    ...(thresholds === undefined ? {} : { thresholds }),
    ...(newSecret === undefined ? {} : { newSecret }),
  };
  const answer = await sync.calling(serverId, (client) => hooks.setWebhook(client, set));
  if (!answer.ok && answer.error.kind === 'problem' && answer.error.type === 'malformed-request') {
    throw wrongField('url', answer.error.document.detail ?? answer.error.document.title);
  }
  return answered(serverOf(sync, serverId), answer);
}

export async function removeWebhook(sync: SyncCenter, serverId: string) {
  const { changed } = await asked(sync, serverId, hooks.removeWebhook);
  return { removed: changed };
}

export function tryWebhook(sync: SyncCenter, serverId: string) {
  return asked(sync, serverId, hooks.tryWebhook);
}

async function namesOf(sync: SyncCenter, serverId: string): Promise<ReadonlyMap<string, string>> {
  return new Map((await people(sync, serverId)).map(({ id, name }) => [id, name]));
}

/** The same for a person; what somebody signs in as is the one thing that only the server can read. */
async function askedOfPerson<Value>(
  sync: SyncCenter,
  { serverId, signsInAs }: { readonly serverId: string; readonly signsInAs?: string | null | undefined },
  call: (client: ServerClient) => Promise<Result<Value, CallFailure>>,
): Promise<Value> {
  const record = serverOf(sync, serverId);
  const answer = await sync.calling(serverId, call);
  const isMalformed = !answer.ok && answer.error.kind === 'problem' && answer.error.type === 'malformed-request';
  if (isMalformed && signsInAs) throw wrongField('signsInAs', 'is no address like ana@example.org');
  return answered(record, answer);
}

async function asked<Value>(
  sync: SyncCenter,
  serverId: string,
  call: (client: ServerClient) => Promise<Result<Value, CallFailure>>,
): Promise<Value> {
  const record = serverOf(sync, serverId);
  return answered(record, await sync.calling(serverId, call));
}
