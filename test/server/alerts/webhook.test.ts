import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deliverDue } from '../../../server/alerts/delivery.ts';
import { webhookAddress, isPrivate } from '../../../server/alerts/address.ts';
import { sendMessage } from '../../../server/alerts/send.ts';
import { startServer } from '../../../server/start-server.ts';
import { instant } from '../../../shared/kernel/instant.ts';
import { dayOf } from '../../../shared/kernel/time-zone.ts';
import { changedSchema } from '../../../shared/protocol/admin.ts';
import type { Entry } from '../../../shared/protocol/entry.ts';
import { routes } from '../../../shared/protocol/routes.ts';
import { webhookSchema, webhookSecretSchema, webhookTriedSchema } from '../../../shared/protocol/webhook.ts';
import { cr, usage } from '../../support/ledger-lines.ts';
import { publishOn } from '../../support/served-over-http.ts';
import { published } from '../../support/served-workspace.ts';
import { plainConfig, problemIn, testServer, type TestServer } from '../../support/test-server.ts';
import { signatureOf, webhookReceiver, type WebhookReceiver } from '../../support/webhook-receiver.ts';

const dayMs = 86_400_000;
const today = instant(Date.now() - 60_000);
const from = instant(Date.UTC(2025, 0, 1));

const standing = async ({ admin }: TestServer) => (await admin.answer(webhookSchema, 'GET', routes.webhook)).webhook;
const typesIn = ({ received }: WebhookReceiver) =>
  received.map(({ body }) => (JSON.parse(body) as { readonly type: string }).type);

async function queuedRunOuts({ database, admin }: TestServer): Promise<number> {
  const { rowCount } = await database.inOrganisation(admin.organisationId, ({ query }) =>
    query(`SELECT FROM webhook_message WHERE body LIKE '%alert.run-out%'`),
  );
  return rowCount ?? 0;
}

async function servedWithWebhook(more: { readonly anchor?: string } = {}) {
  const receiver = await webhookReceiver();
  const webhooks = { privateAddresses: true, authorities: receiver.authorities, forecastMsMin: 0 };
  const test = await testServer({ config: { webhooks } });
  const workspace = await publishOn(test);
  const device = workspace.as(test.admin);
  await device.push(
    ...published(workspace.workspaceId, { platform: 'piktochart', plan: 'pro', seats: { member: 3 }, from, ...more }),
  );
  const { secret } = await test.admin.answer(webhookSecretSchema, 'POST', routes.webhook, { url: receiver.url });
  const use = (amount: number, when = today): Entry => ({
    kind: 'line',
    line: {
      ...usage(randomUUID(), when, cr(amount), { pricing: 'metered', unitRate: null, happened: true }),
      workspaceId: workspace.workspaceId,
      poolId: workspace.poolId,
    },
  });
  /** As if the time to try again had come. */
  const due = () =>
    test.database.inOrganisation(test.admin.organisationId, ({ query }) => query('UPDATE webhook SET due_at = 0'));
  const deliver = async () => {
    await due();
    const sending = { privateAddresses: true, authorities: test.server.services.alerts.sending.authorities };
    const given = { database: test.database, sending, stopSignal: new AbortController().signal };
    return deliverDue(given, test.admin.organisationId);
  };
  return { receiver, test, device, secret: secret ?? '', use, deliver, webhooks };
}

