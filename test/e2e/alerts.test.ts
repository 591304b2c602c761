// What is told without being asked for: the bell, the alert centre, its settings, and an app that ends in between.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectOwner } from '../../replica/loopback/connect-owner.ts';
import { openPage, startApp } from '../support/app-process.ts';
import { expectNoViolations } from '../support/axe.ts';
import { commandLineIn } from '../support/command-line.ts';
import { useOpenedApp, type OwnerClient } from '../support/opened-app.ts';
import { complaintOf, flip, panel, press, reads, says, showWorkspace } from '../support/screen.ts';
import { studio } from '../support/studio.ts';

const app = useOpenedApp();

/** A video is 250 of the 1,500 credits of the pool. */
function videos(client: OwnerClient, workspaceId: string, quantity: number) {
  return client.usage.log({ workspaceId, feature: 'video', quantity: String(quantity), member: 'ana', happened: true });
}

/** The first look at a workspace tells nothing: what comes after it does. */
async function firstSight(client: OwnerClient, workspaceId: string): Promise<void> {
  for await (const { since } of await client.alerts.live({ workspaceId })) if (since !== null) return;
}

const bell = (page: Page) => page.getByRole('link', { name: /^Alerts(?:, \d+ new)?$/ });

describe('the alert centre', () => {
  it('says that there is nothing yet, tells of a threshold as it is crossed, and keeps it when it was seen', async () => {
    const { page, client } = app;
    const workspaceId = await studio(client);
    await firstSight(client, workspaceId);
    await showWorkspace(page, workspaceId);
    await bell(page).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Alerts', exact: true }).waitFor();
    await says(page, 'No alerts yet');
    await expectNoViolations(page);

    // More is used while the page is open.
    await videos(client, workspaceId, 5);
    await page.getByRole('link', { name: 'Alerts, 2 new', exact: true }).waitFor();
    const fresh = panel(page, 'New');
    await says(fresh, '80% of the allotment is used');
    await says(fresh, /^1,250 credits used of 1,500 credits\./);
    await expectNoViolations(page);

    await press(fresh, 'Mark as seen: 50% of the allotment is used');
    await page.getByRole('link', { name: 'Alerts, 1 new', exact: true }).waitFor();
    await says(panel(page, 'History'), '50% of the allotment is used');
    const seeAll = page.getByRole('button', { name: 'Mark all as seen', exact: true });
    await seeAll.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Alerts', exact: true }).waitFor();
    await says(fresh, 'Nothing new. What was told before is below.');
    expect(await seeAll.isDisabled()).toBe(true);

    await page.getByRole('link', { name: 'Open the subscription: 80% of the allotment is used', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Subscription', exact: true }).waitFor();
  });

  it('fits a narrow window, long names included', async () => {
    const { page, client } = app;
    const workspaceId = await studio(client);
    await firstSight(client, workspaceId);
    await videos(client, workspaceId, 7);
    await client.orders.confirm({ orderId: (await client.orders.create({ workspaceId, pack: 'starter' })).orderId });
    const { width, height } = page.viewportSize() ?? { width: 1280, height: 860 };
    await page.setViewportSize({ width: 400, height: 800 });
    onTestFinished(() => page.setViewportSize({ width, height }));
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `/w/${workspaceId}/alerts`);
    await says(panel(page, 'New'), '100% of the allotment is used up');
    await page.getByRole('link', { name: 'Alerts, 4 new', exact: true }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
    await expectNoViolations(page);
  });

  it('tells what was crossed while the app was closed, and repeats nothing after a crash', async () => {
    const dataDirectory = await mkdtemp(join(tmpdir(), 'fuelgauge-e2e-alerts-'));
    onTestFinished(() => rm(dataDirectory, { recursive: true, force: true }));
    const opened = async () => {
      const running = await startApp(dataDirectory);
      const owner = await connectOwner(dataDirectory);
      if (owner === undefined) throw new Error('The app does not answer.');
      return { running, owner };
    };
    const first = await opened();
    const workspaceId = await studio(first.owner.client);
    await firstSight(first.owner.client, workspaceId);
    await videos(first.owner.client, workspaceId, 3);
    const told = async (client: OwnerClient): Promise<readonly string[]> => {
      for await (const { alerts } of await client.alerts.live({ workspaceId })) {
        return alerts.toReversed().map(({ headline }) => headline);
      }
      return [];
    };
    await expect.poll(() => told(first.owner.client), { timeout: 10_000 }).toEqual(['50% of the allotment is used']);
    first.owner.close();
    await first.running.kill();

    const words = `log --workspace ${workspaceId} --feature video --quantity 2 --member ana --happened`;
    expect((await commandLineIn(dataDirectory).run(words)).exitCode).toBe(0);
    const second = await opened();
    const { page, context, complaints } = await openPage(app.browser, second.running.address);
    await page.getByRole('link', { name: 'Alerts, 2 new', exact: true }).click();
    await reads(panel(page, 'New').getByRole('listitem').first(), /^80% of the allotment is used/);
    expect(complaints).toEqual([]);
    await context.close();
    second.owner.close();
    await second.running.kill();

    const third = await opened();
    await videos(third.owner.client, workspaceId, 1);
    await expect
      .poll(() => told(third.owner.client), { timeout: 10_000 })
      .toEqual(['50% of the allotment is used', '80% of the allotment is used', '100% of the allotment is used up']);
    third.owner.close();
    await third.running.quit();
  });
});

describe('the settings of alerts', () => {
  it('change thresholds, switches and quiet hours, and say what is wrong beside the field', async () => {
    const { page, client } = app;
    const workspaceId = await studio(client);
    await firstSight(client, workspaceId);
    await showWorkspace(page, workspaceId, 'Settings');
    const settings = panel(page, 'Alerts');
    const thresholds = settings.getByRole('textbox', { name: 'Thresholds in percent' });
    await thresholds.fill('10, 0');
    await press(settings, 'Save alerts');
    await expect.poll(() => complaintOf(thresholds)).toContain('is below 1 %');
    await thresholds.fill('90 %, 10 %');
    await flip(settings, 'A reset happened');
    await flip(settings, /^Quiet hours/);
    await settings.getByLabel('From').fill('00:00');
    await settings.getByLabel('Until').fill('23:59');
    await expectNoViolations(page);
    await press(settings, 'Save alerts');
    await says(page, 'What is told was changed.');
    expect(await client.alerts.settings({ workspaceId })).toMatchObject({
      rules: { thresholds: [10, 90], runOutPercent: 50, holdMinutes: 60 },
      preferences: {
        kinds: { reset: false, threshold: true },
        quietHours: { on: true, from: '00:00', until: '23:59' },
      },
    });
    await videos(client, workspaceId, 1);
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `/w/${workspaceId}/alerts`);
    const history = panel(page, 'History');
    await says(history, '10% of the allotment is used');
    await says(history, 'Waits for the end of the quiet hours');
    await page.getByRole('link', { name: 'Alerts', exact: true }).waitFor();
  });
});
