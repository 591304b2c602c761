// L2: the parts of the desktop shell that main.ts joins, each by itself.
import { EventEmitter } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MessagePortMain } from 'electron';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { serveAppProtocol } from '../../electron/app-protocol.ts';
import { followPower } from '../../electron/power.ts';
import { startReplicaHost } from '../../electron/replica-host.ts';
import { isExternalUrlAllowed, signInPages } from '../../electron/security.ts';
import { memorySecrets } from '../../replica/secrets/secret-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { ProtocolHandler } from './stand-in.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the way out of the app', () => {
  it.each([
    'https://miro.com/pricing/',
    'https://help.miro.com/hc/en-us',
    'https://www.visily.ai/pricing/',
    'https://github.com/settings/billing',
  ])('leads to %s', (url) => {
    expect(isExternalUrlAllowed(url)).toBe(true);
  });

  it.each([
    'http://miro.com/',
    'https://evilmiro.com/',
    'https://miro.com.evil.example/',
    'https://miro.com@evil.example/',
    'https://user:secret@miro.com/',
    'https://miro.com:8443/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'fuelgauge://x',
    'ms-msdt:/id',
    '//miro.com/',
    '',
  ])('does not lead to %j', (url) => {
    expect(isExternalUrlAllowed(url)).toBe(false);
  });

  it('leads to the very page where the person signs in, while they do, and never without TLS', () => {
    const pages = signInPages();
    const page = 'https://login.example:8443/device?user_code=ABCD';
    expect(pages.has(page)).toBe(false);
    pages.allow([page, 'http://login.example/device', 'https://a:b@login.example/device', 'javascript:alert(1)']);
    expect(pages.has(page)).toBe(true);
    for (const other of [
      'https://login.example:8443/device?user_code=ABCE',
      'https://login.example:8443/device',
      'https://login.example:8443/',
      'http://login.example/device',
      'https://a:b@login.example/device',
      'javascript:alert(1)',
    ]) {
      expect(pages.has(other), other).toBe(false);
    }
    pages.allow([]);
    expect(pages.has(page)).toBe(false);
  });
});

describe('the app protocol', () => {
  it('serves files of its folder and nothing outside of it', async () => {
    const folder = join(await temporaryFolder(), 'pages');
    await mkdir(join(folder, 'assets'), { recursive: true });
    await writeFile(join(folder, 'index.html'), '<p>__CSP_NONCE__</p>');
    await writeFile(join(folder, 'assets', 'app.js'), 'export {};');
    await writeFile(join(folder, '..', 'secret.txt'), 'secret');
    let handler: ProtocolHandler | undefined;
    serveAppProtocol({ handle: (_scheme, given) => void (handler = given) }, folder);
    const get = async (url: string): Promise<Response> => {
      if (handler === undefined) throw new Error('The protocol has no handler.');
      return handler(new Request(url));
    };

    const script = await get('app://fuelgauge/assets/app.js');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    const nonce = /<p>(.+)<\/p>/.exec(await (await get('app://fuelgauge/')).text())?.[1] ?? '';
    expect(nonce).toMatch(/^[\w-]{22}$/);
    for (const path of ['..%2fsecret.txt', 'assets/..%2f..%2fsecret.txt', '%2e%2e%5csecret.txt', 'gone.js']) {
      const response = await get(`app://fuelgauge/${path}`);
      expect(response.status, path).toBe(404);
      expect(await response.text(), path).not.toContain('secret');
    }
  });
});

