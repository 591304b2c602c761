// L3: the built pages in Chromium, over a real MessagePort and the built preload, to a real replica.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { fromRoot } from '../../build/paths.ts';
import { openStandingReplica } from '../../replica/recovery/standing-replica.ts';
import { launchChromium } from '../support/chromium.ts';
import { openDesktopPage } from '../support/open-app-page.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PRELOAD = fromRoot('dist/electron/preload.cjs');

let browser: Browser;
beforeAll(async () => {
  if (!existsSync(PRELOAD)) throw new Error('The app is not built. Run npm run build.');
  browser = await launchChromium();
});
afterAll(() => browser?.close());

async function openApp() {
  const replica = await openStandingReplica({ dataDir: await temporaryFolder(), shell: 'electron' });
  onTestFinished(() => replica.close());
  await replica.client.workspaces.create({
    name: 'Night shift',
    platform: 'piktochart',
    plan: 'pro',
    seats: { member: 3 },
    anchor: '2026-01-01',
    timeZone: 'UTC',
  });
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  const relay = await openDesktopPage(page, {
    pagesFolder: fromRoot('dist/renderer'),
    preload: await readFile(PRELOAD, 'utf8'),
    router: replica.router,
  });
  return { page, complaints, relay };
}

describe('the built pages in the desktop shell', () => {
  it('open under the policy without a complaint and get their data over the port', async () => {
    const { page, complaints, relay } = await openApp();
    await page.getByText('Night shift').first().waitFor();
    await page.getByText('Data on this computer').first().waitFor();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(relay.portCount()).toBe(1);
    expect(complaints).toEqual([]);
  });

  it('go on where they were when the replica’s process was started again', async () => {
    const { page, relay } = await openApp();
    await page.getByText('Data on this computer').first().waitFor();
    const resume = await relay.pause();
    await relay.breakChannel();
    await page.getByText('Connection lost').first().waitFor();
    await resume();
    await page.getByText('Data on this computer').first().waitFor();
    expect(relay.portCount()).toBe(2);
  });
});
