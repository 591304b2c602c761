import { describe, expect, it } from 'vitest';
import { csv, importFile, upload } from '../support/imports.ts';
import { credits, miro, openTestReplica, piktochart, type Client, type TestReplica } from '../support/replica.ts';

const page = { filter: {}, cursor: null, limit: 100 };

async function usedBy(client: Client, workspaceId: string, member?: string): Promise<readonly number[]> {
  const { balance } = await client.balance.get({ workspaceId, ...(member === undefined ? {} : { member }) });
  return [credits(balance.used), credits(balance.available), credits(balance.overage)];
}

function usesOf({ replica }: TestReplica, workspaceId: string) {
  const lines = replica.state.linesWhere('"workspaceId"=? ORDER BY sequence', [workspaceId]);
  return lines.flatMap((line) => (line.kind === 'usage' ? [line] : []));
}

describe('what an import costs', () => {
  it('[C1] prices rows without credits from the catalogue, by id or name, variants too', async () => {
    const test = await openTestReplica();
    const { workspaceId } = await test.client.workspaces.create({
      platform: 'visily',
      plan: 'free',
      seats: { '*': 1 },
      anchor: '2026-11-01',
      timeZone: 'UTC',
    });
    const file = csv(
      'time,feature,variant,quantity',
      '2026-11-02,screen,,1',
      '2026-11-02,Screen,deep,2',
      '2026-11-02,SCREEN,Deep Design,1',
      '2026-11-02,rename-layers,,3',
      '2026-11-02,screen,shallow,1',
    );
    const { booked, rejected } = await importFile(test.client, workspaceId, file);
    expect([booked, rejected.map(({ line, column }) => [line, column])]).toEqual([4, [[6, 'variant']]]);
    expect(usesOf(test, workspaceId).map((use) => [use.featureId, use.variant, credits(use.credits)])).toEqual([
      ['screen', null, 30],
      ['screen', 'deep', 180],
      ['screen', 'deep', 90],
      ['rename-layers', null, 15],
    ]);
  });

  it('[C5] takes an unlisted action as an estimate where the plan has a default rate, and metered ones as features', async () => {
    const test = await openTestReplica();
    const workspaceId = await miro(test.client);
    const priced = csv('time,member,feature,quantity', '2026-11-06,Ana,Mind reading,3', '2026-11-06,Ana,Tables,1');
    expect(await importFile(test.client, workspaceId, priced)).toMatchObject({ booked: 2, newFeatures: [] });
    const metered = csv('time,member,feature,credits', '2026-11-07,Ana,Levitation,0', '2026-11-07,Ana,Tables,7');
    expect(await importFile(test.client, workspaceId, metered)).toMatchObject({
      booked: 2,
      newFeatures: ['Levitation'],
    });
    expect(
      usesOf(test, workspaceId).map((use) => [use.featureId, use.pricing, credits(use.credits), use.unitRate]),
    ).toEqual([
      ['mind-reading', 'estimate', 3, 1_000_000],
      ['tables', 'listed', 5, 5_000_000],
      ['levitation', 'metered', 0, null],
      ['tables', 'metered', 7, null],
    ]);
    const { features } = await test.client.workspaces.get({ workspaceId });
    expect(features.find(({ id }) => id === 'levitation')).toMatchObject({ name: 'Levitation', origin: 'imported' });
  });

  it('[C6] flags features whose metered credits are more than a fifth off the catalogue', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const file = csv(
      'time,feature,quantity,credits',
      '2026-11-06,video,1,300',
      '2026-11-06,studio-image,2,61',
      '2026-11-06,text-to-image,1,4.79',
      '2026-11-06,Brand new,1,99',
    );
    const { priceGaps } = await importFile(client, workspaceId, file);
    expect(priceGaps.map((gap) => [gap.featureId, credits(gap.metered), credits(gap.listed)])).toEqual([
      ['studio-image', 61, 50],
      ['text-to-image', 4.79, 6],
    ]);
  });

  it('[K1] rounds what has more than six places, and says how many rows', async () => {
    const test = await openTestReplica();
    const workspaceId = await piktochart(test.client);
    const file = csv(
      'time,feature,credits',
      '2026-11-06,video,3.6300000000000003',
      '2026-11-06,video,2.5',
      '2026-11-06,video,0.0000005',
    );
    expect(await importFile(test.client, workspaceId, file)).toMatchObject({
      booked: 3,
      roundedRows: 2,
      credits: 6_130_000,
    });
    expect(usesOf(test, workspaceId).map((use) => use.credits)).toEqual([3_630_000, 2_500_000, 0]);
  });

  it('[E6] records beyond a hard pool and beyond caps, as overage, and refuses nothing', async () => {
    const test = await openTestReplica();
    const workspaceId = await piktochart(test.client, { seats: { member: 1 } });
    await test.client.caps.set({ workspaceId, credits: '100', per: 'day' });
    const file = csv(
      'time,member,feature,quantity',
      '2026-11-06T10:00:00Z,Ana,video,1',
      '2026-11-08T10:00:00Z,Ana,video,1',
      '2026-11-07T10:00:00Z,Ana,studio-image,1',
    );
    expect(await importFile(test.client, workspaceId, file)).toMatchObject({ booked: 3, rejectedTotal: 0 });
    expect(await usedBy(test.client, workspaceId)).toEqual([525, 0, 25]);
    // The rows of the file are paid for in the order in which they happened, not in that of the file.
    const receipts = usesOf(test, workspaceId).map((use) =>
      use.receipt.map((share) => [share.kind, credits(share.credits)]),
    );
    expect(receipts).toEqual([
      [['allotment', 250]],
      [
        ['allotment', 225],
        ['overage', 25],
      ],
      [['allotment', 25]],
    ]);
    expect(usesOf(test, workspaceId).every((use) => use.happened)).toBe(true);
  });

  it('[L1] books late use in the period in which it happened', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client, { anchor: '2026-01-05' });
    await importFile(client, workspaceId, csv('time,feature,quantity', '2026-10-20,video,2'));
    expect(await usedBy(client, workspaceId)).toEqual([0, 1500, 0]);
    const { balance } = await client.balance.get({ workspaceId, asOf: '2026-10-30' });
    expect(credits(balance.used)).toBe(500);
  });
});

