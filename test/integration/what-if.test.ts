import { describe, expect, it } from 'vitest';
import type { OutcomeRow, WhatIfView } from '../../shared/bridge/advice-views.ts';
import { complaintOf, credits, miro, openTestReplica, piktochart, type Client } from '../support/replica.ts';

/** Three weeks of two images and a prompt a working day of Ana, and as much of Ben every other day: Piktochart, 1,500. */
async function worked(client: Client, workspaceId: string, perDay = '2') {
  for (let day = 29; day >= 1; day--) {
    const at = new Date(Date.parse('2026-11-20T10:00:00Z') - day * 86_400_000).toISOString();
    const use = { workspaceId, feature: 'studio-image', quantity: perDay, at, happened: true };
    await client.usage.log({ ...use, member: 'ana' });
    if (day % 2 === 0) await client.usage.log({ ...use, member: 'cem' });
  }
}

function rowOf(view: WhatIfView, id: OutcomeRow['id']) {
  const row = view.rows.find((known) => known.id === id);
  if (!row?.outcome) throw new Error(`${id}: ${row?.problem ?? 'no row'}`);
  return row.outcome;
}

describe('what if', () => {
  it('says of today what the overview says, and the same again', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await worked(client, workspaceId);
    const view = await client.advice.whatIf({ workspaceId, scenario: {} });
    const forecast = await client.forecast.get({ workspaceId });
    const today = rowOf(view, 'today');
    expect(view.rows).toHaveLength(1);
    expect(today.endOfPeriod).toEqual(forecast.endOfPeriod);
    expect(today.runOut).toEqual({ p10: forecast.runOut?.p10, p50: forecast.runOut?.p50, p90: forecast.runOut?.p90 });
    expect(today.prospects[0].lasts).toBeCloseTo(1 - (forecast.runOut?.probability ?? 0));
    expect(today.prospects[0].resetAt).toBe(forecast.resetAt);
    // What is stated anew in full, but is as it is, changes nothing.
    const same = await client.advice.whatIf({ workspaceId, scenario: { seats: { member: 3 } } });
    expect(rowOf(same, 'seats').prospects).toEqual(today.prospects);
    expect(rowOf(same, 'seats').runOut).toEqual(today.runOut);
    expect(await client.advice.whatIf({ workspaceId, scenario: {} })).toEqual(view);
  });

  it('[S2] counts more seats and another plan from the next reset on', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await worked(client, workspaceId, '3');
    const view = await client.advice.whatIf({ workspaceId, scenario: { seats: { member: 8 }, plan: 'business' } });
    expect(view.rows.map(({ id }) => id)).toEqual(['today', 'seats', 'plan', 'all']);
    const [today, seats, plan, all] = (['today', 'seats', 'plan', 'all'] as const).map((id) => rowOf(view, id));
    expect([today, seats, plan, all].map((one) => credits(one?.prospects[1].allotted ?? 0))).toEqual([
      1500, 4000, 3000, 8000,
    ]);
    expect(seats?.prospects[0]).toEqual(today?.prospects[0]);
    expect(all?.prospects[1].lasts).toBeGreaterThan(today?.prospects[1].lasts ?? 1);
    expect(new Date(plan?.planFrom ?? 0).toISOString()).toBe('2026-12-04T23:00:00.000Z');
  });

  it('[C2] puts a pack in now or later and prices it as published', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await worked(client, workspaceId, '3');
    const now = await client.advice.whatIf({ workspaceId, scenario: { packs: [{ pack: 'starter', count: 2 }] } });
    const later = await client.advice.whatIf({
      workspaceId,
      scenario: { packs: [{ pack: 'starter', count: 2, on: '2027-01-01' }] },
    });
    expect(rowOf(now, 'packs').cost.once).toEqual([{ minorUnits: 4000, currency: 'USD' }]);
    expect(rowOf(now, 'packs').prospects[0].lasts).toBeGreaterThan(rowOf(now, 'today').prospects[0].lasts ?? 1);
    expect(rowOf(later, 'packs').prospects[0]).toEqual(rowOf(later, 'today').prospects[0]);
    expect(rowOf(now, 'packs').cost.unknown).toContainEqual({ kind: 'plan-price', planId: 'pro' });
  });

  it('[E3] cuts use to a cap, takes a team out and grows the rest', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await worked(client, workspaceId);
    const { teams } = await client.workspaces.get({ workspaceId });
    const design = teams.find(({ name }) => name === 'Design')?.id ?? '';
    const view = await client.advice.whatIf({
      workspaceId,
      scenario: {
        cap: { credits: '25', per: 'day' },
        teamsLeaving: [design],
        usePercent: 130,
      },
    });
    const mean = (id: OutcomeRow['id']) => rowOf(view, id).endOfPeriod?.mean ?? 0;
    const used = 50 * 15 + 50 * 7;
    expect(mean('use') - used).toBeCloseTo((mean('today') - used) * 1.3, 3);
    expect(mean('cap') - used).toBeCloseTo((mean('today') - used) / 2, 0);
    // Ana is in Design and Cem is in no team.
    expect(mean('teams') - used).toBeLessThan((mean('today') - used) / 2);
    // Cem's 65 on each second day, of which the cap lets 25 through.
    expect(mean('all')).toBeLessThan(mean('teams'));
  });

  it('[C2] takes prices of plans from people only, and never invents one', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await worked(client, workspaceId);
    await client.advice.setPlanPrice({ workspaceId, plan: 'business', price: { amount: '24.50', currency: 'EUR' } });
    const view = await client.advice.whatIf({ workspaceId, scenario: { seats: { member: 4 }, plan: 'business' } });
    expect(rowOf(view, 'today').cost).toMatchObject({
      perPeriod: [],
      unknown: [{ kind: 'plan-price', planId: 'pro' }],
    });
    expect(rowOf(view, 'all').cost).toMatchObject({ perPeriod: [{ minorUnits: 9800, currency: 'EUR' }], unknown: [] });
    await client.advice.setPlanPrice({ workspaceId, plan: 'business', price: null });
    const without = await client.advice.whatIf({ workspaceId, scenario: { plan: 'business' } });
    expect(rowOf(without, 'plan').cost.perPeriod).toEqual([]);
  });

  it('[S1] asks for the figure of a contract, and takes it', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await miro(client);
    const many = await client.advice.whatIf({ workspaceId, scenario: { seats: { member: 1200 } } });
    expect(many.rows[1]).toMatchObject({ outcome: null, problem: expect.stringContaining('for 1200 seats') });
    const entered = await client.advice.whatIf({
      workspaceId,
      scenario: { seats: { member: 1200 }, enteredAllotment: '60000' },
    });
    expect(credits(rowOf(entered, 'seats').prospects[1].allotted)).toBe(60_000);
    // Billed on the 15th of December, allotted from the reset after it. [S1]
    expect(new Date(rowOf(entered, 'seats').prospects[1].from).toISOString()).toBe('2027-01-01T00:00:00.000Z');
  });

  it('[E6] books nothing, and names what is wrong', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const before = await client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 10 });
    await client.advice.whatIf({ workspaceId, scenario: { plan: 'business', packs: [{ pack: 'starter', count: 1 }] } });
    expect(await client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 10 })).toEqual(before);
    const ask = (scenario: Parameters<Client['advice']['whatIf']>[0]['scenario']) =>
      complaintOf(client.advice.whatIf({ workspaceId, scenario }));
    expect(await ask({ plan: 'gold' })).toContain('scenario.plan');
    expect(await ask({ packs: [{ pack: 'starter', count: 1, on: '2026-11-01' }] })).toContain('is in the past');
    expect(await ask({ teamsLeaving: ['nobody'] })).toContain('There is no team');
  });
});

