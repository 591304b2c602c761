// A run-out that is predicted before the reset: told to the webhook by the server's own forecast.
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DayUses } from '../../../server/alerts/day-uses.ts';
import { lookAt, type WatchingGiven } from '../../../server/alerts/watching.ts';
import { setWebhook } from '../../../server/alerts/webhooks.ts';
import { readCounter } from '../../../server/history/counter.ts';
import { TermsCache } from '../../../server/history/history-terms.ts';
import { alertKey } from '../../../shared/alerts/key.ts';
import { instant, type Instant } from '../../../shared/kernel/instant.ts';
import { addDays, dayOf } from '../../../shared/kernel/time-zone.ts';
import { inviteCreatedSchema } from '../../../shared/protocol/admin.ts';
import type { Entry } from '../../../shared/protocol/entry.ts';
import { routes } from '../../../shared/protocol/routes.ts';
import { at, cr, grant, usage } from '../../support/ledger-lines.ts';
import { openTestReplica, piktochart } from '../../support/replica.ts';
import { lineIn, published, serveWorkspace, type ServedWorkspace } from '../../support/served-workspace.ts';
import { inStep } from '../../support/synced.ts';
import { testDatabase } from '../../support/test-database.ts';
import { testServer } from '../../support/test-server.ts';
import { change } from '../../support/workspace-terms.ts';

const happened = { pricing: 'metered', unitRate: null, happened: true } as const;
const noon = at('2026-03-20T12:00');

const bodySchema = z.object({
  type: z.string(),
  data: z.object({
    headline: z.string(),
    detail: z.string(),
    key: z.string().nullable(),
    figures: z.record(z.string(), z.unknown()),
  }),
});

/** Some process that looks: what it keeps, and how it is set. */
function process_(database: WatchingGiven['database'], more: Partial<WatchingGiven> = {}): WatchingGiven {
  return { database, cache: new TermsCache(), dayUses: new DayUses(), forecastMsMin: 0, now: noon, ...more };
}

async function setHook({ database, organisationId }: ServedWorkspace): Promise<void> {
  const given = { organisationId, url: 'https://hooks.invalid/', thresholds: [], newSecret: false };
  await database.inOrganisation(organisationId, (transaction) => setWebhook(transaction, given));
}

/** Looks, and takes what is told of run-outs; the webhook has no thresholds. */
async function runOuts(served: ServedWorkspace, looker: WatchingGiven) {
  await lookAt(looker, served);
  const { rows } = await served.database.inOrganisation(served.organisationId, ({ query }) =>
    query<{ readonly body: string }>(
      'WITH gone AS (DELETE FROM webhook_message RETURNING id, body) SELECT body FROM gone ORDER BY id',
    ),
  );
  return rows.map(({ body }) => bodySchema.parse(JSON.parse(body))).filter(({ type }) => type === 'alert.run-out');
}

/** 1,500 credits a month for all, 40 of them a day since February: 740 are left for the eleven days after the 20th of March. */
async function worked(perDay = 40, before: (served: ServedWorkspace) => readonly Entry[] = () => []) {
  const { database } = await testDatabase();
  const served = await serveWorkspace(database);
  const use = (amount: number, when: Instant = at('2026-03-20T09:00')): Entry =>
    lineIn(served, usage(randomUUID(), when, cr(amount), happened));
  await served.admin.push(
    ...published(served.workspaceId, {
      platform: 'piktochart',
      plan: 'pro',
      seats: { member: 3 },
      from: at('2026-01-01'),
    }),
  );
  for (const entry of before(served)) await served.admin.push(entry);
  const days = Array.from({ length: 47 }, (_, index) => addDays('2026-02-01', index));
  await served.admin.push(...days.map((day) => use(perDay, at(`${day}T10:00`))));
  await setHook(served);
  return { ...served, use, looker: (more?: Partial<WatchingGiven>) => process_(database, more) };
}

