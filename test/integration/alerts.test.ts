import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openReplica } from '../../replica/main.ts';
import type { AlertsView } from '../../shared/bridge/alert-views.ts';
import { commandLineIn } from '../support/command-line.ts';
import {
  at,
  clientOf,
  miro,
  openTestReplica,
  piktochart,
  problemOf,
  type Client,
  type TestReplica,
} from '../support/replica.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A video is 250 of the 1,500 credits of the pool. */
async function video(client: Client, workspaceId: string, quantity: number): Promise<string> {
  const use = { workspaceId, feature: 'video', quantity: String(quantity), member: 'ana', happened: true };
  return (await client.usage.log(use)).transactionId ?? '';
}

async function viewOf(client: Client, workspaceId: string): Promise<AlertsView> {
  for await (const view of await client.alerts.live({ workspaceId })) return view;
  throw new Error('There is a view');
}

/** `threshold 50`, `reset`, … oldest first. */
async function toldTo({ client, replica }: TestReplica, workspaceId: string): Promise<readonly string[]> {
  await replica.alerts.look(workspaceId);
  const { alerts } = await viewOf(client, workspaceId);
  return alerts.toReversed().map(({ fact }) => (fact.kind === 'threshold' ? `threshold ${fact.percent}` : fact.kind));
}

describe('thresholds', () => {
  it('[N1] are told by themselves soon after the use, once, in words, and live', async () => {
    const { client, replica } = await openTestReplica();
    const workspaceId = await piktochart(client);
    // The first sight, which tells nothing.
    await replica.alerts.look(workspaceId);
    const views = await client.alerts.live({ workspaceId });
    const next = async (): Promise<AlertsView | undefined> => (await views.next()).value as AlertsView | undefined;
    expect(await next()).toMatchObject({ unseen: 0, alerts: [] });
    await video(client, workspaceId, 3);
    await expect
      .poll(async () => (await next())?.alerts.map(({ headline }) => headline), { timeout: 10_000 })
      .toEqual(['50% of the allotment is used']);
    const view = await viewOf(client, workspaceId);
    expect(view.unseen).toBe(1);
    expect(view.alerts[0]).toMatchObject({
      detail: '750 credits used of 1,500 credits. Resets on 5 Dec 2026, 00:00 (Europe/Berlin).',
      seen: false,
      told: 'told',
      place: 'subscription',
      fact: { rule: 'N1', percent: 50 },
    });
    await views.return?.(undefined);
  });

  it('[N1] survive a restart: nothing is repeated, and what was booked meanwhile is told', async () => {
    const first = await openTestReplica();
    const workspaceId = await piktochart(first.client);
    expect(await toldTo(first, workspaceId)).toEqual([]);
    await video(first.client, workspaceId, 3);
    expect(await toldTo(first, workspaceId)).toEqual(['threshold 50']);
    await first.close();

    // The command line books without an engine, and tells when it is asked.
    const cli = commandLineIn(first.dataDir);
    expect(
      (await cli.run(`log --workspace ${workspaceId} --feature video --quantity 2 --member ana --happened`)).exitCode,
    ).toBe(0);
    const again = await openTestReplica({ dataDir: first.dataDir, now: '2026-11-21T08:00:00Z' });
    expect(await toldTo(again, workspaceId)).toEqual(['threshold 50', 'threshold 80']);
    expect(await toldTo(again, workspaceId)).toEqual(['threshold 50', 'threshold 80']);
    await again.close();
    const third = await openTestReplica({ dataDir: first.dataDir, now: '2026-11-21T08:00:00Z' });
    expect(await toldTo(third, workspaceId)).toEqual(['threshold 50', 'threshold 80']);
  });

  it('[N1] are re-armed by a refund, even one that came before anybody looked', async () => {
    const replica = await openTestReplica();
    const { client, setNow } = replica;
    const workspaceId = await piktochart(client);
    expect(await toldTo(replica, workspaceId)).toEqual([]);
    const id = await video(client, workspaceId, 3);
    setNow('2026-11-20T13:00:00Z');
    await client.usage.refund({ id, credits: '250', reason: 'No output' });
    setNow('2026-11-20T14:00:00Z');
    expect(await toldTo(replica, workspaceId)).toEqual(['threshold 50']);
    expect((await viewOf(client, workspaceId)).alerts[0]?.detail).toContain('It is below again meanwhile.');
    await video(client, workspaceId, 1);
    expect(await toldTo(replica, workspaceId)).toEqual(['threshold 50', 'threshold 50']);
  });

  it('[N1] [N2] tell what was crossed in a period that ended while the app was closed, and the reset', async () => {
    const first = await openTestReplica();
    const workspaceId = await piktochart(first.client);
    expect(await toldTo(first, workspaceId)).toEqual([]);
    await first.close();
    const second = await openTestReplica({ dataDir: first.dataDir, now: '2026-12-07T12:00:00Z' });
    const use = { workspaceId, feature: 'video', quantity: '7', member: 'ana', happened: true };
    await second.client.usage.log({ ...use, at: '2026-11-30T10:00:00Z' });
    expect(await toldTo(second, workspaceId)).toEqual([
      'reset',
      'threshold 50',
      'threshold 80',
      'threshold 100',
      // The Monday is the 7th.
      'digest',
    ]);
    const [, , , , reset] = (await viewOf(second.client, workspaceId)).alerts;
    expect(reset?.headline).toBe('A new period has begun: 1,500 credits allotted');
    expect(reset?.detail).toMatch(/^Used in the one before: 1,750 credits, 250 credits over\. It ended on 5 Dec 2026/);
    // The clock goes back over the reset, and forth again.
    for (const now of ['2026-11-28T12:00:00Z', '2026-12-08T12:00:00Z']) {
      second.setNow(now);
      const told = await toldTo(second, workspaceId);
      expect(told.filter((kind) => kind !== 'digest')).toHaveLength(4);
    }
  });

  it('[N1] of pools of one’s own name their member', async () => {
    const replica = await openTestReplica();
    const { client } = replica;
    const { workspaceId } = await client.workspaces.create({
      platform: 'visily',
      plan: 'pro',
      seats: { editor: 2 },
      anchor: '2026-11-05',
      timeZone: 'UTC',
      members: [
        { id: 'ana', name: 'Ana', role: 'editor' },
        { id: 'ben', name: 'Ben', role: 'editor' },
      ],
    });
    expect(await toldTo(replica, workspaceId)).toEqual([]);
    await client.usage.log({ workspaceId, feature: 'screen', quantity: '50', member: 'ben', happened: true });
    expect(await toldTo(replica, workspaceId)).toEqual(['threshold 50']);
    expect((await viewOf(client, workspaceId)).alerts[0]?.headline).toBe('50% of the allotment of Ben is used');
  });
});

