// The browser shell's server: who gets in, what is served, and the contract over WebSocket.
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import type { RouterClient } from '@orpc/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { connectOwner } from '../../replica/loopback/connect-owner.ts';
import { fileFolder } from '../../replica/loopback/file-folder.ts';
import { readOwnerFile, writeOwnerFile } from '../../replica/loopback/owner-file.ts';
import { ownDataDirectory, type Owner } from '../../replica/loopback/owner.ts';
import { serveOnLoopback, type LoopbackServer } from '../../replica/loopback/serve.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testRouter, type TestRouter } from '../support/test-router.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Unlike `fetch`, sends the path and the host exactly as they are given and follows no redirect. */
function get(server: Pick<LoopbackServer, 'url'>, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (body += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    request.on('error', reject);
    request.end();
  });
}

async function pages(): Promise<string> {
  const folder = join(await temporaryFolder(), 'pages');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(folder, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__"><div id="root"></div>');
  await writeFile(join(folder, 'assets', 'app.js'), 'export {};');
  await writeFile(join(folder, '..', 'secret.txt'), 'secret');
  return folder;
}

async function startServer(): Promise<LoopbackServer> {
  const server = await serveOnLoopback({ router: testRouter, files: fileFolder(await pages()) });
  onTestFinished(() => server.close());
  return server;
}

/** Opens the page as a browser would, and answers the cookie it got. */
async function openPage(server: LoopbackServer): Promise<string> {
  const address = new URL(server.pageAddress());
  const { headers } = await get(server, `${address.pathname}${address.search}`);
  return (headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
}

/** `open`, or the status with which the upgrade was refused. */
function dial(server: LoopbackServer, headers: Record<string, string>, path = '/rpc'): Promise<'open' | number> {
  const { 'sec-websocket-protocol': protocols, ...otherHeaders } = headers;
  const url = `${server.url.replace('http', 'ws')}${path}`;
  const socket = new WebSocket(url, protocols?.split(', ') ?? [], { headers: otherHeaders });
  onTestFinished(() => socket.terminate());
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve('open'));
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.once('error', reject);
  });
}

