import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toDocument } from '../../replica/database/transaction-document.ts';
import { credits } from '../../shared/kernel/credits.ts';
import { balanceOf } from '../../shared/ledger/balance-of.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { foldedAnew } from '../support/folded-anew.ts';
import { anyAction, play, type Action } from '../support/replica-actions.ts';
import { openTestReplica, piktochart, type Client, type TestReplica } from '../support/replica.ts';
import { rollUpsOf } from '../support/roll-ups.ts';

async function expectTheSameFromScratch(test: TestReplica, actions: readonly Action[]): Promise<void> {
  const workspaceId = await piktochart(test.client);
  await play(test, workspaceId, actions);
  const { state, rollup } = test.replica;
  const { database } = state;
  const views = await viewsOf(test.client, workspaceId);
  const kept = rollUpsOf(test.replica);
  rollup.rebuild(database);
  expect(rollUpsOf(test.replica)).toEqual(kept);

  const workspace = state.workspace(workspaceId);
  const now = state.clock();
  const [pool] = state.poolsOf(workspace, now);
  if (!pool) throw new Error('There is one pool');
  const folded = state.poolNow(workspace, pool);
  expect(folded.anomalies).toEqual([]);
  expect(balanceOf(folded, now)).toEqual(balanceOf(foldedAnew(state, workspace, pool), now));
  const used = [...folded.totalsByPeriodStart.values()].reduce((sum, period) => sum + period.used, 0);
  const rolledUp = database.connection.prepare('SELECT coalesce(sum(credits), 0) AS credits FROM usage_by_day').get();
  expect(rolledUp?.['credits']).toBe(used);

  database.connection.database.exec('DROP TABLE usage_by_day; DROP TABLE usage_by_member_day;');
  await test.close();
  const again = await openTestReplica({ dataDir: test.dataDir, now: new Date(now).toISOString() });
  try {
    expect(await viewsOf(again.client, workspaceId)).toEqual(views);
    expect(rollUpsOf(again.replica)).toEqual(kept);
  } finally {
    await again.close();
  }
}

/** All that a person sees of the figures. */
async function viewsOf(client: Client, workspaceId: string) {
  const report = (by: 'feature' | 'team' | 'user') => client.report.get({ workspaceId, by, period: 'quarter' });
  const reports = await Promise.all((['feature', 'team', 'user'] as const).map(report));
  const { rows } = await client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 1000 });
  return {
    balance: await client.balance.get({ workspaceId }),
    reports,
    rows,
    forecast: await client.forecast.get({ workspaceId }),
  };
}

