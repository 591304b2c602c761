// Every screen for every eye: high contrast, the person's own colours, zoom, narrow and wide windows, right to left.
import type { Locator, Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectHighContrast, expectNoViolations } from '../support/axe.ts';
import { useOpenedApp } from '../support/opened-app.ts';
import { panel, placeOf, press, says, show, showWorkspace, type ScreenName } from '../support/screen.ts';
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
/** Screens below others, and those before there is a workspace. */
const further = [
  ['/credits-usage/features', 'Use by feature'],
  ['/credits-usage/teams', 'Use by team'],
  ['/credits-usage/users', 'Use by user'],
] as const;
const setup = [
  ['/welcome', 'Welcome to Fuelgauge'],
  ['/new', 'New workspace'],
  ['/platform/new', 'Describe a platform'],
  ['/connect', 'Connect to a server'],
] as const;

const longWord = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
const arabic = 'فاطمة الزهراء بنعلي';
let sample = '';
let long = '';

beforeAll(async () => {
  const { client } = app;
  sample = (await client.workspaces.createSample({})).workspaceId;
  long = await studio(client, {
    name: longWord,
    members: [
      { id: 'long', name: longWord, role: 'member', team: `${longWord} Team` },
      { id: 'arabic', name: arabic, role: 'member', team: arabic },
    ],
  });
  for (const member of ['long', 'arabic']) {
    await client.usage.log({
      workspaceId: long,
      feature: 'video',
      quantity: '7',
      happened: true,
      member,
      note: longWord.repeat(3),
    });
  }
});

async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"], [data-stale="true"]') === null);
}

/** Goes through every screen, of a full team and of one with long names. */
async function everyScreen(page: Page, look: (where: string) => Promise<void>): Promise<void> {
  for (const [path, title] of setup) {
    await show(page, path, title);
    await settled(page);
    await look(path);
  }
  for (const workspaceId of [sample, long]) {
    const named = screens.map((screen) => [`/${placeOf(screen)}`, screen] as const);
    for (const [place, title] of [...named, ...further]) {
      await show(page, `/w/${workspaceId}${place}`, title);
      await settled(page);
      await look(`${place} of ${workspaceId === sample ? 'the sample' : 'long names'}`);
    }
  }
}

/**
 * Runs in the page: what sticks out of the window, and texts that are cut off without a way to read them. What scrolls
 * within itself, is meant for other senses, or is told in full elsewhere (a title, a name) is neither.
 */
function misfits(): readonly string[] {
  const found: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push(`the page is ${root.scrollWidth} of ${root.clientWidth} wide`);
  const scrolls = (element: Element | null): boolean => {
    for (let at = element; at !== null && at !== root; at = at.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return true;
    }
    return false;
  };
  for (const element of document.querySelectorAll('main *, nav *')) {
    if (!(element instanceof HTMLElement) || element.closest('[data-no-fit]') !== null) continue;
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    if (box.width < 2 || box.height < 2 || style.visibility === 'hidden' || style.clipPath !== 'none') continue;
    const what = `${element.tagName.toLowerCase()} ${element.innerText.trim().slice(0, 40)}`;
    if ((box.left < -1 || box.right > root.clientWidth + 1) && !scrolls(element)) found.push(`outside: ${what}`);
    const own = Array.from(element.childNodes).some((node) => node instanceof Text && node.data.trim() !== '');
    if (!own || element.closest('select, input, textarea') !== null) continue;
    const cuts = style.overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1;
    const told = element.closest('[title], [aria-label]') !== null || /auto|scroll/.test(style.overflowX);
    if (cuts && !told) found.push(`cut: ${what}`);
  }
  return [...new Set(found)].slice(0, 5);
}

/** What does not fit, on every screen. */
async function misfitsOf(page: Page): Promise<readonly string[]> {
  const wrong: string[] = [];
  await everyScreen(page, async (where) => {
    for (const misfit of await page.evaluate(misfits)) wrong.push(`${where}: ${misfit}`);
  });
  return wrong;
}

afterEach(async () => {
  await app.page.setViewportSize({ width: 1280, height: 860 });
  await app.page.emulateMedia({ colorScheme: 'light', contrast: 'no-preference', forcedColors: 'none' });
});

describe('nothing sticks out and nothing is cut off', () => {
  it.each([
    ['narrow', 400, 800],
    ['at 200 % of a window of 1280 pixels', 640, 430],
    ['narrow beside another window', 900, 860],
    ['wide', 2_560, 1_300],
  ])('%s', async (_, width, height) => {
    await app.page.setViewportSize({ width, height });
    expect(await misfitsOf(app.page)).toEqual([]);
  });
});

