// The webhook of an organisation, as its admin sees it: set, tried, told of use, out of order, and removed.
import { mkdirSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { expectNoViolations } from '../support/axe.ts';
import { timeoutMsMax, useOpenedApp } from '../support/opened-app.ts';
import { startOwnServer } from '../support/own-server.ts';
import { fact, panel, press, reads, says, show, complaintOf } from '../support/screen.ts';
import { studio } from '../support/studio.ts';
import { signatureOf, webhookReceiver } from '../support/webhook-receiver.ts';

const app = useOpenedApp();

it('an admin sets a webhook; it is told of use, says that it does not answer, and is removed', async () => {
  const { page, client } = app;
  const receiver = await webhookReceiver();
  const server = await startOwnServer({
    FUELGAUGE_SERVER_WEBHOOK_PRIVATE_ADDRESSES: 'allowed',
    FUELGAUGE_SERVER_WEBHOOK_AUTHORITIES: receiver.authorities,
  });
  onTestFinished(server.drop);
  const workspaceId = await studio(client);
  const { serverId } = await client.sync.connect({ invite: server.inviteLink, deviceName: 'Desk' });
  await client.sync.publish({ serverId, workspaceId });
  await client.sync.now({ workspaceId });
  await page.reload();
  await show(page, `/w/${workspaceId}/administration`, 'Administration');
  await page.getByRole('tab', { name: 'Webhook' }).click();
  await says(page, 'No webhook yet');
  await expectNoViolations(page);

  await press(page, 'Set a webhook');
  const form = page.getByRole('dialog', { name: 'Set a webhook' });
  const address = form.getByRole('textbox', { name: 'Address' });
  await address.fill('http://hooks.invalid/');
  await press(form, 'Save');
  await expect.poll(() => complaintOf(address)).toMatch(/does not begin with https/);
  await address.fill(receiver.url);
  await expectNoViolations(page);
  await press(form, 'Save');
  const told = page.getByRole('dialog', { name: 'Secret of the webhook' });
  const secret = (await told.locator('code, pre').first().textContent()) ?? '';
  expect(secret).toMatch(/^whsec_/);
  await expectNoViolations(page);
  await press(told, 'Done');
  await reads(fact(panel(page, 'Webhook'), 'State'), 'ready');

  await client.usage.log({ workspaceId, feature: 'video', quantity: '5', member: 'ana', happened: true });
  await client.sync.now({ workspaceId });
  await expect.poll(() => receiver.received.length, { timeout: timeoutMsMax }).toBe(2);
  for (const message of receiver.received) {
    expect(message.signature).toBe(signatureOf(secret, message));
    expect(message.body).not.toMatch(/ana/i);
  }

  receiver.answer(500);
  await press(page, 'Send a test message');
  await says(page, /The test message did not arrive/);
  const trouble = page.getByRole('alert').filter({ hasText: 'The webhook does not answer' });
  await says(trouble, 'The receiver answered with 500.');
  await expectNoViolations(page);
  const { width, height } = page.viewportSize() ?? { width: 1280, height: 860 };
  const shots = process.env['FUELGAUGE_SHOTS'];
  if (shots) {
    mkdirSync(shots, { recursive: true });
    await page.screenshot({ path: `${shots}/wide.png` });
  }
  await page.setViewportSize({ width: 400, height: 800 });
  onTestFinished(() => page.setViewportSize({ width, height }));
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
  if (shots) {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.screenshot({ path: `${shots}/narrow.png`, fullPage: true });
    await page.emulateMedia({ colorScheme: 'light' });
  }
  receiver.answer(204);
  await press(page, 'Send a test message');
  await says(page, 'The test message arrived.');
  await trouble.waitFor({ state: 'detached' });

  await press(page, 'Remove');
  await press(page.getByRole('dialog', { name: 'Remove the webhook?' }), 'Remove');
  await says(page, 'No webhook yet');
});
