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
import { createOrganisation, listOrganisations, renameOrganisation as rename } from './identity/organisations.ts';
import { openServerDatabase, type StartProblem } from './open-database.ts';
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
