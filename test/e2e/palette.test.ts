// Everything by name and by key: commands, search over what is written down, and the sheet of shortcuts; no mouse.
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectNoViolations } from '../support/axe.ts';
import { useOpenedApp } from '../support/opened-app.ts';
import { says, show, showWorkspace } from '../support/screen.ts';
import { studio } from '../support/studio.ts';

const app = useOpenedApp();
let workspaceId = '';
let boards = '';
let noted = '';

beforeAll(async () => {
  const { client } = app;
  workspaceId = await studio(client, { name: 'Studio' });
  const made = await client.workspaces.create({
    name: 'Boards',
    platform: 'miro',
    plan: 'enterprise',
    seats: { member: 40 },
    anchor: '2026-01-15',
    timeZone: 'UTC',
    members: [{ id: 'zoe', name: 'Zoë Müller', role: 'member', team: 'Research' }],
  });
  boards = made.workspaceId;
  const use = { workspaceId, feature: 'studio-image', quantity: '1', member: 'ben', note: 'Posters for the fair' };
  noted = (await client.usage.log(use)).transactionId ?? '';
});

async function openPalette(page: Page): Promise<Locator> {
  await page.keyboard.press('ControlOrMeta+k');
  const palette = page.getByRole('dialog', { name: 'Search and commands' });
  await palette.getByRole('combobox', { name: 'Search and commands' }).and(page.locator(':focus')).waitFor();
  return palette;
}

/** Types a text, waits for the option that is meant, walks to it and chooses it. */
async function find(page: Page, text: string, option: string | RegExp): Promise<void> {
  const palette = await openPalette(page);
  await page.keyboard.type(text);
  const wanted = palette.getByRole('option', { name: option }).first();
  await wanted.waitFor();
  // What is found comes after the commands: the arrow leads there.
  await expect
    .poll(async () => {
      const there = (await wanted.getAttribute('aria-selected')) === 'true';
      if (!there) await page.keyboard.press('ArrowDown');
      return there;
    })
    .toBe(true);
  await page.keyboard.press('Enter');
  await palette.waitFor({ state: 'hidden' });
}