describe('what else is told', () => {
  it('[N2] [H8] holds and orders, each once', async () => {
    const replica = await openTestReplica();
    const { client, setNow } = replica;
    const workspaceId = await piktochart(client);
    expect(await toldTo(replica, workspaceId)).toEqual([]);
    const hold = { workspaceId, feature: 'studio-image', quantity: '1', member: 'ana' };
    await client.usage.hold({ ...hold, expires: '2026-11-20T14:00:00Z' });
    await client.usage.hold(hold);
    expect(await toldTo(replica, workspaceId)).toEqual([]);
    setNow('2026-11-20T13:00:00Z');
    expect(await toldTo(replica, workspaceId)).toEqual(['hold-expiring']);
    await client.usage.hold({ ...hold, expires: '2026-11-21T03:00:00Z' });
    // The computer sleeps over the time-out.
    setNow('2026-11-21T12:00:01Z');
    expect(await toldTo(replica, workspaceId)).toEqual(['hold-expiring', 'hold-open', 'hold-expiring']);
    const [expired, open, expiring] = (await viewOf(client, workspaceId)).alerts;
    expect([expired?.headline, open?.headline, expiring?.headline]).toEqual([
      'A hold of Ana timed out: 25 credits are free again',
      'A hold of Ana has been open for more than a day: 25 credits',
      'A hold of Ana is about to time out: 25 credits',
    ]);
    const { orderId } = await client.orders.create({ workspaceId, pack: 'starter' });
    expect(await toldTo(replica, workspaceId)).toHaveLength(3);
    await client.orders.confirm({ orderId });
    expect((await toldTo(replica, workspaceId)).slice(3)).toEqual(['order-decided']);
    expect((await viewOf(client, workspaceId)).alerts[0]?.headline).toMatch(
      /^The order of .* was granted: 2,000 credits$/,
    );
    expect(await toldTo(replica, workspaceId)).toHaveLength(4);
  });

  it('[N2] a run-out before the reset, once there is enough history, and not before', async () => {
    const replica = await openTestReplica({ now: '2026-11-04T12:00:00Z' });
    const { client, setNow } = replica;
    const workspaceId = await miro(client);
    await client.alerts.setSettings({ workspaceId, thresholds: [] });
    expect(await toldTo(replica, workspaceId)).toEqual([]);
    for (let day = 5; day <= 20; day += 1) {
      const date = `2026-11-${String(day).padStart(2, '0')}`;
      setNow(`${date}T18:00:00Z`);
      await client.usage.log({
        workspaceId,
        feature: 'text',
        quantity: '120',
        member: 'ana',
        at: `${date}T17:00:00Z`,
        happened: true,
      });
      const told = (await toldTo(replica, workspaceId)).filter((kind) => kind !== 'digest');
      // 14 whole days have passed on the 19th.
      expect(told, date).toEqual(day < 19 ? [] : ['run-out']);
    }
    const told = (await viewOf(client, workspaceId)).alerts.find(({ fact }) => fact.kind === 'run-out');
    expect(told?.headline).toMatch(/^Credits may run out before the reset: \d+% likely$/);
  });
});