describe('whom and what an import names', () => {
  it('[C5] finds members by id, name and former name, and teams likewise, whatever the case', async () => {
    const test = await openTestReplica();
    const workspaceId = await piktochart(test.client);
    test.setNow('2026-11-20T13:00:00Z');
    await test.client.members.change({ workspaceId, member: 'ben', name: 'Benjamin' });
    const file = csv(
      'time,member,team,feature,credits',
      ...['ANA', 'ben', 'Benjamin', 'BEN', 'cem'].map((name) => `2026-11-06,${name},design,video,1`),
      '2026-11-06,Zoë,Growth,video,1',
      '2026-11-07,zoë,Sales,video,1',
      '2026-11-05T08:00:00Z,zo-e,,video,1',
    );
    const summary = await importFile(test.client, workspaceId, file);
    expect(summary).toMatchObject({ members: 5, newMembers: ['Zoë', 'zo-e'], newTeams: ['Growth', 'Sales'] });
    expect(usesOf(test, workspaceId).map((use) => [use.memberId, use.teamId])).toEqual([
      ['ana', 'design'],
      ['ben', 'design'],
      ['ben', 'design'],
      ['ben', 'design'],
      ['cem', 'design'],
      ['zoë', 'growth'],
      ['zoë', 'sales'],
      ['zo-e', null],
    ]);
    const { members } = await test.client.workspaces.get({ workspaceId });
    expect(members.find(({ id }) => id === 'zoë')).toMatchObject({
      name: 'Zoë',
      role: 'member',
      teamId: 'sales',
      access: 'member',
      active: true,
    });
  });

  it('keeps people apart whose names differ in signs only', async () => {
    const test = await openTestReplica();
    const workspaceId = await piktochart(test.client);
    const file = csv(
      'time,member,feature,credits',
      ...['a.b', 'a_b', 'A.B', 'a-b'].map((name) => `2026-11-06,${name},video,1`),
    );
    expect(await importFile(test.client, workspaceId, file)).toMatchObject({
      members: 3,
      newMembers: ['a-b', 'a.b', 'a_b'],
    });
    const first = usesOf(test, workspaceId).map((use) => use.memberId);
    expect([new Set(first).size, first[0]]).toEqual([3, first[2]]);
    await importFile(test.client, workspaceId, file.replaceAll('2026-11-06', '2026-11-07'));
    expect(
      usesOf(test, workspaceId)
        .slice(4)
        .map((use) => use.memberId),
    ).toEqual(first);
  });

  it('[L4] gives a row without a team the team that the member was in then', async () => {
    const test = await openTestReplica();
    const workspaceId = await piktochart(test.client);
    await test.client.members.change({ workspaceId, member: 'ana', team: 'Sales', at: '2026-11-10T00:00:00Z' });
    const file = csv(
      'time,member,feature,credits',
      '2026-11-09,Ana,video,1',
      '2026-11-11,Ana,video,1',
      '2026-11-11,Cem,video,1',
    );
    await importFile(test.client, workspaceId, file);
    expect(usesOf(test, workspaceId).map((use) => use.teamId)).toEqual(['design', 'sales', null]);
  });

  it('[S3] burns from the pool of each member where a plan has one each, and asks for the member', async () => {
    const { client } = await openTestReplica();
    const { workspaceId } = await client.workspaces.create({
      platform: 'visily',
      plan: 'pro',
      seats: { editor: 2 },
      anchor: '2026-11-10',
      timeZone: 'UTC',
      members: [{ id: 'ed', name: 'Ed', role: 'editor' }],
    });
    const file = csv(
      'time,member,feature,quantity',
      '2026-11-12,Ed,screen,10',
      '2026-11-12,Newcomer,diagram,2',
      '2026-11-12,,screen,1',
    );
    const { booked, rejected } = await importFile(client, workspaceId, file);
    expect([booked, rejected.map(({ line, column }) => [line, column])]).toEqual([2, [[4, 'member']]]);
    expect(await usedBy(client, workspaceId, 'ed')).toEqual([300, 2700, 0]);
    expect(await usedBy(client, workspaceId, 'newcomer')).toEqual([20, 2980, 0]);
    expect(await usedBy(client, workspaceId)).toEqual([320, 5680, 0]);
  });

  it('writes down who imported, and from what', async () => {
    const { client, replica } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await importFile(client, workspaceId, csv('time,member,feature,credits', '2026-11-06,Dee,video,1'));
    const [row] = (await client.ledger.page({ workspaceId, ...page })).rows;
    expect(row).toMatchObject({ origin: 'import', authorName: 'Ana', happened: true });
    const change = replica.state.workspace(workspaceId).changes.find(({ subject }) => subject === 'dee');
    expect(change).toMatchObject({ origin: 'import', authorId: 'ana', reason: 'Import of usage.csv' });
  });
});

