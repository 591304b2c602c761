// A link to a view of use, sent from one computer to others: with a server between them, and without one.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeOfLink } from '../../electron/deep-link.ts';
import { expectNoViolations } from '../support/axe.ts';
import { timeoutMsMax, useOpenedApp } from '../support/opened-app.ts';
import { startOwnServer, type OwnServer } from '../support/own-server.ts';
import { press, says } from '../support/screen.ts';
import { studio } from '../support/studio.ts';

const ana = useOpenedApp();
const ben = useOpenedApp();
let server: OwnServer;
let workspaceId = '';

beforeAll(async () => {
  server = await startOwnServer();
  workspaceId = await studio(ana.client);
  await ana.client.usage.log({ workspaceId, feature: 'video', quantity: '1', member: 'ana' });
  await ana.client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '1', member: 'ben', happened: true });
});

afterAll(() => server.drop());

/** Goes where the operating system sends the app with a link. */
async function open(page: Page, link: string): Promise<void> {
  const place = placeOfLink(link);
  expect(place).not.toBeNull();
  await page.evaluate((hash) => {
    location.hash = hash;
  }, place ?? '');
}

async function copied(page: Page): Promise<string> {
  await press(page, 'Copy link');
  await says(page, 'Link copied');
  return page.evaluate(() => navigator.clipboard.readText());
}

async function searched(page: Page): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `/w/${workspaceId}/credits-usage/users?period=month&q=ana&sort=name`);
  await page.getByRole('heading', { level: 1, name: 'Use by user' }).waitFor();
  await says(page, '1 person');
}

/** The address of a view, without the server's part. */
const stateOf = (page: Page): string => new URL(page.url()).hash;

it('[A4] is one of the app while the workspace is on this computer alone, and opens the same view', async () => {
  const { page, context } = ana;
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await searched(page);
  const state = stateOf(page);
  const link = await copied(page);
  expect(link).toBe(`fuelgauge://open/${workspaceId}/credits-usage/users?period=month&q=ana&sort=name`);
  await open(page, 'fuelgauge://welcome');
  await page.getByRole('heading', { level: 1, name: /^Welcome/ }).waitFor();
  await open(page, link);
  await says(page, '1 person');
  expect(stateOf(page)).toBe(state);
  expect(await page.getByRole('searchbox', { name: 'Search people' }).inputValue()).toBe('ana');
});

describe('once the workspace is on a server', () => {
  let link = '';

  it('[A4] is one of the server, whose page opens the app at the same view', async () => {
    const { page, client, browser } = ana;
    const { serverId } = await client.sync.connect({ invite: server.inviteLink, deviceName: 'Ana’s desk' });
    await client.sync.publish({ serverId, workspaceId });
    await client.sync.now({});
    await searched(page);
    const state = stateOf(page);
    link = await copied(page);
    expect(link).toBe(`${server.address}/open/${workspaceId}/credits-usage/users?period=month&q=ana&sort=name`);

    // As in the browser of whoever it was sent to.
    const elsewhere = await browser.newContext({ ignoreHTTPSErrors: true, javaScriptEnabled: true });
    const other = await elsewhere.newPage();
    const complaints: string[] = [];
    other.on('console', (message) => complaints.push(message.text()));
    await other.goto(link);
    await other.getByRole('heading', { level: 1, name: 'Open this view in Fuelgauge' }).waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await other.emulateMedia({ colorScheme });
      const { color, background } = await other
        .getByRole('link', { name: 'Open in Fuelgauge' })
        .evaluate((element) => ({
          color: getComputedStyle(element).color,
          background: getComputedStyle(element).backgroundColor,
        }));
      // Its style is there, which its policy allows by the hash of it.
      expect([color, background]).toEqual(['rgb(255, 255, 255)', 'rgb(15, 100, 115)']);
    }
    await other.setViewportSize({ width: 320, height: 600 });
    expect(await other.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    await other.keyboard.press('Tab');
    const focused = await other.evaluate(() => document.activeElement?.textContent);
    expect(focused).toBe('Open in Fuelgauge');
    const inPage = (await other.getByRole('link', { name: 'Open in Fuelgauge' }).getAttribute('href')) ?? '';
    expect(complaints).toEqual([]);
    await elsewhere.close();

    await open(page, 'fuelgauge://welcome');
    await page.getByRole('heading', { level: 1, name: /^Welcome/ }).waitFor();
    await open(page, inPage);
    await says(page, '1 person');
    expect(stateOf(page)).toBe(state);
  });

  it('[A4] [E5] shows a member who may not see it a page that says so, with the way on', async () => {
    const { client } = ana;
    const serverId = (await client.sync.status()).servers[0]?.id ?? '';
    const { personId } = await client.administration.people.add({ serverId, name: 'Ben Okafor', role: 'member' });
    await client.administration.people.setMembership({ serverId, personId, workspaceId, memberId: 'ben' });
    const { link: invite } = await client.administration.invites.create({ serverId, personId });
    await ben.client.sync.connect({ invite, deviceName: 'Ben’s desk' });
    await ben.client.sync.now({});
    await expect
      .poll(async () => (await ben.client.workspaces.list()).some(({ id }) => id === workspaceId), {
        timeout: timeoutMsMax,
      })
      .toBe(true);
    const { page } = ben;
    await open(page, link.replace(`${server.address}/open/`, 'fuelgauge://open/'));
    await page.getByRole('heading', { level: 1, name: 'Use by user' }).waitFor();
    await says(page, /Look at features and teams/);
    expect(await page.getByText('Ana').count()).toBe(0);
    await expectNoViolations(page);
    await open(page, `fuelgauge://open/${workspaceId}/credits-usage/features?period=month`);
    await says(page, '2 features');
  });
});

it('[A4] says what to do where the workspace is not on the computer', async () => {
  const { page } = ben;
  const elsewhere = '0199f3a1-0000-7000-8000-00000000dead';
  await open(page, `fuelgauge://open/${elsewhere}/credits-usage/teams?period=month`);
  await page.getByRole('heading', { name: 'This workspace could not be opened' }).waitFor();
  await page.getByRole('link', { name: 'Go to the start page' }).waitFor();
  expect(await page.getByRole('heading', { name: 'Use by team' }).count()).toBe(0);
  await expectNoViolations(page);
});
