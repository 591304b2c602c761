import { describe, expect, it } from 'vitest';
import type { ReadingDetailView } from '../../shared/bridge/reading-views.ts';
import { commandLineIn } from '../support/command-line.ts';
import { complaintOf, miro, openTestReplica, piktochart, problemOf, type Client } from '../support/replica.ts';

async function first<Value>(live: Promise<AsyncIterable<Value>>): Promise<Value> {
  for await (const value of await live) return value;
  throw new Error('It ended without a view.');
}

async function explained(client: Client, workspaceId: string, readingId: string): Promise<ReadingDetailView> {
  const view = await first(client.readings.explain({ workspaceId, readingId }));
  expect(view.parts.reduce((total, part) => total + part.credits, 0)).toBe(view.gap);
  return view;
}

const creditsOf = (view: ReadingDetailView): Readonly<Record<string, number>> =>
  Object.fromEntries(view.parts.map((part) => [part.kind, part.credits / 1e6]));

/** A studio that makes two images (50 credits) on each working day from the 5th to the 19th of November, but the 13th. */
async function busyStudio(client: Client): Promise<string> {
  const workspaceId = await piktochart(client, { members: [{ id: 'ana', name: 'Ana Secret', role: 'member' }], me: 0 });
  for (const day of ['05', '06', '09', '10', '11', '12', '16', '17', '18', '19']) {
    const at = `2026-11-${day}T10:00:00Z`;
    await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '2', member: 'ana', at, happened: true });
  }
  return workspaceId;
}

