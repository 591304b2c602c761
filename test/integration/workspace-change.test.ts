import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hourDays } from '../../replica/projections/usage-rollup.ts';
import { addDays } from '../../shared/kernel/time-zone.ts';
import { complaintOf, miro, openTestReplica, piktochart, type Client, type TestReplica } from '../support/replica.ts';
import { rollUpsOf } from '../support/roll-ups.ts';

const hourly = Array.from(
  { length: 60 },
  (_, index) => new Date(Date.parse('2026-11-17T11:30:00Z') + index * 3_600_000),
);

/** Sixty uses, one an hour up to now. */
async function used(client: Client): Promise<string> {
  const workspaceId = await miro(client, { timeZone: 'Europe/Berlin' });
  for (const at of hourly) {
    await client.usage.log({ workspaceId, feature: 'text', quantity: '1', member: 'ana', at: at.toISOString() });
  }
  return workspaceId;
}

/** What each day adds up to by its own total, by its hours, and by features. */
async function daysOf(client: Client, workspaceId: string, first: string, last: string) {
  const days = [];
  for (let day = first; day <= last; day = addDays(day, 1)) {
    const hours = await client.report.hours({ workspaceId, day });
    const { total } = await client.report.get({ workspaceId, by: 'feature', period: 'day', asOf: day });
    expect(hours.hours.reduce((sum, hour) => sum + hour.credits, 0)).toBe(hours.total);
    expect([day, hours.total]).toEqual([day, total]);
    days.push(total / 1e6);
  }
  return days;
}

function expectAsRebuilt({ replica }: TestReplica): void {
  const kept = rollUpsOf(replica);
  replica.rollup.rebuild(replica.state.database);
  expect(rollUpsOf(replica)).toEqual(kept);
}

