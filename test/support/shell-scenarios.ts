// What a person does in either shell. The browser shell and the desktop shell run the very same steps; only how the page
// is opened differs.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { OwnerClient } from './opened-app.ts';
import { choose, fact, panel, press, reads, says, show, showWorkspace, workspaceIdOf } from './screen.ts';

export interface OpenShell {
  /** Shows the first screen, or is about to; the data directory was empty before. */
  readonly page: Page;
  /** The same data, as the command line asks for it. */
  readonly client: OwnerClient;
}

export interface ShellScenario {
  readonly name: string;
  readonly run: (shell: OpenShell) => Promise<void>;
}

export const shellScenarios: readonly ShellScenario[] = [
  {
    name: 'offers its doors at the first start, and a sample team that goes with one click',
    async run({ page, client }) {
      await page.getByRole('heading', { level: 1, name: 'Welcome to Fuelgauge' }).waitFor();
      await press(page, 'Look around');
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
      await fact(page, 'Available now').waitFor();
      await press(page, 'Remove sample data');
      await page.getByRole('heading', { level: 1, name: 'Welcome to Fuelgauge' }).waitFor();
      expect(await client.workspaces.list()).toEqual([]);
    },
  },
  {
    name: 'books what is entered, shows it at once, and has it after a reload',
    async run({ page, client }) {
      const workspaceId = await workspace(client);
      await showWorkspace(page, workspaceId, 'Log usage');
      await choose(page, 'Feature', /^AI video/);
      await press(page.getByRole('main'), 'Log');
      await says(page, 'AI video logged: 250 credits.');
      await showWorkspace(page, workspaceId);
      await reads(fact(page, 'Available now'), /^1,250/);
      await page.reload();
      await reads(fact(page, 'Available now'), /^1,250/);
      expect(workspaceIdOf(page)).toBe(workspaceId);
      const { balance } = await client.balance.get({ workspaceId });
      expect(balance.used).toBe(250_000_000);
    },
  },
  {
    name: 'shows what the command line booked without being asked',
    async run({ page, client }) {
      const workspaceId = await workspace(client);
      await showWorkspace(page, workspaceId);
      await reads(fact(page, 'Available now'), /^1,500/);
      await client.usage.log({ workspaceId, feature: 'video', quantity: '2', member: 'ana' });
      await reads(fact(page, 'Available now'), /^1,000/);
    },
  },
  {
    name: 'says which shell it is, and keeps its page to itself',
    async run({ page, client }) {
      const workspaceId = await workspace(client);
      const { shell } = await client.app.info();
      await showWorkspace(page, workspaceId, 'Settings');
      await says(panel(page, 'This computer'), shell === 'electron' ? 'Desktop app' : 'Page in a browser');
      const desktopOnly = panel(page, 'Desktop').getByText('Desktop only', { exact: true });
      await desktopOnly.waitFor({ state: shell === 'electron' ? 'hidden' : 'visible' });
      for (const name of ['require', 'process', 'module', 'electron', 'ipcRenderer', '__dirname']) {
        expect([name, await page.evaluate((key) => typeof Reflect.get(window, key), name)]).toEqual([
          name,
          'undefined',
        ]);
      }
      const blocked = await page.evaluate(() =>
        fetch('https://example.invalid/').then(
          () => 'read',
          () => 'blocked',
        ),
      );
      expect(blocked).toBe('blocked');
      await show(page, '/nowhere', 'Nothing here');
    },
  },
];

async function workspace(client: OwnerClient): Promise<string> {
  const { workspaceId } = await client.workspaces.create({
    name: 'Design',
    platform: 'piktochart',
    plan: 'pro',
    seats: { member: 3 },
    anchor: '2026-01-01',
    timeZone: 'UTC',
    members: [{ id: 'ana', name: 'Ana', role: 'member' }],
    me: 0,
  });
  return workspaceId;
}
