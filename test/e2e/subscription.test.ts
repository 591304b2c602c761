// Overview and subscription: the figures and their table twins, a pack from intent to credits, changes with history.
import { describe, expect, it } from 'vitest';
import { useOpenedApp } from '../support/opened-app.ts';
import { choose, complaintOf, fact, goTo, panel, press, reads, says, showWorkspace } from '../support/screen.ts';
import { balanceOf, studio } from '../support/studio.ts';

const app = useOpenedApp();

/** A studio in which something was used on each of the last days, 400 credits in all. */
async function usedStudio(name: string): Promise<string> {
  const { client, page } = app;
  const today = Date.now();
  const anchor = new Date(today - 10 * 86_400_000).toISOString().slice(0, 10);
  const workspaceId = await studio(client, { name, anchor });
  for (let daysAgo = 8; daysAgo > 0; daysAgo -= 1) {
    const at = new Date(today - daysAgo * 86_400_000).toISOString();
    await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '2', member: 'ana', at, happened: true });
  }
  await page.reload();
  await showWorkspace(page, workspaceId);
  return workspaceId;
}

describe('the overview', () => {
  it('answers what is left, until when, how fast, and when it runs out', async () => {
    const { page } = app;
    await usedStudio('Figures');
    const credits = panel(page, 'Credits');
    await says(credits, '400 of 1,500 used');
    const gauge = credits.getByRole('meter', { name: 'Credits left' });
    await expect.poll(() => gauge.getAttribute('aria-valuetext')).toBe('400 of 1,500 used. 1,100 left to spend.');
    await reads(fact(credits, 'Available now'), '1,100');
    await reads(fact(credits, 'Held'), 'none');
    await reads(fact(credits, 'Period'), /\d{4}$/);
    await reads(fact(credits, 'Reset'), /in \d+ days$/);
    const outlook = panel(page, 'Outlook');
    await reads(fact(outlook, 'Pace'), /^[\d.,]+ per day /);
    await reads(fact(outlook, 'By the reset'), /^[\d,]+ to [\d,]+ in 8 of 10 cases/);
    await reads(fact(outlook, 'Runs out'), /(around|perhaps|not in sight|–)/i);
    await panel(page, 'Recent activity').getByText('AI Studio image · 2 images').first().waitFor();
  });

  it('has every chart as a table with the same figures', async () => {
    const { page } = app;
    await usedStudio('Twins');
    await press(page, 'Show as table: Credits');
    const gauge = page.getByRole('region', { name: 'Credits, as a table' });
    await gauge.getByRole('row', { name: /^Left to spend 1,100 73%/ }).waitFor();
    await press(page, 'Show as table: Total of this period');
    const total = page.getByRole('region', { name: 'Total of this period, as a table' });
    expect(await total.getByRole('row', { name: / 400( |$)/ }).count()).toBeGreaterThan(0);
    await press(page, 'Show as table: Use per day');
    const days = page.getByRole('region', { name: 'Use per day, as a table' });
    expect(await days.getByRole('row', { name: / 50( |$)/ }).count()).toBe(8);
    await press(page, 'Show as table: Top features');
    const features = page.getByRole('region', { name: 'Top features, as a table' });
    await features.getByRole('row', { name: /AI Studio image 400 100%/ }).waitFor();
    await press(page, 'Show as chart: Credits');
    await page.getByRole('meter', { name: 'Credits left' }).waitFor();
  });
});

