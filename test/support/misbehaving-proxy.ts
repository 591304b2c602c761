// A proxy between devices and a server that does what networks do: it cuts, delays, loses answers and sends twice.
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from '../../shared/kernel/random.ts';

export interface MisbehavingProxy {
  readonly address: string;
  /** What was done to requests, how often. */
  readonly faults: ReadonlyMap<string, number>;
  /** From now on everything passes as it is, or no longer. */
  misbehaves: boolean;
  /** Where the server is. */
  port: number;
  readonly cutAll: () => void;
  readonly close: () => Promise<void>;
}

export async function misbehavingProxy(random: Random): Promise<MisbehavingProxy> {
  const faults = new Map<string, number>();
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, outgoing) => {
    outgoing.on('error', () => undefined);
    void pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  const strikes = (kind: string, probability: number): boolean => {
    if (!self.misbehaves || random() >= probability) return false;
    faults.set(kind, (faults.get(kind) ?? 0) + 1);
    return true;
  };
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await buffer(incoming);
    const isStream = incoming.url?.endsWith('/stream') === true;
    if (strikes('dropped', 0.06)) {
      outgoing.destroy();
      return;
    }
    if (strikes('delayed', 0.1)) await wait(random() * 1_500);
    // The first answer of two is thrown away, whichever comes first.
    if (!isStream && strikes('doubled', 0.06)) void ask(incoming, body).catch(() => undefined);
    const answer = await ask(incoming, body);
    answer.on('error', () => outgoing.destroy());
    if (!isStream && strikes('answer-lost', 0.08)) {
      await buffer(answer);
      outgoing.destroy();
      return;
    }
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    if (!isStream && strikes('cut', 0.04)) {
      const whole = await buffer(answer);
      outgoing.write(whole.subarray(0, Math.floor(whole.length / 2)), () => outgoing.destroy());
      return;
    }
    if (isStream && strikes('stream-cut', 0.5)) setTimeout(() => outgoing.destroy(), random() * 4_000);
    outgoing.on('close', () => answer.destroy());
    answer.pipe(outgoing);
  };
  const ask = (incoming: IncomingMessage, body: Buffer): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const { method, url, headers } = incoming;
      const asked = request({ host: '127.0.0.1', port: self.port, method, path: url, headers, agent }, resolve);
      asked.on('error', reject);
      asked.end(body);
    });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const self: MisbehavingProxy = {
    address: `http://127.0.0.1:${port}`,
    faults,
    misbehaves: false,
    port: 0,
    cutAll: () => server.closeAllConnections(),
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return self;
}
