// Working days, holidays and days of one's own: set, told in the history, and counted by the forecast.
import { describe, expect, it } from 'vitest';
import type { CalendarView } from '../../shared/bridge/calendar-views.ts';
import { addDays, weekdayOf } from '../../shared/kernel/time-zone.ts';
import { complaintOf, miro, openTestReplica, type Client } from '../support/replica.ts';

const fiveDays = [100, 100, 100, 100, 100, 0, 0];

async function calendarOf(client: Client, workspaceId: string): Promise<CalendarView> {
  for await (const view of await client.calendar.live({ workspaceId })) return view;
  throw new Error('No view');
}

async function overviewOf(client: Client, workspaceId: string) {
  for await (const view of await client.overview.live({ workspaceId })) return view;
  throw new Error('No view');
}

/** Eight weeks up to 13 December, 10 credits on each working day, a holiday in between not known to anybody. */
async function worked(client: Client): Promise<string> {
  const workspaceId = await miro(client, { timeZone: 'Europe/Berlin', anchor: '2026-10-01' });
  for (let day = '2026-10-19'; day < '2026-12-14'; day = addDays(day, 1)) {
    if (weekdayOf(day) > 5) continue;
    const use = { workspaceId, feature: 'text', quantity: '10', member: 'ana', at: `${day}T10:00`, happened: true };
    await client.usage.log(use);
  }
  return workspaceId;
}

