// The renderer's connection to the replica: a MessagePort in the desktop shell, a WebSocket in the browser shell.
// oRPC does not dial again by itself; this does, and tells when.
import type { ClientLink } from '@orpc/client';
import { RPCLink as MessagePortLink } from '@orpc/client/message-port';
import { RPCLink as WebSocketLink } from '@orpc/client/websocket';
import type { PortMessage, RequestPort, RequestPortKey } from '../../shared/bridge/desktop.ts';

/**
 * `connecting`: the first try is under way. `lost`: dialled again and again. `replaced`: a newer start of Fuelgauge
 * answers, which does not know this page; the person opens it again.
 */
export type ConnectionState = 'connecting' | 'connected' | 'lost' | 'replaced';

type Link = ClientLink<Record<never, never>>;

export interface Transport {
  /**
   * Calls through whatever connection there is. Without one, a call waits for it up to ten seconds and then fails; a
   * call that is under way when the connection breaks fails at once, and a live view with it: ask again.
   */
  readonly link: Link;
  state(): ConnectionState;
  /** Calls `listener` after each change; the function it returns ends that. */
  onStateChange(listener: () => void): () => void;
}

/** One way to reach the replica. Rejects, or answers `refused`, when there is nobody or nobody who knows this page. */
export type Dial = () => Promise<Connection | 'refused'>;

export interface Connection {
  readonly link: Link;
  /** Resolves when the connection is no more. */
  readonly closed: Promise<void>;
}

export interface TransportOptions {
  readonly dial: Dial;
  /** Resolves after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

const CALL_WAIT_MS_MAX = 10_000;
const PAUSE_MS_MIN = 100;
const PAUSE_MS_MAX = 4_000;

/** Dials at once, and again after each loss: soon at first, then with doubling pauses of up to four seconds. */
export function createTransport({ dial, wait }: TransportOptions): Transport {
  let state: ConnectionState = 'connecting';
  let current: Link | undefined;
  const listeners = new Set<() => void>();
  const change = (next: ConnectionState, link?: Link): void => {
    current = link;
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  };

  const keepConnected = async (): Promise<never> => {
    let pauseMs = PAUSE_MS_MIN;
    for (;;) {
      const connection = await dial().catch(() => undefined);
      if (connection === undefined || connection === 'refused') {
        change(connection === 'refused' ? 'replaced' : 'lost');
        await wait(pauseMs);
        pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX);
        continue;
      }
      pauseMs = PAUSE_MS_MIN;
      change('connected', connection.link);
      await connection.closed;
      change('lost');
    }
  };
  void keepConnected();

  const onStateChange = (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const connectedLink = (signal: AbortSignal | undefined): Promise<Link> =>
    new Promise((resolve, reject) => {
      const stop = onStateChange(() => settle());
      const settle = (failure?: unknown): void => {
        if (current === undefined && failure === undefined) return;
        stop();
        signal?.removeEventListener('abort', abort);
        if (current === undefined) reject(failure instanceof Error ? failure : new Error(String(failure)));
        else resolve(current);
      };
      const abort = (): void => settle(signal?.reason);
      signal?.addEventListener('abort', abort);
      void wait(CALL_WAIT_MS_MAX).then(() => settle(new Error('There is no connection to the data.')));
      settle();
    });

  return {
    link: {
      async call(path, input, options) {
        return (current ?? (await connectedLink(options.signal))).call(path, input, options);
      },
    },
    state: () => state,
    onStateChange,
  };
}

const REQUEST_PORT_KEY: RequestPortKey = 'fuelgaugeRequestPort';
const PORT_MESSAGE: PortMessage = 'fuelgauge:port';

declare global {
  interface Window {
    /** Only in the desktop shell. */
    readonly [REQUEST_PORT_KEY]?: RequestPort;
  }
}

/** In the desktop shell: asks the preload for a port. The replica may still be starting, so there is no time limit. */
function dialPort(requestPort: RequestPort): Promise<Connection> {
  return new Promise((resolve) => {
    const receive = (event: MessageEvent): void => {
      const [port] = event.ports;
      // Any frame may post messages here; only the preload shares this very window.
      if (event.source !== window || event.data !== PORT_MESSAGE || port === undefined) return;
      window.removeEventListener('message', receive);
      // Electron's own addition to MessagePort: the other end was closed, or its process has ended.
      const closed = new Promise<void>((settle) => port.addEventListener('close', () => settle()));
      const link = new MessagePortLink({ port });
      // A port whose listeners were added one by one delivers nothing until it is started.
      port.start();
      resolve({ link, closed });
    };
    window.addEventListener('message', receive);
    requestPort();
  });
}

/** In the browser shell: the same host that the page came from. */
function dialWebSocket(): Promise<Connection | 'refused'> {
  const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}/rpc`);
  const link = new WebSocketLink({ websocket: socket });
  const closed = new Promise<void>((resolve) => socket.addEventListener('close', () => resolve()));
  const opened = new Promise<Connection>((resolve) => {
    socket.addEventListener('open', () => resolve({ link, closed }));
  });
  return Promise.race([opened, closed.then(whyRefused)]);
}

/** The browser does not tell a page why a WebSocket was refused, so it is asked for in another way. */
async function whyRefused(): Promise<'refused'> {
  const { status } = await fetch('/session', { cache: 'no-store' });
  if (status === 401) return 'refused';
  throw new Error('The replica does not answer.');
}

function shellDial(): Dial {
  const requestPort = window[REQUEST_PORT_KEY];
  return requestPort === undefined ? dialWebSocket : () => dialPort(requestPort);
}

/** The one connection of this page. */
export const transport: Transport = createTransport({
  dial: shellDial(),
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
});
