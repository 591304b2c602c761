// Readings: the list, the page of one with its likely causes, what booking would do, and what was booked.
import { beforeAll, describe, expect, it } from 'vitest';
import { expectNoViolations } from '../support/axe.ts';
import { useOpenedApp } from '../support/opened-app.ts';
import { complaintOf, fact, panel, press, reads, says, show } from '../support/screen.ts';
import { balanceOf, studio } from '../support/studio.ts';

const app = useOpenedApp();
const dayMs = 86_400_000;

let workspaceId = '';
let readingId = '';

/** Two images on each of ten days but one, and a hold: what the platform has counted is 300 more. */
beforeAll(async () => {
  const { client } = app;
  const now = Date.now();
  const anchor = new Date(now - 12 * dayMs).toISOString().slice(0, 10);
  workspaceId = await studio(client, { name: 'Readings', anchor, timeZone: 'UTC' });
  // The week before tells on which days of the week the team works.
  for (let daysAgo = 18; daysAgo > 0; daysAgo -= 1) {
    if (daysAgo === 5) continue;
    const at = new Date(now - daysAgo * dayMs).toISOString();
    await client.usage.log({ workspaceId, feature: 'studio-image', quantity: '2', member: 'ana', at, happened: true });
  }
  await client.usage.hold({ workspaceId, feature: 'video', quantity: '1', member: 'ben' });
});

const list = () => show(app.page, `/w/${workspaceId}/subscription/readings`, 'Readings and drift');

describe('readings', () => {
  it('[G13] begins with what a reading is for', async () => {
    const { page } = app;
    await list();
    await says(page, 'No reading yet');
    await expectNoViolations(page);
    await page.getByRole('link', { name: 'Enter a reading' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Enter a reading' });
    const { used } = await balanceOf(app.client, workspaceId);
    await dialog.getByRole('textbox', { name: 'Used according to the platform' }).fill(String(used + 320));
    await press(dialog, 'Compare');
    await says(dialog, 'The platform counts 320 credits more than the ledger.');
    await dialog.getByRole('link', { name: 'See why' }).click();
    await page.getByRole('heading', { level: 1, name: /^Reading of / }).waitFor();
    readingId = /readings\/([^/?]+)/.exec(page.url())?.[1] ?? '';
    expect(readingId).not.toBe('');
    expect(await balanceOf(app.client, workspaceId)).toMatchObject({ used });
  });

  it('[G13] [V1] explains the difference in parts that add up, by day and feature and never by person', async () => {
    const { page } = app;
    await show(page, `/w/${workspaceId}/subscription/readings/${readingId}`, await titleOf());
    await reads(fact(page, 'Difference'), /^\+320 the platform counts more$/);
    const causes = page.getByRole('table', { name: 'Where it may come from' });
    const part = (name: RegExp) => causes.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
    await reads(part(/^Holds that were open/), /AI video .*\+250$/);
    await reads(part(/^Working days without any entry/), /\+50$/);
    await reads(part(/^Unexplained/), /\+20$/);
    await reads(part(/^Together/), /\+320$/);
    for (const name of ['Ana', 'Ben', 'Cem']) expect(await page.getByRole('main').innerText()).not.toContain(name);
    await panel(page, 'By day').getByText('no entry').waitFor();
    await expectNoViolations(page);

    await part(/^Holds that were open/)
      .getByRole('link', { name: /^Look at .*AI video/ })
      .click();
    await page.getByRole('heading', { level: 1, name: 'Ledger' }).waitFor();
    await page.getByRole('row', { name: /Hold/ }).first().waitFor();
    await page.goBack();
    await causes.waitFor();
  });

  it('[G13] compares features with what the platform says of them', async () => {
    const { page } = app;
    const features = panel(page, 'By feature');
    await press(features, 'Enter what the platform says');
    const dialog = page.getByRole('dialog', { name: 'What the platform says by feature' });
    const image = dialog.getByRole('textbox', { name: 'AI Studio image', exact: true });
    await image.fill('lots');
    await press(dialog, 'Compare');
    await expect.poll(() => complaintOf(image)).toMatch(/not a number/);
    await expectNoViolations(page);
    await image.fill('600');
    await dialog.getByRole('textbox', { name: 'AI video', exact: true }).fill('250');
    await press(dialog, 'Compare');
    await dialog.waitFor({ state: 'hidden' });
    await features.getByRole('row', { name: /^AI video .*250 \+250$/ }).waitFor();
    await features.getByRole('row', { name: /^Everything else/ }).waitFor();
  });

  it('[G13] shows what booking would change before it is booked, and who booked what afterwards', async () => {
    const { page, client } = app;
    const before = await balanceOf(client, workspaceId);
    const book = panel(page, 'Book the difference');
    const effect = book.getByRole('table', { name: 'What it changes' });
    const figure = (value: number) => new Intl.NumberFormat('en-US').format(value);
    await reads(
      effect.getByRole('row', { name: /^Used in the period/ }),
      `Used in the period ${figure(before.used)} ${figure(before.used + 320)}`,
    );
    await reads(
      effect.getByRole('row', { name: /^Available now/ }),
      `Available now ${figure(before.available)} ${figure(before.available - 320)}`,
    );
    const why = book.getByRole('textbox', { name: 'Why' });
    await why.fill('');
    await press(book, 'Book the correction');
    await expect.poll(() => complaintOf(why)).toMatch(/say why/);
    await why.fill('Account page of today');
    await press(book, 'Book the correction');
    const booked = panel(page, 'What was booked');
    await reads(fact(booked, 'Used in the period'), `${figure(before.used)} → ${figure(before.used + 320)}`);
    await reads(fact(booked, 'By'), 'Ana');
    await reads(fact(booked, 'Why'), 'Account page of today');
    await book.waitFor({ state: 'hidden' });
    expect(await balanceOf(client, workspaceId)).toMatchObject({ used: before.used + 320 });
    await expectNoViolations(page);

    await list();
    await page.getByRole('table', { name: 'Readings' }).getByText('Booked').waitFor();
    await expectNoViolations(page);
    await show(page, `/w/${workspaceId}/subscription`, 'Subscription');
    await panel(page, 'History of changes')
      .getByRole('row', { name: /^.*Use by .*before: .*Ana Account page of today$/ })
      .waitFor();
  });

  it('fits a window of 400 pixels, and says when a reading is not there', async () => {
    const { page } = app;
    await page.setViewportSize({ width: 400, height: 800 });
    await list();
    await page.getByRole('link', { name: /^Reading of / }).click();
    await panel(page, 'Where it may come from').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
    await page.setViewportSize({ width: 1280, height: 860 });
    await show(page, `/w/${workspaceId}/subscription/readings/nothing`, 'Readings and drift');
    await page.getByRole('alert').filter({ hasText: '“nothing”' }).waitFor();
  });
});

async function titleOf(): Promise<string> {
  const heading = app.page.getByRole('heading', { level: 1, name: /^Reading of / });
  await heading.waitFor();
  return heading.innerText();
}
