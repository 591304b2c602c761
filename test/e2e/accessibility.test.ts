// For everybody: no violations on any screen, every screen by keyboard, narrow windows, long names.
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectNoViolations } from '../support/axe.ts';
import { useOpenedApp } from '../support/opened-app.ts';
import { choose, placeOf, press, says, show, showWorkspace, type ScreenName } from '../support/screen.ts';
import { studio } from '../support/studio.ts';

const app = useOpenedApp();

const screens: readonly ScreenName[] = [
  'Overview',
  'Usage',
  'Forecast',
  'What if',
  'Log usage',
  'Ledger',
  'Subscription',
  'Import',
  'Members',
  'Settings',
  'Alerts',
];
const setup = [
  ['/welcome', 'Welcome to Fuelgauge'],
  ['/home', 'Home'],
  ['/new', 'New workspace'],
  ['/platform/new', 'Describe a platform'],
] as const;

const longWord = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
let sample = '';
let empty = '';
let long = '';

beforeAll(async () => {
  const { client } = app;
  sample = (await client.workspaces.createSample({ platforms: ['piktochart'] })).workspaceId;
  const { workspaceId } = await client.workspaces.create({
    name: 'Empty',
    platform: 'visily',
    plan: 'pro',
    seats: {},
    anchor: '2026-01-05',
    timeZone: 'UTC',
  });
  empty = workspaceId;
  long = await studio(client, {
    name: longWord,
    members: [{ id: longWord.toLowerCase(), name: longWord, role: 'member', team: `${longWord} Team` }],
  });
  await client.usage.log({
    workspaceId: long,
    feature: 'video',
    quantity: '7',
    happened: true,
    note: longWord.repeat(3),
  });
  await client.orders.create({ workspaceId: long, pack: 'ultimate', note: longWord });
  await client.caps.set({ workspaceId: long, credits: '123456.789012', per: 'week', member: longWord.toLowerCase() });
});

/**
 * An open menu of the component library begins with an empty element that takes the focus, and lies beside the landmarks
 * like a dialog; both are meant.
 */
const meantInMenus = ['aria-required-children', 'region'];