describe('a person', () => {
  it('is told what is switched on, after the quiet hours, and sees the rest in the history', async () => {
    const replica = await openTestReplica({ now: '2026-11-20T12:00:00Z' });
    const { client, setNow } = replica;
    const workspaceId = await piktochart(client);
    expect(await toldTo(replica, workspaceId)).toEqual([]);
    const { preferences } = await client.alerts.setSettings({
      workspaceId,
      thresholds: [80, 10, 10],
      kinds: { 'order-decided': false },
      quietHours: { on: true, from: '00:00', until: '23:59' },
    });
    expect(preferences.kinds).toMatchObject({ 'order-decided': false, threshold: true });
    await video(client, workspaceId, 1);
    await client.orders.confirm({ orderId: (await client.orders.create({ workspaceId, pack: 'starter' })).orderId });
    await replica.replica.alerts.look(workspaceId);
    const quiet = await viewOf(client, workspaceId);
    expect([quiet.unseen, quiet.alerts.map(({ told }) => told)]).toEqual([0, ['off', 'waiting']]);
    setNow('2026-11-22T12:00:00Z');
    expect((await viewOf(client, workspaceId)).unseen).toBe(1);
    // Somebody else at this computer is told everything, at any time.
    await client.workspaces.setMe({ workspaceId, member: 'ben' });
    expect((await viewOf(client, workspaceId)).unseen).toBe(2);
    expect((await client.alerts.settings({ workspaceId })).rules.thresholds).toEqual([10, 80]);

    const [newest] = (await viewOf(client, workspaceId)).alerts;
    expect(await client.alerts.dismiss({ workspaceId, ids: [newest?.id ?? '', 'unknown'] })).toEqual({ dismissed: 1 });
    expect((await viewOf(client, workspaceId)).unseen).toBe(1);
    expect(await client.alerts.dismiss({ workspaceId })).toEqual({ dismissed: 1 });
    expect(await client.alerts.dismiss({ workspaceId })).toEqual({ dismissed: 0 });
    expect((await viewOf(client, workspaceId)).alerts.map(({ seen }) => seen)).toEqual([true, true]);
    const wrong = await problemOf(client.alerts.setSettings({ workspaceId, thresholds: [0] }));
    expect(wrong.issues).toEqual([{ path: 'thresholds.0', message: 'is below 1 %' }]);
  });

  it('who only reads is shown what there is, and nothing is written', async () => {
    const first = await openTestReplica();
    const workspaceId = await piktochart(first.client);
    expect(await toldTo(first, workspaceId)).toEqual([]);
    await video(first.client, workspaceId, 3);
    expect(await toldTo(first, workspaceId)).toEqual(['threshold 50']);
    await first.close();
    const file = join(first.dataDir, 'fuelgauge.sqlite');
    const sequence = (): unknown => {
      const database = new DatabaseSync(file, { readOnly: true });
      const version = database.prepare('PRAGMA data_version').get();
      const rows = database.prepare('SELECT count(*) AS pages FROM dbstat').get();
      database.close();
      return [version, rows];
    };
    const before = sequence();
    const reading = await openTestReplica({ dataDir: first.dataDir, readOnly: true, now: '2026-12-24T12:00:00Z' });
    expect(await toldTo(reading, workspaceId)).toEqual(['threshold 50']);
    await reading.close();
    expect(sequence()).toEqual(before);
  });
});

