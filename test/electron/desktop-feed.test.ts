// L2: what the replica's process tells the tray and the notifications, from a real replica.
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { feedDesktop, meterOf } from '../../electron/desktop-feed.ts';
import { messageFromReplicaSchema, type MessageFromReplica } from '../../electron/replica-messages.ts';
import { openStandingReplica, type StandingReplica } from '../../replica/recovery/standing-replica.ts';
import type { AlertsView } from '../../shared/bridge/alert-views.ts';
import { credits as micro } from '../../shared/kernel/credits.ts';
import { at, openTestReplica, piktochart } from '../support/replica.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Fed {
  readonly standing: StandingReplica;
  readonly told: MessageFromReplica[];
  readonly stop: () => Promise<void>;
}

async function feed(options: { readonly dataDir?: string; readonly readOnly?: boolean } = {}): Promise<Fed> {
  const dataDir = options.dataDir ?? (await temporaryFolder());
  const standing = await openStandingReplica({
    dataDir,
    readOnly: options.readOnly === true,
    clock: () => at('2026-11-20T12:00:00Z'),
  });
  const told: MessageFromReplica[] = [];
  const ending = new AbortController();
  const feeding = feedDesktop({
    client: standing.client,
    // As it crosses to the other process.
    tell: (message) => void told.push(messageFromReplicaSchema.parse(structuredClone(message))),
    signal: ending.signal,
    wait: () => pause(5),
    timeZone: 'UTC',
  });
  const stop = async (): Promise<void> => {
    ending.abort();
    await feeding;
    await standing.close();
  };
  onTestFinished(stop);
  return { standing, told, stop };
}

const create = ({ client }: StandingReplica) =>
  client.workspaces.create({
    name: 'Design',
    platform: 'piktochart',
    plan: 'pro',
    seats: { member: 3 },
    anchor: '2026-11-05',
    timeZone: 'UTC',
    members: [{ id: 'ana', name: 'Ana', role: 'member' }],
  });
const use = ({ client }: StandingReplica, workspaceId: string, quantity: string) =>
  client.usage.log({ workspaceId, feature: 'video', quantity, member: 'ana' });
const metersIn = (told: readonly MessageFromReplica[]) =>
  told.flatMap((message) => (message.kind === 'meters' ? [message.meters] : []));
const alertsIn = (told: readonly MessageFromReplica[]) =>
  told.flatMap((message) => (message.kind === 'alerts' ? message.alerts : []));

describe('the feed of the desktop', () => {
  it('tells balance and run-out, again after every change', async () => {
    const { standing, told } = await feed();
    await expect.poll(() => metersIn(told)).toEqual([[]]);
    const { workspaceId } = await create(standing);
    await expect
      .poll(() => metersIn(told).at(-1), { timeout: 10_000 })
      .toMatchObject([{ workspaceId, name: 'Design', share: 1, tone: 'calm', balance: '1,500 of 1,500 credits left' }]);
    await use(standing, workspaceId, '2');
    await expect
      .poll(() => metersIn(told).at(-1)?.[0]?.balance, { timeout: 10_000 })
      .toBe('1,000 of 1,500 credits left');
    expect(JSON.stringify(told)).not.toContain('Ana');
  });

  it('tells an alert once, over restarts too', async () => {
    const first = await feed();
    const { workspaceId } = await create(first.standing);
    // The first look only remembers.
    await expect
      .poll(async () => (await (await first.standing.client.alerts.live({ workspaceId })).next()).value, {
        timeout: 10_000,
      })
      .toMatchObject({ since: expect.any(Number) });
    await use(first.standing, workspaceId, '3');
    await expect
      .poll(() => alertsIn(first.told), { timeout: 10_000 })
      .toMatchObject([
        { workspaceId, workspaceName: 'Design', headline: '50% of the allotment is used', place: 'subscription' },
      ]);
    const { dataDirectory } = await first.standing.client.app.info();
    await first.stop();
    const second = await feed({ dataDir: dataDirectory });
    await expect.poll(() => metersIn(second.told).length, { timeout: 10_000 }).toBeGreaterThan(0);
    await use(second.standing, workspaceId, '2');
    await expect.poll(() => alertsIn(second.told).length, { timeout: 10_000 }).toBe(1);
    expect(alertsIn(second.told)).toMatchObject([{ headline: '80% of the allotment is used' }]);
  });

  it('tells of a sample only while there is nothing real, and no alert of it', async () => {
    const { standing, told } = await feed();
    await standing.client.workspaces.createSample({ platforms: ['mirage'] });
    await expect.poll(() => metersIn(told).at(-1), { timeout: 10_000 }).toMatchObject([{ name: 'Sample · Mirage' }]);
    await create(standing);
    await expect.poll(() => metersIn(told).at(-1), { timeout: 10_000 }).toMatchObject([{ name: 'Design' }]);
    expect(alertsIn(told)).toEqual([]);
  });

  it('tells no alerts where the data is only read: nothing could be marked as told', async () => {
    const first = await feed();
    await create(first.standing);
    const { dataDirectory } = await first.standing.client.app.info();
    await first.stop();
    const second = await feed({ dataDir: dataDirectory, readOnly: true });
    await expect.poll(() => metersIn(second.told).at(-1)?.length, { timeout: 10_000 }).toBe(1);
    expect(alertsIn(second.told)).toEqual([]);
  });

  it('goes on when the data was closed and opened again', async () => {
    const { standing, told } = await feed();
    await create(standing);
    await expect.poll(() => metersIn(told).at(-1)?.length, { timeout: 10_000 }).toBe(1);
    await standing.client.recovery.openReadOnly();
    await standing.client.recovery.tryAgain();
    const before = told.length;
    await expect.poll(() => metersIn(told.slice(before)).at(-1)?.length, { timeout: 10_000 }).toBe(1);
  });
});

