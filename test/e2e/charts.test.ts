// Every chart: its points by keyboard, and files of it.
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatDecimal, sum } from '../../shared/kernel/credits.ts';
import { timeoutMsMax, useOpenedApp } from '../support/opened-app.ts';
import { panel, press, says, showWorkspace, type ScreenName } from '../support/screen.ts';

const app = useOpenedApp();
let workspaceId = '';
/** Where each person has a pool of their own. */
let ofPersons = '';

/** The charts of each screen, by their names. */
const charts: readonly (readonly [ScreenName, readonly string[]])[] = [
  ['Overview', ['Credits', 'Total of this period', 'Top features', 'Use per day', 'Use by hour']],
  ['Usage', ['Usage history', 'By feature', 'By teams', 'By users']],
  ['Forecast', ['Forecast and outcome, week by week']],
];

beforeAll(async () => {
  const { client } = app;
  workspaceId = (await client.workspaces.createSample({})).workspaceId;
  ofPersons = (
    await client.workspaces.create({
      name: 'Persons',
      platform: 'visily',
      plan: 'pro',
      seats: { editor: 2 },
      anchor: '2026-01-05',
      timeZone: 'UTC',
      members: [
        { name: 'Ada Persona', role: 'editor' },
        { name: 'Ben Persona', role: 'editor' },
      ],
    })
  ).workspaceId;
});

async function open(page: Page, screen: ScreenName): Promise<void> {
  // Begun anew: what was opened or turned into a table before is as at first.
  await showWorkspace(page, workspaceId, 'Settings');
  await showWorkspace(page, workspaceId, screen);
  const shown = panel(page, charts.find(([name]) => name === screen)?.[1][0] ?? '');
  await shown.getByRole('button', { name: /^Save as a file: / }).waitFor();
  if (screen !== 'Overview') return;
  await page.getByRole('button', { name: /^Hours of / }).click();
  await panel(page, 'Use by hour').waitFor();
}

async function saved(
  page: Page,
  chart: string,
  item: string,
): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  await press(page, `Save as a file: ${chart}`);
  const menu = page.getByRole('menu', { name: `Save as a file: ${chart}` });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    menu.getByRole('menuitem', { name: item, exact: true }).click(),
  ]);
  await menu.waitFor({ state: 'hidden' });
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

async function table(page: Page, chart: string): Promise<readonly (readonly string[])[]> {
  const { bytes } = await saved(page, chart, 'As a table (CSV)');
  return parse(bytes.toString('utf8'));
}

interface Picture {
  readonly width: number;
  readonly height: number;
  /** How many colours it has; a picture of nothing has one. */
  readonly colours: number;
  readonly ground: string;
}