describe('the calendar of a workspace', () => {
  it('[G12] [F13] is set with holidays of a region, told in the history, and changed only by what differs', async () => {
    const { client } = await openTestReplica({ now: '2026-12-14T08:00:00Z' });
    const workspaceId = await worked(client);
    expect(await calendarOf(client, workspaceId)).toMatchObject({
      weekdayPercents: [100, 100, 100, 100, 100, 100, 100],
      country: null,
      upcoming: [],
      closedShare: null,
    });
    const setting = { workspaceId, weekdayPercents: fiveDays, country: 'DE', region: 'BY' };
    expect(await client.calendar.setWeek({ ...setting, reason: 'We are in Munich' })).toEqual({ changed: true });
    expect(await client.calendar.setWeek(setting)).toEqual({ changed: false });
    const view = await calendarOf(client, workspaceId);
    expect(view).toMatchObject({ countryName: 'Germany', regionName: 'Bayern', closedShare: 0 });
    expect(view.upcoming.map(({ date, name }) => [date, name])).toEqual(
      expect.arrayContaining([
        ['2026-12-25', 'Christmas Day'],
        ['2027-01-01', "New Year's Day"],
        ['2027-01-06', 'Epiphany'],
      ]),
    );
    for await (const { changes } of await client.subscription.live({ workspaceId })) {
      expect(changes[0]).toMatchObject({
        kind: 'work-week',
        reason: 'We are in Munich',
        summary: 'Working days: Saturday closed, Sunday closed; holidays of DE BY closed',
      });
      break;
    }
  });

  it('[F13] closed days take nothing from the forecast, and are shown on the chart', async () => {
    const { client, setNow } = await openTestReplica({ now: '2026-12-14T08:00:00Z' });
    const workspaceId = await worked(client);
    await client.calendar.setWeek({ workspaceId, weekdayPercents: fiveDays, country: 'DE', region: 'BY' });
    const before = await client.forecast.get({ workspaceId });
    const off = { workspaceId, name: 'Between the years', first: '2026-12-28', last: '2027-01-01', percent: 0 };
    const { id } = await client.calendar.setOwnDays(off);
    const after = await client.forecast.get({ workspaceId });
    // Three of these days are working days otherwise, and New Year's Eve is half of one.
    expect((before.endOfPeriod?.mean ?? 0) - (after.endOfPeriod?.mean ?? 0)).toBeCloseTo(35, 6);
    const band = new Map(after.band.map(({ date, p90 }) => [date, p90]));
    expect(band.get('2026-12-31')).toBe(band.get('2026-12-24'));
    const { unusualDays } = await overviewOf(client, workspaceId);
    expect(unusualDays.filter(({ date }) => date >= '2026-12-24' && date < '2027-01-01')).toEqual([
      { date: '2026-12-24', percent: 50, reason: 'holiday', name: 'Christmas Eve' },
      { date: '2026-12-25', percent: 0, reason: 'holiday', name: 'Christmas Day' },
      { date: '2026-12-26', percent: 0, reason: 'week', name: null },
      { date: '2026-12-27', percent: 0, reason: 'week', name: null },
      ...['28', '29', '30', '31'].map((day) => ({
        date: `2026-12-${day}`,
        percent: 0,
        reason: 'own',
        name: 'Between the years',
      })),
    ]);
    setNow('2026-12-14T08:01:00Z');
    await client.calendar.removeOwnDays({ workspaceId, id });
    expect((await client.forecast.get({ workspaceId })).endOfPeriod?.mean).toBeCloseTo(
      before.endOfPeriod?.mean ?? 0,
      0,
    );
    expect((await calendarOf(client, workspaceId)).ownDays).toEqual([]);
  });

  it('[F13] says how much was used on days that count as closed', async () => {
    const { client } = await openTestReplica({ now: '2026-12-14T08:00:00Z' });
    const workspaceId = await worked(client);
    await client.calendar.setWeek({ workspaceId, weekdayPercents: [0, 100, 100, 100, 100, 100, 100], country: null });
    expect((await calendarOf(client, workspaceId)).closedShare).toBeCloseTo(0.2, 5);
  });

  it('[F13] holidays are there at once after a restart', async () => {
    const { client, dataDir, close } = await openTestReplica({ now: '2026-12-14T08:00:00Z' });
    const workspaceId = await worked(client);
    await client.calendar.setWeek({ workspaceId, weekdayPercents: fiveDays, country: 'DE', region: 'BY' });
    const told = await client.forecast.get({ workspaceId });
    await close();
    const again = await openTestReplica({ now: '2026-12-14T08:00:00Z', dataDir });
    expect(await again.client.forecast.get({ workspaceId })).toEqual(told);
  });

  it('knows its countries, and says what is wrong with a setting', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await miro(client);
    const countries = await client.calendar.countries();
    expect(countries.length).toBeGreaterThan(150);
    expect(countries.find(({ code }) => code === 'DE')?.regions).toContainEqual({ code: 'BY', name: 'Bayern' });
    const set = (more: Partial<Parameters<Client['calendar']['setWeek']>[0]>) =>
      complaintOf(client.calendar.setWeek({ workspaceId, weekdayPercents: fiveDays, country: null, ...more }));
    expect(await set({ country: 'Bayern' })).toBe(
      'country: “Bayern” is no country whose holidays are known; write it as DE or US',
    );
    expect(await set({ country: 'DE', region: 'XX' })).toBe(
      'region: “XX” is no part of Germany with holidays of its own',
    );
    expect(await set({ region: 'BY' })).toBe('region: is a part of a country; choose the country too');
    expect(await set({ weekdayPercents: [0, 0, 0, 0, 0, 0, 0] })).toBe(
      'weekdayPercents: leaves no day of the week open',
    );
    expect(await set({ weekdayPercents: [100] })).toBe('weekdayPercents: has one percent for each day of the week');
    const own = { workspaceId, name: 'Off', first: '2026-12-24', percent: 0 };
    expect(await complaintOf(client.calendar.setOwnDays({ ...own, last: '2026-12-23' }))).toBe(
      'last: is before the first day',
    );
    expect(await complaintOf(client.calendar.setOwnDays({ ...own, first: '2026-02-30' }))).toMatch(
      /^first: “2026-02-30”/,
    );
    expect(await complaintOf(client.calendar.removeOwnDays({ workspaceId, id: 'nothing' }))).toMatch(/nothing/);
  });
});