describe('[N2] a run-out before the reset', () => {
  it('is told once when it becomes likely, by whichever process looks, with its days and a name', async () => {
    const served = await worked();
    const { admin, use, looker } = served;
    expect(await runOuts(served, looker())).toEqual([]);
    await admin.push(use(200));
    expect(await runOuts(served, looker())).toEqual([]);
    await admin.push(use(250));
    const [told, ...others] = await runOuts(served, looker());
    expect(others).toEqual([]);
    expect(told).toMatchObject({
      data: {
        key: 'run-out/2026-04-01T00:00:00.000Z',
        figures: { available: '290', resetAt: '2026-04-01T00:00:00.000Z' },
      },
    });
    expect(told?.data.headline).toMatch(/^Credits may run out before the reset: \d+% likely$/);
    expect(told?.data.detail).toMatch(
      /^290 credits left until 1 Apr 2026, 00:00 \(UTC\)\. Probably on 2\d Mar 2026 \(between 2\d Mar 2026 and /,
    );
    const { p10, p50, p90, probability } = told?.data.figures ?? {};
    expect(probability).toBeGreaterThan(0.5);
    expect([p10, p50, p90].map(String)).toEqual([p10, p50, p90].map(String).toSorted());
    for (const later of [noon, at('2026-03-20T18:00'), at('2026-03-21T12:00')]) {
      expect(await runOuts(served, looker({ now: later }))).toEqual([]);
    }
  });

  it('that was there when the webhook was set is told to nobody', async () => {
    const served = await worked();
    await served.admin.push(served.use(600));
    expect(await runOuts(served, served.looker())).toEqual([]);
    await served.admin.push(served.use(10));
    expect(await runOuts(served, served.looker())).toEqual([]);
  });

  it('is told again only after it had clearly become improbable', async () => {
    const served = await worked();
    const { admin, use, looker } = served;
    await runOuts(served, looker());
    await admin.push(use(450));
    expect(await runOuts(served, looker())).toHaveLength(1);
    await admin.push(lineIn(served, grant(randomUUID(), at('2026-03-20T10:00'), cr(1_000))));
    expect(await runOuts(served, looker())).toEqual([]);
    await admin.push(use(1_000));
    const [again] = await runOuts(served, looker());
    expect(again?.data).toMatchObject({ key: 'run-out/2026-04-01T00:00:00.000Z', figures: { available: '290' } });
    expect(await runOuts(served, looker())).toEqual([]);
  });

  it('counts what is left of a pack that was begun long before the first look', async () => {
    const { admin, use, looker, ...served } = await worked(100, (fresh) => [
      lineIn(fresh, grant(randomUUID(), at('2026-01-02'), cr(5_200))),
      lineIn(fresh, usage(randomUUID(), at('2026-01-10T10:00'), cr(2_400), happened)),
    ]);
    await runOuts({ ...served, admin }, looker());
    await admin.push(use(1_600));
    const [told] = await runOuts({ ...served, admin }, looker());
    // Of the pack's 5,200 January took 900, February 1,300 and March 2,000.
    expect(told?.data.figures).toMatchObject({ available: '1000' });
  });

  it('is told while people are hidden too: it is of nobody', async () => {
    const served = await worked();
    const { admin, workspaceId, use, looker } = served;
    const privacy = change(at('2026-03-01'), { kind: 'privacy', hidesPeople: true, teamMin: 3 });
    await admin.push({ kind: 'change', change: { ...privacy, id: randomUUID(), workspaceId } });
    await runOuts(served, looker());
    await admin.push(use(450));
    const [told] = await runOuts(served, looker());
    expect(JSON.stringify(told)).not.toContain(served.poolId);
    expect(told?.data.key).toBe('run-out/2026-04-01T00:00:00.000Z');
  });

  it('is looked for no more often than is set, where something changed, and when a day begins', async () => {
    const served = await worked();
    const { admin, use, looker } = served;
    const often = (now: Instant) => looker({ now, forecastMsMin: 300_000 });
    await runOuts(served, often(noon));
    await admin.push(use(450));
    expect(await runOuts(served, often(instant(noon + 299_000)))).toEqual([]);
    expect(await runOuts(served, often(instant(noon + 300_000)))).toHaveLength(1);
    // What is used today comes to count for the pace when the day is over.
    const next = await worked();
    const quiet = (now: Instant) => next.looker({ now, forecastMsMin: 300_000 });
    await next.admin.push(next.use(270));
    await runOuts(next, quiet(noon));
    const mark = async () => {
      const { rows } = await next.database.inOrganisation(next.organisationId, ({ query }) =>
        query<{ readonly watch: string }>('SELECT watch FROM alert_watch'),
      );
      return z.object({ forecast: z.object({ day: z.string(), at: z.int() }) }).parse(JSON.parse(rows[0]?.watch ?? ''))
        .forecast;
    };
    await runOuts(next, quiet(at('2026-03-20T23:59')));
    expect(await mark()).toEqual({ day: '2026-03-20', at: noon });
    expect(await runOuts(next, quiet(at('2026-03-21T00:00')))).toHaveLength(1);
    expect(await mark()).toEqual({ day: '2026-03-21', at: at('2026-03-21T00:00') });
  });

  it('is the same as on a device that has the same history: holidays, closed days and packs included', async () => {
    const test = await testServer();
    const { admin, server, database } = test;
    const now = new Date();
    const { code } = await admin.answer(inviteCreatedSchema, 'POST', routes.invites, { personId: admin.personId });
    const today = dayOf(instant(now.getTime()), 'Europe/Berlin');
    const { client } = await openTestReplica({ now: now.toISOString() });
    const anchor = addDays(today, -70);
    const workspaceId = await piktochart(client, { anchor, timeZone: 'Europe/Berlin' });
    await client.calendar.setWeek({
      workspaceId,
      weekdayPercents: [100, 100, 100, 100, 50, 0, 0],
      country: 'DE',
      region: 'BE',
    });
    const away = { workspaceId, name: 'Away', first: addDays(today, 2), last: addDays(today, 4), percent: 20 };
    await client.calendar.setOwnDays(away);
    const from = addDays(today, -5);
    await client.grants.add({ workspaceId, amount: '40', from });
    await client.grants.add({ workspaceId, amount: '30', from, expires: addDays(today, 40) });
    await client.grants.add({ workspaceId, amount: '50', from, expires: addDays(today, 10) });
    for (let back = 60; back >= 0; back -= 1) {
      const when = { at: `${addDays(today, -back)}T00:30`, happened: true };
      const quantity = String(1 + ((back * 7) % 4));
      await client.usage.log({ workspaceId, feature: 'studio-image', quantity, member: 'ana', ...when });
    }
    await client.usage.hold({ workspaceId, feature: 'video', quantity: '1', member: 'ben' });
    const { serverId } = await client.sync.connect({ invite: `${server.address} ${code}`, deviceName: 'One' });
    await client.sync.publish({ serverId, workspaceId });
    await inStep(client, workspaceId);
    const { organisationId } = admin;
    const of = { organisationId, workspaceId };
    const given = { organisationId, url: 'https://hooks.invalid/', thresholds: [], newSecret: false };
    await database.inOrganisation(organisationId, (transaction) => setWebhook(transaction, given));
    // The first look tells nothing: as if it had seen nothing of the kind.
    const looker = process_(database, { now: instant(now.getTime()) });
    await lookAt(looker, of);
    await database.inOrganisation(organisationId, async ({ query }) => {
      // The server that runs looks too; whoever looks holds this row.
      await query('SELECT FROM webhook FOR UPDATE');
      await query(
        `UPDATE alert_watch SET watch = (watch::jsonb || '{"runOuts": [], "forecast": null}')::text WHERE workspace_id = $1`,
        [workspaceId],
      );
    });
    await lookAt(looker, of);
    const { rows } = await database.inOrganisation(organisationId, ({ query }) =>
      query<{ readonly body: string }>('SELECT body FROM webhook_message'),
    );
    const [told] = rows
      .map(({ body }) => bodySchema.parse(JSON.parse(body)))
      .filter(({ type }) => type === 'alert.run-out');
    const { runOut, resetAt } = await client.forecast.get({ workspaceId });
    const { balance } = await client.balance.get({ workspaceId });
    const text = (when: Instant | null | undefined) => (when ? new Date(when).toISOString() : null);
    expect(told?.data.figures).toEqual({
      probability: runOut?.probability,
      p10: text(runOut?.p10),
      p50: text(runOut?.p50),
      p90: text(runOut?.p90),
      available: String(balance.available / 1_000_000),
      resetAt: text(resetAt),
    });
    expect(balance.grants).toHaveLength(4);
    expect(runOut?.p50).not.toBeNull();
    const fact = { kind: 'run-out', rule: 'N2', resetAt, available: balance.available, ...runOut! } as const;
    expect(told?.data.key).toBe(alertKey(fact));
  });
});

describe('the days that a process keeps', () => {
  it('are those that it would read anew, whatever comes late, early, or on another day', async () => {
    const served = await worked(5);
    const { admin, use, database, organisationId, workspaceId } = served;
    const daysOf = (uses: DayUses, today: string, timeZone: string) =>
      database.inOrganisation(organisationId, async (transaction) => {
        const counter = await readCounter(transaction, workspaceId);
        if (!counter) throw new Error('A history');
        return uses.upTo(transaction, { workspaceId, history: counter, timeZone, today, daysMax: 30 });
      });
    const kept = new DayUses();
    const steps = fc.array(
      fc.record({
        pushed: fc.array(
          fc.record({ day: fc.integer({ min: -40, max: 12 }), amount: fc.integer({ min: 1, max: 99 }) }),
          {
            maxLength: 3,
          },
        ),
        todayIs: fc.integer({ min: 0, max: 10 }),
        zone: fc.constantFrom('UTC', 'UTC', 'UTC', 'America/Los_Angeles'),
      }),
      { minLength: 1, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        for (const { pushed, todayIs, zone } of all) {
          const entries = pushed.map(({ day, amount }) => use(amount, at(`${addDays('2026-03-20', day)}T03:00`)));
          if (entries.length > 0) await admin.push(...entries);
          const today = addDays('2026-03-20', todayIs);
          expect(await daysOf(kept, today, zone)).toEqual(await daysOf(new DayUses(), today, zone));
        }
      }),
      { numRuns: 12 },
    );
  });
});
