import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findFeature } from '../../shared/catalogue/lookup.ts';
import { compareText } from '../../shared/kernel/id.ts';
import { contains } from '../../shared/kernel/period.ts';
import { dayOf, daysBetween, weekdayOf } from '../../shared/kernel/time-zone.ts';
import { sharesOf } from '../../shared/ledger/spends.ts';
import { periodAt } from '../../shared/ledger/schedule.ts';
import { useOf } from '../../shared/ledger/transaction.ts';
import type { SampleView } from '../../shared/bridge/views.ts';
import { openHolidays } from '../../shared/holidays/holidays.ts';
import { sampleScripts } from '../../replica/services/sample-platforms.ts';
import { tellSample } from '../../replica/services/sample-workspace.ts';
import { at, credits, openTestReplica, piktochart, problemOf, type TestReplica } from '../support/replica.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

function linesOf({ replica }: TestReplica, workspaceId: string) {
  return replica.state.linesWhere('"workspaceId"=? ORDER BY sequence', [workspaceId]);
}

/** The sample with everything that belongs to it. */
async function wholeSample(test: TestReplica): Promise<Readonly<Record<string, string>>> {
  await test.client.workspaces.createSample({});
  await test.replica.sample.filled();
  const workspaces = await test.client.workspaces.list();
  return Object.fromEntries(workspaces.filter(({ sample }) => sample).map(({ platform, id }) => [platform, id]));
}

