// Walks every route with everybody who might knock. A route without a rule here fails the test.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { allRoutes } from '../../server/http/all-routes.ts';
import { buildApp } from '../../server/http/app.ts';
import type { Route } from '../../server/http/route.ts';
import { changedSchema, inviteCreatedSchema } from '../../shared/protocol/admin.ts';
import { organisationRoles, publishAnswerSchema, type OrganisationRole } from '../../shared/protocol/identity.ts';
import { pathOf, routes } from '../../shared/protocol/routes.ts';
import { makeTestServer, problemIn, sendTo, type TestAnswer, type TestDevice } from '../support/test-server.ts';

/** Who may use a route. `member` are those who are one of the workspace in the path, and company admins. */
type Allowed = 'everybody' | 'devices' | 'members' | 'admins';

interface Rule {
  readonly allowed: Allowed;
  /** Of the members, who may not: guests and visitors write nothing. */
  readonly refused?: readonly OrganisationRole[];
  /** A request that is right, with the ids of our organisation in it. */
  readonly body?: (ours: Ours) => unknown;
  /** What follows the path. */
  readonly query?: string;
}

/** What there is in our organisation; nothing of it may be seen or changed from another one. */
interface Ours {
  readonly workspaceId: string;
  readonly personId: string;
  readonly inviteId: string;
  readonly deviceId: string;
}

const readers = ['guest', 'visitor'] as const;

const rules: Readonly<Record<string, Rule>> = {
  'GET /healthz': { allowed: 'everybody' },
  'GET /readyz': { allowed: 'everybody' },
  'GET /metrics': { allowed: 'everybody' },
  'GET /openapi.json': { allowed: 'everybody' },
  'GET /open/{workspaceId}/credits-usage': { allowed: 'everybody' },
  'GET /open/{workspaceId}/credits-usage/{list}': { allowed: 'everybody' },
  'GET /open/{workspaceId}/credits-usage/teams/{teamId}': { allowed: 'everybody' },
  [`POST ${routes.enrol}`]: {
    allowed: 'everybody',
    body: () => ({ inviteCode: '00000000000', deviceName: 'x', publicKey: 'A'.repeat(43) }),
  },
  [`GET ${routes.about}`]: { allowed: 'everybody' },
  [`POST ${routes.signIn}`]: { allowed: 'everybody', body: () => ({ deviceName: 'x', publicKey: 'A'.repeat(43) }) },
  [`POST ${routes.signInAnswer}`]: { allowed: 'everybody', body: () => ({ signInId: 'A'.repeat(43) }) },
  [`POST ${routes.tokens}`]: { allowed: 'everybody', body: () => ({ refreshToken: 'none' }) },
  [`GET ${routes.me}`]: { allowed: 'devices' },
  [`POST ${routes.publish}`]: { allowed: 'admins', body: ({ workspaceId }) => ({ id: workspaceId, name: 'Ours' }) },
  [`POST ${routes.push}`]: {
    allowed: 'members',
    refused: readers,
    body: () => ({ epoch: 'none', rows: [{ id: randomUUID(), by: { deviceId: 'x', number: 1 }, entry: null }] }),
  },
  [`POST ${routes.pull}`]: { allowed: 'members', body: () => ({ checkpoint: null }) },
  [`POST ${routes.leases}`]: {
    allowed: 'members',
    refused: readers,
    body: () => ({ kind: 'renew', expectedByPool: [{ poolId: 'main', expected: 1 }] }),
  },
  [`GET ${routes.stream}`]: { allowed: 'members' },
  [`GET ${routes.segment}`]: { allowed: 'members' },
  [`GET ${routes.people}`]: { allowed: 'admins' },
  [`POST ${routes.people}`]: { allowed: 'admins', body: () => ({ name: 'New', role: 'member' }) },
  [`POST ${routes.person}`]: { allowed: 'admins', body: () => ({ name: 'Renamed' }) },
  [`POST ${routes.memberships}`]: {
    allowed: 'admins',
    body: ({ workspaceId }) => ({ workspaceId, memberId: `member-${randomUUID()}` }),
  },
  [`GET ${routes.invites}`]: { allowed: 'admins' },
  [`POST ${routes.invites}`]: { allowed: 'admins', body: ({ personId }) => ({ personId }) },
  [`POST ${routes.withdrawInvite}`]: { allowed: 'admins' },
  [`GET ${routes.devices}`]: { allowed: 'admins' },
  [`POST ${routes.revokeDevice}`]: { allowed: 'admins' },
  [`GET ${routes.workspaces}`]: { allowed: 'admins' },
  [`GET ${routes.webhook}`]: { allowed: 'admins' },
  [`POST ${routes.webhook}`]: { allowed: 'admins', body: () => ({ url: 'https://hooks.invalid/fuelgauge' }) },
  [`POST ${routes.removeWebhook}`]: { allowed: 'admins' },
  [`POST ${routes.tryWebhook}`]: { allowed: 'admins' },
};

