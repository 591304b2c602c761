// `npm start` as a process: which shell and why, the address, a second start, signals and sudden death.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { chooseShell, type Surroundings } from '../../build/choose-shell.ts';
import { fromRoot } from '../../build/paths.ts';
import { connectOwner } from '../../replica/loopback/connect-owner.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Start {
  readonly process: ChildProcess;
  /** All that was printed so far. */
  readonly output: () => string;
  /** Resolves with the first printed match; rejects when the process ends without one. */
  readonly printed: (pattern: RegExp) => Promise<string>;
  readonly exitCode: Promise<number | null>;
}

function start(dataDirectory: string, ...more: readonly string[]): Start {
  const { DISPLAY: _x, WAYLAND_DISPLAY: _wayland, ...environment } = process.env;
  const child = spawn(process.execPath, [fromRoot('build/start.ts'), '--data-dir', dataDirectory, ...more], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let output = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      output += `${line}\n`;
      for (const look of waiting) look();
    });
  }
  const exitCode = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  return {
    process: child,
    output: () => output,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(output)?.[0];
          if (match !== undefined) resolve(match);
        };
        waiting.add(look);
        look();
        void exitCode.then(() => reject(new Error(`It ended without printing ${pattern}:\n${output}`)));
      }),
    exitCode,
  };
}

const ADDRESS = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/;

describe('npm start', () => {
  it('says in one line which shell and why, and prints an address where there is no display', async () => {
    const dataDirectory = join(await temporaryFolder(), 'data');
    const started = start(dataDirectory);
    const address = await started.printed(ADDRESS);
    await started.printed(/Press Ctrl\+C to quit/);
    expect(started.output().match(/^Opening Fuelgauge .*$/gm)).toEqual([
      'Opening Fuelgauge in the browser, because there is no display.',
    ]);
    const opened = await fetch(address, { redirect: 'manual' });
    expect(opened.status).toBe(303);
    const cookie = opened.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const page = await fetch(new URL('/', address), { headers: { cookie } });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('id="root"');
    expect((await fetch(address, { redirect: 'manual' })).status).toBe(401);
  });

  it('shows the first one when started again: a new address of the same process', async () => {
    const dataDirectory = await temporaryFolder();
    const first = start(dataDirectory);
    const firstAddress = new URL(await first.printed(ADDRESS));
    const second = start(dataDirectory);
    const secondAddress = new URL(await second.printed(ADDRESS));
    expect(await second.exitCode).toBe(0);
    expect(secondAddress.origin).toBe(firstAddress.origin);
    expect(secondAddress.search).not.toBe(firstAddress.search);
    expect((await fetch(secondAddress, { redirect: 'manual' })).status).toBe(303);
  });

  it('serves the contract to other programs of the same person', async () => {
    const dataDirectory = await temporaryFolder();
    await start(dataDirectory).printed(ADDRESS);
    const owner = await connectOwner(dataDirectory);
    expect(await owner?.client.workspaces.list()).toEqual([]);
    owner?.close();
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('closes cleanly on %s', async (signal) => {
    const dataDirectory = await temporaryFolder();
    const started = start(dataDirectory);
    await started.printed(/Press Ctrl\+C to quit/);
    expect(existsSync(join(dataDirectory, 'owner.json'))).toBe(true);
    started.process.kill(signal);
    expect(await started.exitCode).toBe(0);
    expect(existsSync(join(dataDirectory, 'owner.json'))).toBe(false);
  });

  it('starts again at once after a sudden death', async () => {
    const dataDirectory = await temporaryFolder();
    const killed = start(dataDirectory);
    await killed.printed(ADDRESS);
    killed.process.kill('SIGKILL');
    await killed.exitCode;
    const next = start(dataDirectory);
    await next.printed(/Press Ctrl\+C to quit/);
    expect(await (await connectOwner(dataDirectory))?.client.workspaces.list()).toEqual([]);
  });

  it('says plainly what is wrong with a flag or a folder, and ends', async () => {
    const folder = await temporaryFolder();
    const wrongFlag = start(folder, '--nonsense');
    expect(await wrongFlag.exitCode).toBe(1);
    expect(wrongFlag.output()).toContain('--nonsense');

    const file = join(folder, 'file');
    await writeFile(file, 'kept');
    const onFile = start(file);
    expect(await onFile.exitCode).toBe(1);
    expect(onFile.output()).toContain(`The data folder ${file} is a file`);
  });

  it('opens its page all the same when the data cannot be opened, and says so here too', async () => {
    const damaged = await temporaryFolder();
    await writeFile(join(damaged, 'fuelgauge.sqlite'), 'no database '.repeat(1_000));
    const started = start(damaged);
    await started.printed(ADDRESS);
    expect(started.output()).toContain('fuelgauge.sqlite is not a database of this program');
    expect(started.output()).toContain('The data is not open. The page shows what can be done about it.');
  });

  it('opens for reading only when it is asked to', async () => {
    const dataDirectory = await temporaryFolder();
    const first = start(dataDirectory);
    await first.printed(/Press Ctrl\+C to quit/);
    first.process.kill('SIGINT');
    await first.exitCode;
    const started = start(dataDirectory, '--read-only');
    await started.printed(/Press Ctrl\+C to quit/);
    expect(started.output()).toContain('The data is open for reading only.');
    const owner = await connectOwner(dataDirectory);
    expect(await owner?.client.recovery.status()).toMatchObject({ mode: 'read-only', reason: 'asked', problem: null });
    owner?.close();
  });
});

describe('the choice of the shell', () => {
  const surroundings: Surroundings = {
    platform: 'linux',
    hasDisplay: true,
    isRoot: false,
    browserWanted: false,
    findElectron: () => Promise.resolve('/electron'),
  };
  const neverAsked = (): Promise<never> => Promise.reject(new Error('Electron must not be looked for.'));

  it('takes Electron wherever its program is', async () => {
    expect(await chooseShell(surroundings)).toMatchObject({ shell: 'electron', program: '/electron' });
  });

  it.each([
    ['the person asked for it', { browserWanted: true }, /you asked for it/],
    ['there is no display', { hasDisplay: false }, /no display/],
    ['it runs as root on Linux', { isRoot: true }, /root/],
  ])('takes the browser, and fetches nothing, when %s', async (_why, change, line) => {
    const choice = await chooseShell({ ...surroundings, ...change, findElectron: neverAsked });
    expect(choice.shell).toBe('browser');
    expect(choice.line).toMatch(line);
  });

  it('takes the browser when Electron is not to be had, and says how to try again', async () => {
    const choice = await chooseShell({ ...surroundings, findElectron: () => Promise.resolve(undefined) });
    expect(choice).toMatchObject({ shell: 'browser' });
    expect(choice.line).toContain('npx install-electron');
  });
});
