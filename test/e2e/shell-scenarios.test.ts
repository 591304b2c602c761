// L4: the scenarios that both shells share, in the browser shell.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { connectOwner } from '../../replica/loopback/connect-owner.ts';
import { openPage, startApp } from '../support/app-process.ts';
import { launchChromium } from '../support/chromium.ts';
import { timeoutMsMax } from '../support/opened-app.ts';
import { shellScenarios } from '../support/shell-scenarios.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

it.each(shellScenarios)('the browser shell $name', async ({ run }) => {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'fuelgauge-e2e-'));
  const app = await startApp(dataDirectory);
  onTestFinished(async () => {
    await app.quit();
    await rm(dataDirectory, { recursive: true, force: true });
  });
  const { page, context, complaints } = await openPage(browser, app.address);
  page.setDefaultTimeout(timeoutMsMax);
  onTestFinished(() => context.close());
  const owner = await connectOwner(dataDirectory);
  if (owner === undefined) throw new Error('The app does not answer.');
  onTestFinished(() => owner.close());
  await run({ page, client: owner.client });
  // What the policy keeps from the page is told there, and only what a scenario tried on purpose.
  expect(complaints.filter((complaint) => !complaint.includes('example.invalid'))).toEqual([]);
});
