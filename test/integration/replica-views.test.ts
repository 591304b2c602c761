import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { OverviewView } from '../../shared/bridge/views.ts';
import { credits as microCredits } from '../../shared/kernel/credits.ts';
import { usage } from '../support/ledger-lines.ts';
import { at, complaintOf, credits, miro, openTestReplica, piktochart, type TestReplica } from '../support/replica.ts';

async function useOn(test: TestReplica, workspaceId: string, days: readonly (readonly [string, string])[]) {
  for (const [moment, quantity] of days) {
    const use = { workspaceId, feature: 'text', member: 'ana', happened: true, at: moment, quantity };
    expect((await test.client.usage.log(use)).transactionId).not.toBeNull();
  }
}

describe('balance as of any instant', () => {
  it('[G5] [G6] [K4] holds at every instant, at the reset to the millisecond', async () => {
    const test = await openTestReplica();
    const { client } = test;
    const workspaceId = await miro(client);
    await useOn(test, workspaceId, [
      ['2026-10-31T23:59:59.999Z', '2600'],
      ['2026-11-01T00:00:00Z', '7'],
    ]);
    const asOf = async (moment: string) => {
      const { balance } = await client.balance.get({ workspaceId, asOf: moment });
      const remaining = balance.grants.reduce((total, grant) => total + grant.remaining, 0);
      expect(balance.grantedEver).toBe(
        balance.usedEver + remaining + balance.lapsed + balance.voided - balance.overageEver,
      );
      return [credits(balance.used), credits(balance.overage), credits(balance.available)];
    };
    expect(await asOf('2026-10-31T23:59:59.998Z')).toEqual([0, 0, 2500]);
    expect(await asOf('2026-10-31T23:59:59.999Z')).toEqual([2600, 100, 0]);
    expect(await asOf('2026-11-01T00:00:00Z')).toEqual([7, 0, 2493]);
    expect(await asOf('2027-03-01T00:00:00Z')).toEqual([0, 0, 2500]);
    expect(await complaintOf(client.balance.get({ workspaceId, asOf: 'then' }))).toContain('asOf: ');
    expect(await complaintOf(client.balance.get({ workspaceId, member: 'ana' }))).toContain(
      'member: all members share one pool',
    );
    expect(await complaintOf(client.balance.get({ workspaceId, member: 'x' }))).toBe('There is no member “x”.');
  });
});

describe('[A2] [K6] report windows', () => {
  it('cuts days, weeks, months and quarters in the workspace’s zone, around a clock change', async () => {
    // Los Angeles: 8 March 2026 has 23 hours, 1 November 2026 has 25.
    const test = await openTestReplica();
    const { client } = test;
    const workspaceId = await miro(client, { weekStart: 7 });
    await useOn(test, workspaceId, [
      ['2026-03-08T07:59:59Z', '1'],
      ['2026-03-08T08:00:00Z', '2'],
      ['2026-03-09T06:59:59Z', '4'],
      ['2026-03-09T07:00:00Z', '8'],
      ['2026-11-01T06:59:59Z', '16'],
      ['2026-11-01T07:00:00Z', '32'],
      ['2026-11-02T07:59:59Z', '64'],
      ['2026-11-02T08:00:00Z', '128'],
    ]);
    const report = async (period: 'day' | 'week' | 'month' | 'quarter', asOf: string) => {
      const { window, total, rows } = await client.report.get({ workspaceId, by: 'user', period, asOf });
      expect(rows.reduce((sum, row) => sum + row.credits, 0)).toBe(total);
      return [credits(total), (window.end - window.start) / 3_600_000];
    };
    expect(await report('day', '2026-03-08T12:00')).toEqual([6, 23]);
    expect(await report('day', '2026-11-01T12:00')).toEqual([96, 25]);
    expect(await report('week', '2026-03-10')).toEqual([14, 7 * 24 - 1]);
    expect(await report('week', '2026-03-07T23:59:59')).toEqual([1, 7 * 24]);
    expect(await report('week', '2026-11-07')).toEqual([224, 7 * 24 + 1]);
    expect(await report('month', '2026-11-30')).toEqual([224, 30 * 24 + 1]);
    expect(await report('quarter', '2026-02-01')).toEqual([15, 90 * 24 - 1]);
    expect(await report('quarter', '2026-12-31')).toEqual([240, 92 * 24 + 1]);
    expect(await report('month', '2026-05-05')).toEqual([0, 31 * 24]);
    expect(await complaintOf(client.report.get({ workspaceId, by: 'user', period: 'day', asOf: 'x' }))).toContain(
      'asOf: ',
    );
  });

  it('[A3] ranks rows, names the unattributed, and adds up to the total', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const log = (feature: string, quantity: string, member?: string) =>
      client.usage.log({ workspaceId, feature, quantity, ...(member === undefined ? {} : { member }) });
    await log('studio-image', '1', 'ana');
    await log('studio-image', '1', 'ben');
    await log('video', '1');
    const by = async (dimension: 'feature' | 'team' | 'user') =>
      (await client.report.get({ workspaceId, by: dimension, period: 'quarter' })).rows.map((row) => [
        row.id,
        row.name,
        credits(row.credits),
        row.transactions,
      ]);
    expect(await by('user')).toEqual([
      [null, 'Unattributed', 250, 1],
      ['ana', 'Ana', 25, 1],
      ['ben', 'Ben', 25, 1],
    ]);
    expect(await by('team')).toEqual([
      [null, 'Unattributed', 250, 1],
      ['design', 'Design', 50, 2],
    ]);
    expect(await by('feature')).toEqual([
      ['video', 'AI video', 250, 1],
      ['studio-image', expect.any(String), 50, 2],
    ]);
  });
});

