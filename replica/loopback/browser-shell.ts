// The browser shell: a process that owns the data directory, serves the app and opens it in the person's browser.
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { dataDirectoryPath } from '../database/data-directory.ts';
import { connectOwner } from './connect-owner.ts';
import { fileFolder } from './file-folder.ts';
import { openAddress, type Opener } from './open-browser.ts';
import { ownDataDirectory, type Owner, type OwnerOptions } from './owner.ts';

export interface BrowserShellOptions {
  /** Command line without the program: `--data-dir D`, `--no-open`, `--read-only`. */
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  /** The folder of built pages. */
  readonly pagesFolder: string;
  /** `readOnly` is what the command line says. */
  readonly openReplica: (
    ...given: [...Parameters<OwnerOptions['openReplica']>, readOnly: boolean]
  ) => ReturnType<OwnerOptions['openReplica']>;
  /** One line for the person; a failure goes to the other one. */
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
}

export type BrowserShell =
  /** Runs until it is closed. */
  | { readonly outcome: 'running'; readonly owner: Owner }
  /** Another process has the directory and was asked to show itself. */
  | { readonly outcome: 'handed-over' }
  /** The reason was printed. */
  | { readonly outcome: 'failed' };

/** An owner that took the lock just now opens its data before it answers, and one that is ending lets the lock go. */
const ATTEMPTS_MAX = 40;
const PAUSE_MS = 250;

/** Starts the browser shell, or shows the one that runs already. */
export async function startBrowserShell(options: BrowserShellOptions): Promise<BrowserShell> {
  const parsed = parseCommandLine(options.arguments);
  if (typeof parsed === 'string') {
    options.printError(parsed);
    return { outcome: 'failed' };
  }
  const dataDirectory = dataDirectoryPath({
    platform: process.platform,
    environment: options.environment,
    homeDirectory: options.homeDirectory,
    chosen: parsed.dataDirectory,
  });
  const files = fileFolder(options.pagesFolder);
  for (let attempt = 1; ; attempt += 1) {
    const owned = await ownDataDirectory({
      dataDirectory,
      openReplica: (dataDir, claim) => options.openReplica(dataDir, claim, parsed.readOnly),
      files,
    });
    if (owned.ok) {
      sayHowTheDataIs(owned.value.status?.(), options.printError);
      await openPage(owned.value.pageAddress(), parsed.open, options.print);
      options.print(`Your data is in ${dataDirectory}. Press Ctrl+C to quit.`);
      return { outcome: 'running', owner: owned.value };
    }
    if (owned.error.kind === 'locked') {
      if (await handOver(dataDirectory, parsed.open, options.print)) return { outcome: 'handed-over' };
      if (attempt < ATTEMPTS_MAX) {
        await wait(PAUSE_MS);
        continue;
      }
    }
    options.printError(owned.error.message);
    return { outcome: 'failed' };
  }
}

/** The page says more, and offers ways on; whoever looks at the terminal only is told too. */
function sayHowTheDataIs(
  status: ReturnType<NonNullable<Owner['status']>> | undefined,
  printError: (line: string) => void,
) {
  if (status === undefined || status.mode === 'open') return;
  const { mode, problem } = status;
  if (problem !== null) printError([problem.message, problem.kept].join(' '));
  printError(
    mode === 'read-only'
      ? 'The data is open for reading only. The page shows everything and changes nothing.'
      : 'The data is not open. The page shows what can be done about it.',
  );
}

interface CommandLine {
  readonly dataDirectory: string | undefined;
  readonly open: boolean;
  readonly readOnly: boolean;
}

/** What the command line says, or a sentence about what is wrong with it. */
function parseCommandLine(commandLine: readonly string[]): CommandLine | string {
  try {
    const { values } = parseArgs({
      args: [...commandLine],
      options: {
        'data-dir': { type: 'string' },
        'no-open': { type: 'boolean', default: false },
        'read-only': { type: 'boolean', default: false },
      },
    });
    return { dataDirectory: values['data-dir'], open: !values['no-open'], readOnly: values['read-only'] };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function handOver(dataDirectory: string, open: boolean, print: (line: string) => void): Promise<boolean> {
  const owner = await connectOwner(dataDirectory);
  const shown = await owner?.show();
  owner?.close();
  switch (shown?.shown) {
    case 'page':
      await openPage(shown.url, open, print);
      return true;
    case 'window':
      print('Fuelgauge is running already; its window was brought forward.');
      return true;
    default:
      return false;
  }
}

async function openPage(address: string, open: boolean, print: (line: string) => void): Promise<void> {
  const opener: Opener | undefined = open ? await openAddress(address) : undefined;
  switch (opener?.kind) {
    case 'app-window':
      return print('Fuelgauge is open in a window of its own.');
    case 'default-browser':
      return print('Fuelgauge is open in your browser.');
    default:
      return print(`Open this address in a browser on this computer (it works once): ${address}`);
  }
}
