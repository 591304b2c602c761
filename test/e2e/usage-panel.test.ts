// Who and what used credits: the panel, its lists, pages of teams, links, and people who are left out.
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectNoViolations } from '../support/axe.ts';
import { useOpenedApp } from '../support/opened-app.ts';
import { panel, press, says, showWorkspace } from '../support/screen.ts';
import { studio } from '../support/studio.ts';

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
    // In the middle of the ring, which is drawn after its list.
    const total = async (title: string): Promise<string> =>
      (await panel(page, title)
        .locator('svg text', { hasText: /^[\d,.]+$/ })
        .first()
        .textContent()) ?? '';
    const quarter = await total('By feature');
    await page.getByText('Monthly', { exact: true }).click();
    await expect.poll(() => searchOf(page)).toBe('period=month');
    await expect.poll(() => total('By feature')).not.toBe(quarter);
    const month = await total('By feature');
    await expect.poll(() => total('By teams')).toBe(month);
    await expect.poll(() => total('By users')).toBe(month);
    await press(page, 'The month before');
    await expect.poll(() => searchOf(page)).toMatch(/^period=month&day=\d{4}-\d{2}-01$/);
    await expect.poll(() => total('By feature')).not.toBe(month);
    await page.reload();
    await says(panel(page, 'Usage history'), / uses · /);
    await expect.poll(() => total('By feature')).not.toBe(month);
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

describe('the overview', () => {
  it('[A1] has the period’s total, a history with a range of its own, the period before, and the ways on', async () => {
    const { page, client } = app;
    await showWorkspace(page, workspaceId);
    const { balance } = await client.balance.get({ workspaceId });
    const used = new Intl.NumberFormat('en-GB').format(balance.used / 1e6);
    await says(panel(page, 'Credits'), new RegExp(`^${used} of [\\d,]+ used$`));
    await says(panel(page, 'Outlook'), 'Previous period');
    const history = panel(page, 'Use per day');
    const days = async (range: string): Promise<number> => {
      await history.getByText(range, { exact: true }).click();
      await press(history, 'Show as table: Use per day');
      const rows = await history.getByRole('row').count();
      await press(history, 'Show as chart: Use per day');
      return rows - 1;
    };
    expect(await days('90 days')).toBe(90);
    expect(await days('30 days')).toBe(30);
    await says(panel(page, 'Credits'), new RegExp(`^${used} of [\\d,]+ used$`));
    expect(await page.getByRole('link', { name: 'All usage' }).getAttribute('href')).toContain('/credits-usage');
  });

  it('[A9] leads to what is allotted, used and available, and to packs', async () => {
    const { page } = app;
    await showWorkspace(page, workspaceId);
    await page.getByRole('link', { name: 'Open subscription page' }).click();
    await page.getByRole('heading', { level: 1, name: 'Subscription', exact: true }).waitFor();
    for (const name of [/^Allotted this period/, /^Used/, /^Available/]) {
      await page.getByRole('term').filter({ hasText: name }).first().waitFor();
    }
    await panel(page, 'Packs').waitFor();
    expect(page.url()).toContain(`/w/${workspaceId}/subscription`);
  });
});

