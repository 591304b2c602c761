import { describe, expect, it } from 'vitest';
import { contains } from '../../shared/kernel/period.ts';
import { dayOf, daysBetween, weekdayOf } from '../../shared/kernel/time-zone.ts';
import { sharesOf } from '../../shared/ledger/spends.ts';
import { periodAt } from '../../shared/ledger/schedule.ts';
import { useOf } from '../../shared/ledger/transaction.ts';
import { figureTables } from '../../replica/projections/usage-tables.ts';
import { credits, openTestReplica, piktochart, problemOf, type TestReplica } from '../support/replica.ts';

const hourMs = 3_600_000;

function linesOf({ replica }: TestReplica, workspaceId: string) {
  return replica.state.linesWhere('"workspaceId"=? ORDER BY sequence', [workspaceId]);
}

/** Clocks at which a story could go wrong: ends of months, years and days, a leap day, a change of clocks. */
const clocks = [
  '2026-11-20T12:00:00Z',
  '2027-01-01T00:00:30Z',
  '2027-03-31T23:59:00Z',
  '2027-10-31T01:30:00Z',
  '2028-02-29T06:00:00Z',
  '2028-05-15T17:45:00Z',
];

describe('a sample team', () => {
  it('is complete: people, teams, use, holds, a refund, a pack, caps, and overage in an earlier month', async () => {
    for (const now of clocks) {
      const test = await openTestReplica({ now });
      const { client, replica } = test;
      const { workspaceId } = await client.workspaces.createSample();
      const view = await client.workspaces.get({ workspaceId });
      expect(view).toMatchObject({ sample: true, name: 'Sample team Lighthouse', platform: 'piktochart' });
      expect([view.members.length, view.teams.length, view.caps.length]).toEqual([14, 4, 2]);
      expect(view.meId).toBe(view.members.find((member) => member.access === 'company-admin')?.id);

      const { state } = replica;
      const workspace = state.workspace(workspaceId);
      const lines = linesOf(test, workspaceId);
      const kinds = new Set(lines.map((line) => line.kind));
      expect(kinds).toEqual(new Set(['usage', 'hold', 'capture', 'release', 'refund', 'void', 'grant']));
      expect(lines.every((line) => line.occurredAt <= state.clock() && line.recordedAt <= state.clock())).toBe(true);
      expect(lines.filter((line) => line.kind !== 'grant').every((line) => line.origin === 'sample')).toBe(true);

      const subscription = client.subscription.live({ workspaceId });
      for await (const shown of await subscription) {
        expect(shown.orders).toMatchObject([{ packId: 'booster', state: 'granted', credits: 5_500_000_000 }]);
        break;
      }
      const month = periodAt(workspace.index, state.clock());
      const pool = state.poolOf(workspace, null, state.clock());
      const folded = state.poolNow(workspace, pool);
      const overages = [...folded.totalsByPeriodStart].filter(([, totals]) => totals.overage > 0);
      expect(overages).toHaveLength(1);
      expect(overages[0]?.[0]).toBeLessThan(month.start);
      expect(overages[0]?.[1].overage).toBeGreaterThan(10_000_000);
      expect(folded.anomalies).toEqual([]);
      const held = [...folded.openHoldById.values()].map((hold) => (state.clock() - hold.at) / hourMs);
      expect(held.toSorted((left, right) => left - right)).toEqual([expect.closeTo(40 / 60), 27]);
      const { balance } = await client.balance.get({ workspaceId });
      expect(credits(balance.used)).toBeGreaterThan(5000);
      expect(credits(balance.available)).toBeGreaterThan(1000);
      await test.close();
    }
  });

  it('burns like a team: ninety days and more, quiet at weekends and for a week', async () => {
    const test = await openTestReplica();
    const { workspaceId } = await test.client.workspaces.createSample();
    const zone = test.replica.state.workspace(workspaceId).timeZone;
    const today = dayOf(test.replica.state.clock(), zone);
    const byDaysAgo = new Map<number, number>();
    let weekend = 0;
    let total = 0;
    for (const line of linesOf(test, workspaceId)) {
      const use = useOf(line);
      if (!use) continue;
      const day = dayOf(use.at, zone);
      const daysAgo = daysBetween(day, today);
      byDaysAgo.set(daysAgo, (byDaysAgo.get(daysAgo) ?? 0) + use.credits);
      total += use.credits;
      if (weekdayOf(day) > 5) weekend += use.credits;
    }
    expect(Math.max(...byDaysAgo.keys())).toBeGreaterThanOrEqual(95);
    expect(weekend / total).toBeLessThan(0.08);
    const weekOf = (first: number): number =>
      Array.from({ length: 7 }, (_, day) => byDaysAgo.get(first + day) ?? 0).reduce((sum, day) => sum + day, 0);
    expect(weekOf(38)).toBeLessThan(weekOf(52) / 3);
  });

  it('tells the same story to everybody at the same hour', async () => {
    const stories: (readonly unknown[])[] = [];
    for (let round = 0; round < 2; round += 1) {
      const test = await openTestReplica();
      const { workspaceId } = await test.client.workspaces.createSample();
      stories.push(
        linesOf(test, workspaceId).map((line) => [
          line.kind,
          line.occurredAt,
          'memberId' in line ? line.memberId : null,
          'credits' in line ? line.credits : null,
        ]),
      );
      await test.close();
    }
    expect(stories[0]).toEqual(stories[1]);
    expect(stories[0]?.length).toBeGreaterThan(1500);
  });

  it('[G3] has receipts that folding the ledger confirms, and keeps use with the team of the time', async () => {
    const test = await openTestReplica();
    const { workspaceId } = await test.client.workspaces.createSample();
    const { state } = test.replica;
    const workspace = state.workspace(workspaceId);
    const folded = state.poolNow(workspace, state.poolOf(workspace, null, state.clock()));
    const lines = linesOf(test, workspaceId);
    const uses = lines.flatMap((line) => (line.kind === 'usage' ? [line] : []));
    const settled = new Set(
      lines.flatMap((line) => ('linkedId' in line && line.linkedId !== null ? [line.linkedId] : [])),
    );
    for (const use of uses.filter(({ id }) => !settled.has(id))) {
      const spend = folded.spendById.get(use.id);
      expect(spend && sharesOf(spend)).toEqual(use.receipt);
    }
    const teamsOf = Map.groupBy(uses, (use) => use.memberId);
    const moved = [...teamsOf].filter(([, ofMember]) => new Set(ofMember.map((use) => use.teamId)).size > 1);
    expect(moved).toHaveLength(1);
    const paidByPack = uses.filter((use) => use.receipt.some((share) => share.kind === 'pack'));
    const month = periodAt(workspace.index, state.clock());
    expect(paidByPack.length).toBeGreaterThan(0);
    expect(paidByPack.some((use) => contains(month, use.occurredAt))).toBe(false);
  });
});

