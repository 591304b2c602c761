// L5: the built app in Electron itself. Where its program is missing these are counted as not run, never as passed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { electronProgram } from '../../build/choose-shell.ts';
import { fromRoot } from '../../build/paths.ts';
import { hasDisplay } from '../../replica/loopback/open-browser.ts';
import { connectOwner } from '../../replica/loopback/connect-owner.ts';
import { shellScenarios } from '../support/shell-scenarios.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const program = electronProgram();
const canRun = program !== undefined && hasDisplay({ platform: process.platform, environment: process.env });

// Outside of what may be left out, so that a machine that must have Electron cannot pass without it.
it('has Electron’s program where it is required', () => {
  expect(program !== undefined || process.env['REQUIRE_ELECTRON'] !== '1').toBe(true);
});

interface Desktop {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly dataDirectory: string;
}

function programArguments(dataDirectory: string): string[] {
  // Electron’s sandbox does not run as root; only tests may go without it.
  const asRoot = process.getuid?.() === 0;
  return [...(asRoot ? ['--no-sandbox'] : []), fromRoot('.'), `--data-dir=${dataDirectory}`];
}

async function launch(): Promise<Desktop> {
  const dataDirectory = await temporaryFolder();
  const app = await _electron.launch({ executablePath: program ?? '', args: programArguments(dataDirectory) });
  onTestFinished(() => app.close());
  return { app, page: await app.firstWindow(), dataDirectory };
}

describe.runIf(canRun)('the built app in Electron', () => {
  it('opens its page from its own scheme and gets its data over a port', async () => {
    const { page } = await launch();
    expect(page.url()).toBe('app://fuelgauge/');
    await page.getByRole('heading').first().waitFor();
    expect(await page.evaluate(() => typeof Reflect.get(window, 'require'))).toBe('undefined');
    expect(await page.evaluate(() => typeof Reflect.get(window, 'process'))).toBe('undefined');
  });

  it('goes nowhere else', async () => {
    const { page } = await launch();
    await page.getByRole('heading').first().waitFor();
    await page.evaluate(() => location.assign('https://example.invalid/'));
    expect(page.url()).toMatch(/^app:\/\/fuelgauge\//);
    expect(await page.evaluate(() => window.open('https://example.invalid/'))).toBeNull();
  });

  it('owns its data directory, talks to the command line, and lets go when it quits', async () => {
    const { app, page, dataDirectory } = await launch();
    await page.getByRole('heading').first().waitFor();
    const owner = await connectOwner(dataDirectory);
    expect(await owner?.show()).toEqual({ shown: 'window' });
    owner?.close();
    await app.close();
    await expect(readFile(join(dataDirectory, 'owner.json'))).rejects.toThrow('ENOENT');
  });

  it.each(shellScenarios)('$name', async ({ run }) => {
    const { page, dataDirectory } = await launch();
    await page.getByRole('heading').first().waitFor();
    const owner = await connectOwner(dataDirectory);
    if (owner === undefined) throw new Error('The app does not answer.');
    onTestFinished(() => owner.close());
    await run({ page, client: owner.client });
    expect(page.url()).toMatch(/^app:\/\/fuelgauge\//);
  });

  it('goes where a link leads that a second start brings, and stays one app with one window', async () => {
    const { app, page, dataDirectory } = await launch();
    await page.getByRole('heading').first().waitFor();
    const again = spawn(program ?? '', [...programArguments(dataDirectory), 'fuelgauge://welcome']);
    await once(again, 'exit');
    await page.waitForURL('app://fuelgauge/#/welcome');
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  it('survives the sudden end of the process that has the data, and says so meanwhile', async () => {
    const { app, page, dataDirectory } = await launch();
    await page.getByRole('heading').first().waitFor();
    await app.evaluate(({ app: main }) => {
      const data = main.getAppMetrics().find(({ name }) => name === 'Fuelgauge data');
      if (data !== undefined) process.kill(data.pid, 'SIGKILL');
    });
    await page.getByRole('alert').first().waitFor();
    await page.getByRole('alert').first().waitFor({ state: 'detached' });
    const owner = await connectOwner(dataDirectory);
    expect(await owner?.client.workspaces.list()).toEqual([]);
    owner?.close();
  });
});
