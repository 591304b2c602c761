// One app, one browser and one page for the tests of a file, as a person has them open.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { connectOwner, type OwnerConnection } from '../../replica/loopback/connect-owner.ts';
import { openPage, startApp, type AppProcess } from './app-process.ts';
import { launchChromium } from './chromium.ts';

export type OwnerClient = OwnerConnection['client'];

/** What is there while the tests of a file run. */
export interface OpenedApp {
  readonly dataDirectory: string;
  readonly process: AppProcess;
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly page: Page;
  /** The running app asked directly: to prepare what a test is not about, and to check what was really booked. */
  readonly client: OwnerClient;
  /** Opens a further page in a context of its own; what it complains about fails the running test too. */
  readonly openAnother: (address: string, options?: Parameters<typeof openPage>[2]) => Promise<Page>;
}

interface PageOfTest {
  readonly complaints: readonly string[];
  told: number;
}

/**
 * Starts the app on an empty data directory before the tests of a file and ends it after them. After each test it fails
 * on errors of the page or its console, on requests that left the computer, and when the app tried to use the network.
 */
export function useOpenedApp(pageOptions: Parameters<typeof openPage>[2] = {}): OpenedApp {
  let opened: OpenedApp | undefined;
  let owner: OwnerConnection | undefined;
  const pages: PageOfTest[] = [];

  beforeAll(async () => {
    const dataDirectory = await mkdtemp(join(tmpdir(), 'fuelgauge-e2e-'));
    const [app, browser] = await Promise.all([startApp(dataDirectory), launchChromium()]);
    const open: typeof openPage = async (...parameters) => {
      const made = await openPage(...parameters);
      made.page.setDefaultTimeout(timeoutMsMax);
      pages.push({ complaints: made.complaints, told: 0 });
      return made;
    };
    const { page, context } = await open(browser, app.address, pageOptions);
    owner = await connectOwner(dataDirectory);
    if (owner === undefined) throw new Error('The app does not answer.');
    opened = {
      dataDirectory,
      process: app,
      browser,
      context,
      page,
      client: owner.client,
      openAnother: async (address, options) => (await open(browser, address, options)).page,
    };
  });

  // A second try begins with no dialog, menu or draft of the first.
  beforeEach(async ({ task }) => {
    if ((task.result?.retryCount ?? 0) > 0) await opened?.page.reload();
  });

  afterEach(async ({ task }) => {
    // Where a test got stuck says more than which element it waited for.
    if (task.result?.state === 'fail') {
      console.error(await opened?.page.locator('body').ariaSnapshot());
      console.error(opened?.process.output());
    }
    for (const page of pages) {
      const fresh = page.complaints.slice(page.told);
      page.told = page.complaints.length;
      expect(fresh).toEqual([]);
    }
    expect(opened?.process.output()).not.toContain('NETWORK USED');
  });

  afterAll(async () => {
    owner?.close();
    await opened?.browser.close();
    await opened?.process.quit();
    if (opened !== undefined) await rm(opened.dataDirectory, { recursive: true, force: true });
  });

  const there = (): OpenedApp => {
    if (opened === undefined) throw new Error('The app is not open yet.');
    return opened;
  };
  return {
    get dataDirectory() {
      return there().dataDirectory;
    },
    get process() {
      return there().process;
    },
    get browser() {
      return there().browser;
    },
    get context() {
      return there().context;
    },
    get page() {
      return there().page;
    },
    get client() {
      return there().client;
    },
    openAnother: (address, options) => there().openAnother(address, options),
  };
}

/** A guard against what never comes; nothing is expected within it. */
export const timeoutMsMax = 20_000;
