// Without any network, over reloads, sudden death, a second start, and the command line beside the open app.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { connectOwner } from '../../replica/loopback/connect-owner.ts';
import { openPage, startApp, type AppProcess } from '../support/app-process.ts';
import { launchChromium } from '../support/chromium.ts';
import { spawnedCommandLineIn } from '../support/command-line.ts';
import { timeoutMsMax, type OwnerClient } from '../support/opened-app.ts';
import { choose, goTo, panel, press, says, show, showWorkspace, workspaceIdOf } from '../support/screen.ts';
import { balanceOf, linesOf, studio } from '../support/studio.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'fuelgauge-e2e-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

async function start(dataDirectory: string): Promise<AppProcess> {
  const app = await startApp(dataDirectory);
  onTestFinished(() => app.quit());
  return app;
}

async function open(address: string) {
  const opened = await openPage(browser, address);
  opened.page.setDefaultTimeout(timeoutMsMax);
  onTestFinished(() => opened.context.close());
  return opened;
}

async function ask(dataDirectory: string): Promise<OwnerClient> {
  const owner = await connectOwner(dataDirectory);
  if (owner === undefined) throw new Error('The app does not answer.');
  onTestFinished(() => owner.close());
  return owner.client;
}

async function logVideo(page: Page, message: string): Promise<void> {
  await choose(page, 'Feature', /^AI video/);
  await press(page.getByRole('main'), 'Log');
  await says(page, message);
}

describe('without a network', () => {
  it('shows and reloads every screen, and nothing tries to leave this computer', async () => {
    const app = await start(await folder());
    const { page, complaints } = await open(app.address);
    await press(page, 'Look around');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    const workspaceId = workspaceIdOf(page);
    for (const screen of [
      'Overview',
      'Log usage',
      'Ledger',
      'Subscription',
      'Import',
      'Members',
      'Settings',
    ] as const) {
      await goTo(page, screen);
      await page.reload();
      await page.getByRole('heading', { level: 1, name: screen, exact: true }).waitFor();
      expect(workspaceIdOf(page)).toBe(workspaceId);
    }
    for (const [path, title] of [
      ['/welcome', 'Welcome to Fuelgauge'],
      ['/new', 'New workspace'],
      ['/platform/new', 'Describe a platform'],
    ] as const) {
      await show(page, path, title);
      await page.reload();
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
    }
    await showWorkspace(page, workspaceId, 'Log usage');
    await logVideo(page, 'AI video logged: 250 credits.');
    await page.reload();
    await panel(page, 'Last entry')
      .getByText(/^AI video, 1 video · 250 · /)
      .waitFor();
    expect(complaints).toEqual([]);
    expect(app.output()).not.toContain('NETWORK USED');
  });
});

describe('a killed process', () => {
  it('has lost nothing that was answered when it starts again', async () => {
    const dataDirectory = await folder();
    const app = await start(dataDirectory);
    const { page } = await open(app.address);
    const workspaceId = await studio(await ask(dataDirectory));
    await showWorkspace(page, workspaceId, 'Log usage');
    await logVideo(page, 'AI video logged: 250 credits.');
    await app.kill();
    await page.getByRole('alert').filter({ hasText: 'Connection lost' }).waitFor();

    const again = await start(dataDirectory);
    const reopened = await open(again.address);
    await reopened.page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await says(reopened.page, '250 of 1,500 used');
    await goTo(reopened.page, 'Ledger');
    await reopened.page.getByRole('row', { name: /AI video · 1 video Usage Ana Design 250/ }).waitFor();
    expect(reopened.complaints).toEqual([]);
    expect(again.output()).not.toContain('NETWORK USED');
  });

  it('keeps each of many quick uses, killed right after the last answer', async () => {
    const dataDirectory = await folder();
    const app = await start(dataDirectory);
    const client = await ask(dataDirectory);
    const workspaceId = await studio(client);
    const uses = Array.from({ length: 40 }, () =>
      client.usage.log({ workspaceId, feature: 'topic-prompt', quantity: '1', member: 'ben' }),
    );
    const answers = await Promise.all(uses);
    await app.kill();
    expect(answers.map(({ outcome }) => outcome)).toEqual(answers.map(() => 'allowed'));

    await start(dataDirectory);
    const after = await ask(dataDirectory);
    expect(await linesOf(after, workspaceId)).toBe(40);
    expect(await balanceOf(after, workspaceId)).toMatchObject({ available: 1460, used: 40 });
  });
});

describe('beside the running app', () => {
  it('a second start hands over and opens another page of the same data', async () => {
    const dataDirectory = await folder();
    const app = await start(dataDirectory);
    const { page, complaints } = await open(app.address);
    const workspaceId = await studio(await ask(dataDirectory), { name: 'Handed over' });
    await showWorkspace(page, workspaceId, 'Log usage');

    const second = await start(dataDirectory);
    const other = await open(second.address);
    await other.page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await other.page.getByRole('button', { name: /^Workspace Handed over/ }).waitFor();
    await logVideo(page, 'AI video logged: 250 credits.');
    await says(other.page, '250 of 1,500 used');
    expect(new URL(second.address).origin).toBe(new URL(app.address).origin);
    expect([...complaints, ...other.complaints]).toEqual([]);
  });

  it('the command line books through it and the page shows it by itself', async () => {
    const dataDirectory = await folder();
    const app = await start(dataDirectory);
    const { page, complaints } = await open(app.address);
    const workspaceId = await studio(await ask(dataDirectory));
    await showWorkspace(page, workspaceId);
    await says(page, '0 of 1,500 used');
    const commandLine = spawnedCommandLineIn(dataDirectory);
    const answer = await commandLine.json(`log --workspace ${workspaceId} --feature video --quantity 2 --member ben`);
    expect(z.object({ outcome: z.string(), credits: z.string() }).parse(answer)).toEqual({
      outcome: 'allowed',
      credits: '500',
    });
    await says(page, '500 of 1,500 used');
    await panel(page, 'Recent activity').getByText('AI video · 2 videos').waitFor();
    await says(panel(page, 'Recent activity'), /^Ben · /);

    await goTo(page, 'Ledger');
    const refused = await commandLine.run(`log --workspace ${workspaceId} --feature video --quantity 9 --member ben`);
    expect(refused.exitCode).toBe(2);
    await says(page, '1 transaction');
    expect(complaints).toEqual([]);
    expect(app.output()).not.toContain('NETWORK USED');
  });
});
