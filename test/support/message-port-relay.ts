// A real MessagePort between a page in Chromium and a router in this process: the page's shell is played by a script
// that runs the built preload on a stand-in of Electron, and every message of the replica's end is carried across.
import { EventEmitter } from 'node:events';
import { RPCHandler } from '@orpc/server/message-port';
import type { Page } from 'playwright-core';
import type { ServedRouter } from '../../replica/loopback/served-router.ts';
import type { ReplicaStateMessage } from '../../shared/bridge/desktop.ts';

export interface Relay {
  /** How many ports the page was given so far. */
  portCount(): number;
  /** Ends the newest channel as the end of the replica's process would. */
  breakChannel(): Promise<void>;
  /** Answers no request for a port until the function it returns is called. */
  pause(): Promise<() => Promise<void>>;
  /** Tells the page how the replica's process is, as the main process would. */
  tellState(state: Pick<ReplicaStateMessage, 'state' | 'restarts'>): Promise<void>;
}

/**
 * Puts the desktop shell's preload into `page` before anything else runs there. `preload` is its bundle. A relay that is
 * `paused` answers nobody until it is resumed, as a replica that is still starting.
 */
export async function relayMessagePorts(
  page: Page,
  router: ServedRouter,
  { preload, paused = false }: { readonly preload: string; readonly paused?: boolean },
): Promise<Relay> {
  const handler = new RPCHandler(router);
  const ends = new Map<number, EventEmitter>();
  let newest = 0;
  await page.exposeFunction('relayOpen', (id: number) => {
    const end = Object.assign(new EventEmitter(), {
      postMessage(data: unknown) {
        // The page may be gone by the time an answer comes.
        page.evaluate(([port, message]) => relayDeliver(port, message), [id, data] as const).catch(() => undefined);
      },
    });
    ends.set(id, end);
    newest = id;
    handler.upgrade(end);
  });
  await page.exposeFunction('relayMessage', (id: number, data: unknown) => ends.get(id)?.emit('message', { data }));
  await page.addInitScript({
    content: `{ ${STAND_IN}\n ${paused ? 'relayPause();' : ''} const module = { exports: {} }; const exports = module.exports;\n ${preload} }`,
  });
  return {
    portCount: () => newest,
    async breakChannel() {
      ends.get(newest)?.emit('close');
      await page.evaluate((id) => relayClose(id), newest);
    },
    async pause() {
      await page.evaluate(() => relayPause());
      return () => page.evaluate(() => relayResume());
    },
    tellState: (state) => page.evaluate((told) => relayState(told), { kind: 'fuelgauge:replica-state', ...state }),
  };
}

declare function relayDeliver(id: number, message: unknown): void;
declare function relayClose(id: number): void;
declare function relayPause(): void;
declare function relayResume(): void;
declare function relayState(state: object): void;

/** In the page: an ipcRenderer whose main process answers each request for a port with one end of a new channel. */
const STAND_IN = `
  const replicaEnds = new Map();
  const listeners = new Map();
  let portCount = 0;
  let resumed = Promise.resolve();
  const ipcRenderer = {
    on: (channel, listener) => listeners.set(channel, listener),
    send(channel) {
      if (channel !== 'replica:request-port') throw new Error('An unknown channel: ' + channel);
      const id = ++portCount;
      const { port1, port2 } = new MessageChannel();
      replicaEnds.set(id, port2);
      resumed.then(() => relayOpen(id)).then(() => {
        port2.onmessage = ({ data }) => relayMessage(id, data);
        listeners.get('replica:port')({ ports: [port1] });
      });
    },
  };
  const contextBridge = { exposeInMainWorld: (key, value) => { window[key] = Object.freeze(value); } };
  window.relayDeliver = (id, message) => replicaEnds.get(id)?.postMessage(message);
  window.relayState = (state) => listeners.get('replica:state')?.(null, state);
  window.relayPause = () => { resumed = new Promise((resolve) => { window.relayResume = resolve; }); };
  // Electron tells a port when the other end is gone; plain Chromium does not, so that is played here.
  const pagePorts = [];
  window.addEventListener('message', ({ ports }) => pagePorts.push(...ports));
  window.relayClose = (id) => {
    replicaEnds.get(id)?.close();
    pagePorts[id - 1]?.dispatchEvent(new Event('close'));
  };
  const require = (name) => {
    if (name !== 'electron') throw new Error('The preload may use nothing but Electron: ' + name);
    return { ipcRenderer, contextBridge };
  };
`;