describe('the cheapest way to get through', () => {
  it('[P4] names packs and days, what they cost, and how sure that is', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await worked(client, workspaceId, '5');
    const view = await client.advice.cheapest({ workspaceId });
    if (view.answer.kind !== 'buy') throw new Error(view.answer.kind);
    expect(view.answer.purchases).toMatchObject([
      { packName: 'Starter', count: 1, on: '2026-11-20', price: { minorUnits: 2000, currency: 'USD' } },
      { packName: 'Starter', count: 1, earliest: expect.stringMatching(/^2026-1[12]-\d\d$/) },
    ]);
    expect(view.answer.price).toEqual({ minorUnits: 4000, currency: 'USD' });
    expect(view.answer.credits - view.answer.left).toBe(view.short);
    expect(view.lasts.with).toBeGreaterThan(0.85);
    expect(view.lasts.with).toBeGreaterThan(view.lasts.without ?? 1);
    const likely = await client.advice.cheapest({ workspaceId, sureness: 'likely' });
    expect(likely.short).toBeLessThan(view.short);
    const longer = await client.advice.cheapest({ workspaceId, resets: 3 });
    expect(longer.short).toBeGreaterThan(view.short);
  });

  it('says when nothing is short, when history is too short, and that Miro sells no packs', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    expect((await client.advice.cheapest({ workspaceId })).answer).toEqual({ kind: 'too-early' });
    await worked(client, workspaceId, '1');
    const none = await client.advice.cheapest({ workspaceId, scenario: { usePercent: 10 } });
    expect(none.answer).toEqual({ kind: 'nothing-short' });
    const board = await miro(client);
    for (let day = 29; day >= 1; day--) {
      const at = new Date(Date.parse('2026-11-20T10:00:00Z') - day * 86_400_000).toISOString();
      await client.usage.log({ workspaceId: board, feature: 'image', quantity: '60', at, happened: true });
    }
    expect(await client.advice.cheapest({ workspaceId: board })).toMatchObject({
      answer: { kind: 'no-offers' },
      sold: 'request',
    });
  });
});
