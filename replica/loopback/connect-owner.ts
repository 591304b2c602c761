// The other end of the loopback server: how a second process talks to the one that owns a data directory.
import { createORPCClient, type ClientLink } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { z } from 'zod';
import type { Contract } from '../../shared/bridge/contract.ts';
import { readOwnerFile, RPC_PROTOCOL, type OwnerAddress } from './owner-file.ts';
import type { Shown } from './serve.ts';

export interface OwnerConnection {
  /** The owner's procedures, typed by the contract. */
  readonly client: ContractRouterClient<Contract>;
  /** The same without types, for a contract of one's own. */
  readonly link: ClientLink<Record<never, never>>;
  /** Asks the owner to show itself: it brings its window forward, or gives an address to open in a browser. */
  show(): Promise<Shown | undefined>;
  close(): void;
}

const shownSchema = z.discriminatedUnion('shown', [
  z.object({ shown: z.literal('window') }),
  z.object({ shown: z.literal('page'), url: z.string().startsWith('http://127.0.0.1:') }),
]);

/**
 * Connects to the owner of `dataDirectory`, or answers undefined when nobody listens: no file, a file that its writer
 * left behind, another program on its port by now. Try the lock first and come here when it is held, since only then
 * is the file known to be a living owner's.
 */
export async function connectOwner(dataDirectory: string): Promise<OwnerConnection | undefined> {
  const address = readOwnerFile(dataDirectory);
  if (address === undefined) return undefined;
  const socket = await dial(address);
  if (socket === undefined) return undefined;
  const link = new RPCLink({ websocket: socket });
  return {
    client: createORPCClient<ContractRouterClient<Contract>>(link),
    link,
    show: () => askToShow(address),
    close() {
      socket.close();
    },
  };
}

function dial({ url, token }: OwnerAddress): Promise<WebSocket | undefined> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/rpc`, [RPC_PROTOCOL, token]);
  return new Promise((resolve) => {
    socket.addEventListener('open', () => resolve(socket), { once: true });
    socket.addEventListener('close', () => resolve(undefined), { once: true });
    socket.addEventListener('error', () => resolve(undefined), { once: true });
  });
}

async function askToShow({ url, token }: OwnerAddress): Promise<Shown | undefined> {
  try {
    const response = await fetch(`${url}/show`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    return response.ok ? shownSchema.safeParse(await response.json()).data : undefined;
  } catch {
    return undefined;
  }
}
