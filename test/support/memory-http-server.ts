// The server of the simulator behind a real socket, for tests of a device: it keeps everything in memory, and does not
// behave where a test says so.
import { createPublicKey, randomUUID, verify } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { instant } from '../../shared/kernel/instant.ts';
import {
  enrolRequestSchema,
  publishRequestSchema,
  refreshRequestSchema,
  type MeAnswer,
} from '../../shared/protocol/identity.ts';
import { membershipSetSchema } from '../../shared/protocol/admin.ts';
import { inviteLink } from '../../shared/protocol/invite.ts';
import { problemDocument, problemTypes, type ProblemType } from '../../shared/protocol/problem.ts';
import { signedText } from '../../shared/protocol/signature.ts';
import { streamMessageFor } from '../../shared/protocol/stream.ts';
import type { Transaction } from '../../shared/ledger/transaction.ts';
import type { RefusalReason } from '../../shared/protocol/verdict.ts';
import { sha256 } from '../../replica/sync/device-secrets.ts';
import { MemoryServer } from '../simulation/memory-server.ts';
import type { PlainPool } from '../simulation/rules.ts';

export interface MemoryHttpServer {
  readonly address: string;
  /** An invite for a new device of the one person there is, good for one key. */
  readonly invite: () => string;
  /** The history of a workspace; undefined before it was published or made. */
  readonly workspaces: Map<string, MemoryServer>;
  /** Workspaces that the person may open. */
  readonly me: { workspaces: MeAnswer['workspaces'][number][]; role: MeAnswer['person']['role'] };
  /** `GET /v1/me` for every request, newest last. */
  readonly requests: string[];
  /** What happens to the next requests; it answers true for one that it has dealt with. */
  misbehave: ((request: IncomingMessage, response: ServerResponse) => boolean) | null;
  /** An answer is made and done, and lost on the way when this says so. */
  loseAnswer: ((path: string) => boolean) | null;
  /** Pools that are given to workspaces which are made from now on. */
  pools: readonly PlainPool[];
  readonly revoked: Set<string>;
  /** Refuses every new row for this reason. */
  refuse: RefusalReason | null;
  /** Pushes lines as another device of the organisation does. */
  readonly pushAs: (deviceId: string, workspaceId: string, lines: readonly Transaction[]) => Promise<void>;
  /** Streams that are open. */
  readonly streams: () => number;
  /** Ends all streams, as a server that restarts does. */
  readonly cutStreams: () => void;
  readonly makeWorkspace: (id: string, name: string) => MemoryServer;
  /** Access tokens are no longer taken: devices have to renew theirs. */
  readonly endTokens: () => void;
  readonly close: () => Promise<void>;
}

interface Device {
  readonly id: string;
  readonly publicKey: string;
  access: string;
  refresh: string;
  /** Given and not used yet. */
  next: string | null;
}

