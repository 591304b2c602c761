// What a device of a lead or an admin does with entries of others that the server has lost.
import { expect, it } from 'vitest';
import { unnamedDevice } from '../../shared/protocol/entry.ts';
import type { PulledDocument } from '../../shared/protocol/pull.ts';
import { cr, usage } from '../support/ledger-lines.ts';
import { memoryHttpServer } from '../support/memory-http-server.ts';
import { at, openTestReplica } from '../support/replica.ts';
import { poolOf, publishedTo, syncOf, until } from '../support/synced.ts';

const noon = at('2026-11-20T12:00:00Z');

/** An admin's store that no round writes to, with entries of somebody else at places after all that was published. */
async function storeOfAdmin() {
  const server = await memoryHttpServer();
  const replica = await openTestReplica();
  const { client } = replica;
  const { workspaceId } = await publishedTo(server, replica);
  const poolId = await poolOf(client, workspaceId);
  const [{ deviceId } = { deviceId: '' }] = (await client.sync.status()).servers;
  server.revoked.add(deviceId);
  server.cutStreams();
  await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '1', member: 'ana', happened: true });
  await until(async () => (await syncOf(client, workspaceId))?.state === 'stopped');
  const store = replica.replica.sync.store(workspaceId);
  const last = (await store.state()).checkpoint?.seq ?? 0;
  const line = (id: string, place: number, device: string): PulledDocument => ({
    kind: 'entry',
    seq: last + place,
    by: { deviceId: device, number: 10 - place },
    entry: { kind: 'line', line: { ...usage(id, noon, cr(1)), workspaceId, poolId } },
  });
  const documents = [line('second', 2, 'ben'), line('first', 1, 'cem'), line('nobodys', 3, unnamedDevice)];
  await store.write({ kind: 'documents', documents });
  const waiting = async (): Promise<readonly string[]> =>
    (await store.outbox({ rowsMax: 500, bytesMax: 1_000_000 }))
      .filter(({ by }) => by.deviceId !== deviceId)
      .map(({ id }) => id);
  const lines = async (): Promise<readonly string[]> =>
    (await client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 50 })).rows
      .map(({ id }) => id)
      .filter((id) => ['first', 'second', 'nobodys'].includes(id))
      .toSorted();
  return { store, last, waiting, lines, line };
}

const booked = (id: string, seq: number) => ({ id, seq, verdict: { kind: 'booked' as const, entryId: id } });

it('[D5] sends entries of others again in their order, and drops what has no author', async () => {
  const { store, last, waiting, lines } = await storeOfAdmin();
  expect(await lines()).toEqual(['first', 'nobodys', 'second']);
  await store.write({ kind: 'requeue', afterSeq: last, othersToo: true });
  expect(await waiting()).toEqual(['first', 'second']);
  expect(await lines()).toEqual(['first', 'second']);
  // The device was ended in between, and is told once more.
  await store.write({ kind: 'requeue', afterSeq: last, othersToo: true });
  await store.write({ kind: 'confirmed', accepted: [booked('first', last + 1), booked('second', last + 2)] });
  expect(await waiting()).toEqual([]);
  expect(await lines()).toEqual(['first', 'second']);
});

it('[D5] drops what it may not bring back, and what survived stays', async () => {
  const { store, last, waiting, lines } = await storeOfAdmin();
  await store.write({ kind: 'requeue', afterSeq: last + 1, othersToo: false });
  expect(await waiting()).toEqual([]);
  expect(await lines()).toEqual(['first']);
});

it('[D5] [D6] another view leaves what waits to be brought back, until the server has answered for it', async () => {
  const { store, last, waiting, lines, line } = await storeOfAdmin();
  const survived = last + 1;
  await store.write({ kind: 'requeue', afterSeq: survived - 1, othersToo: true });
  await store.write({ kind: 'forget-pulled' });
  expect(await waiting()).toEqual(['first', 'second']);
  // Views may change more than once before anything is sent.
  await store.write({ kind: 'forget-pulled' });
  expect(await waiting()).toEqual(['first', 'second']);
  await store.write({ kind: 'confirmed', accepted: [booked('first', survived)] });
  expect([await waiting(), await lines()]).toEqual([['second'], ['second']]);
  // What the view shows in the clear comes back under its own name.
  await store.write({ kind: 'documents', documents: [line('first', 1, 'cem')] });
  const master = line('second', 2, 'ben');
  if (master.kind !== 'entry') return;
  await store.write({ kind: 'conflicts', conflicts: [{ id: 'second', seq: 9, by: master.by, master: master.entry }] });
  expect([await waiting(), await lines()]).toEqual([[], ['first']]);
});
