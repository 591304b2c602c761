// What only the operator of a server does, at its command line: also beside a server that runs.
import http from 'node:http';
import https from 'node:https';
import { v7 as uuidv7 } from 'uuid';
import { err, ok, type Result } from '../shared/kernel/result.ts';
import { inviteLink } from '../shared/protocol/invite.ts';
import { certificateOf } from './certificate.ts';
import type { Config } from './config.ts';
import type { Database } from './database/database.ts';
import { beginEpochAfterRestore } from './history/pull.ts';
import { createInvite } from './identity/invites.ts';
import { changePerson } from './identity/people.ts';
import { createOrganisation, listOrganisations, renameOrganisation as rename } from './identity/organisations.ts';
import { openServerDatabase, type StartProblem } from './open-database.ts';
import { addressIn } from './sign-in/address.ts';
import { openProvider } from './sign-in/provider.ts';
import { reachableHost } from './reachable-host.ts';

export interface Operator {
  readonly config: Config;
  readonly database: Database;
}

/** Does `work` on the database of the configuration; answers the lines to print. */
export async function operate(
  config: Config,
  work: (operator: Operator) => Promise<readonly string[]>,
): Promise<Result<readonly string[], StartProblem>> {
  const opened = await openServerDatabase(config, { shared: true, onLost: () => undefined });
  if (!opened.ok) return opened;
  const { database, close } = opened.value;
  try {
    return ok(await work({ config, database }));
  } catch (error) {
    return err({ message: error instanceof Error ? error.message : String(error) });
  } finally {
    await close();
  }
}

export async function status({ database }: Operator): Promise<readonly string[]> {
  const organisations = await database.asServer(listOrganisations, { readOnly: true });
  return organisations.map(
    ({ id, name, people, devices, workspaces }) =>
      `${id}  ${name}: ${people} people, ${devices} devices, ${workspaces} workspaces`,
  );
}

export async function newOrganisation(
  operator: Operator,
  given: { readonly name: string; readonly admin: string },
): Promise<readonly string[]> {
  const { organisationId, invite } = await operator.database.asServer((transaction) =>
    createOrganisation(transaction, { name: given.name, adminName: given.admin }),
  );
  return [`Organisation ${organisationId} was created.`, ...(await describeInvite(operator, invite.code))];
}

export async function renameOrganisation(
  { database }: Operator,
  given: { readonly organisation: string; readonly name: string },
): Promise<readonly string[]> {
  const renamed = await database.asServer((transaction) => rename(transaction, given.organisation, given.name));
  return [renamed ? 'The organisation has its new name.' : 'There is no such organisation: nothing was changed.'];
}

export async function newInvite(
  operator: Operator,
  given: { readonly organisation: string; readonly person?: string },
): Promise<readonly string[]> {
  const invite = await operator.database.asServer(async (transaction) => {
    const organisations = await listOrganisations(transaction);
    const organisation = organisations.find(({ id }) => id === given.organisation);
    const personId = given.person ?? organisation?.adminIds[0];
    if (personId === undefined) return err('no-such-person' as const);
    return createInvite(transaction, {
      organisationId: given.organisation,
      personId,
      id: uuidv7(),
      createdBy: null,
    });
  });
  if (invite.ok) return describeInvite(operator, invite.value.code);
  return ['There is no such organisation, or nobody like that is active in it: nothing was changed.'];
}

/**
 * After a restore: every history goes on from what is there, in a new epoch. Devices learn of it at their next sync, and
 * send again what they had confirmed since.
 */
export async function afterRestore({ database }: Operator): Promise<readonly string[]> {
  const { rows } = await database.asServer(
    ({ query }) =>
      query<{ readonly organisationId: string; readonly workspaceId: string }>(
        'SELECT organisation_id AS "organisationId", id AS "workspaceId" FROM workspace ORDER BY id',
      ),
    { readOnly: true },
  );
  for (const workspace of rows) await beginEpochAfterRestore(database, workspace);
  return [`${rows.length} workspaces go on in a new epoch. Devices send again what was lost and is still with them.`];
}