describe('the replica host', () => {
  interface Stage {
    readonly host: ReturnType<typeof startReplicaHost>;
    readonly children: (EventEmitter & { readonly posted: unknown[]; killed: boolean })[];
    readonly pauses: number[];
    /** Every state of the process, one after the other. */
    readonly states: string[];
    /** Lets the newest pause pass. */
    pass(): void;
    clockMs: number;
  }

  function stage(): Stage {
    const tasks: (() => void)[] = [];
    const children: Stage['children'] = [];
    const pauses: number[] = [];
    const states: string[] = [];
    const staged = { children, pauses, states, clockMs: 0, pass: () => tasks.pop()?.() };
    const host = startReplicaHost({
      fork() {
        const posted: unknown[] = [];
        const child = Object.assign(new EventEmitter(), {
          posted,
          killed: false,
          postMessage: (message: unknown) => void posted.push(message),
          kill: () => (child.killed = true),
        });
        children.push(child);
        return child as never;
      },
      schedule(task, milliseconds) {
        tasks.push(task);
        pauses.push(milliseconds);
      },
      now: () => staged.clockMs,
      secrets: memorySecrets(),
      onShow: () => undefined,
      onFailed: () => undefined,
      onState: () => void staged.states.push(host.state()),
      onMessage: () => undefined,
    });
    return Object.assign(staged, { host });
  }

  it('starts the replica again with doubling pauses, and over after a steady run', () => {
    const staged = stage();
    for (let round = 0; round < 9; round += 1) {
      staged.children.at(-1)?.emit('exit', 1);
      staged.pass();
    }
    expect(staged.children).toHaveLength(10);
    expect(staged.pauses).toEqual([250, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000]);
    staged.clockMs += 60_000;
    staged.children.at(-1)?.emit('exit', 1);
    expect(staged.pauses.at(-1)).toBe(250);
  });

  it('hands a port that came while nobody was there to the next replica', () => {
    const staged = stage();
    staged.children[0]?.emit('message', { kind: 'ready' });
    staged.children[0]?.emit('exit', 1);
    staged.host.connect({} as MessagePortMain);
    staged.pass();
    staged.children[1]?.emit('message', { kind: 'ready' });
    expect(staged.children[0]?.posted).toEqual([]);
    expect(staged.children[1]?.posted).toEqual([{ kind: 'connect' }]);
  });

  it('does not start again what was stopped, and ends what does not stop', async () => {
    const staged = stage();
    const stopped = staged.host.stop();
    expect(staged.children[0]?.posted).toEqual([{ kind: 'stop' }]);
    staged.pass();
    await stopped;
    expect(staged.children[0]?.killed).toBe(true);
    staged.children[0]?.emit('exit', 1);
    expect(staged.children).toHaveLength(1);
  });

  it('answers what the replica asks for its secrets, and not a replica that came after it', async () => {
    const staged = stage();
    const [first] = staged.children;
    first?.emit('message', { kind: 'write-secret', id: 1, name: 'token', value: 'abc' });
    await settled();
    first?.emit('message', { kind: 'read-secret', id: 2, name: 'token' });
    await settled();
    expect(first?.posted).toEqual([
      { kind: 'secret', id: 1, value: null, standing: 'memory' },
      { kind: 'secret', id: 2, value: 'abc', standing: 'memory' },
    ]);
    first?.emit('message', { kind: 'read-secret', id: 3, name: 'token' });
    first?.emit('exit', 1);
    staged.pass();
    await settled();
    expect(first?.posted).toHaveLength(2);
    expect(staged.children[1]?.posted).toEqual([]);
  });

  it('passes on that the computer is awake, to a replica that is there', () => {
    const staged = stage();
    staged.host.wake('resume');
    staged.children[0]?.emit('message', { kind: 'ready' });
    staged.host.wake('online');
    expect(staged.children[0]?.posted).toEqual([{ kind: 'wake', reason: 'online' }]);
  });

  it('tells how the process is', () => {
    const staged = stage();
    const [first] = staged.children;
    expect(staged.host.state()).toBe('starting');
    first?.emit('message', { kind: 'ready' });
    first?.emit('exit', 1);
    staged.pass();
    staged.children[1]?.emit('message', { kind: 'ready' });
    void staged.host.stop();
    expect(staged.states).toEqual(['running', 'restarting', 'running', 'stopping']);
    expect(staged.host.restarts()).toBe(1);
  });

  it('asks whether the replica is well; one that is long silent is ended and started again', () => {
    const staged = stage();
    const [first] = staged.children;
    first?.emit('message', { kind: 'ready' });
    const minute = (): void => {
      staged.clockMs += 60_000;
      staged.pass();
    };
    minute();
    expect(staged.states).toEqual(['running', 'silent']);
    // A large import was in the way, and is done.
    first?.emit('message', { kind: 'pong' });
    expect(staged.states).toEqual(['running', 'silent', 'running']);
    minute();
    minute();
    expect(first?.killed).toBe(false);
    minute();
    expect(first?.killed).toBe(true);
    first?.emit('exit', 1);
    staged.pass();
    expect(staged.children).toHaveLength(2);
    expect(first?.posted.filter((message) => JSON.stringify(message) === '{"kind":"ping"}')).toHaveLength(3);
  });

  it('keeps no more ports for a replica that does not come than there can be pages', () => {
    const staged = stage();
    const closed: number[] = [];
    for (let index = 0; index < 1_000; index += 1) {
      staged.host.connect({ close: () => void closed.push(index) } as unknown as MessagePortMain);
    }
    expect(closed).toHaveLength(992);
    staged.children[0]?.emit('message', { kind: 'ready' });
    expect(staged.children[0]?.posted).toHaveLength(8);
  });

  it('is not moved by what is no message of the replica', () => {
    const staged = stage();
    for (const odd of [undefined, null, 1, 'ready', [], {}, { kind: 'connect' }, { kind: 'read-secret', id: 'x' }]) {
      staged.children[0]?.emit('message', odd);
    }
    expect(staged.children).toHaveLength(1);
    expect(staged.children[0]).toMatchObject({ posted: [], killed: false });
  });

  it('does not start again what cannot work', () => {
    const staged = stage();
    staged.children[0]?.emit('message', { kind: 'failed', message: 'locked' });
    staged.children[0]?.emit('exit', 0);
    expect(staged.pauses).toEqual([]);
  });
});

