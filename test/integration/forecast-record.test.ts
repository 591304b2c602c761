// The forecast's own record, the outlook of every pool, and what a lease should hold.
import { describe, expect, it } from 'vitest';
import { expectedLeaseUse } from '../../replica/services/pool-forecasts.ts';
import { addDays, weekdayOf } from '../../shared/kernel/time-zone.ts';
import { miro, openTestReplica, piktochart, type Client } from '../support/replica.ts';

/** Use of `credits(day)` on each day [from, to). */
async function used(
  client: Client,
  workspaceId: string,
  days: {
    readonly from: string;
    readonly to: string;
    readonly credits: (day: string) => number;
    readonly member?: string;
  },
): Promise<void> {
  for (let day = days.from; day < days.to; day = addDays(day, 1)) {
    const quantity = days.credits(day);
    if (quantity === 0) continue;
    await client.usage.log({
      workspaceId,
      feature: 'text',
      quantity: String(quantity),
      member: days.member ?? 'ana',
      at: `${day}T10:00`,
      happened: true,
    });
  }
}

const workdays = (day: string): number => (weekdayOf(day) > 5 ? 0 : 20 + (Number(day.slice(-2)) % 5));

describe('the record of the forecast', () => {
  it('[F15] replays past weeks, each from what was known by then, and says how often the range held', async () => {
    const { client } = await openTestReplica({ now: '2026-11-20T12:00:00Z' });
    const workspaceId = await miro(client, { timeZone: 'Europe/Berlin', anchor: '2026-06-01' });
    await used(client, workspaceId, { from: '2026-08-03', to: '2026-11-20', credits: workdays });
    const record = await client.forecast.record({ workspaceId });
    expect(record.today).toBe('2026-11-20');
    expect(record.lines.map(({ days }) => days)).toEqual([null, 7, 28]);
    const week = record.lines.find(({ days }) => days === 7);
    expect(week?.count).toBeGreaterThanOrEqual(10);
    expect(week?.inside).toBe(week?.count);
    expect(week?.miss).toBeLessThan(0.1);
    // Not yet over: nothing that was made in this period is judged up to its reset.
    expect(record.forecasts.at(-1)?.until).toBe('2026-11-01');
    for (const { madeOn, until, actual, p10, p90, outcome } of record.forecasts) {
      let sum = 0;
      for (let day = madeOn; day <= until; day = addDays(day, 1)) sum += workdays(day);
      expect(actual).toBe(sum);
      expect(outcome).toBe(sum < p10 ? 'below' : sum > p90 ? 'above' : 'inside');
    }
    // The same question, the same answer, without working it out again.
    expect(await client.forecast.record({ workspaceId })).toBe(record);
  });

  it('[F15] is worked out anew when a past day is another one', async () => {
    const { client } = await openTestReplica({ now: '2026-11-20T12:00:00Z' });
    const workspaceId = await miro(client, { timeZone: 'UTC', anchor: '2026-06-01' });
    await used(client, workspaceId, { from: '2026-09-01', to: '2026-11-20', credits: workdays });
    const before = await client.forecast.record({ workspaceId });
    await used(client, workspaceId, { from: '2026-11-10', to: '2026-11-11', credits: () => 5000 });
    const after = await client.forecast.record({ workspaceId });
    const above = (record: typeof before) => record.lines.find(({ days }) => days === 7)?.above ?? 0;
    expect(above(after)).toBe(above(before) + 1);
  });

  it('[F15] is empty where there is too little, and says how much it takes', async () => {
    const { client } = await openTestReplica({ now: '2026-11-20T12:00:00Z' });
    const workspaceId = await miro(client, { timeZone: 'UTC' });
    expect(await client.forecast.record({ workspaceId })).toMatchObject({ forecasts: [], needed: 8 });
    await used(client, workspaceId, { from: '2026-11-01', to: '2026-11-20', credits: workdays });
    const { lines } = await client.forecast.record({ workspaceId });
    expect(lines.map(({ count }) => count)).toEqual([0, 0, 0]);
  });
});

describe('what is expected to be short', () => {
  it('[F14] is told with the projection, and with the pack that would pay for it', async () => {
    const { client } = await openTestReplica({ now: '2026-11-20T12:00:00Z' });
    const workspaceId = await piktochart(client, { timeZone: 'UTC', anchor: '2026-10-01' });
    for (let day = '2026-10-20'; day < '2026-11-20'; day = addDays(day, 1)) {
      const at = `${day}T10:00`;
      await client.usage.log({
        workspaceId,
        feature: 'studio-image',
        quantity: '3',
        member: 'ana',
        at,
        happened: true,
      });
    }
    const { shortfall, endOfPeriod, runOut } = await client.forecast.get({ workspaceId });
    const { balance } = await client.balance.get({ workspaceId });
    expect(runOut?.probability).toBeGreaterThan(0.9);
    expect(shortfall?.mean).toBeCloseTo((endOfPeriod?.mean ?? 0) - 1500, -1);
    expect(balance.allotted).toBe(1500e6);
    expect(shortfall?.pack).toMatchObject({
      name: 'Starter',
      credits: 2000e6,
      price: { minorUnits: 2000, currency: 'USD' },
    });
  });
});

describe('every pool', () => {
  it('[F10] has an outlook of its own', async () => {
    const { client, replica } = await openTestReplica({ now: '2026-11-20T12:00:00Z' });
    const { workspaceId } = await client.workspaces.create({
      platform: 'visily',
      plan: 'pro',
      seats: { editor: 2 },
      anchor: '2026-09-01',
      timeZone: 'UTC',
      members: [
        { id: 'ana', name: 'Ana', role: 'editor' },
        { id: 'ben', name: 'Ben', role: 'editor' },
        { id: 'cem', name: 'Cem', role: 'editor' },
      ],
    });
    for (let day = '2026-10-01'; day < '2026-11-20'; day = addDays(day, 1)) {
      const use = { workspaceId, feature: 'screen', at: `${day}T10:00`, happened: true };
      await client.usage.log({ ...use, member: 'ana', quantity: '4' });
      if (day >= '2026-11-16') await client.usage.log({ ...use, member: 'ben', quantity: '1' });
    }
    const pools = await client.forecast.pools({ workspaceId });
    const of = (id: string) => pools.find(({ memberId }) => memberId === id);
    // 120 credits a day of 3,000: used up on the 25th day.
    expect(of('ana')).toMatchObject({ quality: 'full' });
    expect(of('ana')?.probability).toBeGreaterThan(0.9);
    expect(new Date(of('ana')?.runOutAt ?? 0).toISOString()).toMatch(/^2026-11-2[456]/);
    expect(of('ben')).toMatchObject({ quality: 'pace-only', probability: null, runOutAt: null });
    expect(of('cem')).toMatchObject({ quality: 'none', probability: null });

    const { state } = replica;
    const workspace = state.workspace(workspaceId);
    const leaseOf = (memberId: string, share?: number) =>
      expectedLeaseUse(state, workspace, state.poolOf(workspace, memberId, state.clock()), share) / 1e6;
    expect(leaseOf('ana')).toBeGreaterThanOrEqual(360);
    expect(leaseOf('ana')).toBeLessThan(500);
    expect(leaseOf('ana', 0.5)).toBeLessThan(leaseOf('ana'));
    expect(leaseOf('ben')).toBeGreaterThanOrEqual(90);
    // Nothing is known of Cem: three days' part of the 3,000 of a month.
    expect(leaseOf('cem')).toBe(300);
  });
});
