// Which of the two shells `npm start` opens, and why: the desktop shell wherever it can run.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fromRoot } from './paths.ts';

export interface Surroundings {
  /** A value of `process.platform`. */
  readonly platform: string;
  readonly hasDisplay: boolean;
  readonly isRoot: boolean;
  /** The person asked for the browser. */
  readonly browserWanted: boolean;
  /** Where Electron's program is, fetched now if need be; undefined when it is nowhere to be had. Slow. */
  readonly findElectron: () => Promise<string | undefined>;
}

export type Choice =
  | { readonly shell: 'electron'; readonly program: string; readonly line: string }
  | { readonly shell: 'browser'; readonly line: string };

export async function chooseShell(surroundings: Surroundings): Promise<Choice> {
  const { platform, hasDisplay, isRoot, browserWanted, findElectron } = surroundings;
  if (browserWanted) return browser('you asked for it');
  if (!hasDisplay) return browser('there is no display');
  if (platform === 'linux' && isRoot) return browser('the sandbox of Electron does not run as root');
  const program = await findElectron();
  if (program === undefined) {
    return browser('Electron’s program is not here and could not be fetched (npx install-electron tries again)');
  }
  return { shell: 'electron', program, line: 'Opening Fuelgauge in Electron, because its program is here.' };
}

function browser(why: string): Choice {
  return { shell: 'browser', line: `Opening Fuelgauge in the browser, because ${why}.` };
}

const PROGRAM_BY_PLATFORM: Readonly<Record<string, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

/** Looks for the file only: asking the `electron` package for its path would start a download. */
export function electronProgram(): string | undefined {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? fromRoot('node_modules/electron/dist');
  const path = join(folder, PROGRAM_BY_PLATFORM[process.platform] ?? 'electron');
  return existsSync(path) ? path : undefined;
}

const FETCH_MS_MAX = 15_000;
const FETCH_AGAIN_MS = 24 * 60 * 60 * 1000;
const FETCH_FAILED_FILE = '.cache/electron-fetch-failed';

/**
 * The path of Electron's program, after trying to fetch it for at most 15 seconds. After a failure the next try comes
 * a day later, so that a start behind a firewall is a quick one.
 */
export async function findElectron(now: number): Promise<string | undefined> {
  const present = electronProgram();
  const failedFile = fromRoot(FETCH_FAILED_FILE);
  if (present !== undefined || process.env['ELECTRON_OVERRIDE_DIST_PATH'] !== undefined) return present;
  if (existsSync(failedFile) && now - Number(readFileSync(failedFile, 'utf8')) < FETCH_AGAIN_MS) return undefined;
  const fetched = await fetchElectron(FETCH_MS_MAX);
  if (fetched === undefined) {
    mkdirSync(dirname(failedFile), { recursive: true });
    writeFileSync(failedFile, String(now));
  }
  return fetched;
}

/** Fetches Electron's program, however the last try ended; undefined when it is not there after so many milliseconds. */
export async function fetchElectron(timeoutMs: number): Promise<string | undefined> {
  await runQuietly(fromRoot('node_modules/electron/install.js'), timeoutMs);
  return electronProgram();
}

function runQuietly(script: string, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script], { stdio: 'ignore', timeout: timeoutMs, killSignal: 'SIGKILL' });
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
}