describe('what is summed up beside the ledger', () => {
  it('[G5] equals a rebuild and a fold from scratch after any actions, and a restart changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyAction, { minLength: 5, maxLength: 40 }), async (actions) => {
        const test = await openTestReplica();
        try {
          await expectTheSameFromScratch(test, actions);
        } finally {
          // Only one replica fits into a process at a time, and a failing run is followed by shorter ones.
          await test.close();
        }
      }),
      { numRuns: 25 },
    );
  });

  it('[G13] books no gap of before a full refund, which would find nothing to give back', async () => {
    const plain = { choice: 0, quantity: 1, backHours: 0, aheadMinutes: 0 };
    await expectTheSameFromScratch(await openTestReplica(), [
      { ...plain, kind: 'log', backHours: 900 },
      { ...plain, kind: 'refund', choice: 525 },
      { ...plain, kind: 'drift', backHours: 900 },
      ...Array.from({ length: 5 }, (): Action => ({ ...plain, kind: 'log' })),
    ]);
  });

  it('is made anew when all of it is gone, when it is of another version, or when it lags behind', async () => {
    const test = await openTestReplica();
    const workspaceId = await piktochart(test.client);
    await test.client.usage.log({ workspaceId, feature: 'video', quantity: '2', member: 'ana' });
    await test.close();
    for (const spoil of [
      'DROP TABLE usage_by_day; DROP TABLE usage_by_member_day; DROP TABLE projection_state',
      'DELETE FROM projection_state; DELETE FROM usage_by_day',
      'UPDATE projection_state SET version=version-1; UPDATE usage_by_day SET credits=1',
      'UPDATE projection_state SET sequence=1; DELETE FROM usage_by_member_day',
    ]) {
      const spoiled = await openTestReplica({ dataDir: test.dataDir });
      spoiled.replica.state.database.connection.database.exec(spoil);
      await spoiled.close();
      const again = await openTestReplica({ dataDir: test.dataDir });
      for (const by of ['feature', 'team', 'user'] as const) {
        expect((await again.client.report.get({ workspaceId, by, period: 'day' })).total).toBe(500e6);
      }
      await again.close();
    }
  });

  it('loses what is removed from the ledger', async () => {
    const { client, replica } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const { transactionId } = await client.usage.log({ workspaceId, feature: 'video', quantity: '2', member: 'ana' });
    await client.usage.log({ workspaceId, feature: 'video', quantity: '1', member: 'ben' });
    await replica.state.database.rx.transactions.bulkRemove([transactionId ?? '']);
    const { rows } = await client.report.get({ workspaceId, by: 'user', period: 'day' });
    expect(rows).toMatchObject([{ id: 'ben', credits: 250e6, transactions: 1 }]);
    const kept = rollUpsOf(replica);
    replica.rollup.rebuild(replica.state.database);
    expect(rollUpsOf(replica)).toEqual(kept);
  });

  it('[L2] counts a line that something else rewrites as what it says now, once, in whatever is asked', async () => {
    const test = await openTestReplica();
    const { client, replica } = test;
    const workspaceId = await piktochart(client);
    const use = { workspaceId, feature: 'video', quantity: '1' };
    const { transactionId } = await client.usage.log({ ...use, member: 'ana' });
    await client.usage.log({ ...use, member: 'ben' });
    const asked = { workspaceId, filter: { text: 'an' }, cursor: null, limit: 10 };
    const anas = await client.ledger.page(asked);
    expect(anas.total).toBeGreaterThan(0);
    expect((await client.balance.get({ workspaceId })).balance.used).toBe(500e6);
    const line = replica.state.line(transactionId ?? '');
    if (line?.kind !== 'usage') throw new Error('There is a use');
    const rewritten = { ...line, credits: credits(100e6), occurredAt: instant(line.occurredAt - 86_400_000) };
    await replica.state.database.rx.transactions.bulkUpsert([toDocument(rewritten)]);
    expect((await client.ledger.page(asked)).total).toBe(anas.total);
    expect((await client.balance.get({ workspaceId })).balance.used).toBe(350e6);
    const { rows } = await client.report.get({ workspaceId, by: 'user', period: 'week' });
    expect(rows.map(({ id, credits: amount, transactions }) => [id, amount, transactions])).toEqual([
      ['ben', 250e6, 1],
      ['ana', 100e6, 1],
    ]);
    expect((await client.projections.check({})).differences).toEqual([]);
    await replica.state.database.rx.transactions.bulkRemove([line.id]);
    expect((await client.ledger.page(asked)).total).toBe(anas.total - 1);
    expect((await client.balance.get({ workspaceId })).balance.used).toBe(250e6);
    expect((await client.projections.check({})).differences).toEqual([]);
  });

  it('rounds no day away: each line is on the day of its workspace', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client, { timeZone: 'Pacific/Kiritimati' });
    const at = instant(Date.parse('2026-11-19T10:00:00Z'));
    await client.usage.log({ workspaceId, feature: 'video', quantity: '1', at: new Date(at - 1).toISOString() });
    await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '1', at: new Date(at).toISOString() });
    const day = async (asOf: string) =>
      (await client.report.get({ workspaceId, by: 'user', period: 'day', asOf })).total;
    expect([await day('2026-11-19'), await day('2026-11-20')]).toEqual([250e6, 25e6]);
  });
});
