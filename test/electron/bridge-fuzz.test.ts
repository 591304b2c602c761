// L2: the bridge under 100,000 messages that no page of ours sends: to the main process, to the replica's process, and
// through a port to the procedures. None ends a process, reaches a service or leaves anything behind.
import { EventEmitter } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { os, type RouterClient } from '@orpc/server';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { installBridge } from '../../electron/bridge.ts';
import { startReplicaHost } from '../../electron/replica-host.ts';
import { channelServer, readMessage } from '../../replica/loopback/serve-channel.ts';
import { memorySecrets } from '../../replica/secrets/secret-store.ts';
import { seededRandom, type Random } from '../../shared/kernel/random.ts';
import { mainPort } from '../support/main-port.ts';
import { frameOf } from './stand-in.ts';

const COUNT = 100_000;
const SEED = 20_261_120;
/** What remains after so many messages is noise; one kept message each would be a hundred bytes times their number. */
const LEFT_BEHIND_BYTES_MAX = 4_000_000;

setFlagsFromString('--expose-gc');
const collectGarbage = z.function().parse(runInNewContext('gc'));

function usedBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Values that a page could put into a message, most of them nothing that ours would. */
function oddValue(random: Random, depth = 0): unknown {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  switch (Math.floor(random() * (depth > 3 ? 7 : 10))) {
    case 0:
      return pick([undefined, null, true, false, Number.NaN, -0, 1e308, 2 ** 53, 42n]);
    case 1:
      return pick(['', '__proto__', 'constructor', '\0', '\ud800', 'a'.repeat(5_000), '{"i":', '[]', 'null', '💥']);
    case 2:
      return Math.floor(random() * 10);
    case 3:
      return new Uint8Array(Math.floor(random() * 50)).fill(255);
    case 4:
      return new Date(Number.NaN);
    case 5:
      return new Map([['i', '1']]);
    case 6:
      return pick(['ready', 'connect', 'stop', 'show', 'failed', 'replica:request-port']);
    case 7:
      return Array.from({ length: Math.floor(random() * 5) }, () => oddValue(random, depth + 1));
    case 8:
      return { kind: oddValue(random, depth + 1), id: oddValue(random, depth + 1), t: oddValue(random, depth + 1) };
    default:
      return { i: oddValue(random, depth + 1), p: oddValue(random, depth + 1), h: oddValue(random, depth + 1) };
  }
}

/** Text as it would cross a port: cut off, out of order, of other types, to names that are none. */
function oddText(random: Random, index: number): unknown {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const id = pick(['1', 'zz', '', '__proto__', 'x'.repeat(40), String(index)]);
  const url = pick([
    '/service/secret/../book',
    '/__proto__/polluted',
    '/constructor/prototype',
    '//evil.example/service',
    'http://evil.example/service/book',
    'service/book',
    `/${'a/'.repeat(300)}`,
    '/service%2Fbook',
    '/',
    '',
  ]);
  const body = pick([
    undefined,
    { json: 1, meta: [[0, '__proto__', 'polluted']] },
    { json: { __proto__: { polluted: 1 } } },
  ]);
  const messages: readonly unknown[] = [
    { i: id, p: { u: url, b: body } },
    { i: id, p: { u: '/service/book', h: { 'content-type': 'text/event-stream' }, b: body } },
    { i: id, p: { u: '/service/book', m: 'DELETE', b: body } },
    { i: id, t: 3, p: { e: 'message', d: 1 } },
    { i: id, t: 4 },
    { i: index, p: { u: '/service/book' } },
    { i: id, t: 9, p: {} },
    { i: id, p: null },
    [id, 1, { url }],
    url,
  ];
  const text = JSON.stringify(pick(messages));
  switch (Math.floor(random() * 6)) {
    case 0:
      return text.slice(0, Math.floor(random() * text.length));
    case 1:
      return new TextEncoder().encode(text);
    case 2:
      return oddValue(random);
    case 3:
      return `${text}${'x'.repeat(Math.floor(random() * 2_000))}`;
    default:
      return text;
  }
}

