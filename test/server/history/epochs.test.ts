import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { beginEpochAfterRestore } from '../../../server/history/pull.ts';
import { instant } from '../../../shared/kernel/instant.ts';
import type { Entry } from '../../../shared/protocol/entry.ts';
import { cr, usage } from '../../support/ledger-lines.ts';
import { publishOn } from '../../support/served-over-http.ts';
import { published, readAll } from '../../support/served-workspace.ts';
import { testServer } from '../../support/test-server.ts';
import { member } from '../../support/workspace-terms.ts';

const from = instant(Date.UTC(2025, 0, 1));
const today = instant(Date.now() - 60_000);

/** Ada may spend; four entries, and two uses after them. */
async function team() {
  const server = await testServer();
  const workspace = await publishOn(server);
  const { workspaceId, poolId } = workspace;
  const { organisationId } = server.admin;
  const admin = workspace.as(server.admin);
  const changes = [{ value: member(), subject: 'ada' }];
  const plan = { platform: 'piktochart', plan: 'pro', seats: { member: 1 }, from, changes } as const;
  await admin.push(...published(workspaceId, plan));
  const happened = { pricing: 'metered', unitRate: null, happened: true } as const;
  const use = (): Entry => ({
    kind: 'line',
    line: { ...usage(randomUUID(), today, cr(5), happened), workspaceId, poolId },
  });
  const ada = await workspace.join('ada', 'member');
  await admin.push(use(), use());
  const { checkpoint } = await admin.pullAll();
  const { database } = server.server.services;
  return { server, admin, ada, poolId, use, checkpoint, database, workspace: { organisationId, workspaceId } };
}

it('[M8] after a restore devices are told from where on the history is another one', async () => {
  const { server, admin, checkpoint, database, workspace } = await team();
  await loseTail(server.ownerUrl);
  await beginEpochAfterRestore(database, workspace);
  const told = await admin.pull(checkpoint);
  expect(told).toMatchObject({ kind: 'new-epoch', survivedSeq: 5, view: checkpoint.view });
  expect(checkpoint.seq).toBe(6);
});

it('[M8] a device that has seen more than is there proves a lost tail: another epoch begins by itself', async () => {
  const { server, admin, ada, poolId, use, checkpoint } = await team();
  await loseTail(server.ownerUrl);
  const told = await admin.pull(checkpoint);
  expect(told).toMatchObject({ kind: 'new-epoch', survivedSeq: 0 });
  expect(await admin.push(use())).toMatchObject({ kind: 'new-epoch', survivedSeq: 0, view: checkpoint.view });
  // Leases that nobody here knows of may be out.
  expect(await ada.leases({ kind: 'top-up', poolId, needed: cr(1) })).toEqual([]);
});

it.each([
  ['timeline', 'a failover to a copy that lagged, or a restore to an earlier time'],
  ['system', 'a restore in another cluster'],
  ['database', 'a dump that was read into another database'],
])('[M8] the database itself gives a lost tail away by its %s: %s', async (part) => {
  const { server, admin, ada, poolId, use, checkpoint } = await team();
  await loseTail(server.ownerUrl);
  await readAll(server.ownerUrl, `UPDATE history SET origin = jsonb_set(origin, '{${part}}', '"another"')`);
  // Places that were lost are taken anew before anybody shows a checkpoint from the future.
  expect(await ada.pullAll()).toMatchObject({ checkpoint: { seq: 5 } });
  const again = await ada.pullAll();
  expect(again.checkpoint.epoch).not.toBe(checkpoint.epoch);
  const fresh = use();
  expect(await admin.push(fresh)).toMatchObject({ kind: 'new-epoch', survivedSeq: 5 });
  expect(await admin.pull(checkpoint)).toMatchObject({ kind: 'new-epoch', survivedSeq: 5, view: checkpoint.view });
  expect(await ada.leases({ kind: 'top-up', poolId, needed: cr(1) })).toEqual([]);
  // Once, and not again.
  expect((await ada.pullAll()).checkpoint.epoch).toBe(again.checkpoint.epoch);
});

it('[M8] a push alone finds out as well, and writes nothing before', async () => {
  const { server, admin, use } = await team();
  await loseTail(server.ownerUrl);
  await readAll(server.ownerUrl, `UPDATE history SET origin = jsonb_set(origin, '{timeline}', '"00000000"')`);
  expect(await admin.push(use())).toMatchObject({ kind: 'new-epoch', survivedSeq: 5 });
});

it('[M8] where the database does not show all of where it comes from, the rest is watched', async () => {
  const { server, admin, use, checkpoint } = await team();
  const known = () => readAll<{ readonly origin: object | null }>(server.ownerUrl, 'SELECT origin FROM history');
  for (const table of ['entry', 'history']) {
    await readAll(server.ownerUrl, `ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`);
  }
  expect(Object.keys((await known())[0]?.origin ?? {}).toSorted()).toEqual(['database', 'system', 'timeline']);
  await readAll(server.ownerUrl, `UPDATE history SET origin = origin - 'system' - 'timeline'`);
  expect(await admin.push(use())).toMatchObject({ kind: 'pushed' });
  expect(Object.keys((await known())[0]?.origin ?? {}).toSorted()).toEqual(['database', 'system', 'timeline']);
  // A server of before kept nothing of it.
  await readAll(server.ownerUrl, 'UPDATE history SET origin = NULL');
  expect(await admin.push(use())).toMatchObject({ kind: 'pushed' });
  expect((await admin.pullAll()).checkpoint.epoch).toBe(checkpoint.epoch);
});

/** Takes the last use away, as a backup from before it does. */
async function loseTail(ownerUrl: string): Promise<void> {
  for (const table of ['entry', 'history']) {
    await readAll(ownerUrl, `ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`);
  }
  await readAll(ownerUrl, 'DELETE FROM entry WHERE seq > 5');
  await readAll(ownerUrl, 'UPDATE history SET seq = 5');
}
