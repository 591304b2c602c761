// All workspaces side by side, by keyboard alone.
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectNoViolations } from '../support/axe.ts';
import { useOpenedApp } from '../support/opened-app.ts';
import { panel, says, show } from '../support/screen.ts';
import { studio } from '../support/studio.ts';

const app = useOpenedApp();
const longWord = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
const rightToLeft = 'فريق التصميم في القاهرة';

describe('home', () => {
  it('says what to do while there is no workspace', async () => {
    const { page } = app;
    await show(page, '/home', 'Home');
    await says(page, 'No workspace yet');
    await expectNoViolations(page);
    await page.getByRole('link', { name: 'See the ways to start' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Welcome to Fuelgauge' }).waitFor();
  });

  describe('with workspaces', () => {
    const ids = { used: '', calm: '', boards: '' };

    beforeAll(async () => {
      const { client } = app;
      ids.used = await studio(client, { name: 'Video lab' });
      await client.usage.log({ workspaceId: ids.used, feature: 'video', quantity: '7', happened: true });
      ids.calm = await studio(client, { name: longWord });
      await client.usage.log({ workspaceId: ids.calm, feature: 'video', quantity: '2' });
      await client.readings.add({ workspaceId: ids.calm, used: '530', at: new Date().toISOString() });
      const made = await client.workspaces.create({
        name: rightToLeft,
        platform: 'miro',
        plan: 'enterprise',
        seats: { member: 40 },
        anchor: '2026-01-15',
        timeZone: 'UTC',
      });
      ids.boards = made.workspaceId;
    });

    it('is what the app starts with, and leads into each of them and back', async () => {
      const { page } = app;
      await page.goto(new URL('/', page.url()).href);
      await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
      await cell(page, 'Credits', 'Video lab', 'Used up').waitFor();
      await panel(page, 'Credits').getByRole('link', { name: 'Video lab' }).press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
      await page.getByRole('button', { name: /Switch workspace$/ }).press('Enter');
      await page.getByRole('menuitem', { name: 'All workspaces' }).press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
      expect(page.url()).toMatch(/#\/home$/);
    });

    it('[G7] [G13] tells what is left, over, and beside the platform’s reading, in the credits of each', async () => {
      const { page } = app;
      await show(page, '/home', 'Home');
      await cell(page, 'Credits', 'Video lab', /0 of 1,500.*Piktochart credits · 250 over/).waitFor();
      await cell(page, 'Credits', longWord, /1,000 of 1,500/).waitFor();
      await cell(page, 'Credits', longWord, /30 more at the platform/).waitFor();
      await cell(page, 'Credits', rightToLeft, /2,500 of 2,500.*Miro credits/).waitFor();
      const mark = page.getByText(/^Credits of different platforms are not the same unit/);
      expect(await mark.isVisible()).toBe(true);
    });

    it('is sorted by its headers and keeps that in its address', async () => {
      const { page } = app;
      await show(page, '/home', 'Home');
      await cell(page, 'Credits', 'Video lab', 'Used up').waitFor();
      const byName = panel(page, 'Credits').getByRole('button', { name: 'Workspace', exact: true });
      await byName.press('Enter');
      await page.waitForURL(/home\?sort=name/);
      expect(await order(page)).toEqual([longWord, 'Video lab', rightToLeft]);
      await byName.press('Enter');
      await page.waitForURL(/sort=-name/);
      expect(await order(page)).toEqual([rightToLeft, 'Video lab', longWord]);
      await page.reload();
      await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
      expect(await order(page)).toEqual([rightToLeft, 'Video lab', longWord]);
    });

    it('[K2] counts money only where a price is known, says from where, and adds no currencies', async () => {
      const { page, client } = app;
      const { orderId } = await client.orders.create({ workspaceId: ids.used, pack: 'booster' });
      await client.orders.confirm({ orderId, price: { amount: '44.00', currency: 'EUR' } });
      await show(page, '/home', 'Home');
      await cell(page, 'In money', 'Video lab', /€44.00 for 5,500 credits.*Pack Booster, as bought on/).waitFor();
      await cell(page, 'In money', longWord, /US\$20.00 for 2,000 credits.*Pack Starter: Unlocking/).waitFor();
      await cell(page, 'In money', rightToLeft, /Not priced/).waitFor();
      await cell(page, 'In money', 'All in EUR', '€44.00').waitFor();
      await cell(page, 'In money', 'All in USD', 'US$10.00').waitFor();
      await says(page, '1 workspace is not priced and is in none of these sums.');
      await page.getByRole('link', { name: `Enter a price for ${rightToLeft}` }).press('Enter');
      await page.getByRole('heading', { level: 1, name: 'What if' }).waitFor();
    });

    it('is live: what is logged elsewhere comes by itself', async () => {
      const { page, client } = app;
      await show(page, '/home', 'Home');
      await cell(page, 'Credits', longWord, /1,000 of 1,500/).waitFor();
      await client.usage.log({ workspaceId: ids.calm, feature: 'video', quantity: '1' });
      const left = cell(page, 'Credits', longWord, /750 of 1,500/);
      await left.waitFor();
      expect(await left.isVisible()).toBe(true);
    });

    it('has no violations, and scrolls sideways at no width', async () => {
      const { page } = app;
      await show(page, '/home', 'Home');
      await cell(page, 'Credits', longWord, /750 of 1,500/).waitFor();
      await expectNoViolations(page);
      for (const width of [400, 900, 2560]) {
        await page.setViewportSize({ width, height: 900 });
        await cell(page, 'Credits', longWord, /750 of 1,500/).waitFor();
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        await expectNoViolations(page);
      }
      await page.setViewportSize({ width: 400, height: 900 });
      await panel(page, 'Credits').getByRole('button', { name: 'Turn the order round' }).press('Enter');
      await page.waitForURL(/sort=/);
      await page.setViewportSize({ width: 1280, height: 860 });
    });
  });
});

function cell(page: Page, table: string, workspace: string, text: string | RegExp) {
  return panel(page, table)
    .getByRole('row')
    .filter({ has: page.getByText(workspace, { exact: true }) })
    .getByRole('cell')
    .filter({ hasText: text });
}

async function order(page: Page): Promise<readonly string[]> {
  const links = panel(page, 'Credits').getByRole('rowheader').getByRole('link');
  await links.first().waitFor();
  return links.allInnerTexts();
}