/** Looks at a picture as a browser reads it. */
async function looked(page: Page, bytes: Buffer): Promise<Picture> {
  return page.evaluate(async (encoded) => {
    const image = new Image();
    image.src = `data:image/png;base64,${encoded}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    const context = canvas.getContext('2d')!;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set<number>();
    for (let at = 0; at < data.length; at += 4) colours.add(data[at]! * 65_536 + data[at + 1]! * 256 + data[at + 2]!);
    const ground = `${data[0]},${data[1]},${data[2]},${data[3]}`;
    return { width: canvas.width, height: canvas.height, colours: colours.size, ground };
  }, bytes.toString('base64'));
}

describe.each(charts)('on %s', (screen, names) => {
  it('every chart has its table and its files, and nothing else has', async () => {
    const { page } = app;
    await open(page, screen);
    const named = async (start: string): Promise<readonly string[]> => {
      const buttons = await page.getByRole('button', { name: new RegExp(`^${start}: `) }).all();
      const labels = await Promise.all(buttons.map((button) => button.getAttribute('aria-label')));
      return labels.map((label) => label?.replace(`${start}: `, '') ?? '').toSorted();
    };
    await expect.poll(() => named('Save as a file')).toEqual(names.toSorted());
    await expect.poll(() => named('Show as table')).toEqual(names.toSorted());
  });

  it('the points of every plot are reached by the arrow keys, and each explains itself', async () => {
    const { page } = app;
    await open(page, screen);
    // A pointer that rests on a plot has the first word.
    await page.mouse.move(0, 0);
    const plots = page.getByRole('main').getByRole('application');
    await expect.poll(() => plots.count()).toBe(names.filter((name) => !withoutPlot.has(name)).length);
    for (const plot of await plots.all()) {
      const name = (await plot.getAttribute('aria-label')) ?? '';
      expect(names).toContain(name);
      const said = panel(page, name).locator('.recharts-tooltip-wrapper');
      // What it is about, and figures with their names.
      let presses = 0;
      const explained = new Set<string>();
      await expect
        .poll(
          async () => {
            // A plot that takes another size is drawn anew and must be gone to again.
            await plot.focus();
            // To and fro: at an end it stays there.
            await page.keyboard.press(presses % 10 < 5 ? 'ArrowRight' : 'ArrowLeft');
            presses += 1;
            const text = await said.innerText();
            if (/^.+\n[^]*\d/.test(text)) explained.add(text);
            return explained.size;
          },
          { timeout: timeoutMsMax },
        )
        .toBeGreaterThan(2);
      await plot.blur();
    }
  });

  it('every chart is saved as a picture of twice its size, in its own colours or in light ones', async () => {
    const { page } = app;
    await open(page, screen);
    for (const name of names) {
      const { name: file, bytes } = await saved(page, name, 'As a picture (PNG)');
      expect(file).toMatch(/^fuelgauge-sample-piktochart-[a-z-]+-\d{4}-\d{2}-\d{2}\.png$/);
      const picture = await looked(page, bytes);
      const box = await panel(page, name).getByRole('figure').boundingBox();
      expect(picture.width).toBeGreaterThanOrEqual(2 * (box?.width ?? 0));
      expect(picture.height).toBeGreaterThanOrEqual(2 * (box?.height ?? 0));
      expect(picture.colours).toBeGreaterThan(20);
      expect(picture.ground).toBe('255,255,255,255');
    }
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
    const [first = ''] = names;
    const dark = await looked(page, (await saved(page, first, 'As a picture (PNG)')).bytes);
    const light = await looked(page, (await saved(page, first, 'As a picture in light colours (PNG)')).bytes);
    expect([dark.ground, light.ground]).toEqual(['19,28,31,255', '255,255,255,255']);
    expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
    await page.emulateMedia({ colorScheme: 'light' });
  });
});

/** They are text with bars, all figures beside them, and no points to go to. */
const withoutPlot: ReadonlySet<string> = new Set(['Credits', 'Top features']);

describe('a chart as a table', () => {
  it('has the exact figures, their units, and days that every program reads', async () => {
    const { page, client } = app;
    await open(page, 'Usage');
    const report = await client.usagePanel.list({ workspaceId, by: 'feature', period: 'quarter' });
    const [head, ...rows] = await table(page, 'By feature');
    expect(head).toEqual(['Name', 'Credits', 'Share (%)', 'Uses']);
    const listed = report.rows.map(({ name, credits, transactions }) => [name, formatDecimal(credits), transactions]);
    const exact = rows.map(([name, credits, , uses]) => [name, credits, Number(uses)]);
    expect(exact.slice(0, 5)).toEqual(listed.slice(0, 5));
    // What comes after the first five is one row, as in the ring.
    const others = sum(report.rows.slice(5).map(({ credits }) => credits));
    expect(exact.slice(5)).toEqual([['Others', formatDecimal(others), expect.any(Number)]]);
    const history = await table(page, 'Usage history');
    expect(history[0]).toEqual(['When', 'Used (credits)', 'What may explain it']);
    expect(history.slice(1).every(([day]) => /^\d{4}-\d{2}-\d{2}$/.test(day ?? ''))).toBe(true);
    const [used] = [history.slice(1).reduce((sum, row) => sum + Number(row[1]), 0)];
    expect(used).toBe(rows.reduce((sum, row) => sum + Number(row[1]), 0));
  });

  it('is made, like the picture, while the table is shown too', async () => {
    const { page } = app;
    await open(page, 'Usage');
    await press(page, 'Show as table: By teams');
    const shown = await table(page, 'By teams');
    expect(shown.length).toBeGreaterThan(3);
    const { bytes } = await saved(page, 'By teams', 'As a picture (PNG)');
    expect((await looked(page, bytes)).colours).toBeGreaterThan(20);
  });
});

describe('people who are left out', () => {
  it('[V1] are in no file of a chart', async () => {
    const { page, client } = app;
    const people = (await client.workspaces.get({ workspaceId })).members.map(({ name }) => name);
    const everyFile = async (): Promise<string> => {
      const files: string[] = [];
      for (const [screen] of charts) {
        await open(page, screen);
        for (const button of await page.getByRole('button', { name: /^Save as a file: / }).all()) {
          const chart = ((await button.getAttribute('aria-label')) ?? '').replace('Save as a file: ', '');
          files.push(JSON.stringify(await table(page, chart)));
        }
      }
      return files.join('\n');
    };
    const before = await everyFile();
    expect(people.some((name) => before.includes(name))).toBe(true);
    await client.workspaces.setPrivacy({ workspaceId, hidesPeople: true });
    await showWorkspace(page, workspaceId, 'Usage');
    await says(panel(page, 'By users'), /leaves out the activity/);
    const after = await everyFile();
    expect(people.filter((name) => after.includes(name))).toEqual([]);
  });

  it('[V1] have no pool that could be saved', async () => {
    const { page, client } = app;
    await showWorkspace(page, ofPersons, 'Overview');
    expect(JSON.stringify(await table(page, 'Pools (2)'))).toContain('Ada Persona');
    await client.workspaces.setPrivacy({ workspaceId: ofPersons, hidesPeople: true });
    await panel(page, 'Pools (2)').waitFor({ state: 'detached' });
    expect(JSON.stringify(await table(page, 'Credits'))).not.toContain('Persona');
    expect(await page.getByText('Ada Persona').count()).toBe(0);
  });
});
