import { describe, expect, it } from 'vitest';
import { goldenNow } from '../golden/replica/story.ts';
import { figuresOf } from '../support/golden-figures.ts';
import { expectedOf, goldenCopy, goldenFormats } from '../support/golden-files.ts';
import { credits, openTestReplica } from '../support/replica.ts';
import { rollUpsOf } from '../support/roll-ups.ts';

describe('a data directory of an earlier version', () => {
  it('is kept for every format that was released', () => {
    expect(goldenFormats).toContain('collections-0.usage-rollup-1');
  });

  it.each(goldenFormats)('%s: answers every figure as it did, and goes on from there', async (format) => {
    const dataDir = await goldenCopy(format);
    const expected = expectedOf(format);
    const { client, replica, close } = await openTestReplica({ dataDir, now: goldenNow });
    const { connection } = replica.state.database;
    expect(await figuresOf(client, connection)).toMatchObject(expected);
    expect(connection.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    const kept = rollUpsOf(replica);
    replica.rollup.rebuild(replica.state.database);
    expect(rollUpsOf(replica)).toEqual(kept);

    const own = expected.workspaces.find(({ workspace }) => workspace.platform === 'own-tool');
    const workspaceId = own?.workspace.id ?? '';
    const used = async (asked: typeof client): Promise<number> =>
      credits((await asked.balance.get({ workspaceId })).balance.used);
    const before = await used(client);
    const answer = await client.usage.log({ workspaceId, feature: 'summarizer', quantity: '1' });
    expect([answer.outcome, await used(client)]).toEqual(['allowed', before + 3]);
    await close();
    const again = await openTestReplica({ dataDir, now: goldenNow });
    expect(await used(again.client)).toBe(before + 3);
    const page = { workspaceId, filter: {}, cursor: null, limit: 100 };
    expect((await again.client.ledger.page(page)).total).toBe((own?.total ?? 0) + 1);
  });

  it('takes half a surrogate pair in an external id for what it is', async () => {
    const { client } = await openTestReplica({
      dataDir: await goldenCopy('collections-0.usage-rollup-1'),
      now: goldenNow,
    });
    const [studio] = (await client.workspaces.list()).filter(({ platform }) => platform === 'piktochart');
    const log = (externalId: string) =>
      client.usage.log({ workspaceId: studio?.id ?? '', feature: 'text-to-image', quantity: '3', externalId });
    expect(await log('late-\ud83e')).toMatchObject({ outcome: 'allowed', duplicate: false });
    expect(await log('late-\ud83e')).toMatchObject({ duplicate: true });
    expect(await log('late-\ud83d')).toMatchObject({ outcome: 'allowed', duplicate: false });
  });
});
