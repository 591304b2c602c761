// A server that runs, on a database of its own, and devices that talk to it over the network.
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { z } from 'zod';
import type { Config } from '../../server/config.ts';
import { createOrganisation } from '../../server/identity/organisations.ts';
import { startServer, type RunningServer } from '../../server/start-server.ts';
import { inviteCreatedSchema, personAddedSchema } from '../../shared/protocol/admin.ts';
import { enrolAnswerSchema, tokensSchema, type EnrolAnswer } from '../../shared/protocol/identity.ts';
import { problemSchema, problemTypeOf, type ProblemType } from '../../shared/protocol/problem.ts';
import { routes } from '../../shared/protocol/routes.ts';
import { signedText } from '../../shared/protocol/signature.ts';
import { makeTestDatabase, type TestDatabase } from './test-database.ts';

export interface TestServer extends TestDatabase {
  readonly server: RunningServer;
  /** The lines of its log so far. */
  readonly log: readonly string[];
  /** The device of the first company admin. */
  readonly admin: TestDevice;
  /** Adds a person with a device, as an admin does. */
  readonly join: (person: { readonly name?: string; readonly role: string }) => Promise<TestDevice>;
  /** Another server on the same database; it stops before the first one. */
  readonly another: () => Promise<RunningServer>;
  /** An organisation of its own on the same server, with its admin's device. */
  readonly otherOrganisation: () => Promise<TestDevice>;
}

export interface TestServerOptions {
  readonly config?: Partial<Config>;
}

/** A new server, which goes when the running test ends. */
export async function testServer(options: TestServerOptions = {}): Promise<TestServer> {
  const made = await makeTestServer(options);
  onTestFinished(made.drop);
  return made;
}

/** The same for a whole file, which ends with `drop`. */
export async function makeTestServer({ config = {} }: TestServerOptions = {}): Promise<
  TestServer & { readonly drop: () => Promise<void> }
> {
  const database = await makeTestDatabase();
  const log: string[] = [];
  const urls = { databaseUrl: database.serverUrl, migrationDatabaseUrl: database.ownerUrl };
  const running: RunningServer[] = [];
  const start = async (): Promise<RunningServer> => {
    const started = await startServer({ ...plainConfig, ...config, ...urls }, { writeLog: (line) => log.push(line) });
    if (!started.ok) throw new Error(started.error.message);
    running.push(started.value);
    return started.value;
  };
  const server = await start();
  const { address } = server;
  const admin = await enrolled({ address, code: server.firstInvite!.code });
  return {
    ...database,
    server,
    log,
    admin,
    join: async ({ name = 'Ana', role }) => {
      const { id: personId } = await admin.answer(personAddedSchema, 'POST', routes.people, { name, role });
      const { code } = await admin.answer(inviteCreatedSchema, 'POST', routes.invites, { personId });
      return enrolled({ address, code });
    },
    another: start,
    otherOrganisation: async () => {
      const made = await server.services.database.asServer((transaction) =>
        createOrganisation(transaction, { name: 'Another one', adminName: 'Eve' }),
      );
      return enrolled({ address, code: made.invite.code });
    },
    drop: async () => {
      for (const each of running.toReversed()) await each.stop();
      await database.drop();
    },
  };
}

/** A server's configuration with nothing special about it, but for its database. */
export const plainConfig: Omit<Config, 'databaseUrl' | 'migrationDatabaseUrl'> = {
  listenDatabaseUrl: null,
  dataFolder: '/nowhere',
  host: '127.0.0.1',
  port: 0,
  address: null,
  tls: 'none',
  trustedProxies: [],
  logLevel: 'info',
  connectionsMax: 10,
  requestMsMax: 30_000,
  requestsPerAddressPerMinute: 1_000_000,
  requestsPerDevicePerMinute: 1_000_000,
  invitesPerAddressPerMinute: 1_000_000,
  webhooks: { privateAddresses: false, authorities: null, forecastMsMin: 0 },
  signIn: null,
};

export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined for an empty one. */
  readonly body: unknown;
}

/** Which problem an answer names. */
export function problemIn({ body }: TestAnswer): ProblemType {
  return problemTypeOf(problemSchema.parse(body));
}

export interface TestDevice {
  readonly deviceId: string;
  readonly personId: string;
  readonly organisationId: string;
  readonly privateKey: KeyObject;
  /** Changes when the device renews its tokens. */
  readonly tokens: () => EnrolAnswer['tokens'];
  /** Sends a request as the device does: with its token, and signed. */
  readonly send: (method: string, path: string, body?: unknown, headers?: SentHeaders) => Promise<TestAnswer>;
  /** The same, for a request that succeeds: the body of its answer, which has that shape. */
  readonly answer: <Value>(shape: z.ZodType<Value>, method: string, path: string, body?: unknown) => Promise<Value>;
  readonly renew: (refreshToken?: string) => Promise<TestAnswer>;
}

type SentHeaders = Readonly<Record<string, string>>;

/** Sends a request without a token. */
export async function sendTo(
  address: string,
  method: string,
  path: string,
  { body, headers = {} }: { readonly body?: unknown; readonly headers?: SentHeaders } = {},
): Promise<TestAnswer> {
  const response = await fetch(`${address}${path}`, {
    method,
    headers: {
      'fuelgauge-protocol': '1',
      'user-agent': 'fuelgauge-test/1',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const isStream = response.headers.get('content-type')?.includes('event-stream') ?? false;
  if (isStream) await response.body?.cancel();
  const text = isStream ? '' : await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
}

/** Joins a device with an invite code. */
export async function enrolled(given: { readonly address: string; readonly code: string }): Promise<TestDevice> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { address } = given;
  const request = JSON.stringify({
    inviteCode: given.code,
    deviceName: 'A computer',
    publicKey: publicKey.export({ format: 'jwk' }).x,
  });
  const joined = await sendTo(address, 'POST', routes.enrol, {
    body: request,
    headers: { 'fuelgauge-signature': signatureFor(privateKey, routes.enrol, request) },
  });
  if (joined.status !== 200) throw new Error(joined.text);
  return joinedDevice(address, privateKey, enrolAnswerSchema.parse(joined.body));
}

/** The signature of a request, as its header has it. */
export function signatureFor(key: KeyObject, path: string, body: string): string {
  const text = signedText({ path: path.split('?')[0]!, body }, sha256);
  return sign(null, Buffer.from(text), key).toString('base64url');
}

/** A device that was let in, however. */
export function joinedDevice(address: string, privateKey: KeyObject, { me, tokens }: EnrolAnswer): TestDevice {
  let present = tokens;
  const send: TestDevice['send'] = async (method, path, body, headers = {}) => {
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    return sendTo(address, method, path, {
      ...(text !== undefined && { body: text }),
      headers: {
        authorization: `Bearer ${present.accessToken}`,
        ...(text !== undefined && { 'fuelgauge-signature': signatureFor(privateKey, path, text) }),
        ...headers,
      },
    });
  };
  return {
    deviceId: me.deviceId,
    personId: me.person.id,
    organisationId: me.organisation.id,
    privateKey,
    tokens: () => present,
    send,
    answer: async (shape, method, path, body) => {
      const answer = await send(method, path, body);
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
      return shape.parse(answer.body);
    },
    renew: async (refreshToken = present.refreshToken) => {
      const answer = await sendTo(address, 'POST', routes.tokens, { body: { refreshToken } });
      if (answer.status === 200) present = tokensSchema.parse(answer.body);
      return answer;
    },
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
