// Pictures of every screen, taken from the real app on sample data: `npm run screenshots` writes docs/screenshots.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { connectOwner } from '../replica/loopback/connect-owner.ts';
import { launchChromium } from './support/chromium.ts';
import { openPage, startApp } from './support/app-process.ts';
import { damage } from './support/damaged-data.ts';
import type { OwnerClient } from './support/opened-app.ts';
import { startOwnServer } from './support/own-server.ts';

const folder = fileURLToPath(new URL('../docs/screenshots', import.meta.url));
/** How the screens are looked at besides in light colours at an ordinary width; `--all` takes all of them in each. */
const looks = [
  { name: 'dark', width: 1280, height: 860, dark: true },
  { name: 'narrow', width: 400, height: 860, dark: false },
  { name: 'wide', width: 2560, height: 1400, dark: false },
] as const;
const report = fileURLToPath(new URL('./data/github-copilot-usage-report.csv', import.meta.url));

mkdirSync(folder, { recursive: true });
const dataDirectory = mkdtempSync(join(tmpdir(), 'fuelgauge-screenshots-'));
let app = await startApp(dataDirectory);
const browser = await launchChromium();
try {
  const { page, context, complaints } = await openPage(browser, app.address);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await shoot(page, 'welcome');
  await show(page, '/new');
  await page.getByRole('radio', { name: /Piktochart/ }).check({ force: true });
  await shoot(page, 'new-workspace', true);
  await show(page, '/platform/new');
  await shoot(page, 'describe-a-platform', true);
  await show(page, '/welcome');
  await page.getByRole('button', { name: 'Look around' }).click();
  await page.waitForURL(/\/overview/);
  const workspace = /#(\/w\/[^/]+)/.exec(page.url())?.[1] ?? '';
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  const sample = await wholeSample();
  const placeOf = (platform: string): string => `/w/${sample.get(platform) ?? ''}`;
  await show(page, '/home');
  await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
  await shoot(page, 'home', true);
  await show(page, '/welcome');
  await shoot(page, 'welcome-again', true);
  await asked(({ backups }) => backups.make());
  const whole = [
    'overview',
    'credits-usage',
    'forecast',
    'what-if',
    'ledger',
    'subscription',
    'subscription/readings',
    'alerts',
    'settings',
  ] as const;
  for (const screen of whole) {
    await show(page, `${workspace}/${screen}`);
    await shoot(page, screen === 'overview' ? 'overview-light' : nameOf(screen), true);
  }
  await show(page, `${placeOf('miro')}/members`);
  await shoot(page, 'members', true);
  await show(page, `${placeOf('visily')}/overview`);
  await shoot(page, 'overview-pools', true);
  await show(page, `${workspace}/credits-usage?period=month`);
  await page.getByRole('button', { name: 'Show as table: Usage history' }).click();
  await page
    .getByRole('button', { name: /^What happened: / })
    .nth(2)
    .click();
  await page.getByText('Largest uses').waitFor();
  await shoot(page, 'what-happened', true);
  await shootServer(page);
  await show(page, `${workspace}/log`);
  await fillLog(page);
  await shoot(page, 'log-usage');
  await show(page, `/w/${await copilotWorkspace()}/import`);
  await page.locator('input[type=file]').setInputFiles(report);
  await page.getByRole('button', { name: 'Book 1,693 rows' }).waitFor();
  await shoot(page, 'import', true);
  for (const look of looks) {
    await page.emulateMedia({ colorScheme: look.dark ? 'dark' : 'light' });
    await page.setViewportSize({ width: look.width, height: look.height });
    await show(page, `${workspace}/overview`);
    await shoot(page, `overview-${look.name}`, look.width < 2000);
    if (!process.argv.includes('--all')) continue;
    for (const screen of [...whole, 'members', 'log', 'import']) {
      await show(page, `${placeOf('miro')}/${screen}`);
      await shoot(page, `all/${nameOf(screen)}-${look.name}`, look.width < 2000);
    }
    await show(page, '/home');
    await shoot(page, `all/home-${look.name}`, look.width < 2000);
  }
  for (const complaint of complaints) console.error(complaint);
  await context.close();
  await app.quit();
  damage(dataDirectory, 'schema');
  app = await startApp(dataDirectory);
  await shootRecovery((await openPage(browser, app.address)).page);
} finally {
  await browser.close();
  await app.quit();
  rmSync(dataDirectory, { recursive: true, force: true });
}

