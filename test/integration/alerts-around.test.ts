// What is told around everything that stops time: the end of the app, sleep, a clock that is set, and a sync that is stuck.
import { describe, expect, it, onTestFinished } from 'vitest';
import { openReplica, type Replica } from '../../replica/main.ts';
import type { AlertsView } from '../../shared/bridge/alert-views.ts';
import { memoryHttpServer } from '../support/memory-http-server.ts';
import { at, clientOf, openTestReplica, piktochart, type Client } from '../support/replica.ts';
import { inStep, publishedTo, syncOf, until } from '../support/synced.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function viewOf(client: Client, workspaceId: string): Promise<AlertsView> {
  for await (const view of await client.alerts.live({ workspaceId })) return view;
  throw new Error('There is a view');
}

/** `threshold 50`, `reset`, … oldest first. */
async function kindsIn(client: Client, workspaceId: string): Promise<readonly string[]> {
  const { alerts } = await viewOf(client, workspaceId);
  return alerts.toReversed().map(({ fact }) => (fact.kind === 'threshold' ? `threshold ${fact.percent}` : fact.kind));
}

function videos(client: Client, workspaceId: string, quantity: number) {
  return client.usage.log({ workspaceId, feature: 'video', quantity: String(quantity), member: 'ana', happened: true });
}

/** An app whose timers stand still unless they are told to go on, as those of a computer that sleeps. */
function sleeper(dataDir: string) {
  const work = new Set<() => void>();
  let now = at('2026-11-20T12:00:00Z');
  const open = async (): Promise<{ readonly replica: Replica; readonly client: Client }> => {
    const replica = await openReplica({
      dataDir,
      clock: () => now,
      every: (everyMs, tick) => {
        if (everyMs === 60_000) work.add(tick);
        return () => work.delete(tick);
      },
    });
    onTestFinished(() => replica.close());
    return { replica, client: clientOf(replica) };
  };
  return {
    open,
    setNow: (iso: string) => {
      now = at(iso);
    },
    tick: () => {
      for (const each of work) each();
    },
  };
}

const patience = { timeout: 15_000 };

describe('alerts around', () => {
  it('[N1] [N2] sleep: the computer wakes to what happened, each once, without waiting for a minute', async () => {
    const { open, setNow, tick } = sleeper(await temporaryFolder());
    const { replica, client } = await open();
    const workspaceId = await piktochart(client);
    await replica.alerts.look(workspaceId);
    const expires = '2026-11-22T12:00:00Z';
    await client.usage.hold({ workspaceId, feature: 'studio-image', quantity: '1', member: 'ana', expires });
    // Asleep over a hold that times out, three Mondays and a reset.
    setNow('2026-12-08T09:00:00Z');
    replica.wake.tell('resume');
    const told = ['reset', 'hold-expiring', 'digest'];
    await expect.poll(() => kindsIn(client, workspaceId), patience).toEqual(told);
    expect((await viewOf(client, workspaceId)).alerts[0]?.fact).toMatchObject({ kind: 'digest', monday: '2026-12-07' });
    for (const reason of ['unlock', 'online', 'resume'] as const) replica.wake.tell(reason);
    tick();
    await replica.alerts.look(workspaceId);
    expect(await kindsIn(client, workspaceId)).toEqual(told);
    await replica.close();
    replica.wake.tell('resume');
  });

  it('[N1] [N2] a restart that comes with sleep and use that nobody looked at: lost is none, repeated is none', async () => {
    const { open, setNow } = sleeper(await temporaryFolder());
    const first = await open();
    const workspaceId = await piktochart(first.client);
    await first.replica.alerts.look(workspaceId);
    await videos(first.client, workspaceId, 3);
    await first.replica.alerts.look(workspaceId);
    await videos(first.client, workspaceId, 2);
    // The app ends before it looks again.
    await first.replica.close();
    setNow('2026-12-06T09:00:00Z');
    const second = await open();
    const told = ['digest', 'reset', 'threshold 50', 'threshold 80'];
    const toldTo = async (client: Client) => (await kindsIn(client, workspaceId)).toSorted();
    await expect.poll(() => toldTo(second.client), patience).toEqual(told);
    second.replica.wake.tell('resume');
    await second.replica.close();
    const third = await open();
    await third.replica.alerts.look(workspaceId);
    expect(await toldTo(third.client)).toEqual(told);
  });

  it('[N1] [N2] a clock that is set forth and back: nothing again, and what comes after it once', async () => {
    const { open, setNow } = sleeper(await temporaryFolder());
    const { replica, client } = await open();
    const workspaceId = await piktochart(client);
    await replica.alerts.look(workspaceId);
    await videos(client, workspaceId, 3);
    await replica.alerts.look(workspaceId);
    setNow('2027-02-03T12:00:00Z');
    replica.wake.tell('resume');
    const told = ['threshold 50', 'reset', 'reset', 'digest'];
    await expect.poll(() => kindsIn(client, workspaceId), patience).toEqual(told);
    setNow('2026-11-20T12:05:00Z');
    await replica.alerts.look(workspaceId);
    expect(await kindsIn(client, workspaceId)).toEqual(told);
    await videos(client, workspaceId, 2);
    await replica.alerts.look(workspaceId);
    expect(await kindsIn(client, workspaceId)).toEqual([...told, 'threshold 80']);
    // The time that was seen already comes again.
    setNow('2027-02-03T12:00:00Z');
    await replica.alerts.look(workspaceId);
    expect(await kindsIn(client, workspaceId)).toEqual([...told, 'threshold 80']);
  });

  it('[N2] a change of the clock in spring and autumn moves no Monday: each week is told once, at midnight there', async () => {
    const { open, setNow } = sleeper(await temporaryFolder());
    setNow('2026-10-19T12:00:00Z');
    const { replica, client } = await open();
    const workspaceId = await piktochart(client, { anchor: '2026-10-05' });
    await replica.alerts.look(workspaceId);
    const mondays = async (iso: string) => {
      setNow(iso);
      await replica.alerts.look(workspaceId);
      const { alerts } = await viewOf(client, workspaceId);
      return alerts.toReversed().flatMap(({ fact }) => (fact.kind === 'digest' ? fact.monday : []));
    };
    // Berlin goes from summer to winter time on Sunday, 25 October 2026, and back on 28 March 2027.
    expect(await mondays('2026-10-25T22:59:00Z')).toEqual([]);
    expect(await mondays('2026-10-25T23:00:00Z')).toEqual(['2026-10-26']);
    expect(await mondays('2026-10-26T23:30:00Z')).toEqual(['2026-10-26']);
    expect(await mondays('2027-03-28T21:59:00Z')).toEqual(['2026-10-26', '2027-03-22']);
    expect(await mondays('2027-03-28T22:00:00Z')).toEqual(['2026-10-26', '2027-03-22', '2027-03-29']);
  });
});

