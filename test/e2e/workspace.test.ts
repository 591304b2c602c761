// Creating a workspace: seats, add-ons, people, who I am, an opening reading; wrong input; platforms of one's own.
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { useOpenedApp } from '../support/opened-app.ts';
import {
  choose,
  chooseFile,
  complaintOf,
  fact,
  flip,
  goTo,
  panel,
  press,
  reads,
  says,
  show,
  workspaceIdOf,
} from '../support/screen.ts';

const app = useOpenedApp();

async function pickPlan(page: Page, platform: RegExp, plan: string): Promise<void> {
  await page.getByRole('radio', { name: platform }).click();
  await page.getByRole('radio', { name: plan, exact: true }).click();
}

async function paste(page: Page, text: string): Promise<void> {
  const people = panel(page, 'Members and teams');
  await people.getByText('Paste', { exact: true }).click();
  await people.getByRole('textbox', { name: 'One person per line' }).fill(text);
  await press(people, 'Read');
}

async function create(page: Page): Promise<string> {
  await press(page, 'Create workspace');
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  return workspaceIdOf(page);
}

describe('a new workspace', () => {
  beforeEach(async () => {
    await show(app.page, '/welcome', 'Welcome to Fuelgauge');
    await show(app.page, '/new', 'New workspace');
  });

  it('takes a Piktochart team with pasted members, members of a file, and an opening reading', async () => {
    const { page, client } = app;
    await pickPlan(page, /^Piktochart/, 'Pro');
    await page.getByRole('textbox', { name: 'Seats' }).fill('3');
    await says(page, '1,500 credits a month (3 × 500)');
    await page.getByLabel('Subscription date').fill('2026-01-31');
    await choose(page, 'Time zone', 'America/New_York', 'new_york');

    await paste(page, 'Ada Lovelace, Member, Design\nGrace Hopper, Member, Engineering');
    const people = panel(page, 'Members and teams');
    await says(people, '2 people found');
    await press(people, 'Add 2 people');
    await people.getByText('CSV file', { exact: true }).click();
    await chooseFile(page, people.getByRole('button', { name: 'Choose a CSV file' }), {
      name: 'people.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('id;name;role;team\nkj;Katherine Johnson;member;Design\n'),
    });
    await press(people, 'Add 1 person');
    await people.getByText('Type', { exact: true }).click();
    await people.getByRole('textbox', { name: 'Name', exact: true }).fill('Mary Jackson');
    await page.keyboard.press('Enter');
    await says(people, '4 people');
    await choose(page, 'Who am I on this computer?', 'Grace Hopper');

    await flip(page, /^Credits were used in this period already/);
    await page.getByRole('textbox', { name: 'Credits used so far' }).fill('250');
    await page.getByRole('textbox', { name: 'Name of the workspace' }).fill('Studio');
    await says(page, 'Studio: Piktochart, Pro');
    await says(page, '3 seats · 1,500 credits a month · 4 members in 2 teams · opening reading of 250');

    const workspaceId = await create(page);
    await says(page, '250 of 1,500 used');
    await reads(fact(page, 'Available now'), '1,250');
    await goTo(page, 'Settings');
    await reads(fact(page, 'Time zone'), 'America/New_York');
    await reads(fact(page, 'Date the periods count from'), '31 Jan 2026');
    expect(await page.getByRole('combobox', { name: 'Who am I on this computer?' }).inputValue()).toBe('Grace Hopper');
    await goTo(page, 'Members');
    await page.getByRole('row', { name: /Katherine Johnson Member Design/ }).waitFor();
    await page.getByRole('row', { name: /Grace Hopper you Member Engineering Company admin/ }).waitFor();
    const view = await client.workspaces.get({ workspaceId });
    expect(view.members.map(({ name }) => name).toSorted()).toEqual([
      'Ada Lovelace',
      'Grace Hopper',
      'Katherine Johnson',
      'Mary Jackson',
    ]);
    expect(view.members.some(({ id }) => id === 'kj')).toBe(true);
  });

  it('asks Visily for seats of each role and gives each person a pool of their own', async () => {
    const { page } = app;
    await pickPlan(page, /^Visily/, 'Pro');
    await page.getByRole('textbox', { name: 'Seats: editor', exact: true }).fill('2');
    await page.getByRole('textbox', { name: 'Seats: guest editor', exact: true }).fill('1');
    await says(page, /^6,600 credits a month/);
    await paste(page, 'Ana, Editor\nBen, Guest editor\nCem, Viewer');
    await press(page, 'Add 3 people');
    await create(page);
    await goTo(page, 'Subscription');
    await reads(fact(page.getByRole('main'), 'Seats'), /2 × Editor.*1 × Guest editor/);
    const pools = panel(page, 'Credits by member');
    await pools.getByRole('row', { name: /Ana.*3,000/ }).waitFor();
    await pools.getByRole('row', { name: /Ben.*600/ }).waitFor();
    await pools.getByRole('row', { name: /Cem/ }).waitFor({ state: 'hidden' });
  });

  it('reads Miro’s brackets, switches the Prototypes add-on and opens in mid-period', async () => {
    const { page } = app;
    await pickPlan(page, /^Miro/, 'Enterprise');
    const seats = page.getByRole('textbox', { name: 'Seats' });
    await seats.fill('120');
    await says(page, '10,000 credits a month (101 to 200 seats)');
    await seats.fill('1200');
    await says(page, 'Above 1,000 seats the platform publishes no figure. Enter the one in your contract.');
    await page.getByRole('textbox', { name: 'Credits per period' }).waitFor();
    await seats.fill('120');
    const prototypes = page.getByRole('switch', { name: /Prototypes/ });
    expect(await prototypes.isChecked()).toBe(true);
    await flip(page, /Prototypes/);
    expect(await prototypes.isChecked()).toBe(false);
    await flip(page, /^Credits were used in this period already/);
    await page.getByRole('textbox', { name: 'Credits used so far' }).fill('4000.5');
    await create(page);
    await says(page, '4,000.5 of 10,000 used');
    await goTo(page, 'Subscription');
    await reads(fact(page.getByRole('main'), 'Add-ons'), /Prototypes.*off/);
    await goTo(page, 'Log usage');
    await choose(page, 'Feature', /^Prototypes/);
    await says(page, 'Refused');
  });

  it('says beside each field what is wrong with it and keeps everything that was typed', async () => {
    const { page, client } = app;
    const before = (await client.workspaces.list()).length;
    await pickPlan(page, /^Piktochart/, 'Pro');
    const seats = page.getByRole('textbox', { name: 'Seats' });
    await seats.pressSequentially('-3');
    expect(await seats.inputValue()).toBe('3');
    await page.getByLabel('Subscription date').fill('');
    await paste(page, 'name,role\nAda,Pilot\nBen,Member\nBen,Member');
    await says(page, /^Line 2, column “role”: "Pilot" is no role of this plan/);
    await says(page, /^Line 4, column “name”: "Ben" is named twice/);
    await press(page, 'Add 1 person');
    await flip(page, /^Credits were used in this period already/);
    const used = page.getByRole('textbox', { name: 'Credits used so far' });
    await used.fill('lots');
    await page.getByRole('textbox', { name: 'Name of the workspace' }).fill('Kept');

    await press(page, 'Create workspace');
    const date = page.getByLabel('Subscription date');
    await expect.poll(() => complaintOf(date)).not.toBe('');
    await page.getByRole('alert').waitFor();
    await date.fill('2026-02-11');
    await press(page, 'Create workspace');
    await expect.poll(() => complaintOf(used)).not.toBe('');
    expect(await complaintOf(date)).toBe('');
    await used.fill('-5');
    await press(page, 'Create workspace');
    await expect.poll(() => complaintOf(used)).toMatch(/negative/);

    expect(await seats.inputValue()).toBe('3');
    expect(await page.getByRole('textbox', { name: 'Name of the workspace' }).inputValue()).toBe('Kept');
    await says(panel(page, 'Members and teams'), '1 person');
    expect((await client.workspaces.list()).length).toBe(before);
    await used.fill('5');
    await create(page);
    await says(page, '5 of 1,500 used');
  });

  it('refuses the same id twice and names the person', async () => {
    const { page } = app;
    await pickPlan(page, /^Piktochart/, 'Pro');
    await page.getByRole('textbox', { name: 'Seats' }).fill('2');
    for (const name of ['Ada', 'Bea']) {
      await paste(page, `id,name\nsame,${name}`);
      await press(page, 'Add 1 person');
    }
    await press(page, 'Create workspace');
    await says(page.getByRole('alert'), /Bea: the id “same” is taken/);
    await press(page, 'Remove Bea');
    await create(page);
    await says(page, '0 of 1,000 used');
  });
});

