// L5: the packaged app itself, with its fuses set, as FUELGAUGE_PACKAGED_APP names it. Without that it is counted as
// not run. The fuses keep Playwright's own way into Electron shut, so the page is reached over Chromium's.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { connectOwner } from '../../replica/loopback/connect-owner.ts';
import { shellScenarios } from '../support/shell-scenarios.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const program = process.env['FUELGAUGE_PACKAGED_APP'] ?? '';
const canRun = existsSync(program);

// Outside of what may be left out, so that a wrong name is no reason to pass.
it('is there where one is named', () => {
  expect(program === '' || canRun).toBe(true);
});

interface Packaged {
  readonly child: ChildProcess;
  readonly page: Page;
  readonly dataDirectory: string;
}

interface StartOptions {
  readonly words?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

async function start({ words = [], environment = {} }: StartOptions = {}): Promise<Packaged> {
  const [dataDirectory, port] = [await temporaryFolder(), await freePort()];
  // Electron’s sandbox does not run as root; only tests may go without it.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(
    program,
    [...sandbox, ...words, `--remote-debugging-port=${port}`, `--data-dir=${dataDirectory}`],
    { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  onTestFinished(() => end(child, 'SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (output += piece.toString()));
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`The app ended with ${child.exitCode}: ${output}`);
    await sleep(100);
  }
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  onTestFinished(() => browser.close());
  const [context] = browser.contexts();
  const page = context?.pages()[0] ?? (await context?.waitForEvent('page'));
  if (page === undefined) throw new Error(`The app has no window: ${output}`);
  await page.waitForURL('app://fuelgauge/**');
  await page.getByRole('heading').first().waitFor();
  return { child, page, dataDirectory };
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/json/version`)).ok;
  } catch {
    return false;
  }
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  server.close();
  await once(server, 'close');
  return port;
}

describe.runIf(canRun)('the packaged app', () => {
  it('opens its page from its own archive, without a complaint in the console', async () => {
    const { page } = await start();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.reload();
    await page.getByRole('heading').first().waitFor();
    expect(page.url()).toMatch(/^app:\/\/fuelgauge\//);
    expect(complaints).toEqual([]);
    expect(await page.evaluate(() => typeof Reflect.get(window, 'require'))).toBe('undefined');
    expect(await page.evaluate(() => typeof Reflect.get(window, 'process'))).toBe('undefined');
  });

  it('is not to be used as Node, not to be given other code, and not to be looked into', async () => {
    const folder = await temporaryFolder();
    const [code, mark, inspected] = [join(folder, 'code.cjs'), join(folder, 'mark'), await freePort()];
    await writeFile(code, `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '')`);
    await start({
      words: [`--inspect=127.0.0.1:${inspected}`],
      environment: { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: `--require ${JSON.stringify(code)}` },
    });
    expect(existsSync(mark)).toBe(false);
    expect(await answers(inspected)).toBe(false);
  });

  it.each(shellScenarios)('$name', async ({ run }) => {
    const { page, dataDirectory } = await start();
    const owner = await connectOwner(dataDirectory);
    if (owner === undefined) throw new Error('The app does not answer.');
    onTestFinished(() => owner.close());
    await run({ page, client: owner.client });
    expect(page.url()).toMatch(/^app:\/\/fuelgauge\//);
  });

  it('owns its data directory and shows itself when a second start asks', async () => {
    const { dataDirectory } = await start();
    const owner = await connectOwner(dataDirectory);
    expect(await owner?.show()).toEqual({ shown: 'window' });
    owner?.close();
  });

  // Windows has no signal that asks a program to end.
  it.runIf(process.platform !== 'win32')('lets go of its data directory when it is asked to end', async () => {
    const { child, dataDirectory } = await start();
    await end(child, 'SIGTERM');
    await expect(readFile(join(dataDirectory, 'owner.json'))).rejects.toThrow('ENOENT');
  });
});
