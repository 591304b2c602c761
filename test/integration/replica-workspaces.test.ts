import { describe, expect, it } from 'vitest';
import { shippedCatalogues } from '../../shared/catalogue/shipped.ts';
import { complaintOf, credits, miro, openTestReplica, piktochart, problemOf } from '../support/replica.ts';

const base = { platform: 'miro', plan: 'enterprise', seats: { member: 10 }, anchor: '2026-01-15', timeZone: 'UTC' };

describe('making a workspace', () => {
  it('makes one of every plan of every platform, and lists them oldest first', async () => {
    const { client, replica, setNow } = await openTestReplica();
    const made: string[] = [];
    let minute = 0;
    for (const catalogue of shippedCatalogues) {
      for (const plan of catalogue.versions.at(-1)?.plans ?? []) {
        setNow(`2026-11-20T12:${String(minute).padStart(2, '0')}:00Z`);
        minute += 1;
        const { workspaceId } = await client.workspaces.create({
          platform: catalogue.platform,
          plan: plan.id,
          seats: { '*': 5 },
          anchor: '2026-01-31',
          timeZone: 'America/Los_Angeles',
        });
        const view = await client.workspaces.get({ workspaceId });
        expect(view).toMatchObject({
          planId: plan.id,
          platform: catalogue.platform,
          limit: plan.limit.kind,
          meId: null,
        });
        expect(view.name).toBe(`${catalogue.name} ${plan.name}`);
        made.push(workspaceId);
      }
    }
    expect(made).toHaveLength(14);
    expect((await client.workspaces.list()).map(({ id }) => id)).toEqual(made);
    expect(replica.state.database.damaged.count).toBe(0);
  });

  it('counts seats per role, members apart from seats, and what was entered where nothing is published', async () => {
    const { client } = await openTestReplica();
    const visily = await client.workspaces.create({
      platform: 'visily',
      plan: 'pro',
      seats: { editor: 2, 'guest-editor': 1 },
      anchor: '2026-11-10',
      timeZone: 'UTC',
      members: [
        { id: 'ed', name: 'Ed', role: 'editor' },
        { id: 'gil', name: 'Gil', role: 'guest-editor' },
        { id: 'vic', name: 'Vic', role: 'viewer' },
      ],
    });
    const { balance, pools } = await client.balance.get({ workspaceId: visily.workspaceId });
    expect(pools.map((pool) => [pool.memberId, credits(pool.balance.allotted)])).toEqual([
      ['ed', 3000],
      ['gil', 600],
    ]);
    expect(credits(balance.allotted)).toBe(3600);

    const other = await client.workspaces.create({ ...base, plan: 'other', enteredAllotment: '1234.5' });
    expect(credits((await client.balance.get(other)).balance.allotted)).toBe(1234.5);
    const many = { ...base, seats: { member: 2000 } };
    expect(await complaintOf(client.workspaces.create(many))).toContain('publishes no figure for 2000 seats');
    expect(await complaintOf(client.workspaces.create({ ...base, enteredAllotment: '5' }))).toContain('these have one');
    const entered = await client.workspaces.create({ ...base, seats: { member: 2000 }, enteredAllotment: '90000' });
    expect(credits((await client.balance.get(entered)).balance.allotted)).toBe(90_000);
  });

  it('[G13] opens a balance in mid-period with what the platform says', async () => {
    const { client } = await openTestReplica();
    const opened = await client.workspaces.create({
      ...base,
      openingReading: { used: '1612', at: '2026-11-19T08:00:00Z' },
    });
    const { balance } = await client.balance.get(opened);
    expect([credits(balance.used), credits(balance.available)]).toEqual([1612, 888]);
    const before = await client.balance.get({ ...opened, asOf: '2026-11-19T07:59:59Z' });
    expect(credits(before.balance.used)).toBe(0);
  });

  it('knows who I am, and forgets it on demand', async () => {
    const { client, dataDir, close } = await openTestReplica();
    const workspaceId = await piktochart(client);
    expect(await client.workspaces.get({ workspaceId })).toMatchObject({ meId: 'ana' });
    const admins = (await client.workspaces.get({ workspaceId })).members.filter((m) => m.access === 'company-admin');
    expect(admins.map(({ id }) => id)).toEqual(['ana']);
    expect(await client.workspaces.setMe({ workspaceId, member: 'ben' })).toMatchObject({ meId: 'ben' });
    await client.workspaces.setMe({ workspaceId, member: null });
    await close();
    const again = await openTestReplica({ dataDir });
    expect(await again.client.workspaces.get({ workspaceId })).toMatchObject({ meId: null });
    expect(await complaintOf(again.client.workspaces.setMe({ workspaceId, member: 'nobody' }))).toContain('“nobody”');
  });

  it('keeps names of every kind', async () => {
    const { client, dataDir, close } = await openTestReplica();
    const names = ['👩🏽‍🎨 Zoë "Z"', 'שלום עולם', "O'Neil; DROP TABLE x--", '%_\\', 'x'.repeat(120)];
    const { workspaceId } = await client.workspaces.create({
      ...base,
      name: '🦊 «Équipe» "A"',
      members: names.map((name) => ({ name, role: 'member', team: name })),
    });
    await close();
    const again = await openTestReplica({ dataDir });
    const view = await again.client.workspaces.get({ workspaceId });
    expect(view.name).toBe('🦊 «Équipe» "A"');
    expect(view.members.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    expect(view.teams.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    expect(new Set(view.members.map(({ id }) => id)).size).toBe(names.length);
    for (const { id, name } of view.members) {
      const answer = await again.client.usage.log({ workspaceId, feature: 'doc', quantity: '1', member: id });
      expect(answer.outcome).toBe('allowed');
      const { rows } = await again.client.ledger.page({ workspaceId, filter: { member: id }, cursor: null, limit: 10 });
      expect(rows.map((row) => [row.memberName, row.teamName])).toEqual([[name, name]]);
    }
  });
});

describe('what cannot be a workspace', () => {
  it.each([
    [{ platform: 'nowhere' }, 'platform: “nowhere” is not known; there are '],
    [{ plan: 'gold' }, 'plan: “gold” is no plan of Miro; it has enterprise'],
    [{ seats: { guest: 3 } }, 'seats.guest: “guest” takes no seat in Enterprise; it has admin, member'],
    [{ seats: { member: -1 } }, 'seats.member: is negative'],
    [{ seats: { member: 1.5 } }, 'seats.member: '],
    [{ anchor: '2026-02-30' }, 'anchor: “2026-02-30” is no day that exists'],
    [{ anchor: '' }, 'anchor: is missing'],
    [{ timeZone: 'Mars/Base' }, 'timeZone: “Mars/Base” is no time zone'],
    [{ addOns: ['teleport'] }, 'addOns: “teleport” is no add-on of Enterprise; it has prototypes'],
    [{ me: 3 }, 'me: names nobody in the list of members'],
    [{ name: 'a\nb' }, 'name: must not contain line breaks'],
    [{ name: 'x'.repeat(121) }, 'name: is longer than 120 characters'],
    [{ enteredAllotment: '-1' }, 'enteredAllotment: -1 is negative'],
    [{ enteredAllotment: '1e309' }, 'enteredAllotment: '],
    [{ enteredAllotment: '9007199254' }, 'enteredAllotment: 9007199254 is too large; the most per period is'],
    [{ openingReading: { used: 'many', at: '2026-11-01' } }, 'openingReading.used: “many” is not a number'],
    [{ openingReading: { used: '1', at: '2026-11-31' } }, 'openingReading.at: “2026-11-31” is no date'],
    [{ members: [{ name: '', role: 'member' }] }, 'members.0.name: is missing'],
    [{ members: [{ name: 'A', role: 'king' }] }, 'members.0.role: A: “king” is no role of Enterprise'],
    [
      {
        members: [
          { name: 'A', role: 'member' },
          { name: 'a', role: 'member' },
        ],
      },
      'members.1.id: a: the id “a” is taken',
    ],
    [{ surprise: true }, 'surprise'],
  ])('%j', async (given, complaint) => {
    const { client } = await openTestReplica();
    const call = client.workspaces.create({ ...base, ...given });
    const problem = await problemOf(call);
    expect(problem).toMatchObject({ code: 'wrong-input', kept: 'Nothing was changed.' });
    expect(problem.issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ')).toContain(complaint);
    expect(await client.workspaces.list()).toEqual([]);
  });

  it('refuses a reading of the whole where each member has credits of their own', async () => {
    const { client } = await openTestReplica();
    const given = { ...base, platform: 'visily', plan: 'pro', seats: { editor: 1 } };
    const call = client.workspaces.create({ ...given, openingReading: { used: '5', at: '2026-11-01' } });
    expect(await complaintOf(call)).toContain('openingReading.used: each member has credits of their own');
    expect(await complaintOf(client.workspaces.create({ ...given, enteredAllotment: '5' }))).toContain('publishes one');
  });

  it('says that a workspace is not there, whatever is asked of it', async () => {
    const { client } = await openTestReplica();
    const workspaceId = 'gone';
    const calls = [
      client.workspaces.get({ workspaceId }),
      client.workspaces.setMe({ workspaceId, member: null }),
      client.members.add({ workspaceId, members: [{ name: 'A', role: 'member' }] }),
      client.members.change({ workspaceId, member: 'a' }),
      client.members.changeTeam({ workspaceId, team: 'a' }),
      client.usage.preview({ workspaceId, feature: 'doc', quantity: '1' }),
      client.usage.log({ workspaceId, feature: 'doc', quantity: '1' }),
      client.usage.hold({ workspaceId, feature: 'doc', quantity: '1' }),
      client.usage.last({ workspaceId }),
      client.plans.set({ workspaceId, plan: 'pro' }),
      client.plans.end({ workspaceId, at: '2026-11-20' }),
      client.plans.setSeats({ workspaceId, seats: {} }),
      client.plans.setAddOn({ workspaceId, addOn: 'a', on: true }),
      client.plans.setAllotment({ workspaceId, credits: '1' }),
      client.caps.set({ workspaceId, credits: '1', per: 'day' }),
      client.grants.add({ workspaceId, amount: '1' }),
      client.readings.add({ workspaceId, used: '1', at: '2026-11-20' }),
      client.readings.confirmDrift({ workspaceId, readingId: 'a', reason: 'b' }),
      client.orders.create({ workspaceId, pack: 'a' }),
      client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 1 }),
      client.balance.get({ workspaceId }),
      client.report.get({ workspaceId, by: 'team', period: 'day' }),
      client.forecast.get({ workspaceId }),
      first(client.overview.live({ workspaceId })),
      first(client.subscription.live({ workspaceId })),
      first(client.workspaces.live({ workspaceId })),
      first(client.ledger.export({ workspaceId, format: 'csv' })),
    ];
    for (const problem of await Promise.all(calls.map(problemOf))) {
      expect(problem).toMatchObject({ code: 'not-found', message: 'There is no workspace “gone”.' });
    }
  });
});

describe('about the app and its catalogues', () => {
  it('tells what it is and where its data are', async () => {
    const { client, dataDir } = await openTestReplica();
    expect(await client.app.info()).toMatchObject({ shell: 'browser', dataDirectory: dataDir, damagedRows: 0 });
  });

  it('prices an action, and says what is wrong with a question', async () => {
    const { client } = await openTestReplica();
    const price = await client.catalogues.price({
      platform: 'visily',
      feature: 'screen',
      variant: 'deep',
      quantity: '2',
    });
    expect(price).toMatchObject({ credits: 180_000_000, unitRate: 90_000_000, pricing: 'listed' });
    const ask = (more: object) =>
      complaintOf(client.catalogues.price({ platform: 'visily', feature: 'screen', quantity: '2', ...more }));
    expect(await ask({ platform: 'x' })).toContain('no platform “x”');
    expect(await ask({ feature: 'x' })).toContain('feature: “x” is not in the catalogue; it lists screen');
    expect(await ask({ variant: 'x' })).toContain('variant: “x” is no variant of');
    expect(await ask({ quantity: '0' })).toContain('quantity: 0 is not more than 0');
    expect(await ask({ quantity: '' })).toContain('quantity: is missing');
    expect(await ask({ at: '2026-13-01' })).toContain('at: “2026-13-01” is no date');
  });

  it('[C2] keeps a filled-in version beside the shipped one, over a restart too', async () => {
    const { client, dataDir, close } = await openTestReplica();
    const list = await client.catalogues.list();
    const mirage = list.find(({ catalogue }) => catalogue.platform === 'mirage')?.catalogue;
    const [version] = mirage?.versions ?? [];
    if (!mirage || !version) throw new Error('Mirage is shipped');
    const features = version.features.map((feature) => ({
      ...feature,
      rates: feature.rates.map((rate) => ({ ...rate, credits: rate.credits ?? '7' })),
    }));
    const filled = { ...version, version: 'ours', effectiveFrom: '2026-01-01', features };
    const workspace = await client.workspaces.create({
      platform: 'mirage',
      plan: 'mirage-studio',
      seats: { member: 1 },
      enteredAllotment: '100',
      anchor: '2026-11-01',
      timeZone: 'UTC',
    });
    const use = { ...workspace, feature: 'video', quantity: '2' };
    expect((await client.usage.log(use)).outcome).toBe('refused');
    await client.catalogues.save({ catalogue: { ...mirage, versions: [...mirage.versions, filled] } });
    expect(await client.usage.log(use)).toMatchObject({ outcome: 'allowed', credits: 14_000_000 });
    await close();
    const again = await openTestReplica({ dataDir });
    expect(await again.client.usage.preview(use)).toMatchObject({ unitRate: 7_000_000, catalogueVersion: 'ours' });
    const origins = new Map(
      (await again.client.catalogues.list()).map((view) => [view.catalogue.platform, view.origin]),
    );
    expect([origins.get('mirage'), origins.get('miro')]).toEqual(['shipped-filled-in', 'shipped']);
  });

  it('[G13] knows its opening reading, also where somebody has asked while it was written', async () => {
    const { client, replica } = await openTestReplica();
    const { state } = replica;
    let isMade = false;
    let asked = 0;
    const making = piktochart(client, { openingReading: { used: '200', at: '2026-11-19T08:00:00Z' } }).finally(() => {
      isMade = true;
    });
    while (!isMade) {
      for (const workspace of state.workspaces()) {
        state.poolNow(workspace, state.poolOf(workspace, null, state.clock()));
        state.lastRecordedAt(workspace.id);
        asked += 1;
      }
      await Promise.resolve();
    }
    const workspaceId = await making;
    expect(asked).toBeGreaterThan(0);
    expect((await client.balance.get({ workspaceId })).balance.used).toBe(200e6);
    expect(state.lastRecordedAt(workspaceId)).toBe(state.clock());
  });

  it('adds a platform of one’s own, and refuses one that does not fit together', async () => {
    const { client } = await openTestReplica();
    const list = await client.catalogues.list();
    const shipped = list.find(({ catalogue }) => catalogue.platform === 'piktochart')?.catalogue;
    if (!shipped) throw new Error('Piktochart is shipped');
    const own = { ...shipped, platform: 'own-tool', name: 'Own tool 🛠' };
    expect(await client.catalogues.save({ catalogue: own })).toEqual({ platform: 'own-tool' });
    await client.workspaces.create({ ...base, platform: 'own-tool', plan: 'pro' });
    const twice = { ...own, versions: own.versions.flatMap((version) => [version, version]) };
    const problem = await problemOf(client.catalogues.save({ catalogue: twice }));
    expect(problem.code).toBe('wrong-input');
    expect(problem.issues[0]?.path).toMatch(/^catalogue\./);
    const dropped = { ...own, versions: own.versions.map((version) => ({ ...version, version: 'other' })) };
    expect(await problemOf(client.catalogues.save({ catalogue: dropped }))).toMatchObject({ code: 'conflict' });
  });

  it('tells live lists of a new workspace', async () => {
    const { client } = await openTestReplica();
    const seen: number[] = [];
    const watching = (async () => {
      for await (const list of await client.workspaces.listLive()) {
        seen.push(list.length);
        if (list.length === 1) return;
      }
    })();
    await miro(client);
    await watching;
    expect(seen.at(-1)).toBe(1);
  });
});

async function first<Value>(stream: Promise<AsyncIterable<Value>>): Promise<Value | undefined> {
  for await (const value of await stream) return value;
  return undefined;
}