it(`the main process is moved by none of ${COUNT} messages from frames that are not ours`, () => {
  const random = seededRandom(SEED);
  const ipcMain = new EventEmitter();
  let channels = 0;
  let connected = 0;
  installBridge({
    ipcMain: ipcMain as never,
    createChannel: () => {
      channels += 1;
      return { port1: {}, port2: {} } as never;
    },
    connectReplica: () => void (connected += 1),
    replicaState: () => ({ kind: 'fuelgauge:replica-state', state: 'running', restarts: 0 }),
  });
  const own = frameOf('app://fuelgauge/');
  const senders: readonly (() => unknown)[] = [
    () => null,
    () => frameOf('https://evil.example/'),
    () => frameOf('app://fuelgauge.evil.example/'),
    () => frameOf('app://fuelgauge/', {}),
    () => frameOf('file:///etc/passwd'),
    () => frameOf('about:blank'),
    () => {
      throw new Error('Render frame was disposed before WebFrameMain could be accessed.');
    },
    // Ours, but with something in its hands that our preload never sends.
    () => own,
  ];
  const send = (index: number): void => {
    const sender = senders[index % senders.length] ?? (() => null);
    const mine = index % senders.length === senders.length - 1;
    const event = { ports: mine && random() < 0.5 ? [{}] : [] };
    Object.defineProperty(event, 'senderFrame', { get: sender });
    const more = mine && event.ports.length === 0 ? [oddValue(random)] : random() < 0.5 ? [oddValue(random)] : [];
    ipcMain.emit('replica:request-port', event, ...more);
  };
  for (let index = 0; index < 1_000; index += 1) send(index);
  const before = usedBytes();
  for (let index = 0; index < COUNT; index += 1) send(index);
  expect({ channels, connected, posted: own.posted.length }).toEqual({ channels: 0, connected: 0, posted: 0 });
  expect(usedBytes() - before).toBeLessThan(LEFT_BEHIND_BYTES_MAX);
  // The door still opens to whom it should.
  ipcMain.emit('replica:request-port', { senderFrame: own, ports: [] });
  expect({ channels, connected }).toEqual({ channels: 1, connected: 1 });
});

it(`the main process takes none of ${COUNT} odd messages for one of the replica’s`, () => {
  const random = seededRandom(SEED);
  const child = Object.assign(new EventEmitter(), { postMessage: () => undefined, kill: () => true });
  const done: string[] = [];
  const host = startReplicaHost({
    fork: () => child as never,
    schedule: () => undefined,
    now: () => 0,
    secrets: memorySecrets(),
    onShow: () => void done.push('show'),
    onFailed: () => void done.push('failed'),
    onState: () => void done.push('state'),
    onMessage: ({ kind }) => void done.push(kind),
  });
  for (let index = 0; index < 1_000; index += 1) child.emit('message', oddValue(random));
  const before = usedBytes();
  for (let index = 0; index < COUNT; index += 1) {
    const odd = oddValue(random);
    child.emit('message', typeof odd === 'object' ? odd : { kind: odd, id: odd });
  }
  // Only what is one of its words word for word is one; the odd values have some of them.
  expect(done.filter((kind) => !['show', 'ready', 'state'].includes(kind))).toEqual([]);
  expect(usedBytes() - before).toBeLessThan(LEFT_BEHIND_BYTES_MAX);
  expect(['starting', 'running']).toContain(host.state());
});

it(`no procedure is reached by ${COUNT} messages over a port that no client writes`, async () => {
  const random = seededRandom(SEED);
  let booked = 0;
  const router = { service: { book: os.input(z.string()).handler(({ input }) => `${(booked += 1)} ${input}`) } };
  const { port1, port2 } = new MessageChannel();
  const end = mainPort(port2);
  let answers = 0;
  let fuzzing = true;
  channelServer(router)({
    send(message) {
      answers += 1;
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A port, not a window.
      if (!fuzzing) end.postMessage(message);
    },
    onMessage: (listener) => end.on('message', ({ data }: { readonly data: unknown }) => listener(data)),
    onClose: (listener) => end.on('close', listener),
  });
  end.start();
  const crossed = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const send = async (from: number, to: number): Promise<void> => {
    for (let index = from; index < to; index += 1) {
      // As it arrives, without the copy that a port makes: a symbol or a function never gets this far.
      end.emit('message', { data: oddText(random, index) });
      if (index % 1_000 === 0) await crossed();
    }
    await crossed();
  };
  await send(0, 2_000);
  const before = usedBytes();
  await send(2_000, COUNT);
  expect(booked).toBe(0);
  // A well-formed call to a name that is none is told so; nothing else is answered at all.
  expect(answers).toBeLessThan(COUNT / 4);
  expect(usedBytes() - before).toBeLessThan(LEFT_BEHIND_BYTES_MAX);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(Reflect.get({}, 'polluted')).toBeUndefined();

  fuzzing = false;
  const client: RouterClient<typeof router> = createORPCClient(new RPCLink({ port: port1 }));
  port1.start();
  expect(await client.service.book('a video')).toBe('1 a video');
  port1.close();
});

it('passes over what is too large before it is read', () => {
  expect(readMessage(JSON.stringify({ i: '1', p: { u: '/a/b', b: 'x'.repeat(65 * 1024 * 1024) } }))).toBeUndefined();
  expect(readMessage(JSON.stringify({ i: '1', p: { u: '/a/b', b: 'x' } }))).toEqual({
    i: '1',
    p: { u: '/a/b', b: 'x' },
  });
});