let test: Awaited<ReturnType<typeof makeTestServer>>;
let ours: Ours;
let byRole: ReadonlyMap<OrganisationRole, TestDevice>;
let outsider: TestDevice;
let revoked: TestDevice;
let foreigner: TestDevice;
let table: readonly Route[];

beforeAll(async () => {
  test = await makeTestServer();
  const { admin, join } = test;
  const { id: workspaceId } = await admin.answer(publishAnswerSchema, 'POST', routes.publish, {
    id: randomUUID(),
    name: 'Ours',
  });
  const devices = new Map<OrganisationRole, TestDevice>([['company-admin', admin]]);
  const enter = async (device: TestDevice): Promise<unknown> =>
    admin.answer(changedSchema, 'POST', pathOf(routes.memberships, { personId: device.personId }), {
      workspaceId,
      memberId: `member of ${device.personId}`,
    });
  for (const role of organisationRoles.filter((role) => role !== 'company-admin')) {
    const device = await join({ name: `Ours ${role}`, role });
    await enter(device);
    devices.set(role, device);
  }
  byRole = devices;
  outsider = await join({ name: 'Ours outside', role: 'member' });
  revoked = await join({ name: 'Ours revoked', role: 'company-admin' });
  await enter(revoked);
  await admin.answer(changedSchema, 'POST', pathOf(routes.revokeDevice, { deviceId: revoked.deviceId }));
  foreigner = await test.otherOrganisation();
  const victim = await join({ name: 'Ours victim', role: 'member' });
  const { id: inviteId } = await admin.answer(inviteCreatedSchema, 'POST', routes.invites, {
    personId: victim.personId,
  });
  ours = { workspaceId, personId: victim.personId, inviteId, deviceId: victim.deviceId };
  table = allRoutes(test.server.services);
});

afterAll(() => test.drop());

const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

/** The path with our ids in it. */
function filled(route: Route): string {
  const parts = new Map(Object.entries({ ...ours, segment: '1-10', list: 'features', teamId: 'design' }));
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts.get(name)!));
  return `${path}${rules[nameOf(route)]?.query ?? ''}`;
}

async function knock(route: Route, device: TestDevice | null, headers = {}): Promise<TestAnswer> {
  const body = rules[nameOf(route)]?.body?.(ours) ?? (route.method === 'POST' ? '' : undefined);
  const sent = body === '' ? undefined : body;
  if (device) return device.send(route.method, filled(route), sent, headers);
  return sendTo(test.server.address, route.method, filled(route), {
    headers,
    ...(sent !== undefined && { body: sent }),
  });
}

const refusals: ReadonlySet<number> = new Set([401, 403]);

