// L4: the browser shell's process under the attacks that a server on 127.0.0.1 has to bear: other programs and pages of
// other origins on the same computer, and names of other sites that point at it.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket as ProgramSocket } from 'ws';
import { z } from 'zod';
import { connectOwner } from '../../replica/loopback/connect-owner.ts';
import { startApp, type AppProcess } from '../support/app-process.ts';
import { launchChromium } from '../support/chromium.ts';

let app: AppProcess;
let browser: Browser;
let dataDirectory: string;
let host: string;
let port: number;
beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'fuelgauge-e2e-'));
  [app, browser] = await Promise.all([startApp(dataDirectory), launchChromium()]);
  ({ host } = new URL(app.address));
  port = Number(new URL(app.address).port);
});
afterAll(async () => {
  await browser?.close();
  await app?.quit();
  await rm(dataDirectory, { recursive: true, force: true });
});

/** Writes bytes as they are, and answers everything that comes back until the connection ends. */
async function raw(...lines: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8');
  socket.on('data', (piece: string) => (answer += piece));
  // What is cut off is answered too: by whatever came before.
  socket.on('error', () => undefined);
  // Ended only once there is an answer: a request whose sender is gone is not answered at all.
  socket.once('data', () => setImmediate(() => socket.end()));
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  await new Promise((resolve) => socket.once('close', resolve));
  return answer;
}

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
const get = (target: string, ...headers: readonly string[]): Promise<string> =>
  raw(`GET ${target} HTTP/1.1`, ...headers, 'Connection: close');

/** A fresh address, as a second start of the same person gets it. */
async function freshAddress(): Promise<URL> {
  const owner = await connectOwner(dataDirectory);
  const shown = await owner?.show();
  owner?.close();
  if (shown?.shown !== 'page') throw new Error('The browser shell gives a page.');
  return new URL(shown.url);
}

async function cookie(): Promise<string> {
  const { pathname, search } = await freshAddress();
  const answer = await get(`${pathname}${search}`, `Host: ${host}`);
  return /^set-cookie: ([^;]+);/im.exec(answer)?.[1] ?? '';
}

describe('a token', () => {
  it('lets one in, however often and however fast it is used again', async () => {
    const { pathname, search } = await freshAddress();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => get(`${pathname}${search}`, `Host: ${host}`).then(statusOf)),
    );
    expect(answers.filter((status) => status === 303)).toHaveLength(1);
    expect(answers.filter((status) => status === 401)).toHaveLength(19);
    expect(statusOf(await get(`${pathname}${search}`, `Host: ${host}`))).toBe(401);
  });

  it('is nothing that can be guessed, cut off or made longer', async () => {
    const { search } = await freshAddress();
    const token = search.slice('?token='.length);
    expect(token).toMatch(/^[\w-]{43,}$/);
    for (const guess of ['', token.slice(0, -1), `${token}A`, token.toLowerCase(), '%00', `${token}%00`, 'undefined']) {
      expect(statusOf(await get(`/?token=${guess}`, `Host: ${host}`)), guess).toBe(401);
    }
  });
});

describe('another name for this computer', () => {
  it('is answered 421 on every path, with the right cookie too, and with nothing of the app', async () => {
    const mine = await cookie();
    for (const name of [
      'evil.example',
      `evil.example:${port}`,
      `localhost:${port}`,
      `127.0.0.1`,
      `[::1]:${port}`,
      `127.1:${port}`,
    ]) {
      for (const target of ['/', '/session', '/show', '/assets/app.js', `http://${host}/`]) {
        const answer = await get(target, `Host: ${name}`, `Cookie: ${mine}`);
        expect([name, target, statusOf(answer)]).toEqual([name, target, 421]);
        expect(answer).not.toContain('id="root"');
      }
      const upgrade = await raw(
        'GET /rpc HTTP/1.1',
        `Host: ${name}`,
        `Origin: http://${name}`,
        `Cookie: ${mine}`,
        ...upgradeHeaders,
      );
      expect(statusOf(upgrade), name).toBe(421);
    }
    expect(statusOf(await get('/', `Cookie: ${mine}`))).toBe(400);
    expect(statusOf(await get('/', `Host: ${host}`, 'Host: evil.example', `Cookie: ${mine}`))).toBe(421);
  });
});

const upgradeHeaders = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

describe('a page of another origin', () => {
  it('gets no WebSocket, whatever it says of itself', async () => {
    const mine = await cookie();
    const upgrade = (...headers: readonly string[]): Promise<number> =>
      raw('GET /rpc HTTP/1.1', `Host: ${host}`, ...headers, ...upgradeHeaders).then(statusOf);
    expect(await upgrade(`Origin: http://${host}`, `Cookie: ${mine}`)).toBe(101);
    for (const origin of [
      'https://evil.example',
      'null',
      `http://127.0.0.1:${port + 1}`,
      `https://${host}`,
      `http://${host}.evil.example`,
      `http://${host}/`,
    ]) {
      expect([origin, await upgrade(`Origin: ${origin}`, `Cookie: ${mine}`)]).toEqual([origin, 403]);
    }
    expect(await upgrade(`Origin: http://${host}`)).toBe(401);
    expect(await upgrade(`Cookie: ${mine}`)).toBe(401);
  });

  it('in the same browser, on the same computer, reads nothing, opens nothing and shows nothing', async () => {
    const hostile = createServer((_request, response) => response.end('<!doctype html><title>hostile</title>'));
    hostile.listen(0, '127.0.0.1');
    await once(hostile, 'listening');
    onTestFinished(() => void hostile.close());
    const { port: hostilePort } = z.object({ port: z.number() }).parse(hostile.address());
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const own = await context.newPage();
    await own.goto((await freshAddress()).href);
    await own.getByRole('heading', { level: 1 }).waitFor();
    // Ports are no part of a site: the browser sends our cookie along with what this page asks.
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${hostilePort}/`);
    const tried = await page.evaluate(async (target) => {
      const socket = new WebSocket(`ws://${target}/rpc`);
      const opened = await new Promise((resolve) => {
        socket.addEventListener('open', () => resolve('open'));
        socket.addEventListener('close', () => resolve('closed'));
      });
      const read = await fetch(`http://${target}/`, { credentials: 'include' }).then(
        () => 'read',
        () => 'blocked',
      );
      const blind = await fetch(`http://${target}/`, { credentials: 'include', mode: 'no-cors' }).then(
        () => 'read',
        () => 'blocked',
      );
      const frame = document.createElement('iframe');
      frame.src = `http://${target}/`;
      await new Promise((resolve) => {
        frame.addEventListener('load', resolve);
        document.body.append(frame);
      });
      return { opened, read, blind };
    }, host);
    expect(tried).toEqual({ opened: 'closed', read: 'blocked', blind: 'blocked' });
    const [, frame] = page.frames();
    expect(await frame?.locator('#root').count()).toBe(0);
  });
});

