import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { formatDecimal } from '../../shared/kernel/credits.ts';
import { sharesOf } from '../../shared/ledger/spends.ts';
import { foldedAnew } from '../support/folded-anew.ts';
import { csv, importFile } from '../support/imports.ts';
import {
  complaintOf,
  credits,
  openTestReplica,
  piktochart,
  problemOf,
  type Client,
  type TestReplica,
} from '../support/replica.ts';

const report = readFileSync(fileURLToPath(new URL('../data/github-copilot-usage-report.csv', import.meta.url)));
const page = { filter: {}, cursor: null, limit: 100 };

async function copilot(client: Client, timeZone = 'UTC'): Promise<string> {
  const seats = { member: 92 };
  const anchor = '2025-09-01';
  return (await client.workspaces.create({ platform: 'github-copilot', plan: 'business', seats, anchor, timeZone }))
    .workspaceId;
}

/** Every line of a workspace, oldest write first. */
function linesOf({ replica }: TestReplica, workspaceId: string) {
  return replica.state.linesWhere('"workspaceId"=? ORDER BY sequence', [workspaceId]);
}

describe("GitHub's usage report", () => {
  it('[C6] books what the report metered, to the last digit, and says beforehand what it will book', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await copilot(client);
    const planned = await importFile(client, workspaceId, report, { dryRun: true });
    expect((await client.ledger.page({ workspaceId, ...page })).total).toBe(0);
    expect((await client.workspaces.get({ workspaceId })).members).toHaveLength(0);

    const summary = await importFile(client, workspaceId, report);
    expect(summary).toEqual(planned);
    expect(summary).toMatchObject({
      rows: 1693,
      booked: 1693,
      duplicates: 0,
      restated: 0,
      rejected: [],
      rejectedTotal: 0,
    });
    expect(summary).toMatchObject({ members: 92, features: 17, days: 31, unattributedRows: 1, roundedRows: 8 });
    expect(formatDecimal(summary.credits)).toBe('175767.637');
    expect(summary.newMembers).toHaveLength(91);
    expect(summary.newFeatures).toHaveLength(17);
    expect(summary.newTeams).toHaveLength(7);

    const { balance } = await client.balance.get({ workspaceId, asOf: '2025-10-31T23:59:59Z' });
    expect(formatDecimal(balance.used)).toBe('175767.637');
    expect(formatDecimal(balance.overage)).toBe('967.637'); // 92 seats × 1,900
    const asked = { workspaceId, period: 'month', asOf: '2025-10-31' } as const;
    const users = await client.report.get({ ...asked, by: 'user' });
    expect(users.rows).toHaveLength(92);
    expect(users.rows.filter((row) => row.id === null)).toHaveLength(1);
    expect(formatDecimal(users.total)).toBe('175767.637');
    expect((await client.report.get({ ...asked, by: 'feature' })).rows).toHaveLength(17);
  });

  it('[L2] books nothing when the same report comes again', async () => {
    const test = await openTestReplica();
    const workspaceId = await copilot(test.client);
    await importFile(test.client, workspaceId, report);
    test.setNow('2026-11-21T09:00:00Z');
    const again = await importFile(test.client, workspaceId, report);
    expect(again).toMatchObject({ rows: 1693, booked: 0, duplicates: 1693, restated: 0, rejectedTotal: 0 });
    expect(again).toMatchObject({ members: 92, features: 17, days: 31, newMembers: [], newFeatures: [], newTeams: [] });
    expect(linesOf(test, workspaceId)).toHaveLength(1693);
  });

  it('[K3] keeps the dates of a report in a zone far from its own', async () => {
    for (const timeZone of ['America/Los_Angeles', 'Pacific/Kiritimati']) {
      const { client, close } = await openTestReplica();
      const workspaceId = await copilot(client, timeZone);
      expect(await importFile(client, workspaceId, report)).toMatchObject({ booked: 1693, days: 31 });
      const month = await client.report.get({ workspaceId, by: 'team', period: 'month', asOf: '2025-10-15' });
      expect(formatDecimal(month.total)).toBe('175767.637');
      const { balance } = await client.balance.get({ workspaceId, asOf: '2025-10-31T23:59:59Z' });
      expect(formatDecimal(balance.used)).toBe('175767.637');
      await close();
    }
  });

  it('[G3] keeps on each line the split that folding the whole ledger gives', async () => {
    const test = await openTestReplica();
    const workspaceId = await copilot(test.client);
    await test.client.grants.add({ workspaceId, amount: '500', from: '2025-10-10' });
    await importFile(test.client, workspaceId, report);
    const { state } = test.replica;
    const workspace = state.workspace(workspaceId);
    const [pool] = state.poolsOf(workspace, state.clock());
    if (!pool) throw new Error('There is one pool');
    const folded = foldedAnew(state, workspace, pool);
    expect(state.poolNow(workspace, pool).totalsByPeriodStart).toEqual(folded.totalsByPeriodStart);
    const uses = linesOf(test, workspaceId).flatMap((line) => (line.kind === 'usage' ? [line] : []));
    expect(uses).toHaveLength(1693);
    const recomputed = uses.map(({ id }) => {
      const spend = folded.spendById.get(id);
      return spend && sharesOf(spend);
    });
    expect(uses.map((use) => use.receipt)).toEqual(recomputed);
    expect(new Set(uses.flatMap((use) => use.receipt.map((share) => share.kind)))).toEqual(
      new Set(['allotment', 'adjustment', 'overage']),
    );
  });
});

