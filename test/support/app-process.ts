// The app as a person runs it: the browser shell in a process of its own, without any network but loopback, and a page
// in a real Chromium.
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';

const shellEntry = fileURLToPath(new URL('../../replica/loopback/app.ts', import.meta.url));
const noNetwork = fileURLToPath(new URL('./no-network.ts', import.meta.url));

export interface AppProcess {
  /** The address that opens the app once. */
  readonly address: string;
  readonly output: () => string;
  /** Ends the process as a crash would. */
  readonly kill: () => Promise<void>;
  /** Ends it as Ctrl+C does. */
  readonly quit: () => Promise<void>;
}

/** Starts the browser shell on a data directory and waits until it has printed its address. */
export async function startApp(dataDirectory: string, ...more: readonly string[]): Promise<AppProcess> {
  const words = ['--data-dir', dataDirectory, '--no-open', ...more];
  const child = spawn(process.execPath, ['--import', noNetwork, shellEntry, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const address = await new Promise<string>((resolve, reject) => {
    const read = (piece: Buffer): void => {
      output += piece.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+\/\S+/.exec(output);
      if (found) resolve(found[0]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`The app ended with ${code}: ${output}`)));
  });
  return { address, output: () => output, kill: () => end(child, 'SIGKILL'), quit: () => end(child, 'SIGINT') };
}

/** A page of its own context, with every message of the console and every request that leaves this computer noted. */
export async function openPage(
  browser: Browser,
  address: string,
  options: {
    readonly width?: number;
    readonly height?: number;
    readonly dark?: boolean;
    /** Of the system. */
    readonly locale?: string;
  } = {},
): Promise<{ readonly page: Page; readonly context: BrowserContext; readonly complaints: readonly string[] }> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1280, height: options.height ?? 860 },
    colorScheme: options.dark === true ? 'dark' : 'light',
    reducedMotion: 'reduce',
    locale: options.locale ?? 'en-GB',
    timezoneId: 'Europe/Berlin',
    acceptDownloads: true,
  });
  const complaints: string[] = [];
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1')
      complaints.push(`left this computer: ${request.url()}`);
  });
  await page.goto(address);
  return { page, context, complaints };
}

function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGINT'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}