describe('alerts for the desktop', () => {
  it('are taken once, also when asked for twice at once, and not when they were seen in the app', async () => {
    const { client, replica } = await openTestReplica();
    const workspaceId = await piktochart(client);
    await replica.alerts.look(workspaceId);
    await client.usage.log({ workspaceId, feature: 'video', quantity: '6', member: 'ana', happened: true });
    await replica.alerts.look(workspaceId);
    const views = await client.alerts.live({ workspaceId });
    const told = ((await views.next()).value as AlertsView | undefined)?.alerts ?? [];
    await views.return?.(undefined);
    const [dismissed, ...others] = told;
    expect(others.length).toBeGreaterThan(1);
    await client.alerts.dismiss({ workspaceId, ids: [dismissed?.id ?? ''] });
    const taken = await Promise.all([client.alerts.take({ workspaceId }), client.alerts.take({ workspaceId })]);
    expect(taken.flat().map(({ id }) => id)).toEqual(others.map(({ id }) => id).toReversed());
    expect(await client.alerts.take({ workspaceId })).toEqual([]);
  });
});

describe('a meter', () => {
  const balance = {
    poolId: 'pool',
    asOf: at('2026-11-20T12:00:00Z'),
    period: { start: at('2026-11-05T00:00:00Z'), end: at('2026-12-05T00:00:00Z') },
    allotted: micro(1_500_000_000),
    used: micro(500_000_000),
    held: micro(0),
    available: micro(1_000_000_000),
    overage: micro(0),
    lapsedInPeriod: micro(0),
    lapsed: micro(0),
    voided: micro(0),
    grantedEver: micro(1_500_000_000),
    usedEver: micro(500_000_000),
    overageEver: micro(0),
    grants: [
      {
        id: 'g',
        kind: 'allotment',
        packId: null,
        amount: micro(1_500_000_000),
        remaining: micro(1_000_000_000),
        held: micro(0),
        priority: 0,
        effectiveFrom: at('2026-11-05T00:00:00Z'),
        expiresAt: null,
      },
    ],
  } as const;
  const forecast = {
    asOf: balance.asOf,
    resetAt: balance.period.end,
    quality: 'full',
    runOut: { p10: null, p50: null, p90: null, probability: 0.1 },
  } as const;

  it.each([
    ['lasts', {}, {}, 'calm', 'Lasts until the reset on 5 Dec 2026'],
    [
      'runs out',
      {},
      { runOut: { p10: null, p50: at('2026-11-28T00:00:00Z'), p90: null, probability: 0.9 } },
      'tight',
      'Runs out about 28 Nov 2026',
    ],
    [
      'may not last',
      {},
      { runOut: { p10: null, p50: null, p90: null, probability: 0.5 } },
      'tight',
      'May not last until the reset on 5 Dec 2026',
    ],
    ['is used up', { available: micro(0), grants: [] }, {}, 'empty', 'Used up. Reset on 5 Dec 2026'],
    ['has too short a history', {}, { quality: 'pace-only', runOut: null }, 'calm', 'Reset on 5 Dec 2026'],
    [
      'was never used',
      { available: micro(0), grants: [], usedEver: micro(0), used: micro(0) },
      { quality: 'none' },
      'calm',
      'Reset on 5 Dec 2026',
    ],
  ] as const)('of a pool that %s', (_what, more, expected, tone, runOut) => {
    expect(meterOf({ balance: { ...balance, ...more } }, { ...forecast, ...expected }, 'UTC')).toMatchObject({
      tone,
      runOut,
    });
  });

  it('says what is left of all that there is, and what is beyond it', () => {
    expect(meterOf({ balance }, forecast)).toMatchObject({ share: 2 / 3, balance: '1,000 of 1,500 credits left' });
    expect(
      meterOf(
        { balance: { ...balance, available: micro(-20_500_000), overage: micro(20_500_000), grants: [] } },
        forecast,
      ),
    ).toMatchObject({ share: 0, balance: '20.5 credits beyond what was granted' });
  });
});