describe('forecast', () => {
  it('grows from nothing to a date, as of any day, and repeats itself', async () => {
    const test = await openTestReplica({ now: '2026-11-25T20:00:00Z' });
    const { client } = test;
    const workspaceId = await miro(client);
    expect(await client.forecast.get({ workspaceId })).toMatchObject({ pace: null, quality: 'none', runOut: null });
    const days = Array.from({ length: 60 }, (_, day) => new Date(Date.UTC(2026, 8, 27 + day, 18)).toISOString());
    await useOn(
      test,
      workspaceId,
      days.map((day) => [day, '110'] as const),
    );
    const asOf = (moment: string) => client.forecast.get({ workspaceId, asOf: moment });
    expect(await asOf('2026-09-27T23:00:00Z')).toMatchObject({ quality: 'none' });
    expect((await asOf('2026-10-01T20:00:00Z')).quality).toBe('pace-only');
    expect((await asOf('2026-10-06T20:00:00Z')).quality).toBe('early');
    const now = await client.forecast.get({ workspaceId });
    expect(now).toMatchObject({ quality: 'full', resetAt: at('2026-12-01T00:00:00Z') });
    expect(now.runOut?.probability).toBeGreaterThan(0.9);
    expect(now.endOfPeriod?.p50).toBeGreaterThan(2500);
    expect(await client.forecast.get({ workspaceId })).toEqual(now);
    expect(await complaintOf(client.forecast.get({ workspaceId, asOf: '2026-99-99' }))).toContain('asOf: ');
  });
});

describe('the age of the data', () => {
  it('[A8] is told of a workspace in which nothing happened while ten thousand lines were written elsewhere', async () => {
    const { client, replica, setNow } = await openTestReplica({ now: '2026-11-20T12:00:00Z' });
    const quiet = await piktochart(client);
    const busy = await piktochart(client, { name: 'Busy' });
    await client.usage.log({ workspaceId: quiet, feature: 'studio-image', quantity: '1', member: 'ana' });
    setNow('2026-11-20T13:00:00Z');
    const { state } = replica;
    const { id: poolId } = state.poolOf(state.workspace(busy), null, state.clock());
    const lines = Array.from({ length: 10_001 }, (_, number) => ({
      ...usage(`line-${number}`, state.clock(), microCredits(1)),
      workspaceId: busy,
      poolId,
    }));
    await state.appendLines(busy, lines);
    for (const [workspaceId, expected] of [
      [quiet, '2026-11-20T12:00:00Z'],
      [busy, '2026-11-20T13:00:00Z'],
    ] as const) {
      state.reload();
      for await (const view of await client.overview.live({ workspaceId })) {
        expect(view.lastUpdatedAt).toBe(at(expected));
        break;
      }
    }
  });
});

