// What could be done: changes tried beside today, and the cheapest packs, up to the order.
import { beforeAll, describe, expect, it } from 'vitest';
import { expectNoViolations } from '../support/axe.ts';
import { useOpenedApp } from '../support/opened-app.ts';
import { choose, fact, goTo, panel, press, show, showWorkspace } from '../support/screen.ts';
import { studio } from '../support/studio.ts';

const app = useOpenedApp();
let workspaceId = '';

beforeAll(async () => {
  const { client } = app;
  workspaceId = await studio(client, { name: 'Studio' });
  const now = Date.now();
  for (let day = 28; day >= 1; day--) {
    const at = new Date(now - day * 86_400_000).toISOString();
    await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '8', at, happened: true, member: 'ana' });
  }
});

/** A card of the comparison, by its title. */
function card(title: string) {
  return app.page
    .getByRole('listitem')
    .filter({ has: app.page.getByRole('heading', { level: 3, name: title, exact: true }) });
}

async function settled() {
  await app.page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
}

describe('What if', () => {
  it('is reached from the overview, and shows today', async () => {
    const { page } = app;
    await showWorkspace(page, workspaceId);
    await page.getByRole('main').getByRole('link', { name: 'What if' }).click();
    await page.getByRole('heading', { level: 1, name: 'What if' }).waitFor();
    await card('Today').waitFor();
    expect(await fact(card('Today'), 'Lasts until').innerText()).toMatch(/likely/);
    await expectNoViolations(page);
  });

  it('shows changes beside today, alone and together, and keeps them in the address', async () => {
    const { page } = app;
    await showWorkspace(page, workspaceId, 'What if');
    await page.getByRole('textbox', { name: 'Use', exact: true }).fill('130%');
    await card('With this use').waitFor();
    await page.getByRole('textbox', { name: 'Starter, how many' }).fill('4');
    await card('All together').waitFor();
    expect(await fact(card('All together'), 'Cost').innerText()).toMatch(/\$80\.00 once/);
    expect(await card('Packs alone').isVisible()).toBe(true);
    expect(await card('Other use alone').isVisible()).toBe(true);
    expect(page.url()).toContain('use=');
    expect(page.url()).toContain('packs=');
    await settled();
    await expectNoViolations(page);
    const before = await card('All together').innerText();
    await page.reload();
    await card('All together').waitFor();
    expect(await card('All together').innerText()).toBe(before);
    await press(page, 'Back to today');
    await card('All together').waitFor({ state: 'hidden' });
    expect(page.url()).not.toContain('packs=');
  });

  it('names what is wrong at its field, and keeps the form', async () => {
    const { page } = app;
    await show(page, `/w/${workspaceId}/what-if?plan=gold`, 'What if');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('main').innerText()).toContain('“gold” is no plan of Piktochart');
    await expectNoViolations(page);
    await press(page, 'Back to today');
    await page.getByRole('alert').waitFor({ state: 'hidden' });
    await card('Today').waitFor();
  });

  it('leaves out of an address what is no part of it', async () => {
    const { page } = app;
    const strange = encodeURIComponent('{"member":20}');
    await show(page, `/w/${workspaceId}/what-if?seats=${strange}&use=many&packs=${strange}`, 'What if');
    await card('Today').waitFor();
    expect(await page.getByRole('main').getByRole('alert').count()).toBe(0);
  });

  it('finds the cheapest packs, says why, and leads to the order', async () => {
    const { page } = app;
    await goTo(page, 'What if');
    await page.getByRole('tab', { name: 'Get through' }).click();
    const cheapest = panel(page, 'The cheapest way to get through');
    await cheapest.getByRole('table', { name: 'What to buy' }).waitFor();
    expect(await cheapest.innerText()).toMatch(/With these packs, each bought in time, the credits last in/);
    await cheapest.getByText('through two more').click();
    await page.waitForURL(/resets=/);
    await settled();
    expect(await cheapest.innerText()).toMatch(/For comparison: .*alone US\$/);
    await expectNoViolations(page);
    const order = cheapest.getByRole('link', { name: /^Order / });
    const pack = (await order.innerText()).replace('Order ', '');
    await order.click();
    const dialog = page.getByRole('dialog', { name: 'Order a pack' });
    await dialog.waitFor();
    expect(await dialog.getByRole('radio', { name: pack }).isChecked()).toBe(true);
    await page.keyboard.press('Escape');
  });

  it('compares plans, and other platforms once features are matched, with prices that somebody entered', async () => {
    const { page } = app;
    await show(page, `/w/${workspaceId}/what-if?tab=plans`, 'What if');
    const here = panel(page, 'The last days on every plan');
    const planRow = (name: string) => here.getByRole('row').filter({ hasText: name });
    await planRow('Business').waitFor();
    expect(await planRow('Pro').last().innerText()).toMatch(/price of the plan not known/);
    const prices = panel(page, 'Prices of plans');
    await choose(prices, 'Plan', 'Business');
    await prices.getByRole('textbox', { name: 'Price per allotment period' }).fill('20');
    await press(prices, 'Keep the price');
    await expect.poll(() => planRow('Business').innerText()).toMatch(/for the plan/);
    const matches = panel(page, 'On another platform');
    await choose(matches, 'Platform', 'Miro');
    await choose(matches, 'AI Studio image on Miro', /^Image \(/, 'Image');
    const elsewhere = panel(page, 'The same on Miro');
    await elsewhere.getByRole('row').filter({ hasText: 'Enterprise' }).waitFor();
    expect(await elsewhere.innerText()).toMatch(/100% of what was used is matched/);
    await settled();
    await expectNoViolations(page);
    await page.reload();
    await elsewhere.getByRole('row').filter({ hasText: 'Enterprise' }).waitFor();
  });

  it('[V1] shows who reaches a cap, and nobody once people are left out', async () => {
    const { page, client } = app;
    await client.caps.set({ workspaceId, credits: '7000', per: 'period' });
    await show(page, `/w/${workspaceId}/what-if?tab=caps`, 'What if');
    const people = panel(page, 'People against their caps');
    const ana = people.getByRole('row').filter({ hasText: 'Ana' });
    await ana.waitFor();
    expect(await ana.innerText()).toMatch(/7,000 credits/);
    await settled();
    await expectNoViolations(page);
    await client.workspaces.setPrivacy({ workspaceId, hidesPeople: true });
    await client.workspaces.setMe({ workspaceId, member: 'ben' });
    await people.getByText('Only you').waitFor();
    await ana.waitFor({ state: 'hidden' });
    await client.workspaces.setMe({ workspaceId, member: 'ana' });
    await client.workspaces.setPrivacy({ workspaceId, hidesPeople: false });
  });

  it('is usable by keyboard, and no wider than a window of 400 pixels', async () => {
    const { page } = app;
    await showWorkspace(page, workspaceId, 'What if');
    await page.getByRole('tab', { name: 'Try changes' }).focus();
    await page.keyboard.press('ArrowRight');
    await panel(page, 'The cheapest way to get through').waitFor();
    await page.keyboard.press('ArrowRight');
    await panel(page, 'The last days on every plan').waitFor();
    await page.keyboard.press('ArrowRight');
    await panel(page, 'People against their caps').waitFor();
    await page.setViewportSize({ width: 400, height: 800 });
    for (const tab of ['changes', 'packs', 'plans', 'caps']) {
      await show(page, `/w/${workspaceId}/what-if?tab=${tab}`, 'What if');
      await settled();
      expect(await page.evaluate(() => document.documentElement.scrollWidth), tab).toBeLessThanOrEqual(400);
      await expectNoViolations(page);
    }
    await page.setViewportSize({ width: 1280, height: 860 });
  });
});