/** Starts a server that ends with the running test; `tls` with a key and certificate of its own. */
export async function memoryHttpServer(
  given: { readonly tls?: { readonly key: string; readonly cert: string }; readonly fingerprint?: string } = {},
): Promise<MemoryHttpServer> {
  const invites = new Map<string, string | null>();
  const devices = new Map<string, Device>();
  const streams = new Set<{ readonly response: ServerResponse; readonly workspaceId: string; seq: number }>();
  const organisation = { id: randomUUID(), name: 'Acme' };
  const personId = randomUUID();
  const self: Omit<MemoryHttpServer, 'address' | 'close' | 'invite'> = {
    workspaces: new Map(),
    me: { workspaces: [], role: 'company-admin' },
    requests: [],
    misbehave: null,
    loseAnswer: null,
    pools: [],
    revoked: new Set(),
    refuse: null,
    pushAs: async (deviceId, workspaceId, lines) => {
      const history = self.workspaces.get(workspaceId);
      if (!history) throw new Error('There is no such workspace');
      const from = history.kept.numberMaxByDevice.get(deviceId) ?? 0;
      const rows = lines.map((line, place) => ({
        id: line.id,
        by: { deviceId, number: from + place + 1 },
        entry: { kind: 'line', line },
      }));
      const request = { epoch: history.kept.epochs.at(-1)?.epoch, rows };
      const sender = { deviceId, workspaceId, view: 'all', mayBringBack: true };
      await history.answer('push', request, sender, instant(Date.now()));
      for (const stream of streams) tell(history, stream);
    },
    streams: () => streams.size,
    cutStreams: () => {
      for (const { response } of streams) response.destroy();
    },
    makeWorkspace: (id, name) => {
      const made = new MemoryServer({
        pools: self.pools,
        activeDevices: 2,
        review: () => ({ refused: self.refuse, late: false, overCap: false }),
      });
      self.workspaces.set(id, made);
      self.me.workspaces.push({ id, name, access: self.me.role, memberId: null });
      return made;
    },
    endTokens: () => {
      for (const device of devices.values()) device.access = randomUUID();
    },
  };
  const meOf = (deviceId: string): MeAnswer => ({
    organisation,
    person: { id: personId, name: 'Ana', role: self.me.role },
    deviceId,
    workspaces: self.me.workspaces,
  });
  const tokensOf = (device: Device) => ({
    accessToken: device.access,
    refreshToken: device.next ?? device.refresh,
    expiresInMs: 600_000,
  });

  const enrol = (body: unknown): Answer => {
    const { inviteCode, publicKey } = enrolRequestSchema.parse(body);
    const usedBy = invites.get(inviteCode);
    if (usedBy === undefined || (usedBy !== null && usedBy !== publicKey)) return refusal('unauthenticated');
    invites.set(inviteCode, publicKey);
    const known = [...devices.values()].find((device) => device.publicKey === publicKey);
    const device = known ?? { id: randomUUID(), publicKey, access: randomUUID(), refresh: randomUUID(), next: null };
    devices.set(device.id, device);
    return { value: { me: meOf(device.id), tokens: tokensOf(device) } };
  };

  const renew = (body: unknown): Answer => {
    const { refreshToken } = refreshRequestSchema.parse(body);
    const device = [...devices.values()].find(({ refresh, next }) => [refresh, next].includes(refreshToken));
    if (!device) return refusal('unauthenticated');
    if (self.revoked.has(device.id)) return refusal('revoked');
    if (device.next === refreshToken) device.refresh = refreshToken;
    device.next = randomUUID();
    device.access = randomUUID();
    return { value: tokensOf(device) };
  };

  const isSigned = (device: Device, path: string, body: string, signature: unknown): boolean => {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: device.publicKey }, format: 'jwk' });
    const signed = Buffer.from(signedText({ path, body }, sha256));
    return verify(null, signed, key, Buffer.from(String(signature), 'base64url'));
  };

  const answerTo = async (request: IncomingMessage, response: ServerResponse): Promise<Answer | null> => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const body = await text(request);
    if (request.headers['fuelgauge-protocol'] !== '1') return refusal('other-protocol');
    if (path === '/v1/enrol') return enrol(JSON.parse(body));
    if (path === '/v1/tokens') return renew(JSON.parse(body));
    const token = request.headers.authorization?.replace('Bearer ', '');
    const device = [...devices.values()].find(({ access }) => access === token);
    if (!device) return refusal('unauthenticated');
    if (self.revoked.has(device.id)) return refusal('revoked');
    if (device.next !== null) {
      device.refresh = device.next;
      device.next = null;
    }
    if (path === '/v1/me') return { value: meOf(device.id) };
    if (path === '/v1/workspaces') {
      const { id, name } = publishRequestSchema.parse(JSON.parse(body));
      if (!self.workspaces.has(id)) self.makeWorkspace(id, name);
      return { value: { id } };
    }
    if (path.endsWith('/memberships')) {
      const { workspaceId, memberId } = membershipSetSchema.parse(JSON.parse(body));
      self.me.workspaces = self.me.workspaces.map((known) =>
        known.id === workspaceId ? { ...known, memberId } : known,
      );
      return { value: { changed: true } };
    }
    const [, workspaceId = '', what] = /^\/v1\/workspaces\/([^/]+)\/(\w+)$/.exec(path) ?? [];
    const history = self.workspaces.get(decodeURIComponent(workspaceId));
    if (!history) return refusal('not-found');
    if (what === 'stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': hello\n\n');
      const stream = { response, workspaceId, seq: history.kept.seq };
      streams.add(stream);
      response.on('close', () => streams.delete(stream));
      return null;
    }
    const asked = z.enum(['push', 'pull', 'leases']).parse(what);
    if (asked !== 'pull' && !isSigned(device, path, body, request.headers['fuelgauge-signature'])) {
      return refusal('unauthenticated');
    }
    const sender = { deviceId: device.id, workspaceId, view: 'all', mayBringBack: true };
    const value: unknown = await history.answer(asked, JSON.parse(body), sender, instant(Date.now()));
    for (const stream of streams) tell(history, stream);
    return { value };
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    self.requests.push(`${request.method} ${request.url}`);
    if (self.misbehave?.(request, response) === true) return;
    const answer = await answerTo(request, response);
    if (answer === null) return;
    if (self.loseAnswer?.(request.url ?? '') === true) {
      response.destroy();
      return;
    }
    const isProblem = 'problem' in answer;
    const status = isProblem ? problemTypes[answer.problem] : 200;
    const type = isProblem ? 'application/problem+json' : 'application/json';
    response.writeHead(status, { 'content-type': type });
    response.end(JSON.stringify(isProblem ? problemDocument(answer.problem, { title: answer.problem }) : answer.value));
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    handle(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  };
  const server = given.tls ? https.createServer(given.tls, listener) : http.createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const address = `${given.tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closing ??= new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }));
  onTestFinished(close);
  return Object.assign(self, {
    address,
    invite: () => {
      const code = `ABCDEFGHJKM${invites.size}`;
      invites.set(code, null);
      return inviteLink({ server: address, code, fingerprint: given.fingerprint ?? null });
    },
    close,
  });
}

type Answer = { readonly value: unknown } | { readonly problem: ProblemType };

function refusal(problem: ProblemType): Answer {
  return { problem };
}

/** What a stream has not been told yet. */
function tell(history: MemoryServer, stream: { readonly response: ServerResponse; seq: number }): void {
  const { seq, documents, epochs } = history.kept;
  const news = documents.filter((document) => document.seq > stream.seq);
  if (news.length === 0) return;
  const checkpoint = { epoch: epochs.at(-1)?.epoch ?? '', view: 'all', seq };
  const message = streamMessageFor({ documents: news, checkpoint, afterSeq: stream.seq }, 0);
  stream.seq = seq;
  stream.response.write(`data: ${JSON.stringify(message)}\n\n`);
}