describe('live views', () => {
  it('comes at once, again on a change, and once for a burst of 1,000 lines', async () => {
    const { client, replica } = await openTestReplica();
    const workspaceId = await miro(client);
    const seen: OverviewView[] = [];
    const ending = new AbortController();
    const watching = (async () => {
      for await (const view of await client.overview.live({ workspaceId }, { signal: ending.signal })) seen.push(view);
    })().catch((error: unknown) => error);
    await until(() => seen.length === 1);
    await client.usage.log({ workspaceId, feature: 'doc', quantity: '1', member: 'ana' });
    await until(() => seen.length === 2);
    expect(seen.map((view) => credits(view.balance.used))).toEqual([0, 2]);
    expect(seen[1]).toMatchObject({ lastUpdatedAt: at('2026-11-20T12:00:00Z'), limit: 'soft', previousPeriodUsed: 0 });
    expect(seen[1]?.recent).toHaveLength(1);
    expect(seen[1]?.days.at(-1)).toEqual({ date: '2026-11-20', credits: 2e6 });
    const [before, startedMs] = [seen.length, performance.now()];
    await Promise.all(
      Array.from({ length: 1000 }, () => client.usage.log({ workspaceId, feature: 'text', quantity: '1' })),
    );
    await until(() => seen.at(-1)?.balance.used === 1002e6);
    // At most five a second, however long the machine takes for the burst.
    expect(seen.length - before).toBeLessThanOrEqual((performance.now() - startedMs) / 200 + 2);
    await client.usage.log({ workspaceId: await miro(client), feature: 'text', quantity: '1' });
    const count = seen.length;
    await wait(100);
    expect(seen.length).toBe(count);
    ending.abort();
    await watching;
    await until(() => replica.state.signal.listeners === 0);
  });

  it('tells subscriptions, workspaces and the ledger of changes too, and leaves no listener behind', async () => {
    const { client, replica } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const changed = async <View>(stream: Promise<AsyncIterable<View>>, change: () => Promise<unknown>) => {
      const views: View[] = [];
      for await (const view of await stream) {
        views.push(view);
        if (views.length === 1) await change();
        else break;
      }
      return views;
    };
    const orders = await changed(client.subscription.live({ workspaceId }), () =>
      client.orders.create({ workspaceId, pack: 'starter' }),
    );
    expect(orders.map((view) => view.orders.length)).toEqual([0, 1]);
    const members = await changed(client.workspaces.live({ workspaceId }), () =>
      client.members.add({ workspaceId, members: [{ name: 'Dua', role: 'member' }] }),
    );
    expect(members.map((view) => view.members.length)).toEqual([3, 4]);
    const ledger = await changed(client.ledger.changes({ workspaceId }), () =>
      client.usage.log({ workspaceId, feature: 'video', quantity: '1' }),
    );
    expect(ledger[1]?.sequence).toBeGreaterThan(ledger[0]?.sequence ?? Infinity);
    await until(() => replica.state.signal.listeners === 0);
  });

  it('ends with the replica', async () => {
    const { client, close } = await openTestReplica();
    const workspaceId = await piktochart(client);
    let views = 0;
    const watching = (async () => {
      for await (const view of await client.overview.live({ workspaceId })) views += view.recent.length + 1;
    })();
    await until(() => views === 1);
    await close();
    await watching;
    expect(views).toBe(1);
  });

  it('shows open holds, the period before, and the history around it', async () => {
    const test = await openTestReplica({ now: '2026-12-10T12:00:00Z' });
    const { client } = test;
    const workspaceId = await miro(client);
    await useOn(test, workspaceId, [
      ['2026-11-15T12:00:00Z', '40'],
      ['2026-12-09T12:00:00Z', '5'],
    ]);
    const { transactionId } = await client.usage.hold({ workspaceId, feature: 'doc', quantity: '3', member: 'ben' });
    for await (const view of await client.overview.live({ workspaceId })) {
      expect(view).toMatchObject({
        previousPeriodUsed: 40e6,
        planName: 'Enterprise',
        resetAt: at('2027-01-01T00:00:00Z'),
      });
      // The period is cut at 00:00 UTC, which is the afternoon of the last of November in Los Angeles.
      expect([view.periodFirstDay, view.periodLastDay]).toEqual(['2026-11-30', '2026-12-31']);
      expect(view.openHolds).toMatchObject([{ id: transactionId, memberName: 'Ben', holdState: 'open' }]);
      expect(view.days).toHaveLength(90);
      expect(view.topFeatures).toMatchObject([{ id: 'text', credits: 5e6 }]);
      break;
    }
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(5);
}
