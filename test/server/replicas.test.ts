// Whole replicas against the server as it runs. One is open at a time in a process: devices take turns.
import { describe, expect, it } from 'vitest';
import { inviteCreatedSchema } from '../../shared/protocol/admin.ts';
import { routes } from '../../shared/protocol/routes.ts';
import { credits, openTestReplica, piktochart, problemOf, type Client } from '../support/replica.ts';
import { inStep, lineCount, syncOf, until } from '../support/synced.ts';
import { testServer, type TestServer } from '../support/test-server.ts';

const now = (): string => new Date().toISOString();

/** The first admin’s replica with a workspace on the server. */
async function publishing({ admin, server }: TestServer) {
  const { code } = await admin.answer(inviteCreatedSchema, 'POST', routes.invites, { personId: admin.personId });
  const replica = await openTestReplica({ now: now() });
  const workspaceId = await piktochart(replica.client, { anchor: now().slice(0, 10) });
  const { serverId } = await replica.client.sync.connect({ invite: `${server.address} ${code}`, deviceName: 'Admin' });
  await replica.client.sync.publish({ serverId, workspaceId });
  await inStep(replica.client, workspaceId);
  return { ...replica, workspaceId, serverId };
}

/** An invite for somebody who is a member of the workspace. */
async function inviteFor(
  client: Client,
  given: { readonly serverId: string; readonly workspaceId: string; readonly memberId: string },
): Promise<string> {
  const { serverId, workspaceId, memberId } = given;
  const { personId } = await client.administration.people.add({ serverId, name: memberId, role: 'member' });
  await client.administration.people.setMembership({ serverId, personId, workspaceId, memberId });
  const { link } = await client.administration.invites.create({ serverId, personId });
  return link;
}

describe('replicas on a server', () => {
  it('share one history: what one logs another has, a member without the people', async () => {
    const server = await testServer();
    const admin = await publishing(server);
    const { workspaceId, serverId } = admin;
    await admin.client.usage.log({ workspaceId, feature: 'video', quantity: '1', member: 'ana', happened: true });
    const invite = await inviteFor(admin.client, { serverId, workspaceId, memberId: 'ben' });
    await inStep(admin.client, workspaceId);
    const { balance } = await admin.client.balance.get({ workspaceId });
    await admin.close();

    const ben = await openTestReplica({ now: now() });
    await ben.client.sync.connect({ invite, deviceName: 'Ben' });
    await inStep(ben.client, workspaceId);
    const seen = await ben.client.balance.get({ workspaceId });
    expect(seen.balance.used).toBe(balance.used);
    expect(await ben.client.workspaces.get({ workspaceId })).toMatchObject({ meId: 'ben' });
    const [anonymous] = (await ben.client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 5 })).rows;
    expect(anonymous).toMatchObject({ memberId: null, featureId: 'video' });
    await ben.client.usage.log({ workspaceId, feature: 'studio-image', quantity: '1', member: 'ben' });
    await ben.client.orders.create({ workspaceId, pack: 'starter' });
    await inStep(ben.client, workspaceId);
    await ben.close();

    const again = await openTestReplica({ now: now(), dataDir: admin.dataDir });
    await until(async () => (await lineCount(again.client, workspaceId)) === 2);
    await inStep(again.client, workspaceId);
    const [row] = (await again.client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 1 })).rows;
    expect(row).toMatchObject({ memberId: 'ben', sync: { state: 'booked' } });
    const order = await orderOf(again.client, workspaceId);
    expect(order).toMatchObject({ state: 'requested', requestedBy: 'Ben' });
    await again.client.orders.confirm({ orderId: order?.id ?? '' });
    await inStep(again.client, workspaceId);
    await again.close();

    const back = await openTestReplica({ now: now(), dataDir: ben.dataDir });
    await until(async () => (await orderOf(back.client, workspaceId))?.state === 'granted');
    await inStep(back.client, workspaceId);
    expect(credits((await back.client.balance.get({ workspaceId })).balance.available)).toBe(1500 - 250 - 25 + 2000);
    expect((await back.client.projections.check({})).differences).toEqual([]);
  });

  it('tell whoever asked for a pack that it was refused, also by a computer whose clock is behind', async () => {
    const server = await testServer();
    const admin = await publishing(server);
    const { workspaceId, serverId } = admin;
    await admin.client.members.change({ workspaceId, member: 'ben', access: 'member' });
    const invite = await inviteFor(admin.client, { serverId, workspaceId, memberId: 'ben' });
    await inStep(admin.client, workspaceId);
    await admin.close();

    const ben = await openTestReplica({ now: now() });
    await ben.client.sync.connect({ invite, deviceName: 'Ben' });
    await inStep(ben.client, workspaceId);
    const { orderId } = await ben.client.orders.create({ workspaceId, pack: 'starter' });
    await inStep(ben.client, workspaceId);
    await ben.close();

    const behind = new Date(Date.now() - 600_000).toISOString();
    const again = await openTestReplica({ now: behind, dataDir: admin.dataDir });
    await until(async () => (await orderOf(again.client, workspaceId))?.state === 'requested');
    await again.client.orders.close({ orderId, as: 'refused', reason: 'not this month' });
    await inStep(again.client, workspaceId);
    await again.close();

    const back = await openTestReplica({ now: now(), dataDir: ben.dataDir });
    const refused = await until(async () => {
      const order = await orderOf(back.client, workspaceId);
      return order?.state === 'refused' && order;
    });
    expect(refused).toMatchObject({ id: orderId, isOwn: true, note: 'not this month' });
    expect(await problemOf(back.client.orders.close({ orderId, as: 'cancelled' }))).toMatchObject({ code: 'conflict' });
  });

  it('lends what may be spent offline, and takes it back with the device', async () => {
    const server = await testServer();
    const { client, workspaceId, serverId } = await publishing(server);
    const lease = await until(async () => (await syncOf(client, workspaceId))?.leases[0]);
    expect(lease.standing).toBe('spendable');
    const logged = await client.usage.log({ workspaceId, feature: 'video', quantity: '3', member: 'ana' });
    expect(logged.outcome).toBe('allowed');
    await inStep(client, workspaceId);
    const { deviceId } = (await client.sync.status()).servers[0]!;
    expect(await client.administration.devices.list({ serverId })).toContainEqual(
      expect.objectContaining({ id: deviceId, isThisOne: true }),
    );
    await client.administration.devices.revoke({ serverId, deviceId });
    await until(async () => (await syncOf(client, workspaceId))?.state === 'stopped');
    expect(await lineCount(client, workspaceId)).toBe(1);
    expect(await problemOf(client.administration.people.list({ serverId }))).toMatchObject({ code: 'refused' });
  });
});

async function orderOf(client: Client, workspaceId: string) {
  for await (const { orders } of await client.subscription.live({ workspaceId })) return orders[0];
  return undefined;
}
