// A replica with a workspace on a server, and what tests ask of it.
import { setTimeout as wait } from 'node:timers/promises';
import type { WorkspaceSyncView } from '../../shared/bridge/sync-views.ts';
import type { MemoryHttpServer } from './memory-http-server.ts';
import { piktochart, type Client, type TestReplica } from './replica.ts';

/** Waits until something is so; gives up long after it should have been. */
export async function until<Value>(look: () => Promise<Value | undefined | false>): Promise<Value> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    await wait(20);
  }
  throw new Error('It never came about');
}

const attemptsMax = 1_000;

export async function syncOf(client: Client, workspaceId: string): Promise<WorkspaceSyncView | undefined> {
  return (await client.sync.status()).workspaces.find((known) => known.workspaceId === workspaceId);
}

/** Goes on with joining a server where a process that did so has ended, wherever that was. */
export async function joinOn(client: Client, given: { readonly invite: string; readonly workspaceId: string }) {
  const { invite, workspaceId } = given;
  const { workspaces } = await client.sync.status();
  if (workspaces.length === 0) await client.sync.connect({ invite, deviceName: 'Later' });
  await inStep(client, workspaceId);
}

/** Waits until the server has everything and this computer too. */
export function inStep(client: Client, workspaceId: string): Promise<WorkspaceSyncView> {
  return until(async () => {
    const view = await syncOf(client, workspaceId);
    return view?.state === 'up-to-date' && view.outbox.waiting === 0 && view;
  });
}

/** The pool that all of a workspace share. */
export async function poolOf(client: Client, workspaceId: string): Promise<string> {
  const { pools } = await client.balance.get({ workspaceId });
  return pools[0]?.poolId ?? '';
}

/** Takes a Piktochart workspace of Ana, with a hard pool of 1,500 credits unless more is said, to the server. */
export async function publishedTo(
  server: MemoryHttpServer,
  { client }: TestReplica,
  more: Parameters<typeof piktochart>[1] = {},
) {
  const workspaceId = await piktochart(client, more);
  server.pools = [
    { poolId: await poolOf(client, workspaceId), granted: await grantedIn(client, workspaceId), hard: true },
  ];
  const { serverId } = await client.sync.connect({ invite: server.invite(), deviceName: 'First' });
  await client.sync.publish({ serverId, workspaceId });
  await inStep(client, workspaceId);
  return { workspaceId, serverId };
}

async function grantedIn(client: Client, workspaceId: string) {
  return (await client.balance.get({ workspaceId })).balance.allotted;
}

/** How many lines the ledger has. */
export async function lineCount(client: Client, workspaceId: string): Promise<number> {
  return (await client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 10 })).total;
}