describe('looking at a file before it is imported', () => {
  it('shows its columns, its first rows and the mapping that fits', async () => {
    const { client } = await openTestReplica();
    const rows = Array.from({ length: 9 }, (_, row) => `2026-11-06,Ana,video,${row}`);
    const uploadId = await upload(client, csv('time,member,feature,credits', ...rows), 'november.csv');
    const view = await client.imports.inspect({ uploadId });
    expect(view).toMatchObject({
      fileName: 'november.csv',
      columns: ['time', 'member', 'feature', 'credits'],
      recognised: { columns: { occurredAt: 'time', member: 'member', feature: 'feature', credits: 'credits' } },
      issues: [],
    });
    expect(view.sample[0]).toEqual(['2026-11-06', 'Ana', 'video', '0']);
    expect(view.mappings.map(({ id }) => id)).toEqual(['github-copilot', 'cursor']);
    expect(await client.imports.discard({ uploadId })).toEqual({ discarded: true });
    expect(await client.imports.discard({ uploadId })).toEqual({ discarded: false });
  });

  it('says why a file cannot be read', async () => {
    const { client } = await openTestReplica();
    const uploadId = await upload(client, Buffer.from([0x50, 0x4b, 0x03, 0x04, 0, 0, 0, 0]), 'usage.xlsx');
    const { recognised, issues } = await client.imports.inspect({ uploadId });
    expect(recognised).toBeNull();
    expect(issues).toMatchObject([{ path: 'file', line: 1 }]);
  });
});
