import { describe, expect, it } from 'vitest';
import { credits, openTestReplica, piktochart } from '../support/replica.ts';

/** The calls that succeeded, and the problems of the others. */
async function sorted(calls: readonly Promise<unknown>[]) {
  const settled = await Promise.allSettled(calls);
  return {
    answers: settled.flatMap((call) => (call.status === 'fulfilled' ? [call.value] : [])),
    failures: settled.flatMap((call) => (call.status === 'rejected' ? [call.reason] : [])),
  };
}

describe('calls at once', () => {
  it('[E4] never spend more than a hard pool has: fifty uses with room for ten', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client, { seats: { member: 5 } });
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        client.usage.log({ workspaceId, feature: 'video', quantity: '1', member: 'ana' }),
      ),
    );
    expect(answers.filter((answer) => answer.outcome === 'allowed')).toHaveLength(10);
    expect(answers.filter((answer) => answer.outcome === 'refused')).toHaveLength(40);
    const { balance } = await client.balance.get({ workspaceId });
    expect([credits(balance.used), balance.available, balance.overage]).toEqual([2500, 0, 0]);
  });

  it('[E3] never pass a cap, holds and uses mixed', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await client.caps.set({ workspaceId, member: 'ana', credits: '100', per: 'day' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, place) => {
        const use = { workspaceId, feature: 'studio-image', quantity: '1', member: 'ana' };
        return place % 2 === 0 ? client.usage.log(use) : client.usage.hold(use);
      }),
    );
    expect(answers.filter((answer) => answer.outcome === 'allowed')).toHaveLength(4);
  });

  it('[H2] resolve a hold once', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const { transactionId } = await client.usage.hold({ workspaceId, feature: 'video', quantity: '1' });
    const id = transactionId ?? '';
    const { answers, failures } = await sorted([
      client.usage.capture({ id, credits: '100' }),
      client.usage.release({ id }),
      client.usage.capture({ id }),
      client.usage.release({ id }),
    ]);
    expect(answers).toHaveLength(1);
    for (const failure of failures) {
      expect(failure).toMatchObject({
        data: { code: 'refused', message: expect.stringContaining('already captured') },
      });
    }
    expect(credits((await client.balance.get({ workspaceId })).balance.used)).toBe(100);
  });

  it('[H7] give back no more than was used', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const { transactionId } = await client.usage.log({ workspaceId, feature: 'video', quantity: '1' });
    const id = transactionId ?? '';
    const { answers } = await sorted(Array.from({ length: 6 }, () => client.usage.refund({ id, credits: '100' })));
    expect(answers).toHaveLength(2);
    const voids = await sorted([
      client.usage.void({ id, reason: 'a' }),
      client.usage.void({ id, reason: 'b' }),
      client.usage.correct({ id, quantity: '2', reason: 'c' }),
    ]);
    expect(voids.answers).toHaveLength(1);
    expect(credits((await client.balance.get({ workspaceId })).balance.used)).toBe(0);
  });

  it('[P1] grant an order once, or close it', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const { orderId } = await client.orders.create({ workspaceId, pack: 'starter' });
    const twice = await sorted([
      client.orders.confirm({ orderId }),
      client.orders.confirm({ orderId, credits: '5' }),
      client.orders.close({ orderId, as: 'cancelled' }),
    ]);
    expect(twice.answers).toHaveLength(1);
    expect(credits((await client.balance.get({ workspaceId })).balance.available)).toBe(3500);
  });

  it('[L2] book an external id once', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const use = { workspaceId, feature: 'video', quantity: '1', externalId: 'one' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => client.usage.log(use)));
    expect(answers.filter((answer) => !answer.duplicate)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.transactionId)).size).toBe(1);
  });

  it('keep every member, team and catalogue of calls that cross', async () => {
    const { client, dataDir, close } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const [catalogue] = (await client.catalogues.list()).filter((view) => view.catalogue.platform === 'miro');
    if (!catalogue) throw new Error('Miro is shipped');
    const calls = Array.from({ length: 20 }, async (_, place) => {
      await client.members.add({ workspaceId, members: [{ name: `P${place}`, role: 'member', team: 'Same team' }] });
      if (place % 5 === 0) await client.catalogues.save({ catalogue: catalogue.catalogue });
      await client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '1', member: `p${place}` });
    });
    const { failures } = await sorted(calls);
    expect(failures).toEqual([]);
    const view = await client.workspaces.get({ workspaceId });
    expect([view.members.length, view.teams.length]).toEqual([23, 2]);
    await close();
    const again = await openTestReplica({ dataDir });
    expect(await again.client.workspaces.get({ workspaceId })).toEqual(view);
  });

  it('goes on with the next turn when one fails', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const { answers, failures } = await sorted([
      client.usage.log({ workspaceId, feature: 'video', quantity: '1', member: 'nobody' }),
      client.usage.log({ workspaceId, feature: 'video', quantity: '1' }),
      client.orders.confirm({ orderId: 'none' }),
      client.usage.log({ workspaceId, feature: 'video', quantity: '1' }),
    ]);
    expect([answers.length, failures.length]).toEqual([2, 2]);
  });
});
