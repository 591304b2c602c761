// The loopback server of a replica: the app's pages for a browser, and the contract over WebSocket for both the page
// and other programs of the same person.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData } from 'ws';
import { assert } from '../../shared/kernel/assert.ts';
import { securityHeaders } from '../../shared/web-app/content-security-policy.ts';
import { serveStaticFile, type StaticFiles, type WebResponse } from '../../shared/web-app/static-files.ts';
import { noticePage } from './notice-page.ts';
import { RPC_PROTOCOL } from './owner-file.ts';
import { channelServer, MESSAGE_BYTES_MAX } from './serve-channel.ts';
import type { ServedRouter } from './served-router.ts';
import { createLoopbackSession, type LoopbackSession } from './session.ts';

/** What an owner did when a second process asked it to show itself. */
export type Shown =
  | { readonly shown: 'window' }
  /** The address of a page that opens once; whoever asked opens it. */
  | { readonly shown: 'page'; readonly url: string };

export interface LoopbackOptions {
  readonly router: ServedRouter;
  /** The built pages; without them only programs are served. */
  readonly files?: StaticFiles;
  /** Brings the owner's own window forward. Without it a second process is given a page to open. */
  readonly showWindow?: () => void;
  /** 0, the default, takes a free one. */
  readonly port?: number;
}

export interface LoopbackServer {
  /** `http://127.0.0.1:<port>`, without a closing slash. */
  readonly url: string;
  /** Lets a program in that cannot hold a cookie; see `OwnerAddress`. */
  readonly apiToken: string;
  /** An address that opens the app once, in one browser. */
  pageAddress(): string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const RPC_PATH = '/rpc';

/** Whoever talks to us is on this computer: what takes longer only holds a connection. */
const HEADERS_MS_MAX = 5_000;
const REQUEST_MS_MAX = 10_000;
const CONNECTIONS_LOOK_MS = 1_000;
/** More than all pages and commands of a person; further ones are closed at once instead of using up the process. */
const CONNECTIONS_MAX = 512;

/** Listens on 127.0.0.1 alone, on a free port. Rejects when the operating system has none to give. */
export async function serveOnLoopback(options: LoopbackOptions): Promise<LoopbackServer> {
  const http = createServer({
    headersTimeout: HEADERS_MS_MAX,
    requestTimeout: REQUEST_MS_MAX,
    connectionsCheckingInterval: CONNECTIONS_LOOK_MS,
  });
  http.maxConnections = CONNECTIONS_MAX;
  const port = await listen(http, options.port ?? 0);
  const host = `${HOST}:${port}`;
  const url = `http://${host}`;
  const session = createLoopbackSession(port);
  const pageAddress = (): string => `${url}/?token=${session.issuePageToken()}`;
  const door: Door = { host, url, session, pageAddress, files: options.files, showWindow: options.showWindow };

  http.on('request', (request, response) => {
    answer(request, door).then(
      (answered) => send(response, answered),
      () => send(response, { status: 500, headers: { 'content-type': 'text/plain' }, body: 'Internal error' }),
    );
  });

  const serve = channelServer(options.router);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES_MAX, perMessageDeflate: false });
  http.on('upgrade', (request, socket, head) => {
    const refusal = upgradeRefusal(request, door);
    if (refusal !== undefined) return refuseUpgrade(socket, refusal);
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      // A socket that breaks is closed by `ws`; without a listener its error would end the process.
      webSocket.on('error', () => undefined);
      serve({
        send: (message) => webSocket.send(String(message)),
        onMessage: (listener) => webSocket.on('message', (data, isBinary) => listener(isBinary ? data : textOf(data))),
        onClose: (listener) => webSocket.on('close', listener),
      });
    });
  });

  return {
    url,
    apiToken: session.apiToken,
    pageAddress,
    async close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}

interface Door {
  readonly host: string;
  readonly url: string;
  readonly session: LoopbackSession;
  readonly pageAddress: () => string;
  readonly files: StaticFiles | undefined;
  readonly showWindow: (() => void) | undefined;
}

function listen(http: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, HOST, () => {
      http.off('error', reject);
      const address = http.address();
      assert(typeof address === 'object' && address !== null, 'A listening server has a port.');
      resolve(address.port);
    });
  });
}