function nameOf(screen: string): string {
  return screen.replaceAll('/', '-');
}

async function show(page: Page, path: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, path);
  await page.waitForURL((url) => url.hash.startsWith(`#${path}`));
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle');
}

/** Two screens of a server that this computer joins, with a workspace that is taken there. */
async function shootServer(page: Page): Promise<void> {
  const server = await startOwnServer();
  try {
    const { serverId } = await asked(({ sync }) =>
      sync.connect({ invite: server.inviteLink, deviceName: 'Ada’s desk' }),
    );
    const workspaceId = await copilotWorkspace('Research');
    await asked(async ({ sync, administration }) => {
      await sync.publish({ serverId, workspaceId });
      await administration.people.add({ serverId, name: 'Søren Kjærgaard', role: 'team-lead' });
      await sync.now({});
    });
    await show(page, `/w/${workspaceId}/sync`);
    await shoot(page, 'sync', true);
    await show(page, `/w/${workspaceId}/administration`);
    await page.getByText('Søren Kjærgaard').waitFor();
    await shoot(page, 'administration', true);
    await asked(({ sync }) => sync.forget({ serverId }));
  } finally {
    await server.drop();
  }
}

/** Data that is damaged, and the way back. */
async function shootRecovery(page: Page): Promise<void> {
  await page.getByText('Whole').first().waitFor();
  await shoot(page, 'recovery', true);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 400, height: 860 });
  await shoot(page, 'recovery-narrow', true);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 860 });
  await page.getByRole('button', { name: 'Open read-only' }).click();
  await page.getByText('It still cannot be opened.').waitFor();
  await page.getByRole('button', { name: 'Restore this backup …' }).click();
  await page.getByText('Newest entry in it').waitFor();
  await shoot(page, 'restore');
}

/** Asks the running app, as the command line would. */
async function asked<Answer>(question: (client: OwnerClient) => Promise<Answer>): Promise<Answer> {
  const owner = await connectOwner(dataDirectory);
  if (!owner) throw new Error('The app does not answer');
  try {
    return await question(owner.client);
  } finally {
    owner.close();
  }
}

/** The workspaces of the sample by platform, once all of them are there. */
async function wholeSample(): Promise<ReadonlyMap<string, string>> {
  for (;;) {
    const workspaces = await asked((client) => client.workspaces.list());
    if (workspaces.length === 4) return new Map(workspaces.map(({ platform, id }) => [platform, id]));
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function copilotWorkspace(name = 'Engineering'): Promise<string> {
  const { workspaceId } = await asked(({ workspaces }) =>
    workspaces.create({
      name,
      platform: 'github-copilot',
      plan: 'business',
      seats: { member: 92 },
      anchor: '2025-10-01',
      timeZone: 'Europe/Berlin',
    }),
  );
  return workspaceId;
}

async function fillLog(page: Page): Promise<void> {
  await page
    .getByRole('combobox', { name: /feature/i })
    .or(page.getByLabel(/feature/i))
    .first()
    .click();
  await page.getByRole('option').nth(3).click();
}

async function shoot(page: Page, name: string, whole = false): Promise<void> {
  // Charts and figures settle after the first frames, and a chart takes the width of its place a little later.
  await page.waitForTimeout(700);
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.recharts-wrapper')].every(
      (chart) => chart.clientWidth <= (chart.closest('.recharts-responsive-container')?.clientWidth ?? Infinity) + 1,
    ),
  );
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: whole });
  console.log(`docs/screenshots/${name}.png`);
}
