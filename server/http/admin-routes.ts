// What company admins do: people, invites, devices, workspaces. Always in the organisation of their token.
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import {
  changedSchema,
  devicesSchema,
  inviteCreatedSchema,
  inviteCreateSchema,
  invitesSchema,
  listQuerySchema,
  membershipSetSchema,
  peopleSchema,
  personAddedSchema,
  personAddSchema,
  personChangeSchema,
  workspacesSchema,
} from '../../shared/protocol/admin.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { routes } from '../../shared/protocol/routes.ts';
import type { SignInName } from '../../shared/protocol/sign-in.ts';
import type { Transaction } from '../database/database.ts';
import { listDevices, revokeDevice } from '../identity/devices.ts';
import { createInvite, listInvites, withdrawInvite } from '../identity/invites.ts';
import { addPerson, changePerson, listPeople, setMembership } from '../identity/people.ts';
import { listWorkspaces } from '../identity/workspaces.ts';
import { addressIn } from '../sign-in/address.ts';
import type { Services } from './all-routes.ts';
import { json, problemReply, type ProblemReply } from './reply.ts';
import { adminRoute, noBody, noQuery, type Route, type RouteDescription } from './route.ts';

export function adminRoutes(services: Services): readonly Route[] {
  return [...peopleRoutes(services), ...inviteRoutes(services), ...deviceRoutes(services), ...listRoutes(services)];
}

const noPerson = problemReply('not-found', 'There is no such person in this organisation.');
const nameIsTaken = problemReply('not-allowed', 'Somebody else signs in under this name already.', {
  detail: 'Look for that person in the list, those included who are no longer active. Nothing was changed.',
});
const changeProblems: Readonly<
  Record<'no-such-person' | 'last-admin' | 'name-is-taken' | 'no-such-workspace' | 'member-is-taken', ProblemReply>
> = {
  'no-such-person': noPerson,
  'last-admin': problemReply('not-allowed', 'This is the last company admin who is active.', {
    detail: 'Make somebody else a company admin first. Nothing was changed.',
  }),
  'name-is-taken': nameIsTaken,
  'no-such-workspace': problemReply('not-found', 'There is no such workspace in this organisation.'),
  'member-is-taken': problemReply('not-allowed', 'Somebody else is this member of the workspace already.', {
    detail: 'Take the workspace from that person first. Nothing was changed.',
  }),
};

/** Ids that the server makes are UUIDs; what is none names nothing. */
function isUuid(text: string | undefined): text is string {
  return z.uuid().safeParse(text).success;
}

function peopleRoutes({ database, standings, signIn }: Services): readonly Route[] {
  return [
    adminRoute({
      method: 'POST',
      path: routes.people,
      summary: 'Adds a person.',
      body: personAddSchema,
      query: noQuery,
      answer: personAddedSchema,
      handle: async ({ caller: { organisationId }, body: { name, role, signsInAs } }) => {
        const id = uuidv7();
        const accountName = accountNameIn(signsInAs, signIn?.by);
        if (!accountName.ok) return accountName.error;
        const isAdded = await database.inOrganisation(organisationId, (transaction) =>
          addPerson(transaction, { organisationId, id, name, role, signsInAs: accountName.value ?? null }),
        );
        return isAdded ? json({ id }) : nameIsTaken;
      },
    }),
    adminRoute({
      method: 'POST',
      path: routes.person,
      summary: 'Changes the name, role or sign-in of a person, or lets a person in nowhere any more.',
      body: personChangeSchema,
      query: noQuery,
      answer: changedSchema,
      handle: async ({ caller: { organisationId }, parameters: { personId }, body }) => {
        if (!isUuid(personId)) return noPerson;
        const { signsInAs, ...rest } = body;
        const accountName = accountNameIn(signsInAs, signIn?.by);
        if (!accountName.ok) return accountName.error;
        const change = accountName.value === undefined ? rest : { ...rest, signsInAs: accountName.value };
        const changed = await database.inOrganisation(organisationId, (transaction) =>
          changePerson(transaction, personId, change),
        );
        if (!changed.ok) return changeProblems[changed.error];
        if (changed.value) await standings.tell({ organisationId, personId });
        return json({ changed: changed.value });
      },
    }),
    adminRoute({
      method: 'POST',
      path: routes.memberships,
      summary: "Says which member of a workspace's history a person is, or takes the workspace away.",
      body: membershipSetSchema,
      query: noQuery,
      answer: changedSchema,
      handle: async ({ caller: { organisationId }, parameters: { personId }, body }) => {
        if (!isUuid(personId)) return noPerson;
        const changed = await database.inOrganisation(organisationId, (transaction) =>
          setMembership(transaction, { organisationId, personId, ...body }),
        );
        if (!changed.ok) return changeProblems[changed.error];
        if (changed.value) await standings.tell({ organisationId, personId });
        return json({ changed: changed.value });
      },
    }),
  ];
}

