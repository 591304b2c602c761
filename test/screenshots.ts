// Pictures of every screen, taken from the real app on sample data: `npm run screenshots` writes docs/screenshots.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { connectOwner } from '../replica/loopback/connect-owner.ts';
import { launchChromium } from './support/chromium.ts';
import { openPage, startApp } from './support/app-process.ts';

const folder = fileURLToPath(new URL('../docs/screenshots', import.meta.url));
const report = fileURLToPath(new URL('./data/github-copilot-usage-report.csv', import.meta.url));

mkdirSync(folder, { recursive: true });
const dataDirectory = mkdtempSync(join(tmpdir(), 'fuelgauge-screenshots-'));
const app = await startApp(dataDirectory);
const browser = await launchChromium();
try {
  const { page, context, complaints } = await openPage(browser, app.address);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await shoot(page, 'welcome');
  await show(page, '/new');
  await page.getByRole('radio', { name: /Piktochart/ }).check({ force: true });
  await shoot(page, 'new-workspace', true);
  await show(page, '/platform/new');
  await shoot(page, 'describe-a-platform', true);
  await show(page, '/welcome');
  await page.getByRole('button', { name: 'Look around' }).click();
  await page.waitForURL(/\/overview/);
  const workspace = /#(\/w\/[^/]+)/.exec(page.url())?.[1] ?? '';
  for (const screen of ['overview', 'ledger', 'subscription', 'members', 'settings'] as const) {
    await show(page, `${workspace}/${screen}`);
    await shoot(page, screen === 'overview' ? 'overview-light' : screen, true);
  }
  await show(page, `${workspace}/log`);
  await fillLog(page);
  await shoot(page, 'log-usage');
  await show(page, `/w/${await copilotWorkspace()}/import`);
  await page.locator('input[type=file]').setInputFiles(report);
  await page.getByRole('button', { name: 'Book 1,693 rows' }).waitFor();
  await shoot(page, 'import', true);
  await page.emulateMedia({ colorScheme: 'dark' });
  await show(page, `${workspace}/overview`);
  await shoot(page, 'overview-dark', true);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 400, height: 860 });
  await show(page, `${workspace}/overview`);
  await shoot(page, 'overview-narrow', true);
  for (const complaint of complaints) console.error(complaint);
  await context.close();
} finally {
  await browser.close();
  await app.quit();
  rmSync(dataDirectory, { recursive: true, force: true });
}

async function show(page: Page, path: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, path);
  await page.waitForURL((url) => url.hash.startsWith(`#${path}`));
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle');
}

/** Made through the running app, as the command line would. */
async function copilotWorkspace(): Promise<string> {
  const owner = await connectOwner(dataDirectory);
  if (!owner) throw new Error('The app does not answer');
  const { workspaceId } = await owner.client.workspaces.create({
    name: 'Engineering',
    platform: 'github-copilot',
    plan: 'business',
    seats: { member: 92 },
    anchor: '2025-10-01',
    timeZone: 'Europe/Berlin',
  });
  owner.close();
  return workspaceId;
}

async function fillLog(page: Page): Promise<void> {
  await page
    .getByRole('combobox', { name: /feature/i })
    .or(page.getByLabel(/feature/i))
    .first()
    .click();
  await page.getByRole('option').nth(3).click();
}

async function shoot(page: Page, name: string, whole = false): Promise<void> {
  // Charts and figures settle after the first frame.
  await page.waitForTimeout(700);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: whole });
  console.log(`docs/screenshots/${name}.png`);
}
