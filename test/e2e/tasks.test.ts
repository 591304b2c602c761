// The twelve tasks of tasks.md, each done the way a person would: from the first screen, by what is on the screen.
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useOpenedApp } from '../support/opened-app.ts';
import { choose, fact, goTo, panel, press, reads, says } from '../support/screen.ts';
import { balanceOf, linesOf } from '../support/studio.ts';

const app = useOpenedApp();
let workspaceId = '';

beforeAll(async () => {
  workspaceId = (await app.client.workspaces.createSample({ platforms: ['piktochart'] })).workspaceId;
});

/** Fuelgauge has just been opened by this person: with one team there is, it shows that. */
async function begin(person: string): Promise<Page> {
  const { page, client } = app;
  const { members } = await client.workspaces.get({ workspaceId });
  const member = members.find(({ name }) => name === person);
  await client.workspaces.setMe({ workspaceId, member: member?.id ?? null });
  await page.goto(new URL('/', page.url()).href);
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  return page;
}

function mainOf(page: Page): Locator {
  return page.getByRole('main');
}

async function fromMenu(page: Page, button: string, item: string): Promise<void> {
  await press(page, button);
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

describe('a team lead', () => {
  const lead = 'Søren Kjærgaard';

  it('1: finds out when the credits run out, and what would hold', async () => {
    const page = await begin(lead);
    const outlook = panel(page, 'Outlook');
    await reads(fact(outlook, 'Runs out'), /around|perhaps|not in sight/i);
    await reads(fact(outlook, 'Lasts until reset'), /% likely/);
    await reads(fact(outlook, 'Pace'), /per day/);
  });

  it('2: finds out who used most this month', async () => {
    const page = await begin(lead);
    await panel(page, 'Outlook').getByRole('link', { name: 'See who used what' }).click();
    await page.getByRole('heading', { level: 1, name: 'Usage', exact: true }).waitFor();
    expect(await page.getByRole('radio', { name: 'Monthly' }).isChecked()).toBe(true);
    await reads(panel(page, 'By users').getByRole('listitem').first(), /^.+ [\d,]+ \d+%$/);
  });

  it('3: explains the spike of the launch', async () => {
    const page = await begin(lead);
    await goTo(page, 'Usage');
    const history = panel(page, 'Usage history');
    await press(history, 'Show as table: Usage history');
    const rows = page.getByRole('region', { name: 'Usage history, as a table' }).getByRole('row');
    await rows.nth(1).waitFor();
    const used = (await rows.allInnerTexts()).map((text) => {
      const figures = text.match(/[\d,]+(?=\s*$)|\t([\d,]+)/g) ?? [];
      return Math.max(0, ...figures.map((figure) => Number(figure.replaceAll(/[\t,]/g, ''))));
    });
    const highest = used.indexOf(Math.max(...used));
    await rows
      .nth(highest)
      .getByRole('button', { name: /^What happened: / })
      .click();
    const moment = panel(page, /^What happened: /);
    await says(moment, 'Largest uses');
    await moment.getByRole('link', { name: 'Show in the ledger' }).waitFor();
  });

  it('4: takes a table of the teams to the meeting', async () => {
    const page = await begin(lead);
    await goTo(page, 'Usage');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      fromMenu(page, 'Save as a file: By teams', 'As a table (CSV)'),
    ]);
    expect(file.suggestedFilename()).toMatch(/^fuelgauge-sample-piktochart-by-teams-.*\.csv$/);
  });
});