describe('the subscription', () => {
  it('[P1] [P4] orders a pack: the intent adds nothing, the confirmed purchase does', async () => {
    const { page, client } = app;
    const workspaceId = await usedStudio('Packs');
    await goTo(page, 'Subscription');
    await press(page, 'Order Starter');
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('radio', { name: 'Starter' }).isChecked()).toBe(true);
    await dialog.getByRole('textbox', { name: 'Note' }).fill('For the spring film');
    await press(dialog, 'Note the order');
    await says(dialog, 'The order of Starter is noted. No credits were added yet.');
    const purchase = dialog.getByRole('link', { name: 'Open the purchase page' });
    expect(await purchase.getAttribute('href')).toMatch(/^https:\/\//);
    await press(dialog, 'Later');
    const order = panel(page, 'Orders').getByRole('row', { name: /^Starter/ });
    await reads(order, /For the spring film.*Noted/i);
    expect(await balanceOf(client, workspaceId)).toMatchObject({ available: 1100 });

    await press(order, 'Confirm the purchase of Starter');
    const price = dialog.getByRole('textbox', { name: 'Price paid' });
    expect(await price.inputValue()).toBe('20.00');
    await price.fill('twenty');
    await press(dialog, 'Confirm purchase');
    await expect.poll(() => complaintOf(price)).not.toBe('');
    await price.fill('18.50');
    await dialog.getByRole('textbox', { name: 'Reference' }).fill('INV-2049');
    await press(dialog, 'Confirm purchase');
    await says(dialog, '2,000 credits were added.');
    await press(dialog, 'Done');
    await reads(order, /Granted.*2,000.*18\.50.*INV-2049/i);
    const grants = page.getByRole('table', { name: 'Grants in burn order' });
    await grants.getByRole('row', { name: /^1 Allotment.*1,100 of 1,500/ }).waitFor();
    await grants.getByRole('row', { name: /^2 Pack Starter.*2,000 of 2,000.*never/ }).waitFor();
    expect(await balanceOf(client, workspaceId)).toMatchObject({ available: 3100 });

    await goTo(page, 'Overview');
    await says(page, '400 of 3,500 used');
    await reads(fact(page, 'Left in packs'), '2,000 1 pack');
  });

  it('[G12] [S2] changes seats, plan and caps, each dated and kept with its author and reason', async () => {
    const { page, client } = app;
    const workspaceId = await usedStudio('Changes');
    await goTo(page, 'Subscription');
    await pick('Change seats');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Seats' }).fill('5');
    await says(dialog, /^2,500 credits a month/);
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('Two new colleagues');
    await press(dialog, 'Change seats');
    await dialog.waitFor({ state: 'hidden' });
    await says(page, 'Waiting for its date');
    const history = panel(page, 'History of changes');
    await history.getByRole('row', { name: /Seats.*5.*before.*3.*Ana Two new colleagues$/ }).waitFor();

    await pick('Change plan');
    await choose(dialog, 'New plan', 'Business');
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('More images');
    await press(dialog, 'Change plan');
    await dialog.waitFor({ state: 'hidden' });
    await history.getByRole('row', { name: /Business.*Ana More images$/ }).waitFor();

    await pick('Set a cap');
    await choose(dialog, 'For whom', 'One member');
    await choose(dialog, 'Member', 'Ana');
    const amount = dialog.getByRole('textbox', { name: 'Credits' });
    await amount.fill('-1');
    await press(dialog, 'Set cap');
    await expect.poll(() => complaintOf(amount)).toMatch(/negative/);
    await amount.fill('10');
    await choose(dialog, 'Per', 'day');
    await press(dialog, 'Set cap');
    await dialog.waitFor({ state: 'hidden' });
    await page
      .getByRole('table', { name: 'Caps' })
      .getByRole('row', { name: /^Ana 10 day no end/ })
      .waitFor();
    await history
      .getByRole('row', { name: /Ana.*10.*day/ })
      .first()
      .waitFor();

    await goTo(page, 'Log usage');
    await choose(page, 'Feature', /^AI Studio image/);
    await press(page.getByRole('main'), 'Log');
    const refusal = page.getByRole('alert').filter({ hasText: 'Not logged: this was refused' });
    await reads(refusal, /Personal cap: 10 left; frees on/);
    expect(await balanceOf(client, workspaceId)).toMatchObject({ available: 1100 });

    async function pick(item: string): Promise<void> {
      await press(page, 'Change');
      await page.getByRole('menuitem', { name: item, exact: true }).click();
      await page.getByRole('dialog').waitFor();
    }
  });

  it('[G13] takes a reading, shows the drift, and books it on confirmation only', async () => {
    const { page, client } = app;
    const workspaceId = await usedStudio('Drift');
    await goTo(page, 'Subscription');
    await press(page, 'Change');
    await page.getByRole('menuitem', { name: 'Enter a reading' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Used according to the platform' }).fill('460');
    await press(dialog, 'Compare');
    await says(dialog, 'The platform counts 60 credits more than the ledger.');
    await press(dialog, 'Leave it open');
    expect(await balanceOf(client, workspaceId)).toMatchObject({ used: 400 });
    await goTo(page, 'Overview');
    await says(page, 'The platform counts 60 more than the ledger');
    await page.getByRole('link', { name: 'See why, and book it' }).click();
    await press(panel(page, 'Book the difference'), 'Book the correction');
    await panel(page, 'What was booked').waitFor();
    await goTo(page, 'Overview');
    await says(page, '460 of 1,500 used');
    expect(await balanceOf(client, workspaceId)).toMatchObject({ used: 460 });
  });
});