async function answer(request: IncomingMessage, door: Door): Promise<WebResponse> {
  const nonce = randomBytes(16).toString('base64url');
  // A name that another site points at 127.0.0.1 arrives here with that site's name as its host.
  if (!isForUs(request, door)) {
    return noticePage(
      { status: 421, title: 'Wrong address', paragraphs: [`Fuelgauge answers at ${door.url} only.`] },
      nonce,
    );
  }
  const method = request.method ?? 'GET';
  const target = request.url ?? '/';
  const { pathname, searchParams } = parseTarget(target);

  if (pathname === '/show') return show(request, method, door, nonce);

  const token = searchParams.get('token');
  if (pathname === '/' && token !== null) {
    return door.session.redeemPageToken(token) ? letIn(door, nonce) : askToOpenAgain(nonce);
  }
  if (!door.session.hasPageCookie(request.headers.cookie)) return askToOpenAgain(nonce);
  if (pathname === '/session') return { status: 204, headers: securityHeaders({ nonce }), body: '' };
  if (door.files === undefined) {
    return noticePage({ status: 404, title: 'No pages here', paragraphs: ['This Fuelgauge has a window.'] }, nonce);
  }
  return serveStaticFile({ method, target }, { files: door.files, nonce, connectOrigins: [`ws://${door.host}`] });
}

/** One host, and exactly ours: of two, whoever reads next might believe the other one. */
function isForUs({ headersDistinct }: IncomingMessage, door: Door): boolean {
  const hosts = headersDistinct['host'] ?? [];
  return hosts.length === 1 && hosts[0] === door.host;
}

function parseTarget(target: string): { readonly pathname: string; readonly searchParams: URLSearchParams } {
  const [path = '', query = ''] = target.split('?', 2);
  return { pathname: path, searchParams: new URLSearchParams(query) };
}

/** A second process of the same person asks this one to show itself. */
function show(request: IncomingMessage, method: string, door: Door, nonce: string): WebResponse {
  const headers = { ...securityHeaders({ nonce }), 'content-type': 'application/json', 'cache-control': 'no-store' };
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (!door.session.isApiToken(token)) return { status: 401, headers, body: '{}' };
  if (method !== 'POST') return { status: 405, headers: { ...headers, allow: 'POST' }, body: '{}' };
  if (door.showWindow !== undefined) {
    door.showWindow();
    return { status: 200, headers, body: JSON.stringify({ shown: 'window' } satisfies Shown) };
  }
  // A command that runs for a moment has nothing to show; whoever asks waits for it to end.
  if (door.files === undefined) return { status: 503, headers, body: '{}' };
  return { status: 200, headers, body: JSON.stringify({ shown: 'page', url: door.pageAddress() } satisfies Shown) };
}

function letIn(door: Door, nonce: string): WebResponse {
  return {
    status: 303,
    headers: {
      ...securityHeaders({ nonce }),
      location: '/',
      'set-cookie': door.session.pageCookie(),
      'cache-control': 'no-store',
    },
    body: '',
  };
}

function askToOpenAgain(nonce: string): WebResponse {
  return noticePage(
    {
      status: 401,
      title: 'Open Fuelgauge again',
      paragraphs: [
        'This address opens Fuelgauge once, in one browser, and it was used already or belongs to an earlier start.',
        'Start Fuelgauge again the way you started it before (in a checkout: npm start). If it is still running, that only opens a new page.',
        'Your data is safe on this computer.',
      ],
    },
    nonce,
  );
}

interface UpgradeRefusal {
  readonly status: number;
  readonly reason: string;
}

/** A page needs its cookie and the right origin; a program needs the API token and, being no page, has no origin. */
function upgradeRefusal(request: IncomingMessage, door: Door): UpgradeRefusal | undefined {
  const { origin, cookie } = request.headers;
  if (!isForUs(request, door)) return { status: 421, reason: 'Misdirected Request' };
  if (parseTarget(request.url ?? '').pathname !== RPC_PATH) return { status: 404, reason: 'Not Found' };
  if (origin === undefined) {
    // The interface of WebSockets sets no header but this one: the name of our protocol, then the token.
    const [protocol, token] = (request.headers['sec-websocket-protocol'] ?? '').split(/\s*,\s*/);
    const letIn = protocol === RPC_PROTOCOL && door.session.isApiToken(token);
    return letIn ? undefined : { status: 401, reason: 'Unauthorized' };
  }
  if (origin !== door.url) return { status: 403, reason: 'Forbidden' };
  return door.session.hasPageCookie(cookie) ? undefined : { status: 401, reason: 'Unauthorized' };
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString();
}

function refuseUpgrade(socket: Duplex, { status, reason }: UpgradeRefusal): void {
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function send(response: ServerResponse, { status, headers, body }: WebResponse): void {
  response.writeHead(status, headers);
  response.end(body);
}