describe('a member', () => {
  const member = '김민준';

  it('5: finds out what a video costs, and whether it may be made', async () => {
    const page = await begin(member);
    await mainOf(page).getByRole('link', { name: 'Log usage' }).click();
    await choose(page, 'Feature', /^AI video/);
    const cost = panel(page, 'What it costs');
    await reads(cost, /250 credits/);
    await says(cost, /^(Allowed|Refused)$/);
  });

  it('6: sets credits aside before a long job, and gives them back when it fails', async () => {
    const page = await begin(member);
    await goTo(page, 'Log usage');
    await choose(page, 'Feature', /^AI Studio image/);
    await press(mainOf(page), 'Hold');
    await says(page, '25 credits held for AI Studio image.');
    const before = await balanceOf(app.client, workspaceId);
    await press(panel(page, /^Open holds/), 'Release: AI Studio image');
    await says(page, 'AI Studio image released. All its credits are free again.');
    expect(await balanceOf(app.client, workspaceId)).toMatchObject({ held: before.held - 25 });
  });

  it('7: enters what was made on the train yesterday', async () => {
    const page = await begin(member);
    await goTo(page, 'Log usage');
    await choose(page, 'Feature', /^Text to image/);
    await page.getByText('At another time', { exact: true }).click();
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    await page.getByLabel(/^Date and time in /).fill(`${yesterday}T08:15`);
    await press(mainOf(page), 'It already happened');
    await says(page, 'Text to image recorded: 6 credits.');
    await says(panel(page, 'Last entry'), /^Text to image, 1 image · 6 · .*08:15$/);
  });

  it('8: takes back what was logged by mistake', async () => {
    const page = await begin(member);
    const before = await linesOf(app.client, workspaceId);
    await goTo(page, 'Log usage');
    await choose(page, 'Feature', /^Topic prompt/);
    await press(mainOf(page), 'Log');
    await says(page, 'Topic prompt logged: 1 credit.');
    await press(page, 'Undo');
    await says(page, 'Undone. The credits are back.');
    expect(await linesOf(app.client, workspaceId)).toBe(before + 2);
  });
});

describe('a company admin', () => {
  const admin = 'Ada Thornbury';

  it('9: books the pack that a lead asked for, once it is bought', async () => {
    const page = await begin(admin);
    await goTo(page, 'Subscription');
    const order = panel(page, 'Orders').getByRole('row', { name: /^Deluxe/ });
    await press(order, 'Confirm the purchase of Deluxe');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Reference' }).fill('INV-3107');
    await press(dialog, 'Confirm purchase');
    await says(dialog, '12,000 credits were added.');
    await press(dialog, 'Done');
    await reads(order, /Granted.*INV-3107/);
  });

  it('10: limits what one person may spend in a week', async () => {
    const page = await begin(admin);
    await goTo(page, 'Subscription');
    await press(panel(page, 'Caps'), 'Set a cap');
    const dialog = page.getByRole('dialog');
    await choose(dialog, 'For whom', 'One member');
    await choose(dialog, 'Member', 'Chiamaka Okonkwo', 'Chiamaka');
    await dialog.getByRole('textbox', { name: 'Credits' }).fill('5000');
    await choose(dialog, 'Per', 'week');
    await press(dialog, 'Set cap');
    await dialog.waitFor({ state: 'hidden' });
    await page
      .getByRole('table', { name: 'Caps' })
      .getByRole('row', { name: /^Chiamaka Okonkwo 5,000 week no end/ })
      .waitFor();
    const { caps } = await app.client.workspaces.get({ workspaceId });
    expect(caps).toContainEqual(expect.objectContaining({ credits: 5_000_000_000, per: 'week' }));
  });

  it('11: adds a seat, and sees from when on it counts', async () => {
    const page = await begin(admin);
    await goTo(page, 'Subscription');
    await fromMenu(page, 'Change', 'Change seats');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Seats' }).fill('17');
    await says(dialog, /^17,000 credits a month/);
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('A new colleague in December');
    await press(dialog, 'Change seats');
    await dialog.waitFor({ state: 'hidden' });
    await says(page, 'Waiting for its date');
    await panel(page, 'History of changes')
      .getByRole('row', { name: /Seats: 17.*Ada Thornbury A new colleague in December$/ })
      .waitFor();
  });

  it('12: leaves people out of what everybody sees', async () => {
    const page = await begin(admin);
    await goTo(page, 'Settings');
    const privacy = panel(page, 'User privacy');
    await privacy.getByRole('radio', { name: 'Exclude stats and analytics of specific users’ activity' }).check();
    await press(privacy, 'Save');
    await says(page, 'User privacy saved');
    await goTo(page, 'Usage');
    await says(panel(page, 'By users'), 'This workspace leaves out the activity of specific people.');
  });
});
