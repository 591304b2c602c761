// L3: the page's side of both shells in a real Chromium: connecting, living views, and healing after a loss.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page, WebSocketRoute } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { fileFolder } from '../../replica/loopback/file-folder.ts';
import { serveOnLoopback, type LoopbackServer } from '../../replica/loopback/serve.ts';
import { buildPage, bundlePreload } from '../support/build-page.ts';
import { launchChromium } from '../support/chromium.ts';
import { openDesktopPage } from '../support/open-app-page.ts';
import { testRouter } from '../support/test-router.ts';

let browser: Browser;
let folder: string;
let pagesFolder: string;
let preload: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fuelgauge-test-'));
  pagesFolder = join(folder, 'pages');
  await buildPage('transport-page', pagesFolder);
  preload = await bundlePreload(join(folder, 'preload'));
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

interface WatchedPage {
  readonly page: Page;
  /** What the browser said against the page: errors, and what the policy blocked. */
  readonly complaints: string[];
}

async function newPage(): Promise<WatchedPage> {
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.text().includes('Content Security Policy')) {
      complaints.push(message.text());
    }
  });
  return { page, complaints };
}

async function waitForText(page: Page, id: string, text: RegExp): Promise<string> {
  const element = page.locator(`#${id}`, { hasText: text });
  await element.waitFor();
  return (await element.textContent()) ?? '';
}

async function expectAlive(page: Page): Promise<void> {
  await waitForText(page, 'state', /^connected$/);
  await waitForText(page, 'process', new RegExp(`^${process.pid}$`));
  await waitForText(page, 'tick', /^\d+$/);
}

async function startServer(port = 0): Promise<LoopbackServer> {
  const server = await serveOnLoopback({ router: testRouter, files: fileFolder(pagesFolder), port });
  onTestFinished(() => server.close());
  return server;
}

describe('in the browser shell', () => {
  it('connects under the policy without a single complaint', async () => {
    const server = await startServer();
    const { page, complaints } = await newPage();
    await page.goto(server.pageAddress());
    expect(page.url()).toBe(`${server.url}/`);
    await expectAlive(page);
    expect(await waitForText(page, 'echo', /./)).toBe('Überblick');
    expect(await page.locator('#state').evaluate((element) => getComputedStyle(element).color)).toBe('rgb(1, 2, 3)');
    expect(complaints).toEqual([]);
    await page.reload();
    await expectAlive(page);
  });

  it('lets no style or script in that does not carry the nonce', async () => {
    const server = await startServer();
    const { page, complaints } = await newPage();
    await page.goto(server.pageAddress());
    await page.evaluate(() => {
      const style = document.createElement('style');
      style.textContent = '#state { color: rgb(9, 9, 9); }';
      const script = document.createElement('script');
      script.textContent = 'window.wasRun = true;';
      document.head.append(style, script);
    });
    expect(await page.evaluate(() => 'wasRun' in window)).toBe(false);
    expect(await page.locator('#state').evaluate((element) => getComputedStyle(element).color)).toBe('rgb(1, 2, 3)');
    expect(complaints).toHaveLength(2);
  });

  it('dials again by itself when the connection breaks, and its live views go on', async () => {
    const server = await startServer();
    const { page } = await newPage();
    const sockets: WebSocketRoute[] = [];
    await page.routeWebSocket('**/rpc', (socket) => {
      socket.connectToServer();
      sockets.push(socket);
    });
    await page.goto(server.pageAddress());
    await expectAlive(page);
    for (const round of [1, 2]) {
      await sockets.at(-1)?.close();
      await expect.poll(() => sockets.length).toBe(round + 1);
      await expectAlive(page);
    }
  });

  it('says that a newer start took its place, and goes on once the person has opened that', async () => {
    const first = await startServer();
    const { page } = await newPage();
    await page.goto(first.pageAddress());
    await expectAlive(page);
    await first.close();
    await waitForText(page, 'state', /^lost$/);
    const second = await startServer(Number(new URL(first.url).port));
    await waitForText(page, 'state', /^replaced$/);

    const opened = await page.context().newPage();
    await opened.goto(second.pageAddress());
    await expectAlive(opened);
    await expectAlive(page);
  });
});

describe('in the desktop shell', () => {
  async function openPage() {
    const { page, complaints } = await newPage();
    const relay = await openDesktopPage(page, { pagesFolder, preload, router: testRouter });
    return { page, complaints, relay };
  }

  it('gets a real port through the real preload, and no WebSocket', async () => {
    const { page, complaints, relay } = await openPage();
    await expectAlive(page);
    expect(await waitForText(page, 'echo', /./)).toBe('Überblick');
    expect(relay.portCount()).toBe(1);
    expect(complaints).toEqual([]);
    expect(await page.evaluate(() => Object.keys(window).filter((key) => key.startsWith('fuelgauge')))).toEqual([
      'fuelgaugeRequestPort',
    ]);
  });

  it('asks for a new port when the replica’s process has ended, and its live views go on', async () => {
    const { page, relay } = await openPage();
    await expectAlive(page);
    for (const round of [1, 2]) {
      await relay.breakChannel();
      await expect.poll(() => relay.portCount()).toBe(round + 1);
      await expectAlive(page);
    }
  });

  it('takes no port from another frame', async () => {
    const { page, relay } = await openPage();
    await expectAlive(page);
    const resume = await relay.pause();
    await relay.breakChannel();
    await waitForText(page, 'state', /^lost$/);
    await page.evaluate(() => document.body.append(document.createElement('iframe')));
    const frame = page.frames()[1];
    await frame?.evaluate(() => parent.postMessage('fuelgauge:port', '*', [new MessageChannel().port1]));
    await page.evaluate(() => window.postMessage('something else', '*', [new MessageChannel().port1]));
    // Messages are delivered in order: when this one is here, both before it were.
    await page.evaluate(
      () =>
        new Promise((resolve) => {
          window.addEventListener('message', resolve);
          window.postMessage('last', '*');
        }),
    );
    expect(await page.locator('#state').textContent()).toBe('lost');
    await resume();
    await expectAlive(page);
  });
});