describe('another zone, name or first day of the week', () => {
  it('[G12] [K3] cuts the days of the whole history anew, books nothing, and is told in the history', async () => {
    const test = await openTestReplica();
    const { client } = test;
    const workspaceId = await used(client);
    const balance = (await client.balance.get({ workspaceId })).balance;
    const before = await daysOf(client, workspaceId, '2026-11-16', '2026-11-20');
    expect(before).toEqual([0, 12, 24, 24, 0]);
    const change = { workspaceId, timeZone: 'Pacific/Kiritimati', name: 'Far east', weekStart: 7, reason: 'We moved' };
    expect(await client.workspaces.change(change)).toEqual({ changed: true });
    expect(await client.workspaces.change(change)).toEqual({ changed: false });
    const after = await daysOf(client, workspaceId, '2026-11-16', '2026-11-21');
    expect(after.reduce((sum, day) => sum + day, 0)).toBe(60);
    expect(after).not.toEqual([...before, 0]);
    expectAsRebuilt(test);
    expect((await client.balance.get({ workspaceId })).balance).toEqual(balance);
    const view = await client.workspaces.get({ workspaceId });
    expect(view).toMatchObject({ name: 'Far east', timeZone: 'Pacific/Kiritimati', weekStart: 7 });
    for await (const { changes } of await client.subscription.live({ workspaceId })) {
      const told = changes.filter(({ reason }) => reason === 'We moved').map(({ summary }) => summary);
      expect(told).toContain('Time zone Pacific/Kiritimati (before: Time zone Europe/Berlin)');
      expect(told).toContain('Weeks begin on Sunday (before: Weeks begin on Monday)');
      break;
    }
    await test.close();
    const again = await openTestReplica({ dataDir: test.dataDir });
    expect(await again.client.workspaces.get({ workspaceId })).toMatchObject({ name: 'Far east', weekStart: 7 });
    expect(await daysOf(again.client, workspaceId, '2026-11-16', '2026-11-21')).toEqual(after);
    expectAsRebuilt(again);
  });

  it('[G12] the last one holds, also after a clock that was set back', async () => {
    const { client, setNow } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await client.workspaces.change({ workspaceId, timeZone: 'Asia/Tokyo' });
    setNow('2026-11-01T00:00:00Z');
    await client.workspaces.change({ workspaceId, timeZone: 'America/Lima' });
    expect(await client.workspaces.get({ workspaceId })).toMatchObject({ timeZone: 'America/Lima' });
  });

  it('is refused by its field, and nothing is changed', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    expect(await complaintOf(client.workspaces.change({ workspaceId, timeZone: 'Mars/Base', name: 'X' }))).toContain(
      'timeZone: “Mars/Base” is no time zone',
    );
    expect(await client.workspaces.get({ workspaceId })).toMatchObject({ timeZone: 'Europe/Berlin' });
  });

  it('[K3] leaves the period that runs its reset, where the plan goes by the zone of the workspace', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await client.usage.log({ workspaceId, feature: 'video', quantity: '2', member: 'ana' });
    const before = (await client.balance.get({ workspaceId })).balance;
    await client.workspaces.change({ workspaceId, timeZone: 'America/New_York' });
    expect((await client.balance.get({ workspaceId })).balance).toEqual(before);
    const next = (await client.balance.get({ workspaceId, asOf: '2027-01-01T00:00:00Z' })).balance;
    expect(next.period.start).toBe(before.period.end);
    expect(new Date(next.period.end).toISOString()).toBe('2027-01-05T05:00:00.000Z');
  });

  it('goes on with the old days when it is cut off before, and with the new ones when it is cut off after', async () => {
    const test = await openTestReplica();
    const workspaceId = await used(test.client);
    const { rollup, state } = test.replica;
    await rollup.prepareZone(state.database, workspaceId, 'Asia/Kolkata');
    await test.client.usage.log({ workspaceId, feature: 'text', quantity: '1' });
    expectAsRebuilt(test);
    await rollup.prepareZone(state.database, workspaceId, 'Asia/Kolkata');
    await test.close();
    const again = await openTestReplica({ dataDir: test.dataDir });
    expect((await again.client.workspaces.get({ workspaceId })).timeZone).toBe('Europe/Berlin');
    expect(await daysOf(again.client, workspaceId, '2026-11-17', '2026-11-20')).toEqual([12, 24, 24, 1]);
    expectAsRebuilt(again);
    const { database } = again.replica.state.database.connection;
    database.exec(`UPDATE usage_calendar SET time_zone='Asia/Tokyo'`);
    await again.close();
    const third = await openTestReplica({ dataDir: test.dataDir });
    expect(await daysOf(third.client, workspaceId, '2026-11-17', '2026-11-20')).toEqual([12, 24, 24, 1]);
    expectAsRebuilt(third);
  });

  it('counts in its days also where they are counted anew while the zone is changed', async () => {
    const test = await openTestReplica();
    const { client, replica } = test;
    const workspaceId = await used(client);
    const { state } = replica;
    const [line] = state.linesWhere(`"kind"='usage'`, []);
    if (line?.kind !== 'usage') throw new Error('There is a use');
    const many = Array.from({ length: 5_000 }, (_, number) => ({ ...line, id: `${line.id}/${number}` }));
    await state.appendLines(workspaceId, many);
    // So that the change has nothing to wait for, and comes in the middle.
    await replica.rollup.prepareZone(state.database, workspaceId, 'Asia/Tokyo');
    await Promise.all([
      client.projections.rebuild({}),
      client.workspaces.change({ workspaceId, timeZone: 'Asia/Tokyo' }),
    ]);
    const calendars = state.database.connection.prepare('SELECT time_zone, state FROM usage_calendar').all();
    expect(calendars).toEqual([{ time_zone: 'Asia/Tokyo', state: 'active' }]);
    const [{ differences }] = await Promise.all([
      client.projections.check({}),
      client.workspaces.change({ workspaceId, timeZone: 'America/Lima' }),
    ]);
    expect(differences).toEqual([]);
    expectAsRebuilt(test);
  });

  it('can be set where a row of the history is damaged', async () => {
    const test = await openTestReplica();
    const workspaceId = await used(test.client);
    await test.client.workspaces.change({ workspaceId, name: 'Another name' });
    const { database } = test.replica.state.database.connection;
    database.exec(`UPDATE changes_v0 SET document='?' WHERE document LIKE '%"kind":"name"%'`);
    expect(await test.client.workspaces.change({ workspaceId, timeZone: 'Asia/Tokyo' })).toEqual({ changed: true });
    expect(await test.client.workspaces.get({ workspaceId })).toMatchObject({ timeZone: 'Asia/Tokyo' });
    expectAsRebuilt(test);
  });

  it('is whole when the process is killed at any moment', async () => {
    const prepared = await openTestReplica();
    const workspaceId = await miro(prepared.client);
    await prepared.client.usage.log({ workspaceId, feature: 'text', quantity: '1', member: 'ana' });
    await prepared.close();
    const script = fileURLToPath(new URL('../support/zone-mover.ts', import.meta.url));
    for (const answers of [1, 2, 4]) {
      const child = spawn(process.execPath, [script, prepared.dataDir, workspaceId], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let seen = 0;
      for await (const _answer of createInterface({ input: child.stdout })) {
        seen += 1;
        if (seen === answers) setTimeout(() => child.kill('SIGKILL'), answers * 3);
      }
      const again = await openTestReplica({ dataDir: prepared.dataDir, now: '2030-01-01T00:00:00Z' });
      const { timeZone } = await again.client.workspaces.get({ workspaceId });
      const calendars = again.replica.state.database.connection
        .prepare(`SELECT time_zone FROM usage_calendar WHERE state='active'`)
        .all();
      expect(calendars).toEqual([{ time_zone: timeZone }]);
      expectAsRebuilt(again);
      await again.close();
    }
  });
});