describe('removing a sample', () => {
  it('leaves nothing of it, and everything else', async () => {
    const test = await openTestReplica();
    const { client, replica } = test;
    const mine = await piktochart(client);
    await client.usage.log({ workspaceId: mine, feature: 'video', quantity: '1', member: 'ana' });
    const { workspaceId } = await client.workspaces.createSample();
    expect(await client.workspaces.removeSample({ workspaceId })).toEqual({ removed: true });
    expect((await client.workspaces.list()).map(({ id }) => id)).toEqual([mine]);
    const { database } = replica.state;
    for (const table of database.connection.tables()) {
      const left = database.connection.database
        .prepare(`SELECT count(*) AS n FROM ${table.quotedName} WHERE document LIKE ?`)
        .get(`%${workspaceId}%`);
      expect([table.collectionName, left?.['n']]).toEqual([table.collectionName, 0]);
    }
    const counted = `IN (SELECT id FROM usage_calendar WHERE workspace_id=?)`;
    for (const name of figureTables) {
      const left = database.connection.database
        .prepare(`SELECT count(*) AS n FROM ${name} WHERE NOT calendar ${counted}`)
        .get(mine);
      expect(left?.['n']).toBe(0);
    }
    const asked = { workspaceId: mine, by: 'feature', period: 'month' } as const;
    const before = await client.report.get(asked);
    expect(credits(before.total)).toBe(250);
    await test.close();

    const again = await openTestReplica({ dataDir: test.dataDir });
    expect(await again.client.report.get(asked)).toEqual(before);
    expect((await again.client.workspaces.list()).map(({ id }) => id)).toEqual([mine]);
    // What is made afterwards is written and found again.
    const next = await again.client.workspaces.createSample();
    expect((await again.client.ledger.page({ ...next, filter: {}, cursor: null, limit: 1 })).total).toBeGreaterThan(
      1500,
    );
  });

  it('refuses to remove a workspace that is no sample', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    expect(await problemOf(client.workspaces.removeSample({ workspaceId }))).toMatchObject({ code: 'refused' });
    expect(await client.workspaces.list()).toHaveLength(1);
  });
});