describe('the same row again', () => {
  const header = 'id,time,member,feature,credits';

  it('[L2] books a restated amount as the difference, up, down, and back again', async () => {
    const test = await openTestReplica();
    const { client, setNow } = test;
    const workspaceId = await piktochart(client);
    const used = async (): Promise<number> => credits((await client.balance.get({ workspaceId })).balance.used);
    const row = (amount: string): string => csv(header, `a-1,2026-11-06T10:00:00Z,Ana,video,${amount}`);
    await importFile(client, workspaceId, row('250'));
    const seen: (readonly [number, number])[] = [];
    for (const [day, amount] of [
      [21, '300.5'],
      [22, '100'],
      [23, '300.5'],
      [24, '100'],
      [25, '100'],
    ] as const) {
      setNow(`2026-11-${day}T08:00:00Z`);
      const { restated, booked } = await importFile(client, workspaceId, row(amount));
      expect(booked).toBe(0);
      seen.push([restated, await used()]);
    }
    expect(seen).toEqual([
      [1, 300.5],
      [1, 100],
      [1, 300.5],
      [1, 100],
      [0, 100],
    ]);
    const [base, ...corrections] = linesOf(test, workspaceId);
    expect(
      corrections.map((line) => line.kind === 'correction' && [line.linkedId, line.spentAt, credits(line.credits)]),
    ).toEqual(
      [50.5, -200.5, 200.5, -200.5].map((difference) => [base?.id, Date.parse('2026-11-06T10:00:00Z'), difference]),
    );
  });

  it('[L2] tells an id that comes twice in one file: equal content once, another amount as a restatement', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const rows = [
      'a,2026-11-06,Ana,video,250',
      'a,2026-11-06,Ana,video,250',
      'a,2026-11-06,Ana,video,260',
      'b,2026-11-06,Ana,video,1',
    ];
    const file = csv(header, ...rows);
    expect(await importFile(client, workspaceId, file)).toMatchObject({
      rows: 4,
      booked: 2,
      duplicates: 1,
      restated: 1,
    });
    expect(credits((await client.balance.get({ workspaceId })).balance.used)).toBe(261);
    // The file goes through the same steps again, and ends where it ended.
    await importFile(client, workspaceId, file);
    expect(credits((await client.balance.get({ workspaceId })).balance.used)).toBe(261);
  });

  it('[L2] takes rows of equal dimensions for different rows, however many', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const same = '2026-11-06,Ana,studio-image,25';
    const file = csv('time,member,feature,credits', same, same, same);
    expect(await importFile(client, workspaceId, file)).toMatchObject({ booked: 3, duplicates: 0 });
    expect(await importFile(client, workspaceId, file)).toMatchObject({ booked: 0, duplicates: 3 });
    const more = csv('time,member,feature,credits', same, same, same, same);
    expect(await importFile(client, workspaceId, more)).toMatchObject({ booked: 1, duplicates: 3 });
    expect(credits((await client.balance.get({ workspaceId })).balance.used)).toBe(100);
  });

  it('[L2] refuses an id that now speaks of something else', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await importFile(client, workspaceId, csv(header, 'a,2026-11-06,Ana,video,250'));
    const other = ['a,2026-11-06,Ben,video,250', 'a,2026-11-07,Ana,video,250', 'a,2026-11-06,Ana,studio-image,250'];
    const { rejected, booked } = await importFile(client, workspaceId, csv(header, ...other));
    expect(booked).toBe(0);
    expect(rejected.map(({ line, column }) => [line, column])).toEqual([
      [2, 'id'],
      [3, 'id'],
      [4, 'id'],
    ]);
  });

  it('[C2] restates a priced row at the rate that it was priced with, to nothing as well', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const row = (images: string): string =>
      csv('id,time,member,feature,quantity', `a,2026-11-06,Ana,studio-image,${images}`);
    await importFile(client, workspaceId, row('2'));
    for (const [images, used] of [
      ['3', 75],
      ['0', 0],
      ['1', 25],
    ] as const) {
      expect(await importFile(client, workspaceId, row(images))).toMatchObject({ restated: 1 });
      expect(credits((await client.balance.get({ workspaceId })).balance.used)).toBe(used);
    }
  });

  it('[L4] leaves alone what a person took back or corrected', async () => {
    const test = await openTestReplica();
    const { client } = test;
    const workspaceId = await piktochart(client);
    await importFile(client, workspaceId, csv(header, 'a,2026-11-06,Ana,video,250', 'b,2026-11-06,Ana,video,250'));
    const [first, second] = linesOf(test, workspaceId);
    await client.usage.void({ id: first?.id ?? '', reason: 'not ours' });
    await client.usage.refund({ id: second?.id ?? '', credits: '50' });
    const same = csv(header, 'a,2026-11-06,Ana,video,250', 'b,2026-11-06,Ana,video,250');
    expect(await importFile(client, workspaceId, same)).toMatchObject({ booked: 0, duplicates: 2, restated: 0 });
    const restated = csv(header, 'a,2026-11-06,Ana,video,900', 'b,2026-11-06,Ana,video,260');
    expect(await importFile(client, workspaceId, restated)).toMatchObject({ duplicates: 1, restated: 1 });
    expect(credits((await client.balance.get({ workspaceId })).balance.used)).toBe(210);
  });
});