/** Everything of our organisation, as text. */
async function everythingOfOurs(): Promise<string> {
  return test.database.inOrganisation(test.admin.organisationId, async ({ query }) => {
    const { rows: tables } = await query<{ readonly name: string }>(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relkind = 'r' AND a.attname = 'organisation_id' ORDER BY 1`,
    );
    const found: unknown[] = [];
    for (const { name } of tables) {
      const { rows } = await query<{ readonly row: string }>(`SELECT to_json(t)::text AS row FROM ${name} t`);
      found.push([name, rows.map(({ row }) => row).sort()]);
    }
    return JSON.stringify(found);
  });
}

describe('every route', () => {
  it('has a rule here', () => {
    expect(table.length).toBeGreaterThan(10);
    expect(table.map(nameOf).filter((name) => rules[name] === undefined)).toEqual([]);
  });

  it('is in the running server and in its documentation, and nothing else is', async () => {
    const app = await buildApp({
      routes: table,
      gate: { authenticate: async () => ({ ok: false, error: 'unauthenticated' }), hasWorkspace: async () => false },
      metrics: test.server.services.metrics,
      rates: { perAddressPerMinute: 1_000, perDevicePerMinute: 1_000, invitesPerAddressPerMinute: 1_000 },
      log: { level: 'silent' },
      trustedProxies: [],
      requestMsMax: 1_000,
      https: null,
    });
    await app.ready();
    const registered = table.filter(({ method, path }) =>
      app.hasRoute({ method, url: path.replaceAll(/\{(\w+)\}/g, ':$1') }),
    );
    const lines = app.printRoutes({ commonPrefix: false }).split('\n');
    const methods = lines.flatMap((line) => /\(([A-Z, ]+)\)/.exec(line)?.[1]?.split(', ') ?? []);
    await app.close();
    expect(registered).toHaveLength(table.length);
    expect(methods).toHaveLength(table.length);

    const { body, text } = await sendTo(test.server.address, 'GET', '/openapi.json');
    const documented = documentSchema.parse(body);
    const named = Object.entries(documented.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(named.toSorted()).toEqual(table.map(nameOf).toSorted());
    expect(documented.openapi).toBe('3.1.0');
    const references = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)];
    expect(references.length).toBeGreaterThan(10);
    for (const [, name] of references) expect(Object.keys(documented.components.schemas)).toContain(name);
    for (const [path, operations] of Object.entries(documented.paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters } of Object.values(operations)) {
        expect(parameters.flatMap(({ name, in: place }) => (place === 'path' ? name : []))).toEqual(inPath);
      }
    }
  });

  const documentSchema = z.object({
    openapi: z.string(),
    paths: z.record(
      z.string(),
      z.record(z.string(), z.object({ parameters: z.array(z.object({ name: z.string(), in: z.string() })) })),
    ),
    components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
  });

  it('is closed to who has no token, a made-up one, or a revoked device', async () => {
    const closed = table.filter((route) => rules[nameOf(route)]!.allowed !== 'everybody');
    expect(closed.length).toBeGreaterThan(8);
    for (const route of closed) {
      const [none, madeUp, gone] = [
        await knock(route, null),
        await knock(route, null, { authorization: 'Bearer made.up.token' }),
        await knock(route, revoked),
      ];
      expect(
        [none, madeUp].map((answer) => [answer.status, problemIn(answer)]),
        nameOf(route),
      ).toEqual([
        [401, 'unauthenticated'],
        [401, 'unauthenticated'],
      ]);
      expect([gone.status, problemIn(gone)], nameOf(route)).toEqual([403, 'revoked']);
    }
  });

  it.each(organisationRoles)('lets a %s through where it is meant to, and nowhere else', async (role) => {
    const device = byRole.get(role)!;
    for (const route of table) {
      const { allowed, refused } = rules[nameOf(route)]!;
      if (allowed === 'everybody') continue;
      const isLetIn = (allowed !== 'admins' || role === 'company-admin') && !refused?.includes(role);
      // The victim of this walk is never the one who walks.
      const answer = await knock(route, device);
      expect(!refusals.has(answer.status), `${role} ${nameOf(route)}: ${answer.status} ${answer.text}`).toBe(isLetIn);
      expect(answer.status, `${nameOf(route)}: ${answer.text}`).toBeLessThan(500);
      if (answer.status === 200 && answer.text !== '') {
        expect(route.answer.safeParse(answer.body ?? answer.text).error, nameOf(route)).toBe(undefined);
      }
    }
  });

  it('of a workspace is closed to who is not in it', async () => {
    const inWorkspace = table.filter((route) => rules[nameOf(route)]!.allowed === 'members');
    for (const route of inWorkspace) {
      const answer = await knock(route, outsider);
      expect([answer.status, problemIn(answer)], nameOf(route)).toEqual([403, 'not-allowed']);
    }
    expect(inWorkspace.every(({ path }) => path.includes('{workspaceId}'))).toBe(true);
  });

  it('shows and changes nothing of ours for the admin of another organisation', async () => {
    const before = await everythingOfOurs();
    expect(before).toContain(ours.workspaceId);
    const secrets = [test.admin.organisationId, 'Ours', ...[...byRole.values()].flatMap((device) => device.personId)];
    for (const route of table) {
      const { allowed } = rules[nameOf(route)]!;
      if (allowed === 'everybody') continue;
      const answer = await knock(route, foreigner);
      expect(answer.status, `${nameOf(route)}: ${answer.text}`).toBeLessThan(500);
      if (allowed === 'members') expect([answer.status, problemIn(answer)], nameOf(route)).toEqual([404, 'not-found']);
      for (const secret of secrets) expect(answer.text, nameOf(route)).not.toContain(secret);
    }
    expect(await everythingOfOurs()).toBe(before);
  });

  it('below /v1 answers only who speaks its protocol, and says which side is too old', async () => {
    for (const route of table.filter(({ path }) => path.startsWith('/v1/'))) {
      const [mute, later, earlier] = [
        await knock(route, test.admin, { 'fuelgauge-protocol': '' }),
        await knock(route, test.admin, { 'fuelgauge-protocol': '999' }),
        await knock(route, test.admin, { 'fuelgauge-protocol': '0' }),
      ];
      for (const answer of [mute, later, earlier]) {
        expect([answer.status, problemIn(answer)], nameOf(route)).toEqual([426, 'other-protocol']);
      }
      expect(later.text).toContain('Update the server');
      expect(earlier.text).toContain('Update the app');
    }
  });

  it('takes a body of another shape for what it is', async () => {
    for (const route of table.filter(({ method }) => method === 'POST')) {
      if (rules[nameOf(route)]!.body === undefined) continue;
      const bodies = ['{"surprise":true}', '[]', 'null', '7', '"text"', '{', ''];
      for (const body of bodies) {
        const answer = await test.admin.send('POST', filled(route), body);
        // An empty change of a person is one.
        const isFine = route.path === routes.person && body === '{"surprise":true}';
        expect(answer.status, `${nameOf(route)} ${body}: ${answer.text}`).toBe(isFine ? 200 : 400);
        if (!isFine) expect(problemIn(answer)).toBe('malformed-request');
      }
    }
  });
});