async function firstOf<View>(views: Promise<AsyncIterable<View>>): Promise<View> {
  for await (const view of await views) return view;
  throw new Error('The view ended before it began');
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

describe('the story of a sample team', () => {
  it.each(clocks)('can be told at %s, in any zone: a year of use that its pools can account for', async (clock) => {
    const { replica } = await openTestReplica();
    await openHolidays();
    const now = at(clock);
    for (const [place, script] of sampleScripts.entries()) {
      const zone = ['Europe/Berlin', 'Pacific/Kiritimati', 'America/Los_Angeles', 'UTC'][place] ?? 'UTC';
      const giveWay = async (): Promise<void> => undefined;
      const told = await tellSample(replica.state, script, { workspaceId: script.platform, now, zone, giveWay });
      expect(told.periods.length).toBe(13);
      expect(told.lines.length).toBeGreaterThan(500);
      expect(told.lines.every((line) => line.occurredAt < now && line.recordedAt < now)).toBe(true);
      expect(told.lines.map((line) => line.origin).filter((origin) => origin !== 'sample').length).toBeLessThan(2);
      const days = told.lines.flatMap((line) => useOf(line)?.at ?? []).map((use) => (now - use) / dayMs);
      expect(Math.max(...days)).toBeGreaterThan(360);
      for (const { ledger } of told.pools) expect(ledger?.stateAt(now).anomalies).toEqual([]);
      for (const { effectiveFrom, recordedAt, value } of told.changes) {
        expect([value.kind, recordedAt <= now, effectiveFrom <= now]).toEqual([value.kind, true, true]);
      }
    }
  });

  it('is told the same for the same clock, but for ids', async () => {
    const { replica } = await openTestReplica();
    await openHolidays();
    const tell = async () => {
      const [script] = sampleScripts;
      if (!script) throw new Error('There is a script');
      const giveWay = async (): Promise<void> => undefined;
      const given = { workspaceId: 'one', now: at('2026-11-20T12:00:00Z'), zone: 'Europe/Berlin', giveWay };
      const { lines } = await tellSample(replica.state, script, given);
      return lines.map((line) => [
        line.kind,
        line.occurredAt,
        'memberId' in line ? line.memberId : null,
        'credits' in line ? line.credits : null,
      ]);
    };
    const story = await tell();
    expect(await tell()).toEqual(story);
    expect(story.length).toBeGreaterThan(3000);
  });
});

describe('a sample team', () => {
  it('is sixty people in six teams at four platforms, with everything that can happen in a year', async () => {
    const test = await openTestReplica();
    const { client, replica } = test;
    const ids = await wholeSample(test);
    expect(Object.keys(ids)).toEqual(['piktochart', 'miro', 'visily', 'mirage']);
    const { piktochart: pictures = '', miro: boards = '', visily: screens = '', mirage: films = '' } = ids;
    for (const workspaceId of Object.values(ids)) {
      const view = await client.workspaces.get({ workspaceId });
      expect([view.sample, view.name.startsWith('Sample · '), view.access]).toEqual([true, true, 'company-admin']);
      expect(view.members.find(({ id }) => id === view.meId)?.name).toBe('Ada Thornbury');
      const lines = linesOf(test, workspaceId);
      expect(lines.every(({ origin }) => origin === 'sample' || origin === 'reading')).toBe(true);
    }
    const view = await client.workspaces.get({ workspaceId: boards });
    expect(view.members.filter(({ active }) => active)).toHaveLength(60);
    expect(view.members.filter(({ active }) => !active)).toHaveLength(1);
    expect(view.teams.filter(({ deleted }) => !deleted)).toHaveLength(6);
    expect(view.teams.filter(({ deleted }) => deleted).map(({ name }) => name)).toEqual(['Web Experiments']);

    const kinds = new Set(linesOf(test, pictures).map((line) => line.kind));
    const allKinds = ['usage', 'hold', 'capture', 'release', 'refund', 'void', 'correction', 'grant'];
    expect(kinds).toEqual(new Set(allKinds));
    const subscription = await firstOf(client.subscription.live({ workspaceId: pictures }));
    expect(subscription.orders.map(({ packId, state }) => [packId, state])).toEqual([
      ['deluxe', 'requested'],
      ['booster', 'granted'],
      ['ultimate', 'refused'],
      ['starter', 'granted'],
    ]);
    const changed = new Set(subscription.changes.map(({ kind }) => kind));
    for (const kind of ['plan', 'seats', 'member', 'team', 'cap', 'own-days'] as const) expect(changed).toContain(kind);
    expect((await firstOf(client.alerts.live({ workspaceId: pictures }))).alerts.length).toBeGreaterThan(5);
    const refusals = await replica.state.database.rx.refusals.find({ selector: { workspaceId: pictures } }).exec();
    expect(refusals.length).toBeGreaterThan(3);
    const overview = await firstOf(client.overview.live({ workspaceId: pictures }));
    const held = overview.openHolds.map((hold) => (overview.asOf - hold.occurredAt) / hourMs);
    expect(held.toSorted((left, right) => left - right)).toEqual([expect.closeTo(40 / 60), 27]);
    expect((await client.forecast.get({ workspaceId: pictures })).runOut?.probability).toBeGreaterThan(0.2);

    expect(linesOf(test, screens).filter(({ kind }) => kind === 'grant')).toHaveLength(1);
    expect(linesOf(test, films).every((line) => line.kind === 'usage' && line.pricing === 'metered')).toBe(true);
    const state = replica.state.workspace(films);
    for (const feature of ['video', 'refine']) {
      const rates = state.catalogue.versions.map((version) => findFeature(version, feature)?.rates[0]?.credits);
      expect(rates).toEqual([null]);
    }
    const panel = await firstOf(client.usagePanel.live({ workspaceId: films, period: 'quarter' }));
    expect(panel.events.filter(({ kind }) => kind === 'import').length).toBeGreaterThan(2);
  });

  it('[E3] has caps of which none is exceeded and one is nearly reached', async () => {
    const test = await openTestReplica();
    const { workspaceId } = await test.client.workspaces.createSample({ platforms: ['piktochart'] });
    const { caps } = await test.client.workspaces.get({ workspaceId });
    expect(caps).toHaveLength(3);
    const { start } = periodAt(test.replica.state.workspace(workspaceId).index, test.replica.state.clock());
    const usedBy = (memberId: string | null): number =>
      linesOf(test, workspaceId).reduce((total, line) => {
        const use = 'memberId' in line && line.memberId === memberId ? useOf(line) : null;
        return total + (use && use.at >= start ? use.credits : 0);
      }, 0);
    const own = caps.find(({ scope }) => scope === 'member');
    const share = usedBy(own?.subjectId ?? null) / (own?.credits ?? 1);
    expect(share).toBeGreaterThan(0.9);
    expect(share).toBeLessThan(1);
  });

  it('[G13] has a reading whose difference was booked, and a late one with a small drift', async () => {
    const test = await openTestReplica();
    const { workspaceId } = await test.client.workspaces.createSample({ platforms: ['miro'] });
    const booked = linesOf(test, workspaceId).filter(({ origin }) => origin === 'reading');
    expect(booked).toMatchObject([{ kind: 'correction', credits: 14_000_000 }]);
    const { drift } = await firstOf(test.client.overview.live({ workspaceId }));
    expect(credits(drift?.credits ?? 0)).toBe(7);
  });

  it('burns like a team: a year with quiet weekends, a company break and a launch', async () => {
    const test = await openTestReplica();
    const { workspaceId } = await test.client.workspaces.createSample({ platforms: ['piktochart'] });
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
    expect(weekend / total).toBeLessThan(0.08);
    const weekOf = (first: number): number =>
      Array.from({ length: 7 }, (_, day) => byDaysAgo.get(first + day) ?? 0).reduce((sum, day) => sum + day, 0);
    expect(weekOf(38)).toBeLessThan(weekOf(52) / 3);
    // It is a Friday: Monday to Sunday of the launch, and of the week after.
    expect(weekOf(12)).toBeGreaterThan(weekOf(5) * 1.5);
  });

  it('[G3] has receipts that folding the ledger confirms, and keeps use with the team of the time', async () => {
    const test = await openTestReplica();
    const { workspaceId } = await test.client.workspaces.createSample({ platforms: ['piktochart'] });
    const { state } = test.replica;
    // What was put together while it was made is not what is asked here.
    state.pools.clear();
    const workspace = state.workspace(workspaceId);
    const pool = state.poolOf(workspace, null, state.clock());
    const [first] = linesOf(test, workspaceId);
    const folded = state.poolSince(workspace, pool, { from: first?.occurredAt ?? state.clock(), asOf: state.clock() });
    const lines = linesOf(test, workspaceId);
    const uses = lines.flatMap((line) => (line.kind === 'usage' ? [line] : []));
    const settled = new Set(
      lines.flatMap((line) => ('linkedId' in line && line.linkedId !== null ? [line.linkedId] : [])),
    );
    for (const use of uses.filter(({ id }) => !settled.has(id))) {
      const spend = folded.spendById.get(use.id, use.occurredAt);
      expect(spend && sharesOf(spend)).toEqual(use.receipt);
    }
    const overages = [...folded.totalsByPeriodStart].filter(([, totals]) => totals.overage > 0);
    expect(overages).toHaveLength(1);
    const teamsOf = Map.groupBy(uses, (use) => use.memberId);
    const moved = [...teamsOf].filter(([, ofMember]) => new Set(ofMember.map((use) => use.teamId)).size > 1);
    expect(moved).toHaveLength(1);
    const dry = overages[0]?.[0];
    const month = periodAt(workspace.index, dry ?? state.clock());
    const paidByPack = uses.filter((use) => use.receipt.some((share) => share.kind === 'pack'));
    expect(paidByPack.some((use) => contains(month, use.occurredAt))).toBe(true);
  });

  it('[V1] obeys the privacy switch like any other workspace', async () => {
    const { client } = await openTestReplica();
    const { workspaceId } = await client.workspaces.createSample({ platforms: ['visily'] });
    const asked = { workspaceId, period: 'quarter' } as const;
    expect((await firstOf(client.usagePanel.live(asked))).byUser).not.toBeNull();
    await client.workspaces.setPrivacy({ workspaceId, hidesPeople: true });
    expect((await firstOf(client.usagePanel.live(asked))).byUser).toBeNull();
    expect((await client.workspaces.get({ workspaceId })).showsPeople).toBe(false);
  });

  it('shows the first workspace while the others are made, and is made only once', async () => {
    const { client, replica } = await openTestReplica();
    const seen: SampleView[] = [];
    const end = new AbortController();
    const watched = (async () => {
      for await (const view of await client.workspaces.sampleLive(undefined, { signal: end.signal })) seen.push(view);
    })();
    const [one, other] = await Promise.all([client.workspaces.createSample({}), client.workspaces.createSample({})]);
    expect(other).toEqual(one);
    const { asOf, days } = await firstOf(client.overview.live(one));
    expect(days.length).toBeGreaterThan(10);
    expect(asOf).toBe(replica.state.clock());
    await replica.sample.filled();
    await expect.poll(() => seen.at(-1)).toMatchObject({ filling: null, workspaceIds: { length: 4 } });
    expect(seen.some(({ filling }) => filling !== null && filling.done >= 1 && filling.of === 4)).toBe(true);
    end.abort();
    await watched.catch(() => undefined);
    expect(await client.workspaces.createSample({})).toEqual(one);
  });

  it('is finished at the next start when its making was cut off', async () => {
    const test = await openTestReplica();
    const { workspaceId } = await test.client.workspaces.createSample({});
    await test.close();
    const again = await openTestReplica({ dataDir: test.dataDir });
    await again.replica.sample.filled();
    const list = await again.client.workspaces.list();
    expect(list.map(({ platform }) => platform).toSorted()).toEqual(['mirage', 'miro', 'piktochart', 'visily']);
    expect(list.map(({ id }) => id)).toContain(workspaceId);
    const known = new Set(list.map(({ id }) => id));
    const ofOthers = again.replica.state.linesWhere('1=1', []).filter((line) => !known.has(line.workspaceId));
    expect(ofOthers).toEqual([]);
    for (const { id } of list)
      expect(await again.client.projections.check({ workspaceId: id })).toMatchObject({ differences: [] });
  });
});

describe('removing a sample', () => {
  /** How many rows each table has. */
  function rowsOf({ replica }: TestReplica): Readonly<Record<string, number>> {
    const { database } = replica.state.database.connection;
    const tables = database.prepare(`SELECT name FROM sqlite_master WHERE type='table'`).all();
    return Object.fromEntries(
      tables.map(({ name }) => [
        String(name),
        Number(database.prepare(`SELECT count(*) AS n FROM "${String(name)}"`).get()?.['n']),
      ]),
    );
  }

  it('takes all four workspaces and leaves nothing of them, and everything else', async () => {
    const test = await openTestReplica();
    const { client, replica } = test;
    const mine = await piktochart(client);
    await client.usage.log({ workspaceId: mine, feature: 'video', quantity: '1', member: 'ana' });
    await replica.alerts.look(mine);
    const rows = rowsOf(test);
    const files = readdirSync(test.dataDir, { recursive: true, encoding: 'utf8' }).toSorted(compareText);
    const ids = Object.values(await wholeSample(test));
    expect(ids).toHaveLength(4);
    for (const workspaceId of ids) {
      await client.overview.live({ workspaceId });
      await client.usage.log({ workspaceId, feature: 'no-such-feature', quantity: '1' }).catch(() => undefined);
    }
    expect(await client.workspaces.removeSample({ workspaceId: ids[2] ?? '' })).toEqual({ removed: true });
    expect((await client.workspaces.list()).map(({ id }) => id)).toEqual([mine]);
    expect(rowsOf(test)).toEqual(rows);
    expect(readdirSync(test.dataDir, { recursive: true, encoding: 'utf8' }).toSorted(compareText)).toEqual(files);
    const asked = { workspaceId: mine, by: 'feature', period: 'month' } as const;
    const before = await client.report.get(asked);
    expect(credits(before.total)).toBe(250);
    await test.close();

    const again = await openTestReplica({ dataDir: test.dataDir });
    expect(await again.client.report.get(asked)).toEqual(before);
    expect((await again.client.workspaces.list()).map(({ id }) => id)).toEqual([mine]);
    // What is made afterwards is written and found again.
    const next = await again.client.workspaces.createSample({ platforms: ['mirage'] });
    const page = await again.client.ledger.page({ ...next, filter: {}, cursor: null, limit: 1 });
    expect(page.total).toBeGreaterThan(500);
  });

  it('stops the making of the rest', async () => {
    const test = await openTestReplica();
    const rows = rowsOf(test);
    const { workspaceId } = await test.client.workspaces.createSample({});
    await test.client.workspaces.removeSample({ workspaceId });
    await test.replica.sample.filled();
    expect(await test.client.workspaces.list()).toEqual([]);
    expect(rowsOf(test)).toEqual(rows);
  });

  it('refuses to remove a workspace that is no sample', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    expect(await problemOf(client.workspaces.removeSample({ workspaceId }))).toMatchObject({ code: 'refused' });
    expect(await client.workspaces.list()).toHaveLength(1);
  });
});
