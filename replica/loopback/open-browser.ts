// Opening the app's address where the person sees it: a Chromium window of its own, else the default browser.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, posix, win32 } from 'node:path';

export interface Desktop {
  /** A value of `process.platform`. */
  readonly platform: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly fileExists: (path: string) => boolean;
}

export type Opener =
  /** A program and its arguments; the address is among them. */
  | { readonly kind: 'app-window' | 'default-browser'; readonly command: string; readonly arguments: readonly string[] }
  /** Nothing here can show a page. */
  | { readonly kind: 'none'; readonly reason: 'no display' | 'no browser' };

const LINUX_CHROMIUM_NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
  'brave-browser',
];

const MAC_CHROMIUM_PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  '/Applications/Brave Browser.app/Contents/MacOS/Brave Browser',
];

const WINDOWS_CHROMIUM_PATHS = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
  ['BraveSoftware', 'Brave-Browser', 'Application', 'brave.exe'],
];

/** Whether a window can be shown at all. Only Linux and its like run without a display. */
export function hasDisplay({ platform, environment }: Pick<Desktop, 'platform' | 'environment'>): boolean {
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(environment['DISPLAY']) || Boolean(environment['WAYLAND_DISPLAY']);
}

/** How `address` is opened on this desktop. */
export function chooseOpener(address: string, desktop: Desktop): Opener {
  if (!hasDisplay(desktop)) return { kind: 'none', reason: 'no display' };
  const chromium = findChromium(desktop);
  if (chromium !== undefined) return { kind: 'app-window', command: chromium, arguments: [`--app=${address}`] };
  switch (desktop.platform) {
    case 'win32':
      // `start` is a command of the shell, which would read the address's `&` as its own.
      return {
        kind: 'default-browser',
        command: 'rundll32.exe',
        arguments: ['url.dll,FileProtocolHandler', address],
      };
    case 'darwin':
      return { kind: 'default-browser', command: 'open', arguments: [address] };
    default: {
      const command = findOnPath('xdg-open', desktop);
      if (command === undefined) return { kind: 'none', reason: 'no browser' };
      return { kind: 'default-browser', command, arguments: [address] };
    }
  }
}

/**
 * Opens `address` and answers how. The browser outlives this process. An opener that cannot be started, or fails
 * within two seconds, counts as none: the caller then prints the address.
 */
export async function openAddress(address: string, desktop: Desktop = thisDesktop()): Promise<Opener> {
  const opener = chooseOpener(address, desktop);
  if (opener.kind === 'none') return opener;
  return (await starts(opener.command, opener.arguments)) ? opener : { kind: 'none', reason: 'no browser' };
}

function thisDesktop(): Desktop {
  return { platform: process.platform, environment: process.env, fileExists: existsSync };
}

function starts(command: string, commandArguments: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, commandArguments, { detached: true, stdio: 'ignore' });
    const patience = setTimeout(() => resolve(true), 2_000);
    const settle = (started: boolean): void => {
      clearTimeout(patience);
      resolve(started);
    };
    child.once('error', () => settle(false));
    child.once('exit', (code) => settle(code === 0));
    child.unref();
  });
}

function findChromium(desktop: Desktop): string | undefined {
  const { platform, environment, fileExists } = desktop;
  if (platform === 'darwin') return MAC_CHROMIUM_PATHS.find(fileExists);
  if (platform === 'win32') {
    const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map((name) => environment[name]);
    const paths = WINDOWS_CHROMIUM_PATHS.flatMap((names) =>
      roots.flatMap((root) => (root === undefined ? [] : [win32.join(root, ...names)])),
    );
    return paths.find(fileExists);
  }
  for (const name of LINUX_CHROMIUM_NAMES) {
    const path = findOnPath(name, desktop);
    if (path !== undefined) return path;
  }
  return undefined;
}

function findOnPath(name: string, { environment, fileExists }: Desktop): string | undefined {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => posix.join(folder, name)).find(fileExists);
}