describe('the signs of the computer', () => {
  it('are told when it wakes up, is unlocked, and finds a network again', () => {
    const told: string[] = [];
    const powerMonitor = new EventEmitter();
    let online = true;
    let look = (): void => undefined;
    followPower({
      powerMonitor: powerMonitor as never,
      net: { isOnline: () => online },
      every: (_everyMs, work) => (look = work),
      onWake: (reason) => told.push(reason),
    });
    look();
    expect(told).toEqual([]);
    powerMonitor.emit('resume');
    powerMonitor.emit('unlock-screen');
    online = false;
    look();
    look();
    online = true;
    look();
    look();
    expect(told).toEqual(['resume', 'unlock', 'online']);
  });
});

describe('the preload', () => {
  it('gives the page one function, and ports by a window message', async () => {
    const sent: string[] = [];
    const exposed = new Map<string, unknown>();
    const ipcRenderer = Object.assign(new EventEmitter(), { send: (channel: string) => void sent.push(channel) });
    const posted: unknown[][] = [];
    vi.stubGlobal('window', { postMessage: (...message: unknown[]) => void posted.push(message) });
    vi.doMock('electron', () => ({
      ipcRenderer,
      contextBridge: { exposeInMainWorld: (key: string, value: unknown) => void exposed.set(key, value) },
    }));
    onTestFinished(() => {
      vi.unstubAllGlobals();
      vi.doUnmock('electron');
    });
    await import('../../electron/preload.ts');

    expect([...exposed.keys()]).toEqual(['fuelgaugeRequestPort']);
    const requestPort = exposed.get('fuelgaugeRequestPort');
    if (typeof requestPort !== 'function') throw new Error('A function is exposed.');
    expect(Object.isFrozen(requestPort)).toBe(true);
    expect(sent).toEqual([]);
    Reflect.apply(requestPort, undefined, []);
    expect(sent).toEqual(['replica:request-port']);
    const port = { port: 'page' };
    ipcRenderer.emit('replica:port', { ports: [port] });
    expect(posted).toEqual([['fuelgauge:port', '*', [port]]]);
  });
});