describe('a platform of one’s own', () => {
  it('is described, gets a workspace, and prices what is logged', async () => {
    const { page } = app;
    await show(page, '/new', 'New workspace');
    await page.getByRole('link', { name: /Describe another platform/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Describe a platform' }).waitFor();
    await press(page, 'Save');
    await says(page, 'Correct what is marked.');
    expect(await complaintOf(panel(page, 'Platform').getByRole('textbox', { name: 'Name' }))).toBe('Enter a name.');

    await panel(page, 'Platform').getByRole('textbox', { name: 'Name' }).fill('Paintbox');
    const features = panel(page, 'Features and rates');
    await features.getByRole('textbox', { name: 'Feature' }).fill('Painting');
    await features.getByRole('textbox', { name: 'Unit', exact: true }).fill('image');
    const rate = features.getByRole('textbox', { name: 'Credits per unit' });
    await rate.fill('two');
    await expect.poll(() => complaintOf(rate)).toMatch(/^Enter a number/);
    await rate.fill('2.5');
    await press(features, 'Add a variant');
    await features.getByRole('textbox', { name: 'Variant' }).fill('Large');
    await features.getByRole('textbox', { name: 'Credits per unit' }).nth(1).fill('10');
    const plans = panel(page, 'Plans');
    await plans.getByRole('textbox', { name: 'Plan', exact: true }).fill('Team');
    await plans.getByRole('textbox', { name: 'Credits per period' }).fill('100');
    const packs = panel(page, 'Packs');
    await press(packs, 'Add a pack');
    await packs.getByRole('textbox', { name: 'Pack', exact: true }).fill('Refill');
    await packs.getByRole('textbox', { name: 'Credits', exact: true }).fill('50');
    await packs.getByRole('textbox', { name: 'Price' }).fill('9.90');
    await packs.getByRole('textbox', { name: 'Currency' }).fill('EUR');
    await press(page, 'Save');
    await says(page, 'Paintbox is saved.');

    await page.getByRole('heading', { level: 1, name: 'New workspace' }).waitFor();
    expect(await page.getByRole('radio', { name: /^Paintbox/ }).isChecked()).toBe(true);
    await page.getByRole('textbox', { name: 'Name of the workspace' }).fill('Atelier');
    await create(page);
    await says(page, '0 of 100 used');
    await goTo(page, 'Log usage');
    await choose(page, 'Feature', /^Painting/);
    await choose(page, 'Variant', /^Large/i);
    await reads(fact(page, 'Left after it'), '90');
    await press(page, 'Log');
    await says(page, /^Painting, large logged: 10 credits/i);
    await goTo(page, 'Subscription');
    await press(page, 'Order Refill');
    await page.getByRole('dialog').getByText('€9.90').first().waitFor();
  });

  it('fills in what Mirage does not publish, and no price is invented before', async () => {
    const { page } = app;
    await show(page, '/new', 'New workspace');
    await page.getByRole('radio', { name: /^Mirage/ }).click();
    await says(page, 'Mirage publishes no prices');
    await page.getByRole('link', { name: 'Fill in prices' }).click();
    await page.getByRole('heading', { level: 1, name: 'Fill in Mirage' }).waitFor();
    const video = page.getByRole('textbox', { name: /^Video/ }).first();
    await video.fill('1e309');
    await press(page, 'Save');
    await expect.poll(() => complaintOf(video)).toMatch(/^Enter a number/);
    await video.fill('40');
    await press(page, 'Save');
    await says(page, 'Mirage is saved.');
    await page.getByRole('heading', { level: 1, name: 'New workspace' }).waitFor();
    await page.getByRole('radio', { name: 'Mirage Studio', exact: true }).click();
    await page.getByRole('textbox', { name: 'Credits per period' }).fill('200');
    await create(page);
    await says(page, '0 of 200 used');
    await goTo(page, 'Log usage');
    await choose(page, 'Feature', /^Video/);
    await reads(fact(page, 'Left after it'), '160');
    await choose(page, 'Feature', /^Refine/);
    await says(page, 'Refused');
    await says(page, /price/i);
  });
});
