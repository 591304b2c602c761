import { describe, expect, it } from 'vitest';
import type { UsagePanelView } from '../../shared/bridge/usage-panel-views.ts';
import { complaintOf, credits, miro, openTestReplica, problemOf, type Client } from '../support/replica.ts';

// Los Angeles, weeks begin on Sunday; it is the 20th of November 2026, 4 in the morning there.
async function studio() {
  const test = await openTestReplica();
  const { client } = test;
  const workspaceId = await miro(client, { weekStart: 7 });
  const log = async (
    at: string,
    quantity: string,
    more: { readonly member?: string; readonly feature?: string } = {},
  ) => {
    const { member = 'ana', feature = 'text' } = more;
    await client.usage.log({ workspaceId, feature, quantity, member, happened: true, at });
  };
  const panel = (period: 'day' | 'week' | 'month' | 'quarter', day?: string) =>
    panelOf(client, { workspaceId, period, ...(day === undefined ? {} : { day }) });
  return { ...test, workspaceId, log, panel };
}

async function panelOf(client: Client, given: Parameters<Client['usagePanel']['live']>[0]): Promise<UsagePanelView> {
  for await (const view of await client.usagePanel.live(given)) return view;
  throw new Error('The panel said nothing');
}

const used = (view: Pick<UsagePanelView, 'buckets'>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    view.buckets.flatMap(({ firstDay, start, credits: micro }) =>
      micro === 0 ? [] : [[view.buckets.length === 24 ? new Date(start).toISOString() : firstDay, credits(micro)]],
    ),
  );

describe('the window of the usage panel', () => {
  it('[A2] [K6] is this day, week, month or quarter and goes back, in hours, days, days and weeks', async () => {
    const { log, panel } = await studio();
    await log('2026-11-20T09:30:00Z', '1');
    await log('2026-11-16T20:00:00Z', '2');
    await log('2026-11-02T20:00:00Z', '4');
    await log('2026-10-06T20:00:00Z', '8');
    await log('2026-07-01T20:00:00Z', '16');
    const day = await panel('day');
    expect([day.window, used(day), day.buckets.length]).toEqual([
      {
        period: 'day',
        first: '2026-11-20',
        last: '2026-11-20',
        today: '2026-11-20',
        current: true,
        hasEarlier: true,
      },
      { '2026-11-20T09:00:00.000Z': 1 },
      24,
    ]);
    const week = await panel('week');
    expect([week.window.first, week.window.last, used(week), week.buckets.length]).toEqual([
      '2026-11-15',
      '2026-11-21',
      { '2026-11-16': 2, '2026-11-20': 1 },
      7,
    ]);
    const month = await panel('month');
    expect([used(month), month.buckets.length, credits(month.previousTotal)]).toEqual([
      { '2026-11-02': 4, '2026-11-16': 2, '2026-11-20': 1 },
      30,
      8,
    ]);
    const quarter = await panel('quarter');
    expect([used(quarter), credits(quarter.total), credits(quarter.previousTotal)]).toEqual([
      { '2026-10-04': 8, '2026-11-01': 4, '2026-11-15': 3 },
      15,
      16,
    ]);
    // The first and the last week are cut by the quarter.
    expect([quarter.buckets[0], quarter.buckets.at(-1)]).toMatchObject([
      { firstDay: '2026-10-01', lastDay: '2026-10-03' },
      { firstDay: '2026-12-27', lastDay: '2026-12-31' },
    ]);
    const before = await panel('quarter', '2026-08-15');
    expect([before.window, credits(before.total)]).toEqual([
      {
        period: 'quarter',
        first: '2026-07-01',
        last: '2026-09-30',
        today: '2026-11-20',
        current: false,
        hasEarlier: false,
      },
      16,
    ]);
  });

  it('[A2] bars touch without gap or overlap, over a change of the clock too', async () => {
    const { panel } = await studio();
    for (const [period, day] of [
      ['day', '2026-11-01'],
      ['week', '2026-11-01'],
      ['month', '2026-03-08'],
      ['quarter', '2026-03-08'],
    ] as const) {
      const { buckets } = await panel(period, day);
      for (const [place, bucket] of buckets.entries()) {
        expect(bucket.end).toBeGreaterThan(bucket.start);
        if (place > 0) expect(bucket.start).toBe(buckets[place - 1]?.end);
      }
    }
    expect((await panel('day', '2026-11-01')).buckets).toHaveLength(25);
  });

  it('[A7] [A8] is empty where nothing was used, and says how old the data is', async () => {
    const { panel, log } = await studio();
    const empty = await panel('quarter');
    expect(empty).toMatchObject({ total: 0, byFeature: [], byTeam: [], byUser: [], lastUpdatedAt: null });
    await log('2026-02-10T12:00:00Z', '3');
    const still = await panel('quarter');
    expect([still.total, still.byFeature, still.window.hasEarlier]).toEqual([0, [], true]);
    expect(still.lastUpdatedAt).not.toBeNull();
  });

  it('refuses a day that is none', async () => {
    const { panel } = await studio();
    expect(await complaintOf(panel('week', '2026-02-30'))).toContain('day: ');
  });
});