describe('a reading beside the ledger', () => {
  it('[G13] explains a gap by the working day on which nobody logged anything, and leaves the rest unexplained', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await busyStudio(client);
    const { readingId } = await client.readings.add({ workspaceId, used: '563', at: '2026-11-20T11:00:00Z' });
    const view = await explained(client, workspaceId, readingId);
    // The weekend of the 14th is no gap: nobody has ever worked on one.
    expect(creditsOf(view)).toEqual({ 'silent-days': 50, unexplained: 13 });
    expect(view.parts[0]?.places).toEqual([
      { day: '2026-11-13', featureId: null, featureName: null, credits: 50e6, entries: 0 },
    ]);
    expect(view.byDay.find(({ day }) => day === '2026-11-13')).toMatchObject({ entries: 0, causes: ['silent-days'] });
    expect(view.byFeature).toEqual([
      { featureId: 'studio-image', featureName: 'AI Studio image', ledger: 500e6, stated: null, difference: null },
    ]);
    expect(JSON.stringify(view)).not.toContain('ana');
  });

  it('[G13] shows what booking would do, does exactly that, and keeps who, when and from what to what', async () => {
    const { client, setNow } = await openTestReplica();
    const workspaceId = await busyStudio(client);
    const { readingId } = await client.readings.add({ workspaceId, used: '563', at: '2026-11-20T11:00:00Z' });
    const { effect } = await explained(client, workspaceId, readingId);
    expect(effect).toEqual({
      used: { before: 500e6, after: 563e6 },
      overage: { before: 0, after: 0 },
      available: { before: 1000e6, after: 937e6 },
    });
    expect((await client.balance.get({ workspaceId })).balance).toMatchObject({ used: 500e6 });
    setNow('2026-11-20T12:30:00Z');
    await client.readings.confirmDrift({ workspaceId, readingId, reason: 'Checked with the account page' });
    expect((await client.balance.get({ workspaceId })).balance).toMatchObject({ used: 563e6, available: 937e6 });

    const { readings } = await first(client.readings.live({ workspaceId }));
    expect(readings).toMatchObject([{ id: readingId, used: 563e6, ledger: 563e6, drift: 0, closedByLater: false }]);
    expect(readings[0]?.booking).toMatchObject({
      usedBefore: 500e6,
      usedAfter: 563e6,
      authorName: 'Ana Secret',
      reason: 'Checked with the account page',
      recordedAt: Date.parse('2026-11-20T12:30:00Z'),
    });
    const { bookedReadings } = await first(client.subscription.live({ workspaceId }));
    expect(bookedReadings[0]).toMatchObject({
      kind: 'reading',
      summary: 'Use by 20 Nov 2026, 12:00: 563 (before: 500)',
      authorName: 'Ana Secret',
      reason: 'Checked with the account page',
    });

    setNow('2026-11-20T12:40:00Z');
    // What is logged late for before the reading opens the gap again, and is named as the cause.
    await client.usage.log({
      workspaceId,
      feature: 'studio-image',
      quantity: '1',
      member: 'ana',
      at: '2026-11-13T10:00:00Z',
      happened: true,
    });
    const again = await explained(client, workspaceId, readingId);
    expect([again.drift, again.gap, again.effect, again.blocked]).toEqual([-25e6, -25e6, null, 'booked-before']);
    expect(creditsOf(again)).toEqual({ 'entered-late': -25, unexplained: 0 });
  });

  it('[G13] goes from one reading to the next: what the one before left open is named first', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await busyStudio(client);
    const earlier = await client.readings.add({ workspaceId, used: '330', at: '2026-11-15T11:00:00Z' });
    const { readingId } = await client.readings.add({ workspaceId, used: '537', at: '2026-11-20T11:00:00Z' });
    const view = await explained(client, workspaceId, readingId);
    expect(view.since).toEqual({ at: Date.parse('2026-11-15T11:00:00Z'), readingId: earlier.readingId });
    expect(creditsOf(view)).toEqual({ carried: 30, unexplained: 7 });
    expect(view.byDay.map(({ day }) => day)[0]).toBe('2026-11-15');

    await client.readings.confirmDrift({ workspaceId, readingId, reason: 'The latest one' });
    const closed = await explained(client, workspaceId, earlier.readingId);
    expect([closed.closedByLater, closed.effect, closed.blocked]).toEqual([true, null, 'later-booked']);
  });

  it('[H6] names holds that were open, and entries that look as if they were made twice', async () => {
    const { client, setNow } = await openTestReplica();
    const workspaceId = await busyStudio(client);
    await client.usage.hold({ workspaceId, feature: 'video', quantity: '1', member: 'ana' });
    setNow('2026-11-20T12:05:00Z');
    const more = await client.readings.add({ workspaceId, used: '750', at: '2026-11-20T12:04:00Z' });
    expect(creditsOf(await explained(client, workspaceId, more.readingId))).toEqual({
      'pending-holds': 250,
      'silent-days': 0,
      unexplained: 0,
    });
    for (const minute of ['10', '12']) {
      const at = `2026-11-19T14:${minute}:00Z`;
      await client.usage.log({
        workspaceId,
        feature: 'studio-image',
        quantity: '3',
        member: 'ana',
        at,
        happened: true,
      });
    }
    const less = await client.readings.add({ workspaceId, used: '560', at: '2026-11-20T11:50:00Z' });
    const view = await explained(client, workspaceId, less.readingId);
    expect(view.parts.map((part) => part.kind)).toContain('entered-twice');
    const twice = view.parts.find((part) => part.kind === 'entered-twice');
    expect(twice?.places).toMatchObject([
      { day: '2026-11-19', featureId: 'studio-image', featureName: 'AI Studio image', credits: -75e6, entries: 1 },
    ]);
  });

  it('[G13] compares features where somebody entered what the platform says of them', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await busyStudio(client);
    const { readingId } = await client.readings.add({ workspaceId, used: '563', at: '2026-11-20T11:00:00Z' });
    const set = (byFeature: { feature: string; credits: string }[]) =>
      client.readings.setStated({ workspaceId, readingId, byFeature });
    expect(await complaintOf(set([{ feature: 'studio-image', credits: '564' }]))).toMatch(/more than the reading/);
    expect(await complaintOf(set([{ feature: 'nothing-like-it', credits: '1' }]))).toMatch(/no feature here/);
    expect(await complaintOf(set([{ feature: 'video', credits: '-1' }]))).toMatch(/negative/);
    await set([
      { feature: 'studio-image', credits: '510' },
      { feature: 'video', credits: '50' },
    ]);
    const view = await explained(client, workspaceId, readingId);
    expect(view.byFeature.map(({ featureId, difference }) => [featureId, difference])).toEqual([
      ['video', 50e6],
      ['studio-image', 10e6],
    ]);
    expect(view.restOfFeatures).toBe(3e6);
    await set([]);
    expect((await explained(client, workspaceId, readingId)).restOfFeatures).toBeNull();
  });

  it('[E5] is booked by company admins only', async () => {
    const { client } = await openTestReplica();
    const workspaceId = await miro(client, { me: 0 });
    await client.members.change({ workspaceId, member: 'ben', access: 'team-lead' });
    const { readingId } = await client.readings.add({ workspaceId, used: '10', at: '2026-11-19T11:00:00Z' });
    await client.workspaces.setMe({ workspaceId, member: 'ben' });
    const { code, message } = await problemOf(
      client.readings.confirmDrift({ workspaceId, readingId, reason: 'I say so' }),
    );
    expect([code, message]).toEqual(['refused', expect.stringContaining('company admin')]);
    expect((await problemOf(client.readings.setStated({ workspaceId, readingId, byFeature: [] }))).code).toBe(
      'refused',
    );
    // Totals and features are shown to everybody.
    expect((await explained(client, workspaceId, readingId)).used).toBe(10e6);
  });
});

describe('fuelgauge reading', () => {
  it('[G13] lists readings, explains one and books it on confirmation', async () => {
    const { client, dataDir, close } = await openTestReplica();
    const workspaceId = await busyStudio(client);
    const { readingId } = await client.readings.add({ workspaceId, used: '563', at: '2026-11-20T11:00:00Z' });
    await close();
    const { run } = commandLineIn(dataDir);
    const list = await run(`reading list --workspace ${workspaceId}`);
    expect(list.out).toMatch(/563\s+500\s+\+63\s+open/);
    const shown = await run(`reading show --workspace ${workspaceId} --reading ${readingId}`);
    expect(shown.out).toContain('The platform counts 63 credits more than the ledger.');
    expect(shown.out).toMatch(/50\s+working days without any entry\s+2026-11-13/);
    expect(shown.out).toMatch(/13\s+unexplained/);
    expect(shown.out).toContain('Used 500 → 563');
    const booked = await run(`reading confirm --workspace ${workspaceId} --reading ${readingId} --reason checked`);
    expect(booked.out).toContain('Booked: 63 credits');
    expect((await run(`reading list --workspace ${workspaceId}`)).out).toMatch(/563\s+563\s+0\s+booked/);
  });
});