describe('who gets in', () => {
  it('lets a one-time address in once: 303, a strict cookie, then a helpful 401', async () => {
    const server = await startServer();
    const address = new URL(server.pageAddress());
    const first = await get(server, `${address.pathname}${address.search}`);
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/');
    expect(first.headers['set-cookie']?.[0]).toMatch(/^fuelgauge-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/);

    const second = await get(server, `${address.pathname}${address.search}`);
    expect(second.status).toBe(401);
    expect(second.headers['set-cookie']).toBeUndefined();
    expect(second.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(second.body).toContain('Start Fuelgauge again');
  });

  it('keeps everybody else out: no cookie, a wrong one, another start’s one, a guessed token', async () => {
    const server = await startServer();
    const cookie = await openPage(server);
    const otherCookie = await openPage(await startServer());
    expect((await get(server, '/', { cookie })).status).toBe(200);
    expect((await get(server, '/')).status).toBe(401);
    expect((await get(server, '/assets/app.js')).status).toBe(401);
    expect((await get(server, '/', { cookie: `${cookie}x` })).status).toBe(401);
    expect((await get(server, '/', { cookie: otherCookie })).status).toBe(401);
    expect((await get(server, '/?token=guess')).status).toBe(401);
    expect((await get(server, '/', { authorization: `Bearer ${server.apiToken}` })).status).toBe(401);
  });

  it('tells a page whether it is still let in', async () => {
    const server = await startServer();
    const cookie = await openPage(server);
    expect((await get(server, '/session', { cookie })).status).toBe(204);
    expect((await get(server, '/session')).status).toBe(401);
  });

  it('answers its exact host alone, so that no other name can point at it', async () => {
    const server = await startServer();
    const cookie = await openPage(server);
    const { port } = new URL(server.url);
    for (const host of [`localhost:${port}`, 'evil.example', '127.0.0.1', `127.0.0.1:${port}.evil.example`]) {
      const answer = await get(server, '/', { cookie, host });
      expect(answer.status, host).toBe(421);
      expect(answer.headers['content-security-policy'], host).toContain(`default-src 'none'`);
    }
  });

  it('listens on the loopback interface alone', async () => {
    const server = await startServer();
    const { port } = new URL(server.url);
    const refused = await new Promise<boolean>((resolve) => {
      // 127.0.0.2 is this computer too, and reaches whatever listens on every interface.
      const socket = connectTcp({ host: '127.0.0.2', port: Number(port) }, () => {
        socket.destroy();
        resolve(false);
      });
      socket.once('error', () => resolve(true));
    });
    expect(refused).toBe(true);
  });

  it('checks origin, cookie and host of every WebSocket upgrade', async () => {
    const server = await startServer();
    const cookie = await openPage(server);
    const origin = server.url;
    expect(await dial(server, { origin, cookie })).toBe('open');
    expect(await dial(server, { origin })).toBe(401);
    expect(await dial(server, { origin: 'https://evil.example', cookie })).toBe(403);
    expect(await dial(server, { origin: 'null', cookie })).toBe(403);
    expect(await dial(server, { cookie })).toBe(401);
    expect(await dial(server, { origin, cookie, host: 'evil.example' })).toBe(421);
    expect(await dial(server, { origin, cookie }, '/other')).toBe(404);
    const withToken = { 'sec-websocket-protocol': `fuelgauge, ${server.apiToken}` };
    expect(await dial(server, withToken)).toBe('open');
    expect(await dial(server, { 'sec-websocket-protocol': 'fuelgauge, guess' })).toBe(401);
    expect(await dial(server, { 'sec-websocket-protocol': server.apiToken })).toBe(401);
    // A page that got hold of the API token is still a page of another origin.
    expect(await dial(server, { ...withToken, origin: 'https://evil.example' })).toBe(403);
    expect(await dial(server, { ...withToken, origin })).toBe(401);
  });
});

describe('what is served', () => {
  it('serves the pages under the policy, each with a nonce of its own', async () => {
    const server = await startServer();
    const cookie = await openPage(server);
    const nonces = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      const { body, headers } = await get(server, '/overview', { cookie });
      const nonce = /content="([^"]+)"/.exec(body)?.[1] ?? '';
      expect(headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}'`);
      expect(headers['content-security-policy']).toContain(`connect-src 'self' ${server.url.replace('http', 'ws')}`);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cross-origin-opener-policy']).toBe('same-origin');
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(3);
  });

  it('answers 404 to every way out of the folder', async () => {
    const server = await startServer();
    const cookie = await openPage(server);
    for (const path of ['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/assets/..%2f..%2fsecret.txt']) {
      const answer = await get(server, path, { cookie });
      expect(answer.status, path).toBe(404);
      expect(answer.body, path).not.toContain('secret');
    }
    expect((await get(server, '/assets', { cookie })).body).toContain('id="root"');
  });
});

async function startOwner(dataDirectory: string, extra: { readonly showWindow?: () => void } = {}): Promise<Owner> {
  const owned = await ownDataDirectory({
    dataDirectory,
    files: fileFolder(await pages()),
    openReplica: () => Promise.resolve({ router: testRouter, close: () => Promise.resolve() }),
    ...extra,
  });
  if (!owned.ok) throw new Error(owned.error.message);
  onTestFinished(() => owned.value.close());
  return owned.value;
}