/** As whom somebody signs in, in the form in which it is compared. */
function accountNameIn(
  given: string | null | undefined,
  by: SignInName | undefined,
): Result<string | null | undefined, ProblemReply> {
  if (given === undefined || given === null) return ok(given);
  if (by === undefined) return err(noSignIn);
  if (by === 'subject') return ok(given);
  const address = addressIn(given);
  return address === null ? err(noAddress) : ok(address);
}

const noSignIn = problemReply('not-allowed', 'Nobody signs in at this server.', {
  detail: 'It has no identity provider; people join by invites. Nothing was changed.',
});
const noAddress = problemReply('malformed-request', 'That is no address.', {
  detail: 'People sign in with an address like ana@example.org. Nothing was changed.',
});

function inviteRoutes({ database }: Services): readonly Route[] {
  return [
    adminRoute({
      method: 'POST',
      path: routes.invites,
      summary: 'Makes an invite for one device of a person. Its code is told this once.',
      body: inviteCreateSchema,
      query: noQuery,
      answer: inviteCreatedSchema,
      handle: async ({ caller: { organisationId, personId: createdBy }, body: { personId } }) => {
        if (!isUuid(personId)) return noPerson;
        const created = await database.inOrganisation(organisationId, (transaction) =>
          createInvite(transaction, { organisationId, personId, id: uuidv7(), createdBy }),
        );
        return created.ok ? json(created.value) : noPerson;
      },
    }),
    adminRoute({
      method: 'POST',
      path: routes.withdrawInvite,
      summary: 'Withdraws an invite that was not used.',
      body: noBody,
      query: noQuery,
      answer: changedSchema,
      handle: async ({ caller: { organisationId }, parameters: { inviteId } }) => {
        if (!isUuid(inviteId)) return json({ changed: false });
        const changed = await database.inOrganisation(organisationId, (transaction) =>
          withdrawInvite(transaction, inviteId),
        );
        return json({ changed });
      },
    }),
  ];
}

function deviceRoutes({ database, standings }: Services): readonly Route[] {
  return [
    adminRoute({
      method: 'POST',
      path: routes.revokeDevice,
      summary: 'Revokes a device: its next call and its stream end, its leases are closed.',
      body: noBody,
      query: noQuery,
      answer: changedSchema,
      handle: async ({ caller: { organisationId }, parameters: { deviceId } }) => {
        const noDevice = problemReply('not-found', 'There is no such device in this organisation.');
        if (!isUuid(deviceId)) return noDevice;
        const revoked = await database.inOrganisation(organisationId, (transaction) =>
          revokeDevice(transaction, deviceId),
        );
        if (!revoked) return noDevice;
        const { personId, changed } = revoked;
        if (changed) await standings.tell({ organisationId, personId });
        return json({ changed });
      },
    }),
  ];
}

type Listing = (
  transaction: Transaction,
  page: { readonly after: string; readonly rowsMax: number },
) => Promise<readonly { readonly id: string }[]>;

function listRoutes({ database }: Services): readonly Route[] {
  const first = '00000000-0000-0000-0000-000000000000';
  const listRoute = (
    description: Pick<RouteDescription, 'path' | 'summary' | 'answer'>,
    { name, list, isId }: { readonly name: string; readonly list: Listing; readonly isId: (text: string) => boolean },
  ): Route =>
    adminRoute({
      ...description,
      method: 'GET',
      body: noBody,
      query: listQuerySchema,
      handle: async ({ caller: { organisationId }, query: { after = first } }) => {
        if (!isId(after)) return problemReply('malformed-request', 'The list does not go on after that.');
        // One more than a page tells whether there is another.
        const rowsMax = limits.pageRowsMax;
        const rows = await database.inOrganisation(organisationId, (transaction) =>
          list(transaction, { after, rowsMax: rowsMax + 1 }),
        );
        const shown = rows.slice(0, rowsMax);
        return json({ [name]: shown, next: rows.length > rowsMax ? (shown.at(-1)?.id ?? null) : null });
      },
    });
  return [
    listRoute(
      { path: routes.people, summary: 'The people of the organisation.', answer: peopleSchema },
      { name: 'people', list: listPeople, isId: isUuid },
    ),
    listRoute(
      { path: routes.invites, summary: 'The invites of the organisation, without their codes.', answer: invitesSchema },
      { name: 'invites', list: listInvites, isId: isUuid },
    ),
    listRoute(
      { path: routes.devices, summary: 'The devices of the organisation.', answer: devicesSchema },
      { name: 'devices', list: listDevices, isId: isUuid },
    ),
    listRoute(
      { path: routes.workspaces, summary: 'The workspaces of the organisation.', answer: workspacesSchema },
      { name: 'workspaces', list: listWorkspaces, isId: () => true },
    ),
  ];
}
