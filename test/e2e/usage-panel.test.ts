// Who and what used credits: the panel, its lists, pages of teams, links, and people who are left out.
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectNoViolations } from '../support/axe.ts';
import { useOpenedApp } from '../support/opened-app.ts';
import { panel, press, says, showWorkspace } from '../support/screen.ts';

const app = useOpenedApp();
let workspaceId = '';

beforeAll(async () => {
  workspaceId = (await app.client.workspaces.createSample({ platforms: ['piktochart'] })).workspaceId;
});

async function open(page: Page, rest: string, title: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `/w/${workspaceId}/credits-usage${rest}`);
  await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
}

async function pick(scope: Locator, name: string): Promise<void> {
  await scope.getByRole('radio', { name }).check();
}

const searchOf = (page: Page): string => new URL(page.url()).hash.split('?')[1] ?? '';

describe('the usage panel', () => {
  it('[A1] is one press from the overview, and leads to the subscription', async () => {
    const { page } = app;
    await showWorkspace(page, workspaceId);
    await page.getByRole('link', { name: 'All usage' }).click();
    await page.getByRole('heading', { level: 1, name: 'Usage', exact: true }).waitFor();
    await page.getByRole('link', { name: 'Open subscription page' }).click();
    await page.getByRole('heading', { level: 1, name: 'Subscription', exact: true }).waitFor();
    expect(page.url()).toContain(`/w/${workspaceId}/subscription`);
  });

  it('[A2] begins with the quarter; its period governs all sections, is in the address and steps back and forth', async () => {
    const { page } = app;
    await open(page, '', 'Usage');
    await says(panel(page, 'Usage history'), / uses · /);
    expect(await page.getByRole('radio', { name: 'Quarterly' }).isChecked()).toBe(true);
    const total = async (title: string): Promise<string> =>
      (await panel(page, title)
        .getByText(/^[\d,.]+$/)
        .first()
        .textContent()) ?? '';
    const quarter = await total('By feature');
    await page.getByText('Monthly', { exact: true }).click();
    await expect.poll(() => searchOf(page)).toBe('period=month');
    await expect.poll(() => total('By feature')).not.toBe(quarter);
    expect(await total('By teams')).toBe(await total('By feature'));
    expect(await total('By users')).toBe(await total('By feature'));
    const month = await total('By feature');
    await press(page, 'The month before');
    await expect.poll(() => searchOf(page)).toMatch(/^period=month&day=\d{4}-\d{2}-01$/);
    await expect.poll(() => total('By feature')).not.toBe(month);
    await page.reload();
    await says(panel(page, 'Usage history'), / uses · /);
    expect(await total('By feature')).not.toBe(month);
    await press(page, 'This month');
    await expect.poll(() => total('By feature')).toBe(month);
    await page.getByText('Quarterly', { exact: true }).click();
    await expect.poll(() => searchOf(page)).toBe('');
  });

  it('[A3] shows rings with ranked lists, each with its table', async () => {
    const { page } = app;
    await open(page, '', 'Usage');
    const users = panel(page, 'By users');
    await says(users, 'Others');
    await expect.poll(() => users.getByRole('listitem').count()).toBe(6);
    await press(users, 'Show as table: By users');
    await users.getByRole('region', { name: 'By users, as a table' }).waitFor();
    await press(users, 'Show as chart: By users');
  });

  it('tells what happened in a bar, by keyboard alone, and what may explain it', async () => {
    const { page } = app;
    await open(page, '?period=month', 'Usage');
    const history = panel(page, 'Usage history');
    await history.getByRole('button', { name: 'Show as table: Usage history' }).focus();
    await page.keyboard.press('Enter');
    await says(history, 'Credits were reset');
    await history
      .getByRole('button', { name: /^What happened: / })
      .nth(3)
      .focus();
    await page.keyboard.press('Enter');
    const moment = panel(page, /^What happened: /);
    await says(moment, 'Largest uses');
    await expectNoViolations(page);
    await page.keyboard.press('Enter');
    await moment.waitFor({ state: 'detached' });
    await press(history, 'Show as chart: Usage history');
    const surface = history.locator('.recharts-surface');
    await surface.focus();
    for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await says(panel(page, /^What happened: /), 'Largest uses');
  });

  it('[A7] says that nothing was used, and hides what would be empty', async () => {
    const { page } = app;
    await open(page, '?day=2020-01-01', 'Usage');
    await says(page, 'No credit used in the selected period yet');
    expect(await page.getByRole('region', { name: 'By feature' }).count()).toBe(0);
    await expectNoViolations(page);
  });
});

describe('the full lists', () => {
  it('[A4] are searched and sorted, all of it in the address, and come back with it', async () => {
    const { page } = app;
    await open(page, '/users', 'Use by user');
    const names = () => page.getByRole('row').getByRole('cell').nth(0).textContent();
    await says(page, /people$/);
    const most = await names();
    await page.getByRole('button', { name: 'Sort by Credits' }).click();
    await expect.poll(() => searchOf(page)).toBe('order=up');
    await expect.poll(names).not.toBe(most);
    await page.getByRole('button', { name: 'Sort by Name' }).click();
    await expect.poll(() => searchOf(page)).toBe('sort=name');
    await page.getByRole('searchbox', { name: 'Search people' }).fill('ada');
    await expect.poll(() => searchOf(page)).toBe('sort=name&q=ada');
    await says(page, '1 person');
    await page.reload();
    await says(page, '1 person');
    await page.getByRole('searchbox', { name: 'Search people' }).fill('nobody has this');
    await says(page, 'Nothing has this in its name.');
    await expectNoViolations(page);
  });

  it('[A5] lead to a team’s page, and the link can be copied', async () => {
    const { page, context } = app;
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await open(page, '/teams?period=month', 'Use by team');
    await page.getByRole('link', { name: 'Brand & Marketing' }).click();
    await page.getByRole('heading', { level: 1, name: 'Brand & Marketing' }).waitFor();
    await says(page, 'People of this team');
    expect(searchOf(page)).toBe('period=month');
    await press(page, 'Copy link');
    await says(page, 'Link copied');
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link).toMatch(new RegExp(`^fuelgauge://open/${workspaceId}/credits-usage/teams/marketing\\?period=month$`));
    // The tooltip of the button lies beside the landmarks; that is meant.
    await expectNoViolations(page, ['region']);
  });
});

describe('user privacy', () => {
  it('[V1] hides By users everywhere with one switch, and brings it back', async () => {
    const { page } = app;
    await showWorkspace(page, workspaceId, 'Settings');
    const privacy = panel(page, 'User privacy');
    await pick(privacy, 'Exclude stats and analytics of specific users’ activity');
    await press(privacy, 'Save');
    await says(page, 'User privacy saved');
    await open(page, '', 'Usage');
    await says(panel(page, 'By users'), 'This workspace leaves out the activity of specific people.');
    await panel(page, 'By teams').getByRole('listitem').first().waitFor();
    await open(page, '/users', 'Use by user');
    await says(page, 'This workspace leaves out the activity of specific people.');
    await showWorkspace(page, workspaceId, 'Ledger');
    await says(page, 'Not shown');
    await showWorkspace(page, workspaceId, 'Settings');
    await pick(panel(page, 'User privacy'), 'Include explicit stats and analytics of users’ activity');
    await press(panel(page, 'User privacy'), 'Save');
    await open(page, '', 'Usage');
    await says(panel(page, 'By users'), 'Others');
  });
});