describe('sync', () => {
  it('[N2] that is stuck is told once, with what waits; again only after it went well', async () => {
    const server = await memoryHttpServer();
    const opened = await openTestReplica();
    const { client, replica } = opened;
    const { workspaceId } = await publishedTo(server, opened);
    await replica.alerts.look(workspaceId);
    const stuck = async () => {
      await replica.alerts.look(workspaceId);
      const { alerts } = await viewOf(client, workspaceId);
      return alerts.toReversed().flatMap(({ fact }) => (fact.kind === 'sync-stuck' ? fact : []));
    };
    const breakDown = () => {
      server.misbehave = (_, response) => {
        response.destroy();
        return true;
      };
      server.cutStreams();
    };
    const image = () => client.usage.log({ workspaceId, feature: 'studio-image', quantity: '1', member: 'ana' });
    const offline = () => until(async () => (await syncOf(client, workspaceId))?.state === 'offline');
    breakDown();
    await image();
    await offline();
    expect(await stuck()).toEqual([]);
    opened.setNow('2026-11-21T13:00:00Z');
    expect(await stuck()).toMatchObject([{ how: 'waiting', waiting: 1 }]);
    opened.setNow('2026-11-23T13:00:00Z');
    expect(await stuck()).toHaveLength(1);
    const [alert] = (await viewOf(client, workspaceId)).alerts.filter(({ fact }) => fact.kind === 'sync-stuck');
    expect(alert).toMatchObject({
      place: 'sync',
      headline: expect.stringContaining('1 entry is on this computer only'),
    });

    server.misbehave = null;
    replica.wake.tell('online');
    await inStep(client, workspaceId);
    expect(await stuck()).toHaveLength(1);
    breakDown();
    await image();
    await offline();
    opened.setNow('2026-11-25T13:00:00Z');
    expect(await stuck()).toHaveLength(2);
  });
});

describe('what a person wants to be told', () => {
  it('stays as it was chosen when a kind is added', async () => {
    const { client, replica } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await client.alerts.setSettings({ workspaceId, thresholds: [70], kinds: { digest: false } });
    const { settings } = replica.state.database.rx;
    const record = await settings.findOne(`alert-settings/${workspaceId}`).exec();
    const body = JSON.parse(JSON.stringify(record?.get('body')).replaceAll(/"sync-stuck":true,?/g, ''));
    await settings.upsert({ id: `alert-settings/${workspaceId}`, workspaceId, body });
    const { rules, preferences } = await client.alerts.settings({ workspaceId });
    expect(rules.thresholds).toEqual([70]);
    expect(preferences.kinds).toMatchObject({ digest: false, threshold: true, 'sync-stuck': true });
  });
});