describe('on Miro', () => {
  let miro = '';

  beforeAll(async () => {
    const { client } = app;
    ({ workspaceId: miro } = await client.workspaces.create({
      name: 'Boards',
      platform: 'miro',
      plan: 'enterprise',
      seats: { member: 20 },
      anchor: '2026-01-01',
      timeZone: 'UTC',
      members: [
        { id: 'mia', name: 'Mia Member', role: 'member' },
        { id: 'idle', name: 'Ida Idle', role: 'member' },
        { id: 'gus', name: 'Gus Guest', role: 'guest' },
      ],
    }));
    await client.usage.log({ workspaceId: miro, feature: 'image', quantity: '2', member: 'mia', happened: true });
    await client.usage.log({ workspaceId: miro, feature: 'image', quantity: '1', member: 'gus', happened: true });
  });

  const openMiro = async (page: Page, rest: string, title: string): Promise<void> => {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `/w/${miro}/credits-usage${rest}`);
    await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
  };

  it('[A6] users are those who may spend and did, and never guests', async () => {
    const { page } = app;
    await openMiro(page, '', 'Usage');
    const users = panel(page, 'By users').getByRole('listitem');
    await expect.poll(() => users.allInnerTexts()).toHaveLength(2);
    const texts = (await users.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));
    expect(texts).toEqual(['Mia Member 6 67%', 'Unattributed 3 33%']);
    await openMiro(page, '/users', 'Use by user');
    await says(page, /^[12] (?:person|people)$/);
    expect(await page.getByText(/Gus Guest|Ida Idle/).count()).toBe(0);
    await page.getByRole('searchbox', { name: 'Search people' }).fill('gus');
    await says(page, 'Nothing has this in its name.');
  });

  it('[A8] last updated is the age of the data, whenever it is drawn', async () => {
    const { page, client } = app;
    const newest = async () =>
      (await client.ledger.page({ workspaceId: miro, filter: {}, cursor: null, limit: 1 })).rows[0];
    const shown = () => page.getByRole('main').locator('time').first().getAttribute('datetime');
    await openMiro(page, '', 'Usage');
    await expect.poll(shown).toBe(new Date((await newest())?.recordedAt ?? 0).toISOString());
    const before = await shown();
    await page.reload();
    await says(page, /^Last updated/);
    expect(await shown()).toBe(before);
    await client.usage.log({
      workspaceId: miro,
      feature: 'doc',
      quantity: '1',
      member: 'mia',
      happened: true,
      at: '2026-02-03T10:00:00Z',
    });
    // It came now, whatever day it is about.
    await expect.poll(shown).not.toBe(before);
    expect(Date.parse((await shown()) ?? '')).toBeGreaterThan(Date.parse(before ?? ''));
  });

  it('[V4] [E5] a member sees the rest without names', async () => {
    const { page, client } = app;
    await client.workspaces.setMe({ workspaceId: miro, member: 'idle' });
    await openMiro(page, '', 'Usage');
    await says(panel(page, 'By users'), 'Company admins and team leads see who used credits.');
    await panel(page, 'By feature').getByRole('listitem').first().waitFor();
    await openMiro(page, '/users', 'Use by user');
    await says(page, /Look at features and teams/);
    expect(await page.getByText('Mia Member').count()).toBe(0);
    await client.workspaces.setMe({ workspaceId: miro, member: null });
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

  it('[V2] puts small teams together', async () => {
    const { page, client } = app;
    const small = await studio(client, {
      members: [
        ...['a', 'b', 'c', 'd'].map((id) => ({ id, name: `Large ${id}`, role: 'member', team: 'Large' })),
        { id: 'e', name: 'Lone Wolf', role: 'member', team: 'Tiny' },
        { id: 'f', name: 'Two Some', role: 'member', team: 'Duo' },
        { id: 'g', name: 'Some Two', role: 'member', team: 'Duo' },
      ],
    });
    for (const member of ['a', 'b', 'e', 'f']) {
      await client.usage.log({ workspaceId: small, feature: 'topic-prompt', quantity: '2', member, happened: true });
    }
    const teams = async () => {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, `/w/${small}/credits-usage`);
      return panel(page, 'By teams').getByRole('listitem').allInnerTexts();
    };
    const named = (texts: readonly string[]) => texts.map((text) => text.split('\n')[0]?.trim() ?? '').toSorted();
    await expect.poll(async () => named(await teams())).toEqual(['Duo', 'Large', 'Tiny']);
    await client.workspaces.setPrivacy({ workspaceId: small, hidesPeople: true });
    await expect.poll(async () => named(await teams())).toEqual(['Large', 'Small teams']);
  });

  it('[V3] leaves everybody their own entries', async () => {
    const { page, client } = app;
    const own = await studio(client);
    await client.usage.log({ workspaceId: own, feature: 'topic-prompt', quantity: '1', member: 'ana' });
    await client.usage.log({ workspaceId: own, feature: 'topic-prompt', quantity: '1', member: 'ben', happened: true });
    await client.workspaces.setPrivacy({ workspaceId: own, hidesPeople: true });
    await showWorkspace(page, own, 'Ledger');
    await page.getByRole('row', { name: /Usage Ana / }).waitFor();
    expect(await page.getByRole('row', { name: /Ben/ }).count()).toBe(0);
    await says(page, 'Not shown');
    await showWorkspace(page, own, 'Members');
    await page.getByRole('row', { name: /^Ben/ }).waitFor();
  });
});