describe('who and what used them', () => {
  it('[A3] is the five largest and the rest, with use of nobody as a row of its own; rows add up', async () => {
    const { client, workspaceId, log, panel } = await studio();
    for (const [place, feature] of ['text', 'image', 'diagram', 'sidekick', 'prototype', 'table', 'doc'].entries()) {
      await log('2026-11-10T12:00:00Z', String(place + 1), { feature }).catch(() => undefined);
    }
    await client.usage.log({ workspaceId, feature: 'text', quantity: '5', happened: true, at: '2026-11-10T13:00:00Z' });
    const view = await panel('month');
    for (const rows of [view.byFeature, view.byTeam, view.byUser ?? []]) {
      expect(rows.length).toBeLessThanOrEqual(6);
      expect(rows.reduce((total, row) => total + row.credits, 0)).toBe(view.total);
    }
    expect(view.byUser?.map(({ name }) => name)).toContain('Unattributed');
  });

  it('[A6] lists people who may spend, and never guests', async () => {
    const { log, panel } = await studio();
    await log('2026-11-10T12:00:00Z', '2', { member: 'gus' });
    await log('2026-11-10T12:00:00Z', '3', { member: 'ben' });
    const { byUser, total } = await panel('month');
    expect(byUser?.map(({ name, credits: micro }) => [name, credits(micro)])).toEqual([
      ['Ben', 3],
      ['Unattributed', 2],
    ]);
    expect(credits(total)).toBe(5);
  });

  it('[A4] lists everything: searched, sorted both ways, in pieces', async () => {
    const { client, workspaceId, log } = await studio();
    await log('2026-11-10T12:00:00Z', '2', { member: 'ana' });
    await log('2026-11-10T12:00:00Z', '3', { member: 'ben' });
    const list = (more: object) =>
      client.usagePanel.list({ workspaceId, period: 'quarter', by: 'user', ...more }).then(({ rows, count }) => ({
        names: rows.map(({ name }) => name),
        count,
      }));
    expect(await list({})).toEqual({ names: ['Ben', 'Ana'], count: 2 });
    expect(await list({ descending: false })).toEqual({ names: ['Ana', 'Ben'], count: 2 });
    expect(await list({ sort: 'name' })).toEqual({ names: ['Ben', 'Ana'], count: 2 });
    expect(await list({ sort: 'name', descending: false })).toEqual({ names: ['Ana', 'Ben'], count: 2 });
    expect(await list({ search: 'AN' })).toEqual({ names: ['Ana'], count: 1 });
    expect(await list({ from: 1, limit: 1 })).toEqual({ names: ['Ana'], count: 2 });
    const { rows } = await client.usagePanel.list({ workspaceId, period: 'quarter', by: 'user' });
    expect(rows.reduce((total, { share }) => total + share, 0)).toBeCloseTo(1);
  });

  it('[A5] a team has a page, also once it was deleted', async () => {
    const { client, workspaceId, log } = await studio();
    await log('2026-11-10T12:00:00Z', '2', { member: 'ana' });
    const { teams } = await client.workspaces.get({ workspaceId });
    const design = teams.find(({ name }) => name === 'Design')?.id ?? '';
    await client.members.change({ workspaceId, member: 'ana', team: null });
    await client.members.changeTeam({ workspaceId, team: design, deleted: true });
    const { rows } = await client.usagePanel.list({ workspaceId, period: 'quarter', by: 'team' });
    expect(rows).toMatchObject([{ id: design, name: 'Design', deleted: true, opens: true }]);
    const page = await client.usagePanel.team({ workspaceId, period: 'quarter', team: design });
    expect(page).toMatchObject({ name: 'Design', deleted: true, people: 0, share: 1 });
    expect([credits(page.total), page.byFeature.length]).toEqual([2, 1]);
    expect((await problemOf(client.usagePanel.team({ workspaceId, period: 'day', team: 'x' }))).code).toBe('not-found');
  });
});

describe('what happened in a bar', () => {
  it('tells features, teams, people, the largest lines and what explains it', async () => {
    const { client, workspaceId, log, panel } = await studio();
    await log('2026-11-01T12:00:00Z', '2');
    await log('2026-11-01T13:00:00Z', '9', { member: 'ben' });
    await log('2026-11-02T13:00:00Z', '1');
    await client.grants.add({
      workspaceId,
      amount: '100',
      from: '2026-11-01T14:00:00Z',
    });
    const month = await panel('month');
    expect(month.events.map(({ kind }) => kind)).toEqual(['grant', 'reset']);
    const [first] = month.buckets;
    const moment = await client.usagePanel.moment({ workspaceId, period: 'month', start: first?.start ?? 0 });
    expect(moment.byUser?.map(({ name, credits: micro }) => [name, credits(micro)])).toEqual([
      ['Ben', 9],
      ['Ana', 2],
    ]);
    expect([moment.lines, moment.largest.map(({ credits: micro }) => credits(micro))]).toEqual([2, [9, 2]]);
    expect(moment.events.map(({ kind }) => kind)).toEqual(['grant']);
    const day = await panel('day', '2026-11-01');
    const hour = day.buckets.find(({ credits: micro }) => micro > 0);
    const within = await client.usagePanel.moment({
      workspaceId,
      period: 'day',
      day: '2026-11-01',
      start: hour?.start ?? 0,
    });
    expect([within.lines, within.byTeam.map(({ name }) => name)]).toEqual([1, ['Design']]);
    expect(await complaintOf(client.usagePanel.moment({ workspaceId, period: 'day', start: 5 }))).toContain('start: ');
  });
});