describe('a path', () => {
  it('leads out of the folder in no way of writing it', async () => {
    const mine = await cookie();
    const up = ['..', '%2e%2e', '.%2e', '%2E.', '..%00', '%252e%252e', '..;', '．．'];
    const slashes = ['/', '%2f', '\\', '%5c', '//', '/./'];
    for (const dots of up) {
      for (const slash of slashes) {
        for (const start of ['/', '/assets/']) {
          const target = `${start}${[dots, dots, dots, 'package.json'].join(slash)}`;
          const answer = await get(target, `Host: ${host}`, `Cookie: ${mine}`);
          expect([400, 404], `${target}: ${answer.slice(0, 60)}`).toContain(statusOf(answer));
          expect(answer).not.toContain('"fuelgauge"');
        }
      }
    }
    for (const target of ['/etc/passwd', 'file:///etc/passwd', '/C:/Windows/win.ini', '/owner.json', '*']) {
      const answer = await get(target, `Host: ${host}`, `Cookie: ${mine}`);
      expect(answer, target).not.toContain('root:');
      expect(answer, target).not.toContain('token');
    }
  });
});

describe('slow and broken requests', () => {
  it('hold nobody up, and are ended', async () => {
    const slow = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const socket = connect(port, '127.0.0.1');
        socket.on('error', () => undefined);
        await once(socket, 'connect');
        socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `);
        return socket;
      }),
    );
    const bodies = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const socket = connect(port, '127.0.0.1');
        socket.on('error', () => undefined);
        await once(socket, 'connect');
        socket.write(`POST /show HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1000000\r\n\r\nx`);
        return socket;
      }),
    );
    expect(statusOf(await get('/session', `Host: ${host}`, `Cookie: ${await cookie()}`))).toBe(204);
    const ended = (socket: Socket): Promise<unknown> =>
      socket.closed ? Promise.resolve() : (socket.resume(), once(socket, 'close'));
    await Promise.all([...slow, ...bodies].map(ended));
  }, 60_000);

  it('of any kind leave the process as it was', async () => {
    for (const broken of [
      'GET',
      'GET / HTTP/9.9',
      `GET /${'a'.repeat(100_000)} HTTP/1.1`,
      `GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${'a'.repeat(100_000)}`,
      `GET / HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nzz`,
      '\0\0\0\0',
      `CONNECT evil.example:443 HTTP/1.1\r\nHost: ${host}`,
      `TRACE / HTTP/1.1\r\nHost: ${host}`,
    ]) {
      expect(statusOf(await raw(broken)), broken.slice(0, 40)).not.toBe(200);
    }
    expect(statusOf(await get('/session', `Host: ${host}`, `Cookie: ${await cookie()}`))).toBe(204);
  });
});

describe('messages that no page of ours sends', () => {
  it('are not answered, and the socket goes on for those that are', async () => {
    const mine = await cookie();
    const socket = new ProgramSocket(`ws://${host}/rpc`, { headers: { origin: `http://${host}`, cookie: mine } });
    await once(socket, 'open');
    onTestFinished(() => socket.terminate());
    const answers: string[] = [];
    socket.on('message', (data: Buffer) => answers.push(data.toString()));
    for (let index = 0; index < 10_000; index += 1) {
      socket.send(index % 2 === 0 ? `{"i":"${index}","p":` : JSON.stringify({ i: index, t: 3, p: { e: 'message' } }));
      if (index % 100 === 0) socket.send(Buffer.alloc(100, index));
    }
    socket.send(JSON.stringify({ i: 'mine', p: { u: '/workspaces/list' } }));
    await expect.poll(() => answers.length, { timeout: 20_000 }).toBe(1);
    expect(JSON.parse(answers[0] ?? '')).toMatchObject({ i: 'mine', p: { b: { json: [] } } });
    expect(app.output()).not.toMatch(/Error|at .*\.ts/);
  });

  it('too large for any of ours close the socket, and nothing else', async () => {
    const mine = await cookie();
    const socket = new ProgramSocket(`ws://${host}/rpc`, { headers: { origin: `http://${host}`, cookie: mine } });
    await once(socket, 'open');
    socket.on('error', () => undefined);
    socket.send('x'.repeat(64 * 1024 * 1024 + 1));
    const [code]: readonly unknown[] = await once(socket, 'close');
    expect([1006, 1009]).toContain(code);
    expect(statusOf(await get('/session', `Host: ${host}`, `Cookie: ${mine}`))).toBe(204);
  });
});
