// What could be done: changes tried beside today, and the cheapest packs, up to the order.
import { beforeAll, describe, expect, it } from 'vitest';
import { expectNoViolations } from '../support/axe.ts';
import { useOpenedApp } from '../support/opened-app.ts';
import { fact, goTo, panel, press, show, showWorkspace } from '../support/screen.ts';
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
});