describe('a webhook', () => {
  it('[N1] is told soon after a booking, signed, once', async () => {
    const { receiver, test, device, secret, use } = await servedWithWebhook();
    await device.push(use(800));
    await expect.poll(() => typesIn(receiver), { timeout: 30_000 }).toEqual(['alert.threshold']);
    const [message] = receiver.received;
    expect(message?.signature).toBe(signatureOf(secret, message!));
    expect(message?.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(Math.abs(Number(message?.timestamp) * 1_000 - Date.now())).toBeLessThan(600_000);
    await expect.poll(async () => (await standing(test))?.waiting).toBe(0);
    expect(await standing(test)).toMatchObject({ state: 'ready', lost: 0, problem: null, thresholds: [50, 80, 100] });
    expect((await standing(test))?.deliveredAt).not.toBeNull();
    await device.push(use(10));
    await device.push(use(400));
    await expect.poll(() => typesIn(receiver), { timeout: 30_000 }).toHaveLength(2);
  });

  it('that fails is tried again under the same id, in order, later each time; what waited arrives', async () => {
    const { receiver, test, device, use, deliver } = await servedWithWebhook();
    receiver.answer(500);
    await device.push(use(800));
    await expect.poll(async () => (await standing(test))?.state, { timeout: 30_000 }).toBe('failing');
    const first = await standing(test);
    expect(first).toMatchObject({ waiting: 1, problem: 'The receiver answered with 500.' });
    receiver.answer('nothing');
    await device.push(use(500));
    expect(await deliver()).toBe(0);
    const second = await standing(test);
    expect(second?.failingSince).toBe(first?.failingSince);
    expect((second?.nextTryAt ?? 0) - Date.now()).toBeGreaterThan(10_000);
    expect(second?.problem).toMatch(/could not be reached/);
    await expect.poll(async () => (await standing(test))?.waiting).toBe(2);
    receiver.answer(200);
    await expect
      .poll(
        async () => {
          await deliver();
          return (await standing(test))?.waiting;
        },
        { timeout: 30_000 },
      )
      .toBe(0);
    expect(await standing(test)).toMatchObject({ state: 'ready', problem: null, failingSince: null });
    const ids = receiver.received.map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    expect(ids.lastIndexOf(ids[0]!)).toBeLessThan(ids.indexOf(ids.at(-1)!));
    expect(ids.at(-1)).not.toBe(ids[0]);
  });

  it('that does not answer for days is given up and says so; a try that arrives takes it up again', async () => {
    const { receiver, test, device, use, deliver } = await servedWithWebhook();
    receiver.answer(503);
    await device.push(use(800));
    await expect.poll(async () => (await standing(test))?.state, { timeout: 30_000 }).toBe('failing');
    await test.database.inOrganisation(test.admin.organisationId, ({ query }) =>
      query('UPDATE webhook SET failing_since = failing_since - 4 * 86400000'),
    );
    await deliver();
    expect(await standing(test)).toMatchObject({ state: 'stopped', waiting: 1 });
    const attempts = receiver.received.length;
    expect(await deliver()).toBe(0);
    expect(receiver.received).toHaveLength(attempts);
    const tried = () => test.admin.answer(webhookTriedSchema, 'POST', routes.tryWebhook);
    expect(await tried()).toEqual({ arrived: false, problem: 'The receiver answered with 503.' });
    expect(await standing(test)).toMatchObject({ state: 'stopped', waiting: 1 });
    receiver.answer(204);
    expect(await tried()).toEqual({ arrived: true, problem: null });
    await expect.poll(async () => (await standing(test))?.waiting, { timeout: 30_000 }).toBe(0);
    expect(await standing(test)).toMatchObject({ state: 'ready' });
    expect(typesIn(receiver).slice(-2)).toEqual(['test', 'alert.threshold']);
  });

  it('that is gone is tried no more, and one that leads elsewhere is not followed', async () => {
    const { receiver, test, device, use } = await servedWithWebhook();
    receiver.answer(302);
    expect(await test.admin.answer(webhookTriedSchema, 'POST', routes.tryWebhook)).toEqual({
      arrived: false,
      problem: 'The receiver answered with 302.',
    });
    receiver.answer(410);
    await device.push(use(800));
    await test.admin.answer(webhookTriedSchema, 'POST', routes.tryWebhook);
    expect(await standing(test)).toMatchObject({ state: 'stopped', problem: 'The receiver answered with 410.' });
  });

  it('[N1] loses nothing and repeats nothing while the server restarts', async () => {
    const { receiver, test, device, use, webhooks } = await servedWithWebhook();
    await device.push(use(800));
    await expect.poll(() => typesIn(receiver), { timeout: 30_000 }).toEqual(['alert.threshold']);
    receiver.answer(500);
    await device.push(use(500));
    await expect.poll(async () => (await standing(test))?.state, { timeout: 30_000 }).toBe('failing');
    await test.server.stop();
    receiver.answer(204);
    const before = receiver.received.length;
    await test.database.inOrganisation(test.admin.organisationId, ({ query }) =>
      query('UPDATE webhook SET due_at = 0'),
    );
    const again = await startServer(
      { ...plainConfig, webhooks, databaseUrl: test.serverUrl, migrationDatabaseUrl: test.ownerUrl },
      { writeLog: () => undefined },
    );
    if (!again.ok) throw new Error(again.error.message);
    try {
      await expect.poll(() => receiver.received.length, { timeout: 30_000 }).toBe(before + 1);
      const waiting = () =>
        test.database.inOrganisation(test.admin.organisationId, ({ query }) => query('SELECT FROM webhook_message'));
      await expect.poll(async () => (await waiting()).rowCount).toBe(0);
      const bodies = receiver.received.map(({ body }) => JSON.parse(body) as { readonly data: { headline: string } });
      expect(new Set(bodies.map(({ data }) => data.headline))).toEqual(
        new Set(['50% of the allotment is used', '80% of the allotment is used']),
      );
    } finally {
      await again.value.stop();
    }
  });

  it('[N2] is told of a run-out that the server predicts, once, whatever restarts in between', async () => {
    // The reset is some twenty days away, on whichever day this runs.
    const anchor = dayOf(instant(today - 10 * dayMs), 'UTC');
    const { receiver, test, device, use, deliver, webhooks } = await servedWithWebhook({ anchor });
    const { organisationId } = test.admin;
    // 8 credits a day, which 1,500 bear easily.
    await device.push(...Array.from({ length: 28 }, (_, index) => use(8, instant(today - (index + 1) * dayMs))));
    await test.server.services.alerts.lookAtAll(organisationId);
    expect(typesIn(receiver)).toEqual([]);
    receiver.answer(500);
    await device.push(use(1_350));
    await expect.poll(() => queuedRunOuts(test), { timeout: 30_000 }).toBe(1);
    await test.server.stop();
    expect(await queuedRunOuts(test)).toBe(1);
    receiver.answer(204);
    const again = await startServer(
      { ...plainConfig, webhooks, databaseUrl: test.serverUrl, migrationDatabaseUrl: test.ownerUrl },
      { writeLog: () => undefined },
    );
    if (!again.ok) throw new Error(again.error.message);
    try {
      await again.value.services.alerts.lookAtAll(organisationId);
      await expect
        .poll(
          async () => {
            await deliver();
            return queuedRunOuts(test);
          },
          { timeout: 30_000 },
        )
        .toBe(0);
      await again.value.services.alerts.lookAtAll(organisationId);
      expect(await queuedRunOuts(test)).toBe(0);
      const told = receiver.received.filter(({ body }) => body.includes('alert.run-out'));
      expect(new Set(told.map(({ id }) => id)).size).toBe(1);
      expect(told.at(-1)?.body).toContain('"headline":"Credits may run out before the reset: ');
      expect(told.at(-1)?.body).toContain('"key":"run-out/');
    } finally {
      await again.value.stop();
    }
  });

  it('keeps its secret until another one is asked for, and is gone when it is removed', async () => {
    const { receiver, test, secret } = await servedWithWebhook();
    const { admin } = test;
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const url = receiver.url;
    expect(await admin.answer(webhookSecretSchema, 'POST', routes.webhook, { url, thresholds: [90, 10, 90] })).toEqual({
      secret: null,
    });
    expect((await standing(test))?.thresholds).toEqual([10, 90]);
    expect((await admin.send('GET', routes.webhook)).text).not.toContain(secret);
    const { secret: other } = await admin.answer(webhookSecretSchema, 'POST', routes.webhook, { url, newSecret: true });
    expect(other).not.toBe(secret);
    await admin.answer(webhookTriedSchema, 'POST', routes.tryWebhook);
    const last = receiver.received.at(-1)!;
    expect([signatureOf(other ?? '', last), signatureOf(secret, last) === last.signature]).toEqual([
      last.signature,
      false,
    ]);
    expect(await admin.answer(changedSchema, 'POST', routes.removeWebhook)).toEqual({ changed: true });
    expect(await admin.answer(changedSchema, 'POST', routes.removeWebhook)).toEqual({ changed: false });
    expect(await standing(test)).toBeNull();
    expect(problemIn(await admin.send('POST', routes.tryWebhook))).toBe('not-found');
  });
});

describe('where a webhook may lead', () => {
  it.each([
    ['http://example.com/', 'not-https'],
    ['https://ana:secret@example.com/', 'with-password'],
    ['nonsense', 'no-address'],
    ['https://127.0.0.1/', 'private'],
    ['https://2130706433/', 'private'],
    ['https://0x7f.1/', 'private'],
    ['https://localhost/', 'private'],
    ['https://169.254.169.254/latest', 'private'],
    ['https://[::1]/', 'private'],
    ['https://[::ffff:10.0.0.1]/', 'private'],
    ['https://[64:ff9b::a00:1]/', 'private'],
  ])('%s is refused as %s', (text, expected) => {
    expect(webhookAddress(text, { privateAddresses: false })).toEqual({ ok: false, error: expected });
  });

  it('the public Internet, and more only where the server allows it', () => {
    for (const text of ['https://example.com/hook?a=b', 'https://8.8.8.8/', 'https://[2001:4860:4860::8888]/']) {
      expect(webhookAddress(text, { privateAddresses: false })).toEqual({ ok: true, value: text });
    }
    expect(webhookAddress('https://10.0.0.1/#x', { privateAddresses: true })).toEqual({
      ok: true,
      value: 'https://10.0.0.1/',
    });
    expect(
      ['10.1.2.3', '100.64.0.1', '172.31.0.1', 'fd00::1', 'fe80::1', '2002:a00:1::'].filter(isPrivate),
    ).toHaveLength(6);
    expect(['1.1.1.1', '172.32.0.1', '100.128.0.1'].filter(isPrivate)).toEqual([]);
  });

  it('the server says what is wrong with an address, and keeps what was set', async () => {
    const test = await testServer();
    const { admin } = test;
    await admin.answer(webhookSecretSchema, 'POST', routes.webhook, { url: 'https://hooks.invalid/a' });
    for (const url of ['http://hooks.invalid/', 'https://10.0.0.1/', 'here', 'https://a:b@hooks.invalid/']) {
      const answer = await admin.send('POST', routes.webhook, { url });
      expect([answer.status, problemIn(answer)], url).toEqual([400, 'malformed-request']);
    }
    expect((await standing(test))?.url).toBe('https://hooks.invalid/a');
  });

  it('a name that leads into a private network is not called', async () => {
    const receiver = await webhookReceiver();
    const sent = await sendMessage(
      { url: receiver.url.replace('127.0.0.1', 'localhost'), secret: Buffer.alloc(32) },
      { id: 'a', body: '{}' },
      { privateAddresses: false, authorities: null, stopSignal: new AbortController().signal },
    );
    expect(sent).toMatchObject({ ok: false, error: { why: expect.stringContaining('private network') } });
    expect(receiver.received).toEqual([]);
  });

  it('a receiver whose certificate nobody vouches for is told nothing', async () => {
    const receiver = await webhookReceiver();
    const sent = await sendMessage(
      { url: receiver.url, secret: Buffer.alloc(32) },
      { id: 'a', body: '{}' },
      { privateAddresses: true, authorities: null, stopSignal: new AbortController().signal },
    );
    expect(sent).toMatchObject({ ok: false, error: { why: expect.stringContaining('certificate') } });
    expect(receiver.received).toEqual([]);
  });
});
