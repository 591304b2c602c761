// A real Chromium for tests: the one inside the npm package on Linux x64, an installed browser elsewhere.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium, type Browser, type BrowserContext, type LaunchOptions } from 'playwright-core';

/** Browsers that are looked for, in this order, where the npm package carries none. */
const BROWSER_PATHS_BY_PLATFORM: Readonly<Record<string, readonly string[]>> = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/microsoft-edge',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

/**
 * Starts a headless Chromium. `CHROMIUM_PATH` names another binary than the one found.
 * The caller closes it. Throws with the list of places when this machine has none: a test that needs a browser
 * fails loudly and is never skipped.
 */
export async function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  return chromium.launch(await launchOptions(options));
}

/** The same with a profile in `folder`: what a page stores lies on the disk there, as it does for a person. */
export async function launchChromiumIn(folder: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, await launchOptions({}));
}

async function launchOptions(options: LaunchOptions): Promise<LaunchOptions> {
  const { executablePath, environment } = await findChromium();
  // Chromium refuses its own sandbox as root; test machines often are containers that run as root.
  const asRoot = process.getuid?.() === 0;
  return {
    ...options,
    executablePath,
    env: { ...environment, ...options.env },
    args: [...(asRoot ? ['--no-sandbox'] : []), '--font-render-hinting=none', ...(options.args ?? [])],
  };
}

interface FoundChromium {
  readonly executablePath: string;
  readonly environment: Record<string, string>;
}

async function findChromium(): Promise<FoundChromium> {
  const environment = definedVariables(process.env);
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') return { executablePath: named, environment };
  if (process.platform === 'linux' && process.arch === 'x64') return bundledChromium(environment);
  const paths = BROWSER_PATHS_BY_PLATFORM[process.platform] ?? [];
  const installed = paths.find((path) => existsSync(path));
  if (installed === undefined) {
    throw new Error(`No Chromium on this machine. Set CHROMIUM_PATH or install one of: ${paths.join(', ')}`);
  }
  return { executablePath: installed, environment };
}

async function bundledChromium(environment: Readonly<Record<string, string>>): Promise<FoundChromium> {
  const folder = await unpackBundledChromium();
  const libraries = join(folder, 'al2023', 'lib');
  return {
    executablePath: join(folder, 'chromium'),
    environment: {
      ...environment,
      // The package's own libraries only fill a gap: beside an installed libnss3 they would shadow newer ones.
      ...((await systemHasNetworkSecurityServices()) ? {} : { LD_LIBRARY_PATH: libraries }),
      ...(existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_FILE: join(folder, 'fuelgauge-fonts.conf') }),
    },
  };
}

/**
 * Unpacks the package's browser into a folder of its own per version and returns that folder.
 * The package unpacks into the temporary directory and takes whatever it finds there already, so an old version, or
 * one that was cut short, would be taken for good: it gets an empty temporary directory in a process of its own, and
 * only a complete result is moved to the lasting name. Two test workers may do this at once; the first one wins.
 */
async function unpackBundledChromium(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const manifest: unknown = JSON.parse(await readFile(resolve(entry, '../../package.json'), 'utf8'));
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown';
  const cacheFolder = fileURLToPath(new URL('../../.cache/chromium', import.meta.url));
  const folder = join(cacheFolder, version);
  if (existsSync(join(folder, 'chromium'))) return folder;

  await mkdir(cacheFolder, { recursive: true });
  const unpackingFolder = await mkdtemp(join(cacheFolder, 'unpacking-'));
  await promisify(execFile)(process.execPath, [fileURLToPath(new URL('./unpack-chromium.ts', import.meta.url))], {
    // This name makes the package unpack its shared libraries too.
    env: { ...process.env, TMPDIR: unpackingFolder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
  });
  // The package's own font configuration names folders of another machine, so text would have no glyphs at all.
  await writeFile(
    join(unpackingFolder, 'fuelgauge-fonts.conf'),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${folder}/fonts</dir>` +
      `<cachedir>${folder}/fonts-cache</cachedir></fontconfig>`,
  );
  try {
    await rename(unpackingFolder, folder);
  } catch (error) {
    await rm(unpackingFolder, { recursive: true, force: true });
    if (!existsSync(join(folder, 'chromium'))) throw error;
  }
  return folder;
}

async function systemHasNetworkSecurityServices(): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)('ldconfig', ['-p'], {
      env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/sbin:/usr/sbin` },
    });
    return stdout.includes('libnss3.so');
  } catch {
    return false;
  }
}

function definedVariables(variables: NodeJS.ProcessEnv): Record<string, string> {
  const defined: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) if (value !== undefined) defined[name] = value;
  return defined;
}