/** Whether the identity provider can be used as it is set up, and for whose people. */
export async function checkSignIn({ config: { signIn }, database }: Operator): Promise<readonly string[]> {
  if (signIn === null) return ['No identity provider is set up: people join by invites only.'];
  const { issuer, by, organisationId, newPeople } = signIn;
  const checked = await openProvider({ ...signIn, wantsAddress: by === 'email' || newPeople !== null }).check();
  const organisations = await database.asServer(listOrganisations, { readOnly: true });
  const ours = organisations.filter(({ id }) => organisationId === null || id === organisationId);
  const [only] = ours;
  return [
    checked.ok
      ? `${issuer} can be used; codes are asked for at ${checked.value}.`
      : `${issuer} cannot be used (${checked.error.code}): ${problemWords[checked.error.kind]}`,
    only && ours.length === 1
      ? `People of ${only.name} sign in, known by their ${by === 'email' ? 'verified address' : 'account name'}.`
      : 'It is not clear whose people sign in: set FUELGAUGE_SERVER_SIGN_IN_ORGANISATION to an id of status.',
    newPeople === null
      ? 'Only who was added by an admin is let in.'
      : `Who is not known yet and has an address of ${newPeople.domains.join(', ')} is let in as ${newPeople.role}.`,
  ];
}

const problemWords = {
  silent: 'it does not answer from here. Check the network, and the address.',
  unusable: 'it answers, and not as the settings say. Compare FUELGAUGE_SERVER_SIGN_IN_ISSUER with its own.',
} as const;

/** Says as whom a person signs in, where no admin can get in to say it. */
export async function setSignsInAs(
  { config: { signIn }, database }: Operator,
  given: { readonly organisation: string; readonly person?: string; readonly name: string },
): Promise<readonly string[]> {
  const { organisation: organisationId, name } = given;
  const compared = name === '' ? null : signIn?.by === 'subject' ? name : addressIn(name);
  if (compared === null && name !== '') return ['That is no address: nothing was changed.'];
  const organisations = await database.asServer(listOrganisations, { readOnly: true });
  const personId = given.person ?? organisations.find(({ id }) => id === organisationId)?.adminIds[0];
  if (personId === undefined) return [noSuchPerson];
  const changed = await database.inOrganisation(organisationId, (transaction) =>
    changePerson(transaction, personId, { signsInAs: compared }),
  );
  if (changed.ok)
    return [compared === null ? 'The person joins by invites only.' : `The person signs in as ${compared}.`];
  return [
    changed.error === 'name-is-taken'
      ? 'Somebody else signs in under this name already: nothing was changed.'
      : noSuchPerson,
  ];
}

const noSuchPerson = 'There is no such organisation, or nobody like that in it: nothing was changed.';

/** Whether the server of a configuration can serve: asked on this computer, whatever its certificate is called. */
export async function answers({ host, port, tls }: Config): Promise<boolean> {
  const isWildcard = host === '0.0.0.0' || host === '::';
  const { request } = tls === 'none' ? http : https;
  return new Promise((resolve) => {
    const given = { host: isWildcard ? '127.0.0.1' : host, port, path: '/readyz', timeout: 4_000 };
    const asked = request({ ...given, rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on('error', () => resolve(false));
    asked.on('timeout', () => asked.destroy(new Error('It does not answer.')));
    asked.end();
  });
}

/** An invite for people. */
export function inviteLines({ code, link }: { readonly code: string; readonly link: string }): readonly string[] {
  return [
    `An invite for a company admin, good for one device and for 24 hours: ${code}`,
    `As a link that opens Fuelgauge: ${link}`,
  ];
}

async function describeInvite({ config }: Operator, code: string): Promise<readonly string[]> {
  const certificate = await certificateOf(config);
  const fingerprint = certificate.ok ? (certificate.value?.fingerprint ?? null) : null;
  const scheme = config.tls === 'none' ? 'http' : 'https';
  const server = config.address ?? `${scheme}://${reachableHost(config.host)}:${config.port}`;
  return inviteLines({ code, link: inviteLink({ server, code, fingerprint }) });
}