/** Nothing is loading, and no figure is dimmed because it is being worked out again. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"], [data-stale="true"]') === null);
}

describe('axe finds nothing', () => {
  it.each(setup)('on %s', async (path, title) => {
    const { page } = app;
    await show(page, path, title);
    await settled(page);
    await expectNoViolations(page);
  });

  it('in the form for a new workspace with everything open', async () => {
    const { page } = app;
    await show(page, '/new', 'New workspace');
    await page.getByRole('radio', { name: /^Miro/ }).click();
    await page.getByRole('radio', { name: 'Enterprise', exact: true }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Ada');
    await page.keyboard.press('Enter');
    await page.getByRole('switch', { name: /^Credits were used/ }).click();
    await page.getByRole('textbox', { name: 'Credits used so far' }).fill('many');
    await press(page, 'Create workspace');
    await page.getByRole('alert').waitFor();
    await expectNoViolations(page);
  });

  it.each(screens)('on %s, with a full team and an empty workspace', async (screen) => {
    const { page } = app;
    for (const workspaceId of [sample, empty]) {
      await showWorkspace(page, workspaceId, screen);
      await settled(page);
      await expectNoViolations(page);
    }
  });

  it.each(['order', 'plan', 'seats', 'cap', 'grant', 'reading'])(
    'in the dialog of subscription: %s',
    async (action) => {
      const { page } = app;
      await showWorkspace(page, sample, 'Subscription');
      await settled(page);
      await show(page, `/w/${sample}/subscription?do=${action}`, 'Subscription');
      await page.getByRole('dialog').waitFor();
      await expectNoViolations(page);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
    },
  );

  it('in the dialogs of members, the line of the ledger, menus, the palette, messages and a refusal', async () => {
    const { page } = app;
    await showWorkspace(page, sample, 'Members');
    await press(page, 'Add members');
    await page.getByRole('dialog').waitFor();
    await expectNoViolations(page);
    await page.keyboard.press('Escape');
    await press(page, 'Edit Ada Thornbury');
    await page.getByRole('dialog', { name: 'Edit Ada Thornbury' }).waitFor();
    await expectNoViolations(page);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });

    await showWorkspace(page, sample, 'Ledger');
    await page
      .getByRole('row', { name: /Usage Ada Thornbury/ })
      .first()
      .click();
    await page.getByRole('dialog').waitFor();
    await press(page, 'Void …');
    await expectNoViolations(page);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });

    await page.getByRole('button', { name: /Switch workspace$/ }).click();
    await page.getByRole('menuitem', { name: 'New workspace' }).waitFor();
    await expectNoViolations(page, meantInMenus);
    await page.keyboard.press('Escape');
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('dialog', { name: 'Search and commands' }).waitFor();
    await expectNoViolations(page);
    await page.keyboard.press('Escape');

    await showWorkspace(page, sample, 'Log usage');
    await choose(page, 'Feature', /^Topic prompt/);
    await press(page.getByRole('main'), 'Log');
    await says(page, /^Topic prompt logged/);
    await settled(page);
    await expectNoViolations(page);
    await choose(page, 'Feature', /^AI video/);
    await page.getByRole('textbox', { name: /^Quantity/ }).fill('999');
    await press(page.getByRole('main'), 'Log');
    await page.getByRole('alert').filter({ hasText: 'Not logged' }).waitFor();
    await settled(page);
    await expectNoViolations(page);
  });
});

describe('by keyboard', () => {
  it('the skip link is first and leads to the content', async () => {
    const { page } = app;
    await showWorkspace(page, sample);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to content' });
    expect(await skip.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    expect(await page.getByRole('main').evaluate((element) => element === document.activeElement)).toBe(true);
    expect(page.url()).toContain('/overview');
    await page.keyboard.press('Tab');
    const inContent = () => document.querySelector('main')?.contains(document.activeElement);
    expect(await page.evaluate(inContent)).toBe(true);
  });

  it('the command palette reaches every screen and the main actions', async () => {
    const { page } = app;
    for (const screen of [...screens.slice(1), 'Overview']) {
      await command(page, screen);
      const title = page.getByRole('heading', { level: 1, name: screen, exact: true });
      await title.waitFor();
      expect(await title.isVisible()).toBe(true);
    }
    await command(page, 'Order a pack');
    await page.getByRole('dialog', { name: 'Order a pack' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await command(page, 'New workspace');
    await page.getByRole('heading', { level: 1, name: 'New workspace' }).waitFor();
  });

  it('every screen has a shortcut, and the focus goes to its content', async () => {
    const { page } = app;
    await showWorkspace(page, sample, 'Settings');
    for (const [key, screen] of [
      ['O', 'Overview'],
      ['W', 'What if'],
      ['L', 'Log usage'],
      ['G', 'Ledger'],
      ['S', 'Subscription'],
      ['U', 'Import'],
      ['M', 'Members'],
      ['E', 'Settings'],
      ['A', 'Alerts'],
      ['F', 'Forecast'],
    ] as const) {
      await page.keyboard.press(`Alt+Shift+${key}`);
      await page.getByRole('heading', { level: 1, name: screen, exact: true }).waitFor();
      await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN');
    }
  });

  async function command(page: Page, name: string): Promise<void> {
    await page.keyboard.press('ControlOrMeta+k');
    const palette = page.getByRole('dialog', { name: 'Search and commands' });
    const search = palette.getByRole('combobox', { name: 'Search and commands' });
    await expect.poll(() => search.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.type(name);
    await palette.getByRole('option', { name, selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await palette.waitFor({ state: 'hidden' });
  }
});

describe('a window of 400 pixels', () => {
  it('scrolls no screen sideways, whatever the names are', async () => {
    const { page } = app;
    await page.setViewportSize({ width: 400, height: 800 });
    const tooWide: string[] = [];
    const check = async (where: string) => {
      await settled(page);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      if (width > 400) tooWide.push(`${where}: ${width} pixels`);
    };
    for (const [path, title] of setup) {
      await show(page, path, title);
      await check(path);
    }
    await show(page, '/new?platform=visily', 'New workspace');
    await check('/new?platform=visily');
    for (const screen of screens) {
      for (const workspaceId of [sample, long, empty]) {
        await page.evaluate(
          (hash) => {
            location.hash = hash;
          },
          `/w/${workspaceId}/${placeOf(screen)}`,
        );
        await page.getByRole('heading', { level: 1, name: screen, exact: true }).waitFor();
        await check(`${screen} of ${workspaceId === sample ? 'sample' : workspaceId === long ? 'long' : 'empty'}`);
      }
    }
    expect(tooWide).toEqual([]);
    await page.getByRole('button', { name: 'Open navigation' }).click();
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await settled(page);
    await expectNoViolations(page);
    await page.setViewportSize({ width: 1280, height: 860 });
  });
});