describe('hours', () => {
  const kept = (test: TestReplica): number =>
    Number(test.replica.state.database.connection.prepare('SELECT count(*) AS n FROM usage_by_hour').get()?.['n']);

  it('are kept of the recent days and dropped as days pass; a day says the same either way', async () => {
    const test = await openTestReplica();
    const { client, setNow } = test;
    const workspaceId = await used(client);
    expect(kept(test)).toBe(60);
    const before = await client.report.hours({ workspaceId, day: '2026-11-18' });
    expect(before.hours.filter(({ credits }) => credits > 0)).toHaveLength(24);
    setNow(`${addDays('2026-11-19', hourDays - 1)}T12:00:00Z`);
    await client.usage.log({ workspaceId, feature: 'text', quantity: '1' });
    expect(kept(test)).toBe(25);
    expect(await client.report.hours({ workspaceId, day: '2026-11-18' })).toEqual(before);
    // A late line into a day whose hours were dropped.
    await client.usage.log({ workspaceId, feature: 'text', quantity: '1', at: hourly[20]?.toISOString() });
    expect(kept(test)).toBe(25);
    expect((await client.report.hours({ workspaceId, day: '2026-11-18' })).total).toBe(before.total + 1e6);
    expectAsRebuilt(test);
  });

  it('survive a clock that is set ahead and back', async () => {
    const test = await openTestReplica();
    const { client, setNow } = test;
    const workspaceId = await used(client);
    setNow('2027-06-01T12:00:00Z');
    await client.usage.log({ workspaceId, feature: 'text', quantity: '1' });
    expect(kept(test)).toBe(1);
    setNow('2026-11-20T12:00:00Z');
    await client.usage.log({ workspaceId, feature: 'text', quantity: '1' });
    expect(await daysOf(client, workspaceId, '2026-11-17', '2026-11-20')).toEqual([12, 24, 24, 1]);
    expect((await client.projections.check({})).differences).toEqual([]);
    await test.close();
    const again = await openTestReplica({ dataDir: test.dataDir });
    expect(kept(again)).toBe(62);
    expect(await daysOf(again.client, workspaceId, '2026-11-17', '2026-11-20')).toEqual([12, 24, 24, 1]);
  });

  it('[K6] tell an hour that comes twice apart', async () => {
    const { client } = await openTestReplica({ now: '2026-10-25T12:00:00Z' });
    const workspaceId = await miro(client, { timeZone: 'Europe/Berlin' });
    for (const at of ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z']) {
      await client.usage.log({ workspaceId, feature: 'text', quantity: '1', at });
    }
    const { hours } = await client.report.hours({ workspaceId, day: '2026-10-25' });
    expect(hours).toHaveLength(25);
    expect(hours.filter(({ credits }) => credits > 0).map(({ transactions }) => transactions)).toEqual([1, 1]);
  });
});

describe('counting anew', () => {
  it('finds nothing where nothing is wrong, names what is, and mends it', async () => {
    const test = await openTestReplica();
    const { client, replica } = test;
    const workspaceId = await used(client);
    const other = await piktochart(client);
    await client.usage.log({ workspaceId: other, feature: 'video', quantity: '1', member: 'ana' });
    const checked = expect.arrayContaining(replica.projections.map(({ name }) => name));
    expect(await client.projections.check({})).toEqual({ checked, differences: [] });
    const { database } = replica.state.database.connection;
    database.exec('UPDATE usage_by_member_day SET credits=credits+1; DELETE FROM usage_by_hour WHERE uses=1');
    const found = await client.projections.check({ workspaceId });
    expect(found.differences.map(({ table }) => table).toSorted()).toEqual(['usage_by_hour', 'usage_by_member_day']);
    expect(found.differences.every((difference) => difference.workspaceId === workspaceId)).toBe(true);
    expect(await client.projections.rebuild({ workspaceId })).toMatchObject({ workspaces: 1 });
    expect((await client.projections.check({ workspaceId })).differences).toEqual([]);
    expect((await client.projections.check({})).differences.length).toBeGreaterThan(0);
    await client.projections.rebuild({});
    expect((await client.projections.check({})).differences).toEqual([]);
    expectAsRebuilt(test);
  });
});
