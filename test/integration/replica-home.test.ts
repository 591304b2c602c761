import { describe, expect, it } from 'vitest';
import type { HomeFigures, HomeView } from '../../shared/bridge/home-views.ts';
import { at, credits, miro, openTestReplica, piktochart, type Client } from '../support/replica.ts';

/** Home as it stands once all figures are there. */
async function home(client: Client, until: (view: HomeView) => boolean = () => true): Promise<HomeView> {
  for await (const view of await client.home.live()) {
    if (view.rows.every(({ figures }) => figures !== null) && until(view)) return view;
  }
  throw new Error('Home ended before its figures were there.');
}

function figuresOf(view: HomeView, workspaceId: string): HomeFigures {
  const figures = view.rows.find((row) => row.workspaceId === workspaceId)?.figures;
  if (figures === undefined || figures === null || figures === 'failed') throw new Error('There are no figures.');
  return figures;
}

describe('home', () => {
  it('says of each workspace what its overview says, and of a new one that it has no history', async () => {
    const { client } = await openTestReplica();
    const studio = await piktochart(client, { name: 'Studio' });
    const boards = await miro(client, { name: 'Boards' });
    const use = { workspaceId: studio, feature: 'studio-image', member: 'ana', happened: true };
    for (const day of ['06', '09', '12', '16', '19']) {
      await client.usage.log({ ...use, quantity: '4', at: `2026-11-${day}T10:00:00Z` });
    }
    await client.usage.hold({ workspaceId: studio, feature: 'video', quantity: '1', member: 'ben' });
    await client.readings.add({ workspaceId: studio, used: '530', at: '2026-11-19T12:00:00Z' });
    const view = await home(client);
    expect(view.rows.map(({ name }) => name)).toEqual(['Studio', 'Boards']);
    for await (const overview of await client.overview.live({ workspaceId: studio })) {
      const { balance, forecast, drift, limit, byReset } = figuresOf(view, studio);
      const { used, held, available, overage, usedEver } = overview.balance;
      expect(balance).toEqual({ used, held, available, overage, usedEver, remaining: 1_000_000_000 });
      const { asOf, resetAt, pace, runOut, quality } = overview.forecast;
      expect(forecast).toEqual({ asOf, resetAt, pace, runOut, quality });
      expect(byReset).toBe(overview.forecast.endOfPeriod?.p50 ?? null);
      expect([drift?.credits, drift?.at]).toEqual([overview.drift?.credits, overview.drift?.at]);
      expect(limit).toBe('hard');
      break;
    }
    expect(figuresOf(view, boards)).toMatchObject({ forecast: { quality: 'none' }, drift: null, limit: 'soft' });
  });

  it('tells of a change in one workspace, and leaves the figures of the others as they are for a minute', async () => {
    const { client, setNow } = await openTestReplica();
    const studio = await piktochart(client);
    const boards = await miro(client);
    const before = await home(client);
    setNow('2026-11-20T12:00:30Z');
    await client.usage.log({ workspaceId: studio, feature: 'video', quantity: '1', member: 'ana' });
    const after = await home(client, (view) => figuresOf(view, studio).balance.used > 0);
    expect(credits(figuresOf(after, studio).balance.used)).toBe(250);
    expect(figuresOf(after, boards)).toEqual(figuresOf(before, boards));
    setNow('2026-11-20T12:01:10Z');
    const later = await home(client, (view) => figuresOf(view, boards).forecast.asOf === view.asOf);
    expect(later.asOf).toBe(at('2026-11-20T12:01:10Z'));
  });

  it('names the workspaces at once, before any figure is there', async () => {
    const { client } = await openTestReplica();
    await piktochart(client);
    await miro(client);
    for await (const view of await client.home.live()) {
      expect(view.rows.map(({ figures }) => figures)).toEqual([null, null]);
      break;
    }
  });
});

describe('home in money', () => {
  it('[C2] [K2] prices credits by the pack that was bought last, a published pack, or what was entered for the plan', async () => {
    const { client } = await openTestReplica();
    const published = await piktochart(client);
    await client.usage.log({ workspaceId: published, feature: 'video', quantity: '2', member: 'ana' });
    const bought = await piktochart(client);
    const { orderId } = await client.orders.create({ workspaceId: bought, pack: 'booster' });
    await client.orders.confirm({ orderId, at: '2026-11-10', price: { amount: '44.00', currency: 'EUR' } });
    const boards = await miro(client);
    const unpriced = await home(client);
    expect(figuresOf(unpriced, published).money).toMatchObject({
      kind: 'priced',
      price: { minorUnits: 2000, currency: 'USD' },
      source: { kind: 'pack', packName: 'Starter', url: expect.stringContaining('https://') },
      used: { minorUnits: 500, currency: 'USD' },
      left: { minorUnits: 1000, currency: 'USD' },
    });
    expect(figuresOf(unpriced, bought).money).toMatchObject({
      kind: 'priced',
      price: { minorUnits: 4400, currency: 'EUR' },
      source: { kind: 'order', packName: 'Booster' },
    });
    expect(figuresOf(unpriced, boards).money).toEqual({ kind: 'not-priced', why: expect.any(String) });
    // 7,000 credits at 44 euros for 5,500, and never together with dollars.
    expect(unpriced.totals).toMatchObject([
      { currency: 'EUR', workspaces: 1, left: { minorUnits: 5600 } },
      { currency: 'USD', workspaces: 1, left: { minorUnits: 1000 }, used: { minorUnits: 500 } },
    ]);

    await client.advice.setPlanPrice({
      workspaceId: boards,
      platform: 'miro',
      plan: 'enterprise',
      price: { amount: '100.00', currency: 'USD' },
      per: 'workspace',
    });
    const priced = await home(client, (view) => figuresOf(view, boards).money.kind === 'priced');
    expect(figuresOf(priced, boards).money).toMatchObject({
      kind: 'priced',
      credits: 2_500_000_000,
      source: { kind: 'plan' },
      left: { minorUnits: 10_000, currency: 'USD' },
    });
    expect(priced.totals.map(({ currency, workspaces }) => [currency, workspaces])).toEqual([
      ['EUR', 1],
      ['USD', 2],
    ]);
  });

  it('counts sample data in no sum', async () => {
    const { client } = await openTestReplica();
    const { workspaceId } = await client.workspaces.createSample({ platforms: ['piktochart'] });
    const view = await home(client);
    expect(figuresOf(view, workspaceId).money.kind).toBe('priced');
    expect(view.totals).toEqual([]);
  });
});