describe('the palette', () => {
  it('opens while somebody types into a field, leads to home, and closes with Escape', async () => {
    const { page } = app;
    await showWorkspace(page, workspaceId, 'Ledger');
    const field = page.getByRole('searchbox').or(page.getByRole('textbox')).first();
    await field.focus();
    const palette = await openPalette(page);
    await page.keyboard.press('Escape');
    await palette.waitFor({ state: 'hidden' });
    await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
    await find(page, 'all workspaces', 'Home: all workspaces');
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
  });

  it('reaches dialogs and sections of the settings, and the focus is where it led', async () => {
    const { page } = app;
    await showWorkspace(page, workspaceId);
    for (const [text, dialog] of [
      ['cap', 'Set a cap'],
      ['seats', 'Change seats'],
      ['grant', 'Add a grant'],
    ] as const) {
      await find(page, text, dialog);
      const opened = page.getByRole('dialog').filter({ has: page.getByRole('heading') });
      await opened.locator(':focus').waitFor();
      await page.keyboard.press('Escape');
      await opened.waitFor({ state: 'detached' });
    }
    await find(page, 'backups', 'Backups');
    await page.waitForURL(/settings\?section=backups/);
    await page.locator('[data-section="backups"]:focus').waitFor();
    await find(page, 'privacy', 'User privacy');
    await page.locator('[data-section="privacy"]:focus').waitFor();
    expect(page.url()).toContain('section=privacy');
  });

  it('changes the colours and stays where it was', async () => {
    const { page } = app;
    await showWorkspace(page, workspaceId, 'Forecast');
    await find(page, 'dark', 'Use dark colours');
    await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
    await find(page, 'colours of the system', 'Use the colours of the system');
    await page.locator('html[data-mantine-color-scheme="light"]').waitFor();
    expect(page.url()).toContain('/forecast');
  });

  it('finds people, teams, features, packs and notes of all workspaces, and leads to each with its address', async () => {
    const { page } = app;
    await showWorkspace(page, workspaceId);
    await find(page, 'zoe', /^Zoë Müller/);
    await page.waitForURL(new RegExp(`${boards}/ledger\\?member=zoe`));
    await find(page, 'research', /^Research/);
    await page.waitForURL(new RegExp(`${boards}/credits-usage/teams/`));
    await showWorkspace(page, workspaceId);
    await find(page, 'video', /^AI video/);
    await page.waitForURL(new RegExp(`${workspaceId}/credits-usage/features\\?q=AI`));
    await find(page, 'booster', /^Booster/);
    const order = page.getByRole('dialog', { name: 'Order a pack' });
    await order.locator(':focus').waitFor();
    expect(await order.getByRole('radio', { name: /^Booster/ }).isChecked()).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await find(page, 'posters', /^Posters for the fair/);
    await page.waitForURL(new RegExp(`ledger\\?text=${noted}`));
    await page
      .getByRole('row', { name: /Posters for the fair|Ben/ })
      .first()
      .waitFor();
    expect(page.url()).toContain(noted);
  });

  it('[V1] finds nobody whose activity is left out', async () => {
    const { page, client } = app;
    await client.workspaces.setPrivacy({ workspaceId, hidesPeople: true });
    await showWorkspace(page, workspaceId);
    const palette = await openPalette(page);
    await page.keyboard.type('posters');
    await palette.getByRole('status').filter({ hasText: '0 entries' }).waitFor({ state: 'attached' });
    await says(palette, /^Nothing has that name/);
    expect(await palette.getByRole('option').count()).toBe(0);
    await page.keyboard.press('Escape');
    await palette.waitFor({ state: 'hidden' });
    await client.workspaces.setPrivacy({ workspaceId, hidesPeople: false });
  });

  it('has no violations, empty, with results and with none', async () => {
    const { page } = app;
    await showWorkspace(page, workspaceId);
    const palette = await openPalette(page);
    await expectNoViolations(page);
    await page.keyboard.type('b');
    await palette.getByRole('option', { selected: true }).waitFor();
    await expectNoViolations(page);
    await page.keyboard.press('Escape');
    await palette.waitFor({ state: 'hidden' });
  });

  it('is there before the first workspace is chosen too', async () => {
    const { page } = app;
    await show(page, '/welcome', 'Welcome to Fuelgauge');
    await find(page, 'connect', 'Connect to a server');
    await page.getByRole('heading', { level: 1, name: 'Connect to a server' }).waitFor();
    expect(page.url()).toContain('/connect');
  });
});

describe('the sheet of shortcuts', () => {
  it('opens with ?, shows what works, and gives the focus back', async () => {
    const { page } = app;
    await showWorkspace(page, workspaceId);
    await page.keyboard.press('Shift+?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.getByRole('row', { name: /Find a screen.*Ctrl K/ }).waitFor();
    await sheet.getByRole('row', { name: /^Forecast Alt Shift F/ }).waitFor();
    await sheet.getByRole('row', { name: /Open the line Enter or Space/ }).waitFor();
    await expectNoViolations(page);
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'hidden' });
    await page.keyboard.press('Alt+Shift+H');
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
    await page.keyboard.press('Alt+Shift+F');
    await page.getByRole('heading', { level: 1, name: 'Forecast' }).waitFor();
    await find(page, 'shortcuts', 'Show keyboard shortcuts');
    await sheet.waitFor();
    expect(await sheet.isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'hidden' });
  });

  it('stays away while somebody writes a question', async () => {
    const { page } = app;
    await showWorkspace(page, workspaceId, 'Ledger');
    const field = page.getByRole('searchbox').or(page.getByRole('textbox')).first();
    await field.focus();
    await page.keyboard.press('Shift+?');
    await expect.poll(() => field.inputValue()).toContain('?');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await field.fill('');
  });
});