describe('rows that cannot be used', () => {
  it('names line and column of each, and books the others', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const file = csv(
      'time,member,feature,quantity',
      '2026-11-06,Ana,video,1',
      '2026-02-30,Ana,video,1',
      '2026-11-06,Ana,video,1e309',
      '2026-11-06,Ana,video,-1',
      '2026-11-06,Ana,teleport,1',
      '2026-11-06,Ana,video',
      ',Ana,,x',
      '2026-11-06,Ana,studio-image,2',
    );
    const { rows, booked, rejected, rejectedTotal, credits: total } = await importFile(client, workspaceId, file);
    expect({ rows, booked, rejectedTotal, total: credits(total) }).toEqual({
      rows: 8,
      booked: 2,
      rejectedTotal: 6,
      total: 300,
    });
    expect(rejected.map(({ line, column }) => [line, column])).toEqual([
      [3, 'time'],
      [4, 'quantity'],
      [5, 'quantity'],
      [6, 'feature'],
      [7, ''],
      [8, expect.any(String)],
    ]);
    expect(rejected[1]?.message).toContain('1e309');
    expect(rejected[3]?.message).toContain('“teleport” is not in the catalogue');
    expect(rejected[5]?.message).toContain('Also in');
    expect((await client.workspaces.get({ workspaceId })).features.map(({ id }) => id)).not.toContain('teleport');
  });

  it('makes nobody a member for a row that is rejected', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const file = csv('time,member,team,feature,quantity', '2026-11-06,Zoe,Ghosts,teleport,1');
    expect(await importFile(client, workspaceId, file)).toMatchObject({
      booked: 0,
      rejectedTotal: 1,
      newMembers: [],
      newTeams: [],
    });
    const view = await client.workspaces.get({ workspaceId });
    expect([view.members.length, view.teams.length]).toEqual([3, 1]);
  });

  it('counts all rejected rows and shows the first thousand', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const rows = Array.from({ length: 1200 }, () => '2026-11-06,Ana,teleport,1');
    const { rejected, rejectedTotal } = await importFile(
      client,
      workspaceId,
      csv('time,member,feature,quantity', ...rows),
    );
    expect([rejected.length, rejectedTotal, rejected.at(-1)?.line]).toEqual([1000, 1200, 1001]);
  });

  it('books nothing of a file whose end cannot be read, or whose column is missing', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const broken = csv('time,member,feature,credits', '2026-11-06,Ana,video,250', '2026-11-06,"Ana,video,250');
    const problem = await problemOf(importFile(client, workspaceId, broken));
    expect(problem).toMatchObject({ code: 'wrong-input', issues: [{ path: 'file', line: 3 }] });
    const columns = { occurredAt: 'time', feature: 'model', credits: 'credits' };
    const mapping = { id: 'mine', name: 'Mine', columns, zone: 'UTC' };
    const whole = csv('time,member,feature,credits', '2026-11-06,Ana,video,250');
    expect(await complaintOf(importFile(client, workspaceId, whole, { mapping }))).toContain(
      'The file has no column "model"',
    );
    const strange = csv('when it was,who,x', '2026-11-06,Ana,9');
    expect(await complaintOf(importFile(client, workspaceId, strange))).toContain('the columns say nothing known');
    expect(await complaintOf(importFile(client, workspaceId, whole, { mapping: 'nonsense' }))).toContain(
      'ready mappings are',
    );
    expect((await client.ledger.page({ workspaceId, ...page })).total).toBe(0);
  });

  it('[K1] refuses figures whose sum can no longer be counted, and books nothing', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const file = (count: number): string =>
      csv('time,feature,credits', ...Array.from({ length: count }, () => '2026-11-06,video,4000000000'));
    for (const count of [2, 3]) {
      expect(await problemOf(importFile(client, workspaceId, file(count)))).toMatchObject({ code: 'wrong-input' });
    }
    expect((await client.ledger.page({ workspaceId, ...page })).total).toBe(0);
    expect(await importFile(client, workspaceId, file(1))).toMatchObject({ booked: 1 });
  });

  it('keeps a formula as the text that it is', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    const formula = '=HYPERLINK("http://x.example","click")';
    const cell = `"${formula.replaceAll('"', '""')}"`;
    const file = csv('time,member,feature,credits,note', `2026-11-06,${cell},@SUM(A1),5,+1+1`);
    expect(await importFile(client, workspaceId, file)).toMatchObject({
      booked: 1,
      newMembers: [formula],
      newFeatures: ['@SUM(A1)'],
    });
    const [row] = (await client.ledger.page({ workspaceId, ...page })).rows;
    expect(row).toMatchObject({ memberName: formula, featureName: '@SUM(A1)', note: '+1+1' });
  });
});