it('what does not fit would be found', async () => {
  const { page } = app;
  await showWorkspace(page, sample, 'Settings');
  await settled(page);
  expect(await page.evaluate(misfits)).toEqual([]);
  await page.evaluate(() => {
    const heading = document.querySelector('h1');
    if (heading !== null) heading.style.cssText = 'width: 20px; overflow: hidden; white-space: nowrap';
    const wide = document.createElement('p');
    wide.textContent = 'A line that is wider than its window';
    wide.style.cssText = 'width: 3000px';
    document.querySelector('main')?.append(wide);
  });
  const found = await page.evaluate(misfits);
  expect(found.some((misfit) => misfit.startsWith('the page is'))).toBe(true);
  expect(found).toContain('cut: h1 Settings');
  expect(found).toContain('outside: p A line that is wider than its window');
  await page.reload();
});

describe('high contrast', () => {
  const contrast = (page: Page) => page.locator('html').getAttribute('data-contrast');

  it('is as the system asks for it, until it is chosen here', async () => {
    const { page } = app;
    await showWorkspace(page, sample, 'Settings');
    expect(await contrast(page)).toBe('standard');
    await page.emulateMedia({ contrast: 'more' });
    await expect.poll(() => contrast(page)).toBe('more');
    const choice = page.getByRole('radiogroup', { name: 'Contrast' });
    await choice.getByText('Standard').click();
    await expect.poll(() => contrast(page)).toBe('standard');
    await page.emulateMedia({ contrast: 'no-preference' });
    await choice.getByText('High contrast').click();
    await expect.poll(() => contrast(page)).toBe('more');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    expect(await contrast(page)).toBe('more');
    expect(await choice.getByRole('radio', { name: 'High contrast' }).isChecked()).toBe(true);
    await choice.getByText('As the system').click();
    await expect.poll(() => contrast(page)).toBe('standard');
  });

  it.each([...setup, ...screens.map((screen) => [placeOf(screen), screen] as const), ...further])(
    'text is at 7:1 on %s, light and dark',
    async (path, title) => {
      const { page } = app;
      await page.emulateMedia({ contrast: 'more' });
      const ofWorkspace = setup.every(([known]) => known !== path);
      await show(page, ofWorkspace ? `/w/${sample}/${path.replace(/^\//, '')}` : path, title);
      await settled(page);
      await expectHighContrast(page);
    },
  );
});

it('the colours of the person are taken: every screen is drawn in them, and what is chosen is told by a line', async () => {
  const { page } = app;
  await page.emulateMedia({ forcedColors: 'active' });
  expect(await misfitsOf(page)).toEqual([]);
  await showWorkspace(page, sample, 'Settings');
  const chosen = page.getByRole('radiogroup', { name: 'Colour scheme' }).locator('label[data-active]');
  expect(await chosen.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe('solid');
  await showWorkspace(page, sample);
  const bars = panel(page, 'Top features').getByRole('listitem').first().locator('[data-kind]');
  const [bar, ground] = await Promise.all([
    bars.evaluate((element) => getComputedStyle(element).backgroundColor),
    page.locator('body').evaluate((element) => getComputedStyle(element).backgroundColor),
  ]);
  expect(bar).not.toBe(ground);
});

describe('in a language that is written from right to left', () => {
  beforeAll(async () => {
    // Of the languages that the app speaks none is: it is told that its own one were.
    await app.page.addInitScript(() => {
      Object.defineProperty(HTMLElement.prototype, 'dir', {
        get: (): string => 'rtl',
        set(this: HTMLElement) {
          this.setAttribute('dir', 'rtl');
        },
      });
    });
    await app.page.reload();
    await app.page.getByRole('heading', { level: 1 }).waitFor();
  });

  it.each([
    ['usual', 1_280, 860],
    ['narrow', 400, 800],
  ])('everything fits: %s', async (_, width, height) => {
    await app.page.setViewportSize({ width, height });
    expect(await misfitsOf(app.page)).toEqual([]);
  });

  it('navigation and lines begin at the right, time in charts goes on to the right, and axe finds nothing', async () => {
    const { page } = app;
    await showWorkspace(page, sample);
    await settled(page);
    const left = async (locator: Locator): Promise<number> => (await locator.boundingBox())?.x ?? 0;
    expect(await left(page.getByRole('navigation', { name: 'Main' }))).toBeGreaterThan(600);
    const chart = panel(page, 'Use per day');
    const ticks = chart.locator('.recharts-xAxis text, .recharts-xAxis-tick-labels text');
    expect(await left(ticks.first())).toBeLessThan(await left(ticks.last()));
    await press(chart, 'Save as a file: Use per day');
    await page.getByRole('menu', { name: 'Save as a file: Use per day' }).waitFor();
    await page.keyboard.press('Escape');
    await showWorkspace(page, long, 'Members');
    await says(page, arabic);
    for (const screen of ['Overview', 'Ledger', 'Settings'] as const) {
      await showWorkspace(page, sample, screen);
      await settled(page);
      await expectNoViolations(page);
    }
  });
});
