// Data that cannot be opened, data that is only read, and backups: the ways on, as a person takes them.
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { connectOwner } from '../../replica/loopback/connect-owner.ts';
import { openPage, startApp, type AppProcess } from '../support/app-process.ts';
import { expectNoViolations } from '../support/axe.ts';
import { launchChromium } from '../support/chromium.ts';
import { damage } from '../support/damaged-data.ts';
import { timeoutMsMax, type OwnerClient } from '../support/opened-app.ts';
import { choose, flip, panel, press, says, showWorkspace } from '../support/screen.ts';
import { studio } from '../support/studio.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

async function start(dataDirectory: string, ...more: readonly string[]): Promise<AppProcess> {
  const app = await startApp(dataDirectory, ...more);
  onTestFinished(() => app.quit());
  return app;
}

async function open(app: AppProcess, options: Parameters<typeof openPage>[2] = {}) {
  const { page, context, complaints } = await openPage(browser, app.address, options);
  page.setDefaultTimeout(timeoutMsMax);
  onTestFinished(async () => {
    await context.close();
    expect(complaints).toEqual([]);
    expect(app.output()).not.toContain('NETWORK USED');
  });
  return page;
}

async function ask<Answer>(dataDirectory: string, question: (client: OwnerClient) => Promise<Answer>): Promise<Answer> {
  const owner = await connectOwner(dataDirectory);
  if (owner === undefined) throw new Error('The app does not answer.');
  try {
    return await question(owner.client);
  } finally {
    owner.close();
  }
}

/** A data directory with a team, 250 credits used, a backup of that, and 250 more used since. */
async function backedUpData(): Promise<{ readonly dataDirectory: string; readonly workspaceId: string }> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'fuelgauge-e2e-'));
  onTestFinished(() => rm(dataDirectory, { recursive: true, force: true }));
  const app = await startApp(dataDirectory);
  const workspaceId = await ask(dataDirectory, async (client) => {
    const made = await studio(client);
    await client.usage.log({ workspaceId: made, feature: 'video', quantity: '1', member: 'ana' });
    await client.backups.make();
    await client.usage.log({ workspaceId: made, feature: 'video', quantity: '1', member: 'ana' });
    return made;
  });
  await app.quit();
  return { dataDirectory, workspaceId };
}

const recoveryTitle = 'Your data could not be opened';

async function onRecovery(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1, name: recoveryTitle }).waitFor();
  await says(page, 'Whole');
}

