// What a company admin does on a server, through this device's connection.
import type { z } from 'zod';
import { ok, type Result } from '../../shared/kernel/result.ts';
import {
  changedSchema,
  devicesSchema,
  inviteCreatedSchema,
  invitesSchema,
  peopleSchema,
  personAddedSchema,
  workspacesSchema,
  type Person,
} from '../../shared/protocol/admin.ts';
import type { OrganisationRole } from '../../shared/protocol/identity.ts';
import { pathOf, routes } from '../../shared/protocol/routes.ts';
import type { CallFailure, ServerClient } from './server-client.ts';

type Answer<Value> = Promise<Result<Value, CallFailure>>;
type Invites = readonly z.output<typeof invitesSchema>['invites'][number][];
type Devices = readonly z.output<typeof devicesSchema>['devices'][number][];
type Workspaces = readonly z.output<typeof workspacesSchema>['workspaces'][number][];

export function listPeople(client: ServerClient): Answer<readonly Person[]> {
  return everyPage(client, routes.people, peopleSchema, ({ people }) => people);
}

export function addPerson(
  client: ServerClient,
  given: { readonly name: string; readonly role: OrganisationRole; readonly signsInAs?: string },
): Answer<z.output<typeof personAddedSchema>> {
  return client.ask({ method: 'POST', path: routes.people, body: JSON.stringify(given) }, personAddedSchema);
}

export function changePerson(
  client: ServerClient,
  personId: string,
  changes: {
    readonly name?: string;
    readonly role?: OrganisationRole;
    readonly active?: boolean;
    readonly signsInAs?: string | null;
  },
): Answer<z.output<typeof changedSchema>> {
  const path = pathOf(routes.person, { personId });
  return client.ask({ method: 'POST', path, body: JSON.stringify(changes) }, changedSchema);
}

export function setMembership(
  client: ServerClient,
  personId: string,
  given: { readonly workspaceId: string; readonly memberId: string | null },
): Answer<z.output<typeof changedSchema>> {
  const path = pathOf(routes.memberships, { personId });
  return client.ask({ method: 'POST', path, body: JSON.stringify(given) }, changedSchema);
}

export function listInvites(client: ServerClient): Answer<Invites> {
  return everyPage(client, routes.invites, invitesSchema, ({ invites }) => invites);
}

export function createInvite(client: ServerClient, personId: string): Answer<z.output<typeof inviteCreatedSchema>> {
  return client.ask({ method: 'POST', path: routes.invites, body: JSON.stringify({ personId }) }, inviteCreatedSchema);
}

export function withdrawInvite(client: ServerClient, inviteId: string): Answer<z.output<typeof changedSchema>> {
  const path = pathOf(routes.withdrawInvite, { inviteId });
  return client.ask({ method: 'POST', path }, changedSchema);
}

export function listDevices(client: ServerClient): Answer<Devices> {
  return everyPage(client, routes.devices, devicesSchema, ({ devices }) => devices);
}

export function revokeDevice(client: ServerClient, deviceId: string): Answer<z.output<typeof changedSchema>> {
  const path = pathOf(routes.revokeDevice, { deviceId });
  return client.ask({ method: 'POST', path }, changedSchema);
}

export function listServerWorkspaces(client: ServerClient): Answer<Workspaces> {
  return everyPage(client, routes.workspaces, workspacesSchema, ({ workspaces }) => workspaces);
}

/** One page after the other; a server that never ends its list is left after so many. */
async function everyPage<Schema extends z.ZodType<{ readonly next: string | null }>, Item>(
  client: ServerClient,
  route: string,
  schema: Schema,
  itemsOf: (page: z.output<Schema>) => readonly Item[],
): Answer<readonly Item[]> {
  const items: Item[] = [];
  let after: string | null = null;
  for (let page = 0; page < pagesMax; page += 1) {
    const path: string = after === null ? route : `${route}?after=${encodeURIComponent(after)}`;
    const answer: Result<z.output<Schema>, CallFailure> = await client.ask({ method: 'GET', path }, schema);
    if (!answer.ok) return answer;
    items.push(...itemsOf(answer.value));
    after = answer.value.next;
    if (after === null) break;
  }
  return ok(items);
}

const pagesMax = 100;
