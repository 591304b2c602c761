// L3: the built pages in Chromium, over a real MessagePort and the built preload, to a real replica.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { fromRoot } from '../../build/paths.ts';
import type { DesktopShell } from '../../replica/recovery/desktop-router.ts';
import { openStandingReplica } from '../../replica/recovery/standing-replica.ts';
import { defaultSettings } from '../../electron/settings.ts';
import type { DesktopRequest, DesktopView } from '../../shared/bridge/desktop.ts';
import { expectNoViolations } from '../support/axe.ts';
import { launchChromium } from '../support/chromium.ts';
import { openDesktopPage } from '../support/open-app-page.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PRELOAD = fromRoot('dist/electron/preload.cjs');

let browser: Browser;
beforeAll(async () => {
  if (!existsSync(PRELOAD)) throw new Error('The app is not built. Run npm run build.');
  browser = await launchChromium();
});
afterAll(() => browser?.close());

interface AppOptions {
  readonly desktop?: DesktopShell;
  readonly paused?: boolean;
  readonly context?: BrowserContextOptions;
}

async function openApp({ desktop, paused = false, context: look = {} }: AppOptions = {}) {
  const replica = await openStandingReplica({
    dataDir: await temporaryFolder(),
    shell: 'electron',
    ...(desktop === undefined ? {} : { desktop }),
  });
  onTestFinished(() => replica.close());
  await replica.client.workspaces.create({
    name: 'Night shift',
    platform: 'piktochart',
    plan: 'pro',
    seats: { member: 3 },
    anchor: '2026-01-01',
    timeZone: 'UTC',
  });
  const context = await browser.newContext(look);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  const relay = await openDesktopPage(page, {
    pagesFolder: fromRoot('dist/renderer'),
    preload: await readFile(PRELOAD, 'utf8'),
    router: replica.router,
    paused,
  });
  return { page, complaints, relay };
}

describe('the built pages in the desktop shell', () => {
  it('open under the policy without a complaint and get their data over the port', async () => {
    const { page, complaints, relay } = await openApp();
    await page.getByText('Night shift').first().waitFor();
    await page.getByText('Data on this computer').first().waitFor();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(relay.portCount()).toBe(1);
    expect(complaints).toEqual([]);
  });

  it('go on where they were when the replica’s process was started again', async () => {
    const { page, relay } = await openApp();
    await page.getByText('Data on this computer').first().waitFor();
    const resume = await relay.pause();
    await relay.breakChannel();
    await page.getByText('Connection lost').first().waitFor();
    await resume();
    await page.getByText('Data on this computer').first().waitFor();
    expect(relay.portCount()).toBe(2);
  });

  it('draw their frame before anything of the replica was heard, and fill it when it answers', async () => {
    const { page, complaints, relay } = await openApp({ paused: true });
    await page.getByText('Fuelgauge', { exact: true }).waitFor();
    await page.getByRole('status').filter({ hasText: 'Loading' }).waitFor();
    expect(relay.portCount()).toBe(0);
    expect(await page.getByText('Night shift').count()).toBe(0);
    await page.evaluate(() => relayResume());
    await page.getByText('Night shift').first().waitFor();
    expect(complaints).toEqual([]);
  });

  it('say how the replica’s process is', async () => {
    const { page, relay } = await openApp();
    await page.getByText('Data on this computer').first().waitFor();
    await relay.tellState({ state: 'silent', restarts: 0 });
    await page.getByRole('alert').filter({ hasText: 'This takes longer than usual' }).waitFor();
    const resume = await relay.pause();
    await relay.tellState({ state: 'restarting', restarts: 1 });
    await relay.breakChannel();
    await page.getByRole('alert').filter({ hasText: 'Your data is being started again' }).waitFor();
    await expectNoViolations(page);
    await resume();
    await relay.tellState({ state: 'running', restarts: 1 });
    await page.getByText('Data on this computer').first().waitFor();
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    // What another frame or the page itself makes up is no state.
    await page.evaluate(() =>
      window.postMessage({ kind: 'fuelgauge:replica-state', state: 'gone', restarts: 'x' }, '*'),
    );
    await page.evaluate(() => window.postMessage(null, '*'));
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it.each([
    ['light, wide', { colorScheme: 'light', viewport: { width: 1100, height: 1200 } }],
    ['dark, narrow', { colorScheme: 'dark', viewport: { width: 400, height: 1600 } }],
  ] as const)('offer what only the desktop can do: %s', async (name, context) => {
    const shell = desktopShell();
    const { page, complaints } = await openApp({ desktop: shell.desktop, context });
    await page.waitForURL(/overview/);
    await page.evaluate(() => {
      location.hash = location.hash.replace(/overview.*$/, 'settings');
    });
    const section = page.getByRole('region', { name: 'Desktop' });
    await section.getByLabel('Keep running in the tray when the window is closed').click();
    await section.getByLabel('Start with your session').click();
    await section.getByText('The system did not take it.').waitFor();
    await section.getByRole('combobox', { name: 'Shortcut for logging usage' }).click();
    await page.getByRole('option', { name: 'Ctrl+Alt+U' }).click();
    await section.getByText('Another program has this shortcut.').waitFor();
    await section.getByRole('combobox', { name: 'Updates' }).click();
    await page.getByRole('option', { name: 'Beta versions' }).click();
    await section.getByRole('status').filter({ hasText: 'Version 2.0.0 is here.' }).waitFor();
    await section.getByRole('button', { name: 'Restart and install' }).click();
    await expect
      .poll(() => shell.asked)
      .toEqual([
        { kind: 'change', settings: { closeToTray: true } },
        { kind: 'change', settings: { launchAtLogin: true } },
        { kind: 'change', settings: { shortcut: 'CommandOrControl+Alt+U' } },
        { kind: 'change', settings: { updates: 'beta' } },
        { kind: 'install-update' },
      ]);
    await expectNoViolations(page);
    await section.scrollIntoViewIfNeeded();
    const pictures = process.env['PICTURES'];
    if (pictures !== undefined) await section.screenshot({ path: `${pictures}/desktop ${name}.png` });
    expect(complaints).toEqual([]);
  });
});

declare function relayResume(): void;

/** A desktop whose system refuses what can be refused. */
function desktopShell() {
  let view: DesktopView = {
    settings: defaultSettings('linux'),
    shortcut: 'off',
    launchAtLogin: 'off',
    tray: 'shown',
    notifications: 'on',
    pausedUntil: null,
    secrets: 'memory',
    update: { kind: 'off' },
  };
  const listeners = new Set<() => void>();
  const asked: DesktopRequest[] = [];
  const desktop: DesktopShell = {
    view: () => view,
    follow(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    ask(request) {
      asked.push(request);
      if (request.kind === 'change') {
        const { shortcut, updates, launchAtLogin, closeToTray } = request.settings;
        view = {
          ...view,
          settings: {
            ...view.settings,
            ...(shortcut === undefined ? {} : { shortcut }),
            ...(updates === undefined ? {} : { updates }),
            ...(closeToTray === undefined ? {} : { closeToTray }),
          },
          ...(shortcut === undefined ? {} : { shortcut: 'taken' }),
          ...(launchAtLogin === undefined ? {} : { launchAtLogin: 'refused' }),
          ...(updates === undefined ? {} : { update: { kind: 'ready', version: '2.0.0' } }),
        };
      }
      for (const listener of listeners) listener();
      return Promise.resolve(view);
    },
  };
  return { desktop, asked };
}