describe('a second process', () => {
  it('finds the owner by a file of mode 0600 that goes when the owner ends', async () => {
    const dataDirectory = join(await temporaryFolder(), 'data');
    const owner = await startOwner(dataDirectory);
    const path = join(dataDirectory, 'owner.json');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(dataDirectory)).mode & 0o777).toBe(0o700);
    expect(readOwnerFile(dataDirectory)?.url).toBe(owner.url);
    await owner.close();
    await expect(readFile(path)).rejects.toThrow('ENOENT');
    expect(await connectOwner(dataDirectory)).toBeUndefined();
  });

  it('calls the owner’s procedures: answers, failures, streams and large messages', async () => {
    const dataDirectory = await temporaryFolder();
    await startOwner(dataDirectory);
    const connection = await connectOwner(dataDirectory);
    if (connection === undefined) throw new Error('The owner should listen.');
    onTestFinished(() => connection.close());
    const client: RouterClient<TestRouter> = createORPCClient(connection.link);
    expect(await client.echo('Überblick 🔋')).toBe('Überblick 🔋');
    expect(await client.length('x'.repeat(8_000_000))).toBe(8_000_000);
    await expect(client.refuse()).rejects.toThrow('Already captured.');
    const counted: number[] = [];
    for await (const number of await client.count(5)) counted.push(number);
    expect(counted).toEqual([1, 2, 3, 4, 5]);
  });

  it('ends what it waits for when the owner ends', async () => {
    const dataDirectory = await temporaryFolder();
    const owner = await startOwner(dataDirectory);
    const connection = await connectOwner(dataDirectory);
    if (connection === undefined) throw new Error('The owner should listen.');
    const client: RouterClient<TestRouter> = createORPCClient(connection.link);
    const ticks = await client.tick();
    expect((await ticks.next()).value).toBe(1);
    await owner.close();
    await expect(
      (async () => {
        for await (const tick of ticks) expect(tick).toBeGreaterThan(1);
      })(),
    ).rejects.toThrow(/closed|aborted/);
  });

  it('asks for a fresh page, which opens once', async () => {
    const dataDirectory = await temporaryFolder();
    const owner = await startOwner(dataDirectory);
    const connection = await connectOwner(dataDirectory);
    onTestFinished(() => connection?.close());
    const shown = await connection?.show();
    if (shown?.shown !== 'page') throw new Error('A browser shell shows a page.');
    const { pathname, search } = new URL(shown.url);
    expect((await get(owner, `${pathname}${search}`)).status).toBe(303);
    expect((await get(owner, `${pathname}${search}`)).status).toBe(401);
  });

  it('brings the window of an owner forward that has one', async () => {
    const dataDirectory = await temporaryFolder();
    let windowsShown = 0;
    await startOwner(dataDirectory, { showWindow: () => (windowsShown += 1) });
    const connection = await connectOwner(dataDirectory);
    onTestFinished(() => connection?.close());
    expect(await connection?.show()).toEqual({ shown: 'window' });
    expect(windowsShown).toBe(1);
  });

  it('is told to wait by an owner that has nothing to show', async () => {
    const dataDirectory = await temporaryFolder();
    const server = await serveOnLoopback({ router: testRouter });
    onTestFinished(() => server.close());
    writeOwnerFile(dataDirectory, { url: server.url, token: server.apiToken });
    const connection = await connectOwner(dataDirectory);
    onTestFinished(() => connection?.close());
    expect(await connection?.show()).toBeUndefined();
  });

  it('ignores an address file that is stale, foreign or damaged', async () => {
    const dataDirectory = await temporaryFolder();
    const gone = await startServer();
    await gone.close();
    writeOwnerFile(dataDirectory, { url: gone.url, token: gone.apiToken });
    expect(await connectOwner(dataDirectory)).toBeUndefined();

    const stranger = await startServer();
    writeOwnerFile(dataDirectory, { url: stranger.url, token: gone.apiToken });
    expect(await connectOwner(dataDirectory)).toBeUndefined();

    const token = stranger.apiToken;
    for (const content of ['', '{"url":', '[]', JSON.stringify({ url: 'http://evil.example:80', token })]) {
      await writeFile(join(dataDirectory, 'owner.json'), content);
      expect(readOwnerFile(dataDirectory), content).toBeUndefined();
    }
  });

  it('lets the directory go when the program itself is wrong, which is no result', async () => {
    const dataDirectory = await temporaryFolder();
    const owned = ownDataDirectory({ dataDirectory, openReplica: () => Promise.reject(new TypeError('a bug')) });
    await expect(owned).rejects.toThrow('a bug');
    const owner = await startOwner(dataDirectory);
    expect(owner.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});
