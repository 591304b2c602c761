// Logging: the price, the paying grants and the decision before the button; holds; refusals; undo, correct, repeat.
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useOpenedApp } from '../support/opened-app.ts';
import { choose, fact, goTo, panel, press, reads, says, showWorkspace } from '../support/screen.ts';
import { balanceOf, linesOf, studio } from '../support/studio.ts';

const app = useOpenedApp();

async function openLog(name: string, seats = 3): Promise<string> {
  const workspaceId = await studio(app.client, { name, seats: { member: seats } });
  // Messages of the test before are gone with the page.
  await app.page.reload();
  await showWorkspace(app.page, workspaceId, 'Log usage');
  return workspaceId;
}

async function fillIn(page: Page, feature: RegExp, quantity = '1'): Promise<void> {
  await choose(page, 'Feature', feature);
  await page.getByRole('textbox', { name: /^Quantity/ }).fill(quantity);
}

/** The form, without what messages say. */
function form(page: Page): Locator {
  return page.getByRole('main');
}

describe('logging usage', () => {
  it('shows price, payer and decision before anything is logged, then logs', async () => {
    const { page, client } = app;
    const workspaceId = await openLog('Preview');
    const cost = panel(page, 'What it costs');
    await fillIn(page, /^AI video/, '2');
    await says(cost, '500');
    await says(cost, 'Allowed');
    await reads(cost, /2 videos × 250/);
    await reads(fact(cost, 'Allotment'), '500');
    await reads(fact(cost, 'Left after it'), '1,000');
    await page.getByRole('textbox', { name: /^Quantity/ }).fill('3');
    await reads(fact(cost, 'Left after it'), '750');
    expect(await linesOf(client, workspaceId)).toBe(0);

    await choose(page, 'Member', 'Ben');
    await press(form(page), 'Log');
    await says(page, 'AI video logged: 750 credits.');
    expect(await balanceOf(client, workspaceId)).toEqual({ available: 750, used: 750, held: 0, overage: 0 });
    await goTo(page, 'Ledger');
    await page.getByRole('row', { name: /AI video · 3 videos Usage Ben Design 750/ }).waitFor();
  });

  it('[H1] [H2] holds, captures a part, and releases', async () => {
    const { page, client } = app;
    const workspaceId = await openLog('Holds');
    await fillIn(page, /^AI video/);
    await press(form(page), 'Hold');
    await says(page, '250 credits held for AI video.');
    const holds = panel(page, 'Open holds (1)');
    await says(holds, 'AI video · 250');
    expect(await balanceOf(client, workspaceId)).toEqual({ available: 1250, used: 0, held: 250, overage: 0 });

    await press(holds, 'Capture part …: AI video');
    await press(holds, 'Capture');
    await says(holds, 'Enter how many credits were used.');
    await holds.getByRole('textbox', { name: 'Credits used' }).fill('100.5');
    await press(holds, 'Capture');
    await says(page, '100.5 credits of AI video captured.');
    await holds.waitFor({ state: 'hidden' });
    expect(await balanceOf(client, workspaceId)).toEqual({ available: 1399.5, used: 100.5, held: 0, overage: 0 });

    await page.reload();
    await fillIn(page, /^AI video/);
    await press(form(page), 'Hold');
    await press(panel(page, 'Open holds (1)'), 'Release: AI video');
    await says(page, 'AI video released. All its credits are free again.');
    await panel(page, 'Open holds (1)').waitFor({ state: 'hidden' });
    expect(await balanceOf(client, workspaceId)).toEqual({ available: 1399.5, used: 100.5, held: 0, overage: 0 });
  });

  it('[E1] [E6] refuses beyond a hard limit with rule, headroom and date, and records what happened as overage', async () => {
    const { page, client } = app;
    const workspaceId = await openLog('Limits', 1);
    await fillIn(page, /^AI video/, '3');
    await says(panel(page, 'What it costs'), 'Refused');
    await press(form(page), 'Log');
    const refusal = page.getByRole('alert').filter({ hasText: 'Not logged: this was refused' });
    await refusal.waitFor();
    await reads(refusal, /Pool: 500 left; frees on \d+ \w+ \d{4}/);
    expect(await linesOf(client, workspaceId)).toBe(0);

    await press(refusal, 'Record as already happened');
    await says(page, 'AI video recorded: 750 credits. 250 of them are overage.');
    expect(await balanceOf(client, workspaceId)).toEqual({ available: 0, used: 750, held: 0, overage: 250 });
    await goTo(page, 'Overview');
    await says(page, '750 of 500, 250 over');
    await page.getByRole('meter', { name: 'Credits left' }).waitFor();
  });

  it('[L3] [L4] takes back at once, corrects the quantity, and repeats the last entry', async () => {
    const { page, client } = app;
    const workspaceId = await openLog('Again');
    await fillIn(page, /^AI Studio image/, '4');
    await press(form(page), 'Log');
    await says(page, 'AI Studio image logged: 100 credits.');
    await press(page, 'Undo');
    await says(page, 'Undone. The credits are back.');
    expect(await balanceOf(client, workspaceId)).toMatchObject({ available: 1500, used: 0 });
    expect(await linesOf(client, workspaceId)).toBe(2);

    await fillIn(page, /^Topic prompt/, '40');
    await press(form(page), 'Log');
    await says(page, 'Topic prompt logged: 40 credits.');
    await goTo(page, 'Ledger');
    await page.getByRole('row', { name: /Topic prompt · 40 prompts Usage Ana Design 40/ }).click();
    const drawer = page.getByRole('dialog', { name: /Topic prompt/ });
    await press(drawer, 'Correct …');
    await drawer.getByRole('textbox', { name: 'Right quantity' }).fill('4');
    await press(drawer, 'Correct');
    await says(drawer, 'Say why, in a few words.');
    await drawer.getByRole('textbox', { name: 'Reason' }).fill('A zero too many');
    await press(drawer, 'Correct');
    await says(page, 'The entry is corrected.');
    await drawer.waitFor({ state: 'hidden' });
    expect(await balanceOf(client, workspaceId)).toMatchObject({ available: 1496, used: 4 });

    await goTo(page, 'Log usage');
    await press(panel(page, 'Last entry'), 'Repeat last');
    await expect.poll(() => linesOf(client, workspaceId)).toBe(5);
  });

  it('works by keyboard alone', async () => {
    const { page, client } = app;
    const workspaceId = await studio(client, { name: 'Keyboard' });
    await page.reload();
    await showWorkspace(page, workspaceId);
    await page.keyboard.press('Alt+Shift+L');
    await page.getByRole('heading', { level: 1, name: 'Log usage' }).waitFor();
    const feature = page.getByRole('combobox', { name: 'Feature' });
    await feature.waitFor();
    await tabTo(page, feature);
    await page.keyboard.type('video');
    await page.keyboard.press('Enter');
    await expect.poll(() => feature.inputValue()).toBe('AI video');
    await tabTo(page, page.getByRole('textbox', { name: /^Quantity/ }));
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('2');
    await page.keyboard.press('Enter');
    await says(page, 'AI video logged: 500 credits.');
    await tabTo(page, feature);
    await page.keyboard.type('video');
    await page.keyboard.press('Enter');
    await expect.poll(() => feature.inputValue()).toBe('AI video');
    await page.keyboard.press('Control+Enter');
    await says(page, /credits held for AI video\.$/);
    expect(await linesOf(client, workspaceId)).toBe(2);
  });
});

/** Presses Tab until the focus is there; fails when it never gets there. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('The focus does not get there by Tab.');
}