describe('what is in the way', () => {
  it('[N1] loses nothing: what could not be stored is told at a later look', async () => {
    const replica = await openTestReplica();
    const { client } = replica;
    const workspaceId = await piktochart(client);
    expect(await toldTo(replica, workspaceId)).toEqual([]);
    await video(client, workspaceId, 6);
    const { settings } = replica.replica.state.database.rx;
    const upsert = settings.upsert.bind(settings);
    settings.upsert = () => Promise.reject(new Error('The disk is full'));
    await expect(replica.replica.alerts.look(workspaceId)).rejects.toThrow('The disk is full');
    settings.upsert = upsert;
    expect(await toldTo(replica, workspaceId)).toEqual(['threshold 50', 'threshold 80', 'threshold 100']);
  });

  it('a sample team that was removed while it was looked at stays removed', async () => {
    const replica = await openTestReplica();
    const { client } = replica;
    const { workspaceId } = await client.workspaces.createSample({ platforms: ['piktochart'] });
    const looks = replica.replica.alerts.look(workspaceId);
    await client.workspaces.removeSample({ workspaceId });
    await looks;
    await replica.replica.alerts.look(workspaceId);
    const { database } = replica.replica.state;
    expect(await database.rx.settings.find({ selector: { workspaceId } }).exec()).toEqual([]);
  });
});

describe('the engine', () => {
  it('looks every minute until it is closed: time alone tells too', async () => {
    let now = at('2026-11-20T12:00:00Z');
    const minutely = new Set<() => void>();
    const replica = await openReplica({
      dataDir: await temporaryFolder(),
      clock: () => now,
      every: (everyMs, work) => {
        if (everyMs === 60_000) minutely.add(work);
        return () => minutely.delete(work);
      },
    });
    onTestFinished(() => replica.close());
    const client = clientOf(replica);
    const workspaceId = await piktochart(client);
    await replica.alerts.look(workspaceId);
    now = at('2026-12-05T12:00:00Z');
    expect(minutely.size).toBeGreaterThan(0);
    for (const work of minutely) work();
    await expect
      .poll(async () => (await viewOf(client, workspaceId)).alerts.map(({ fact }) => fact.kind))
      .toEqual(['digest', 'reset']);
    await replica.close();
    expect(minutely.size).toBe(0);
  });
});

describe('fuelgauge alerts', () => {
  it('tells what is new of one workspace or of all, marks it as seen, and sets what is told', async () => {
    const cli = commandLineIn(await temporaryFolder());
    await cli.run(
      'workspace create --platform piktochart --plan pro --seats 3 --anchor 2026-01-01 --time-zone UTC --name Design',
    );
    await cli.run('member add --workspace Design --id ana --role member --name', 'Ana');
    expect((await cli.run('alerts')).out).toBe('There are no new alerts.\n');
    await cli.run('log --workspace Design --feature video --quantity 5 --member ana --happened');
    const told = await cli.run('alerts --workspace Design');
    expect(told.out).toContain('50% of the allotment is used.\n  1,250 credits used of 1,500 credits.');
    expect(told.out).toContain('80% of the allotment is used.');
    expect((await cli.run('alerts')).out).toContain('Design: 80% of the allotment is used.');
    expect(await cli.json('alerts')).toMatchObject({
      alerts: [
        { kind: 'threshold', rule: 'N1', seen: false, told: 'told' },
        { kind: 'threshold', rule: 'N1' },
      ],
    });
    expect((await cli.run('alerts seen --workspace Design')).out).toBe('Marked as seen: 2.\n');
    expect((await cli.run('alerts')).out).toBe('There are no new alerts.\n');
    expect((await cli.run('alerts --all')).out).toContain('80% of the allotment is used.');

    const set = await cli.run(
      'alerts settings --workspace Design --thresholds 90,60 --run-out 30 --quiet 22:00-07:00 --off reset',
    );
    expect(set.out).toBe(
      [
        'Thresholds: 60 %, 90 %.',
        'A run-out is told when it is more than 30 % likely, a hold 60 minutes before it times out.',
        'Quiet hours: 22:00 to 07:00.',
        'Not told: reset.\n',
      ].join('\n'),
    );
    expect((await cli.run('alerts settings --workspace Design --no-quiet --on reset')).out).toContain(
      'There are no quiet hours.\nEvery kind is told.',
    );
    expect(await cli.run('alerts settings --workspace Design --quiet late')).toMatchObject({ exitCode: 1 });
    expect(await cli.run('alerts settings --workspace Design --thresholds 50,half')).toMatchObject({ exitCode: 1 });
  });
});