describe('data that cannot be opened', () => {
  it('leads to the newest good backup, by keyboard alone, and the figures are there again', async () => {
    const { dataDirectory } = await backedUpData();
    damage(dataDirectory, 'middle');
    const app = await start(dataDirectory);
    expect(app.output()).toContain('The data is not open. The page shows what can be done about it.');
    const page = await open(app);
    await onRecovery(page);
    await says(page, /^The file that holds your data is damaged/);
    await says(page, /By hand · .* · 1 workspace, 1 transaction/);
    await says(page, /^Entries since .* are not in it\.$/);
    await expectNoViolations(page);
    const radio = page.getByRole('radio', { name: /just now|minute/ });
    expect(await radio.isChecked()).toBe(true);
    await radio.focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Restore this backup?' });
    await says(dialog, 'Studio (1 transaction)');
    await expectNoViolations(page);
    await dialog.getByRole('button', { name: 'Restore', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await says(page, '250 of 1,500 used');
    await page.getByText(/What was there before is kept in .*set-aside/).waitFor();
    expect(readdirSync(join(dataDirectory, 'set-aside'))).toHaveLength(1);
  });

  it('says that it still cannot be opened, and opens it by itself on every page once it can', async () => {
    const { dataDirectory } = await backedUpData();
    damage(dataDirectory, 'header');
    const app = await start(dataDirectory);
    const page = await open(app);
    const other = await open({ ...app, address: await pageAddress(dataDirectory) });
    await onRecovery(page);
    await onRecovery(other);
    await press(page, 'Try again');
    await says(page, 'It still cannot be opened.');
    await ask(dataDirectory, async (client) => {
      const [backup] = (await client.backups.list()).backups;
      await client.recovery.restore({ file: backup?.name ?? '' });
    });
    await says(page, '250 of 1,500 used');
    await says(other, '250 of 1,500 used');
  });

  it('recommends to salvage where there is no backup', async () => {
    const { dataDirectory } = await backedUpData();
    await rm(join(dataDirectory, 'backups'), { recursive: true });
    damage(dataDirectory, 'schema');
    const page = await open(await start(dataDirectory));
    await page.getByRole('heading', { level: 1, name: recoveryTitle }).waitFor();
    await says(panel(page, 'Salvage what can be read'), 'Recommended');
    expect(await page.getByText('Recommended').count()).toBe(1);
    expect(await page.getByRole('heading', { level: 2 }).first().innerText()).toBe('Salvage what can be read');
  });

  it('salvages what can be read, and says what was read and lost before the app goes on', async () => {
    const { dataDirectory } = await backedUpData();
    damage(dataDirectory, 'schema');
    const page = await open(await start(dataDirectory));
    await onRecovery(page);
    await press(page, 'Salvage …');
    const asked = page.getByRole('dialog', { name: 'Salvage what can be read?' });
    await says(asked, join(dataDirectory, 'fuelgauge.sqlite'));
    await expectNoViolations(page);
    await press(asked, 'Salvage');
    const done = page.getByRole('dialog', { name: 'What was salvaged' });
    await says(done, '2 transactions of 1 workspace');
    await says(done, 'Nothing that is known of');
    await says(done, /set-aside/);
    await expectNoViolations(page);
    await press(done, 'Go on');
    await says(page, '500 of 1,500 used');
  });

  it('is clear on a narrow window, without a backup, and for a file from a newer version', async () => {
    const { dataDirectory } = await backedUpData();
    await rm(join(dataDirectory, 'backups'), { recursive: true });
    damage(dataDirectory, 'newer');
    const page = await open(await start(dataDirectory), { width: 400 });
    await page.getByRole('heading', { level: 1, name: recoveryTitle }).waitFor();
    await says(page, /^Your data was written by a newer version of Fuelgauge.*Install the newer version/);
    await says(page, /^There is no backup in .*backups\.$/);
    await expectNoViolations(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await page.getByRole('textbox', { name: 'A backup in another place' }).fill(join(dataDirectory, 'lock.sqlite'));
    await press(page, 'Look at it …');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('alert').waitFor();
    expect(await dialog.getByRole('button', { name: 'Restore', exact: true }).isDisabled()).toBe(true);
  });
});

async function pageAddress(dataDirectory: string): Promise<string> {
  const owner = await connectOwner(dataDirectory);
  const shown = await owner?.show();
  owner?.close();
  if (shown?.shown !== 'page') throw new Error('A browser shell shows a page.');
  return shown.url;
}

describe('data that is only read', () => {
  it('shows everything under a banner, explains what it refuses, and goes back to writing', async () => {
    const { dataDirectory, workspaceId } = await backedUpData();
    const page = await open(await start(dataDirectory, '--read-only'));
    await says(page, '500 of 1,500 used');
    const banner = page.getByRole('status').filter({ hasText: 'Read-only, as it was asked for' });
    await banner.waitFor();
    await expectNoViolations(page);
    await showWorkspace(page, workspaceId, 'Log usage');
    await choose(page, 'Feature', /^AI video/);
    await press(page.getByRole('main'), 'Log');
    await says(page, 'The data is open for reading only.');
    await says(
      page,
      /^Nothing was changed, and everything that was booked before is there\. Start .* or choose “Open for writing” at the top/,
    );
    await showWorkspace(page, workspaceId, 'Settings');
    await says(panel(page, 'Backups'), 'None while the data is only read');
    await showWorkspace(page, workspaceId, 'Log usage');
    await choose(page, 'Feature', /^AI video/);
    await press(banner, 'Open for writing');
    await banner.waitFor({ state: 'detached' });
    await press(page.getByRole('main'), 'Log');
    await says(page, 'AI video logged: 250 credits.');
  });
});

describe('data of which everything can be read and nothing written', () => {
  it('is shown under a banner that leads to the ways on, and back', async () => {
    const { dataDirectory } = await backedUpData();
    damage(dataDirectory, 'unwritable-sums');
    const page = await open(await start(dataDirectory), { width: 400 });
    await onRecovery(page);
    await press(page, 'Open read-only');
    await says(page, '500 of 1,500 used');
    const banner = page.getByRole('status').filter({ hasText: 'Read-only: the data could not be opened as usual' });
    await press(banner, 'Ways on …');
    await page.getByRole('heading', { level: 1, name: 'Your data can only be read' }).waitFor();
    await expectNoViolations(page);
    await press(page, 'Back to the data');
    await says(page, '500 of 1,500 used');
    await press(banner, 'Ways on …');
    await press(page, 'Restore this backup …');
    const dialog = page.getByRole('dialog', { name: 'Restore this backup?' });
    await says(dialog, 'Studio (1 transaction)');
    await press(dialog, 'Restore');
    await says(page, '250 of 1,500 used');
    await banner.waitFor({ state: 'detached' });
  });
});

describe('Settings → Backups', () => {
  it('backs up, checks, restores into the running app, keeps what was there, and deletes', async () => {
    const { dataDirectory, workspaceId } = await backedUpData();
    const page = await open(await start(dataDirectory));
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await showWorkspace(page, workspaceId, 'Settings');
    const section = panel(page, 'Backups');
    await rowsOf(section, 1);
    await press(section, 'Back up now');
    await page.getByText(/^Backed up \(/).waitFor();
    await rowsOf(section, 2);
    await ask(dataDirectory, (client) =>
      client.usage.log({ workspaceId, feature: 'video', quantity: '1', member: 'ana' }),
    );
    await act(page, section, 'Check');
    await says(page.getByRole('dialog', { name: 'What this backup holds' }), 'Studio (2 transactions)');
    await expectNoViolations(page);
    await page.keyboard.press('Escape');

    await act(page, section, 'Restore …');
    const dialog = page.getByRole('dialog', { name: 'Restore this backup?' });
    await says(dialog, 'Studio (2 transactions)');
    await press(dialog, 'Restore');
    await page.getByText(/was restored\. What was there before is in the list/).waitFor();
    await rowsOf(section, 3);
    await section.getByRole('cell', { name: 'Before a restore' }).waitFor();
    await showWorkspace(page, workspaceId, 'Overview');
    await says(page, '500 of 1,500 used');

    await showWorkspace(page, workspaceId, 'Settings');
    await act(page, section, 'Delete');
    await press(page.getByRole('dialog', { name: 'Delete this backup?' }), 'Delete');
    await rowsOf(section, 2);
    await expectNoViolations(page);
  });

  it('sets the schedule and the folder, and says what is wrong with one', async () => {
    const { dataDirectory, workspaceId } = await backedUpData();
    const page = await open(await start(dataDirectory), { width: 400 });
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `/w/${workspaceId}/settings`);
    const section = panel(page, 'Backups');
    await section.waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    const days = section.getByRole('textbox', { name: 'Days to keep' });
    await days.fill('14');
    await days.blur();
    await expect.poll(() => ask(dataDirectory, (client) => client.backups.settings())).toMatchObject({ keepDaily: 14 });
    await flip(section, 'One backup a day, by itself');
    await says(section, 'None by itself: the schedule is off');
    await press(section, 'Choose another folder');
    const dialog = page.getByRole('dialog', { name: 'Where backups are kept' });
    const field = dialog.getByRole('textbox');
    await field.fill('/nowhere/at/all');
    await press(dialog, 'Keep them there');
    await dialog.getByText('There is no folder /nowhere/at/all.').first().waitFor();
    const elsewhere = await mkdtemp(join(tmpdir(), 'fuelgauge-backups-'));
    onTestFinished(() => rm(elsewhere, { recursive: true, force: true }));
    await field.fill(elsewhere);
    await press(dialog, 'Keep them there');
    await dialog.waitFor({ state: 'detached' });
    await says(section, elsewhere);
    // What was chosen stands in the field, so that saving it again changes nothing.
    await press(section, 'Choose another folder');
    await expect.poll(() => field.inputValue()).toBe(elsewhere);
    await press(dialog, 'Keep them there');
    await dialog.waitFor({ state: 'detached' });
    await says(section, elsewhere);
    await press(section, 'Back up now');
    await page.getByText(/^Backed up \(/).waitFor();
    expect(readdirSync(elsewhere).filter((name) => name.endsWith('.sqlite'))).toHaveLength(1);
  });
});

async function rowsOf(section: ReturnType<typeof panel>, count: number): Promise<void> {
  const rows = section.getByRole('table', { name: 'Backups' }).getByRole('row');
  await expect.poll(() => rows.count(), { timeout: timeoutMsMax }).toBe(count + 1);
}

/** Takes an action of the newest backup. */
async function act(page: Page, section: ReturnType<typeof panel>, action: string): Promise<void> {
  await section
    .getByRole('button', { name: /^Actions for the backup of/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: action, exact: true }).click();
}
