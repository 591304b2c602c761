// The packages of all three systems, packed from the built app and a stand-in of Electron, and read back.
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRawHeader } from '@electron/asar';
import { Arch, build, Platform } from 'electron-builder';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  fuseCarrier,
  INSTALLERS,
  packagedProgram,
  packagingConfiguration,
  resourcesFolder,
  type PackagedPlatform,
  type Packaging,
} from '../../build/electron-builder.config.ts';
import { readFuses, setFuses } from '../../build/fuses.ts';
import { makeIcons, WINDOWS_SIZES, type IconFiles } from '../../build/icons.ts';
import { packFolder, plainReason } from '../../build/package-app.ts';
import { NOT_BUNDLED } from '../../build/bundle.ts';
import { BUNDLES, fromRoot } from '../../build/paths.ts';
import { LINK_SCHEME } from '../../electron/deep-link.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { filesInArchive, readFromArchive, requestedModules } from './read-archive.ts';
import { fuseBytes, windowsResources, writeStandInDistribution } from './stand-in-distribution.ts';

const packageJson: { readonly main: string; readonly desktopName: string } = JSON.parse(
  readFileSync(fromRoot('package.json'), 'utf8'),
);

/** A packager on Windows makes no packages of macOS. */
const platforms = (['linux', 'win32', 'darwin'] as const).filter(
  (platform) => platform !== 'darwin' || process.platform !== 'win32',
);

let folder: string;
let icons: IconFiles;
const packed = new Map<PackagedPlatform, string>();

function packagingOf(platform: PackagedPlatform, options: Partial<Packaging> = {}): Packaging {
  const [output, electronFolder] = [join(folder, platform, 'packages'), join(folder, platform, 'electron')];
  return { icons, output, electronFolder, updatesUrl: 'https://updates.example/app', signs: false, ...options };
}

function packedFolder(platform: PackagedPlatform): string {
  return packed.get(platform) ?? '';
}

function archive(platform: PackagedPlatform): string {
  return join(resourcesFolder(platform, packedFolder(platform)), 'app.asar');
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fuelgauge-packages-'));
  icons = await makeIcons(join(folder, 'icons'));
  for (const platform of platforms) {
    await writeStandInDistribution(platform, join(folder, platform, 'electron'));
    const packaging = packagingOf(platform);
    packed.set(platform, await packFolder({ platform, architecture: 'x64', packaging }));
  }
  return () => rm(folder, { recursive: true, force: true });
});

describe('the configuration', () => {
  it('is one that electron-builder accepts, and would refuse with an unknown field', async () => {
    const { validateConfiguration } = loadValidation();
    const log = { isEnabled: false, add: () => undefined };
    for (const platform of platforms) {
      const configuration = packagingConfiguration(packagingOf(platform, { homepage: 'https://fuelgauge.example' }));
      await expect(validateConfiguration(configuration, log)).resolves.toBeUndefined();
      await expect(validateConfiguration({ ...configuration, unknownField: 1 }, log)).rejects.toThrow('unknownField');
    }
  });

  it('names the installers of each system, and files that exist', () => {
    const configuration = packagingConfiguration(packagingOf('linux'));
    expect(configuration.linux?.target).toEqual(['AppImage', 'deb', 'rpm']);
    expect(configuration.mac?.target).toEqual(['dmg', 'zip']);
    expect(configuration.win?.target).toEqual(['nsis']);
    expect(configuration.npmRebuild).toBe(false);
    const named = [
      configuration.mac?.entitlements,
      configuration.mac?.entitlementsInherit,
      configuration.nsis?.include,
    ];
    for (const path of named) expect(existsSync(path ?? ''), path ?? 'a path').toBe(true);
    // What a person logged is not the installer's to take away.
    expect(configuration.nsis?.deleteAppDataOnUninstall).toBe(false);
  });
});

describe.each(platforms)('the package for %s', (platform) => {
  it('has the bundles, the pages, the manifest and the licence in its archive, and nothing else', () => {
    const pages = globSync('dist/renderer/**/*', { cwd: fromRoot('.') }).map((path) => path.replaceAll('\\', '/'));
    const bundles = BUNDLES.map(({ output }) => output).filter((output) => output.startsWith('dist/electron/'));
    const files = pages.filter((path) => /\.\w+$/.test(path));
    expect(files.length).toBeGreaterThan(20);
    expect(filesInArchive(archive(platform))).toEqual([...bundles, ...files, 'package.json', 'LICENSE'].sort());
    expect(bundles).toContain(packageJson.main);
  });

  it('has no source, test, map, key or path of the machine that packed it in there', () => {
    for (const path of filesInArchive(archive(platform))) {
      expect(path).not.toMatch(/\.(?:ts|tsx|map|test\..*|env|pem|p12|pfx|sqlite)$/);
      expect(leaks(readFromArchive(archive(platform), path).toString('latin1')), path).toEqual([]);
    }
    // So that the search is known to find.
    expect(leaks(`const folder = '${fromRoot('.')}';`)).toEqual(['the folder of the checkout']);
    expect(leaks(['-----BEGIN', 'PRIVATE KEY-----'].join(' '))).toEqual(['a private key']);
    expect(leaks(['//#', 'sourceMappingURL=main.js.map'].join(' '))).toEqual(['a source map']);
    expect(leaks(`token = "${['ghp', 'a1B2'.repeat(9)].join('_')}"`)).toEqual(['a token']);
  });

  it('asks for nothing that is not packed with it', () => {
    const bundles = filesInArchive(archive(platform)).filter((path) => path.startsWith('dist/electron/'));
    for (const path of bundles) {
      const requested = requestedModules(path, readFromArchive(archive(platform), path).toString());
      expect(
        requested.filter((name) => !NOT_BUNDLED.some((known) => known === name)),
        path,
      ).toEqual([]);
    }
    const planted = 'import { readFile } from "node:fs"; import("left"); const __require = 0; __require("behind");';
    expect(requestedModules('planted.js', planted)).toEqual(['behind', 'left']);
  });

  it('knows by its manifest what to run and which desktop file is its own, and names no packages', () => {
    const manifest: unknown = JSON.parse(readFromArchive(archive(platform), 'package.json').toString());
    expect(manifest).toMatchObject({ main: 'dist/electron/main.js', desktopName: 'fuelgauge.desktop', type: 'module' });
    expect(manifest).not.toHaveProperty('dependencies');
    expect(manifest).not.toHaveProperty('devDependencies');
    expect(manifest).not.toHaveProperty('scripts');
  });

  it('has a program of the product’s name, without Electron’s sample app and with its licences', () => {
    const root = packedFolder(platform);
    expect(existsSync(packagedProgram(platform, root))).toBe(true);
    for (const name of ['electron', 'electron.exe', 'Electron.app']) expect(existsSync(join(root, name))).toBe(false);
    const resources = resourcesFolder(platform, root);
    expect(existsSync(join(resources, 'default_app.asar'))).toBe(false);
    const licences = platform === 'darwin' ? resources : root;
    for (const name of ['LICENSE.electron.txt', 'LICENSES.chromium.html']) {
      expect(existsSync(join(licences, name)), name).toBe(true);
    }
  });

  it('has the licences of all that was bundled beside the archive', async () => {
    const resources = resourcesFolder(platform, packedFolder(platform));
    const text = await readFile(join(resources, 'LICENSES.packages.md'), 'utf8');
    const named = [...text.matchAll(/^## (\S+) \d\S* \((.+)\)$/gm)];
    const packages = named.map(([, name]) => name);
    // From the pages, the replica and both.
    for (const name of ['react', '@mantine/core', 'rxdb', 'zod', 'temporal-polyfill']) expect(packages).toContain(name);
    expect(new Set(named.map(([title]) => title)).size).toBe(named.length);
    expect(text).toContain('Permission is hereby granted, free of charge');
    // A licence that asks for more than to be named wants a decision before it is shipped.
    expect(text).not.toMatch(/^## .*\((?:.*[^L])?GPL|licence not named/m);
  });

  it('reads back with every fuse off that lets others in, and those on that guard what is inside', async () => {
    expect(await readFuses(fuseCarrier(platform, packedFolder(platform)))).toEqual({
      RunAsNode: 'off',
      EnableNodeOptionsEnvironmentVariable: 'off',
      EnableNodeCliInspectArguments: 'off',
      GrantFileProtocolExtraPrivileges: 'off',
      LoadBrowserProcessSpecificV8Snapshot: 'off',
      EnableCookieEncryption: 'on',
      EnableEmbeddedAsarIntegrityValidation: 'on',
      OnlyLoadAppFromAsar: 'on',
      WasmTrapHandlers: 'on',
    });
  });
});

describe('the fuses', () => {
  it('were not as shipped before', async () => {
    const states = await readFuses(join(folder, 'linux', 'electron', 'electron'));
    expect(states).toMatchObject({ RunAsNode: 'on', OnlyLoadAppFromAsar: 'off', EnableNodeCliInspectArguments: 'on' });
  });

  it('stop the packaging when Electron has one that nobody decided, or none at all', async () => {
    const program = join(await temporaryFolder(), 'electron');
    await writeFile(program, fuseBytes('1011000110'));
    await expect(setFuses(program, { signsAgain: false })).rejects.toThrow('10 fuses');
    await writeFile(program, 'no fuses');
    await expect(setFuses(program, { signsAgain: false })).rejects.toThrow('sentinel');
  });

  it('stop the packaging when one cannot be set any more', async () => {
    const program = join(await temporaryFolder(), 'electron');
    // A wire that is shorter than its length says: the last one has no place to be written to.
    await writeFile(program, fuseBytes('101100011').subarray(0, 32 + 2 + 8));
    await expect(setFuses(program, { signsAgain: false })).rejects.toThrow('WasmTrapHandlers is unknown and not on');
  });
});

describe('the integrity of the archive', () => {
  it.runIf(platforms.includes('darwin'))('is written into the property list on macOS', async () => {
    const contents = join(packedFolder('darwin'), 'Fuelgauge.app', 'Contents', 'Info.plist');
    expect(readPropertyList(await readFile(contents, 'utf8'))).toMatchObject({
      ElectronAsarIntegrity: { 'Resources/app.asar': { algorithm: 'SHA256', hash: headerHash('darwin') } },
    });
  });

  it('is written into the program on Windows', async () => {
    const resources = windowsResources(await readFile(packagedProgram('win32', packedFolder('win32'))));
    const integrity = resources.find(({ type, id }) => type === 'INTEGRITY' && id === 'ELECTRONASAR');
    expect(JSON.parse(Buffer.from(integrity?.bin ?? new ArrayBuffer()).toString())).toEqual([
      { file: 'resources\\app.asar', alg: 'SHA256', value: headerHash('win32') },
    ]);
  });
});

describe('the icons', () => {
  it.runIf(platforms.includes('darwin'))('are in the bundle on macOS', async () => {
    const resources = resourcesFolder('darwin', packedFolder('darwin'));
    expect((await readFile(join(resources, 'icon.icns'))).equals(await readFile(icons.mac))).toBe(true);
  });

  it('of shortcut and notifications on Windows belong together, because installer and app name themselves alike', () => {
    const { appId } = packagingConfiguration(packagingOf('win32'));
    expect(readFromArchive(archive('win32'), packageJson.main).toString()).toContain(`"${appId}"`);
  });

  it('are in the program on Windows, in every size', async () => {
    const resources = windowsResources(await readFile(packagedProgram('win32', packedFolder('win32'))));
    // The number by which Windows knows a picture of an icon.
    expect(resources.filter(({ type }) => type === 3)).toHaveLength(WINDOWS_SIZES.length);
  });
});

describe('addresses that begin with fuelgauge:', () => {
  it.runIf(platforms.includes('darwin'))('open the app on macOS', async () => {
    const contents = join(packedFolder('darwin'), 'Fuelgauge.app', 'Contents', 'Info.plist');
    expect(readPropertyList(await readFile(contents, 'utf8'))).toMatchObject({
      CFBundleIdentifier: 'app.fuelgauge.desktop',
      CFBundleExecutable: 'Fuelgauge',
      CFBundleURLTypes: [{ CFBundleURLName: 'Fuelgauge', CFBundleURLSchemes: [LINK_SCHEME] }],
    });
  });

  it('are entered into the registry by the installer of Windows, and leave with the app', async () => {
    const script = await readFile(fromRoot('build/installer/protocol.nsh'), 'utf8');
    const [, install = '', uninstall = ''] = script.split('!macro ');
    const key = `SHELL_CONTEXT "Software\\Classes\\${LINK_SCHEME}`;
    const program = '$INSTDIR\\${APP_EXECUTABLE_FILENAME}';
    expect(install).toMatch(/^customInstall/);
    expect(install).toContain(`WriteRegStr ${key}" "URL Protocol" ""`);
    expect(install).toContain(`WriteRegStr ${key}\\shell\\open\\command" "" '"${program}" "%1"'`);
    expect(uninstall).toMatch(/^customUnInstall/);
    expect(uninstall).toContain(`DeleteRegKey ${key}"`);
  });
});

describe('what Linux gets to know', () => {
  it('is a desktop file in each format, which the window finds and which opens the addresses', async () => {
    const files = await desktopFiles();
    expect(Object.keys(files).sort()).toEqual([...INSTALLERS.linux].sort());
    for (const [format, { name, entries }] of Object.entries(files)) {
      expect(name, format).toBe('fuelgauge.desktop');
      expect(entries, format).toMatchObject({
        Name: 'Fuelgauge',
        Type: 'Application',
        Icon: 'fuelgauge',
        // Electron gives its windows the name in package.json's desktopName.
        StartupWMClass: packageJson.desktopName.replace('.desktop', ''),
        MimeType: `x-scheme-handler/${LINK_SCHEME};`,
        Categories: 'Office;',
        Terminal: 'false',
      });
      expect(entries['Exec'], format).toMatch(/ %U$/);
    }
    expect(files['deb']?.entries['Exec']).toBe('/opt/Fuelgauge/fuelgauge %U');
  });

  it('is where each icon belongs', async () => {
    const { deb } = await desktopFiles();
    const placed = deb?.files.filter((path) => path.startsWith('/usr/share/icons/')) ?? [];
    expect(placed).toContain('/usr/share/icons/hicolor/16x16/apps/fuelgauge.png');
    expect(placed).toContain('/usr/share/icons/hicolor/512x512/apps/fuelgauge.png');
    expect(placed).toHaveLength(8);
  });
});

describe('updates', () => {
  it('are looked for where the packaging says', async () => {
    const file = await readFile(join(resourcesFolder('linux', packedFolder('linux')), 'app-update.yml'), 'utf8');
    expect(parse(file)).toEqual({
      provider: 'generic',
      url: 'https://updates.example/app',
      updaterCacheDirName: 'fuelgauge-updater',
    });
  });

  it('of a beta version are those of the beta channel', async () => {
    const output = join(await temporaryFolder(), 'out');
    await build({
      projectDir: fromRoot('.'),
      targets: Platform.LINUX.createTarget(['dir'], Arch.x64),
      publish: 'never',
      config: {
        ...packagingConfiguration(packagingOf('linux', { output })),
        extraMetadata: { version: '1.2.0-beta.1' },
      },
    });
    const resources = resourcesFolder('linux', join(output, 'linux-unpacked'));
    expect(parse(await readFile(join(resources, 'app-update.yml'), 'utf8'))).toMatchObject({ channel: 'beta' });
  });

  it('are not looked for where it says nothing', async () => {
    const packaging = packagingOf('linux', { output: join(await temporaryFolder(), 'out'), updatesUrl: undefined });
    const root = await packFolder({ platform: 'linux', architecture: 'x64', packaging });
    expect(existsSync(join(resourcesFolder('linux', root), 'app.asar'))).toBe(true);
    expect(existsSync(join(resourcesFolder('linux', root), 'app-update.yml'))).toBe(false);
  });
});

describe('the reason for an installer that could not be made', () => {
  it.each([
    ['getaddrinfo ENOTFOUND somewhere.example', 'could not be fetched over the network (getaddrinfo ENOTFOUND'],
    ['Please specify project homepage, see there', 'set FUELGAUGE_HOMEPAGE to its address'],
    ['spawn wine ENOENT', 'a program that makes it is not here (spawn wine ENOENT)'],
    ['Need executable `rpmbuild` to convert', 'it needs the program rpmbuild'],
    ['Something else\n  at a place', 'Something else'],
  ])('says of “%s” what to do', (message, words) => {
    expect(plainReason(new Error(message))).toContain(words);
    expect(plainReason(new Error(message))).not.toContain('\n');
  });
});

interface DesktopFile {
  readonly name: string;
  readonly entries: Readonly<Record<string, string>>;
  /** Where the installer puts what is not the app. */
  readonly files: readonly string[];
}

/** What electron-builder would give to the tools that make the installers of Linux, which are not needed for that. */
async function desktopFiles(): Promise<Readonly<Record<string, DesktopFile>>> {
  const found: Record<string, DesktopFile> = {};
  const output = join(await temporaryFolder(), 'out');
  for (const format of INSTALLERS.linux) {
    await build({
      projectDir: fromRoot('.'),
      targets: Platform.LINUX.createTarget([format]),
      prepackaged: packedFolder('linux'),
      publish: 'never',
      config: packagingConfiguration(packagingOf('linux', { output, homepage: 'https://fuelgauge.example' })),
      async effectiveOptionComputed(options: unknown) {
        found[format] = await desktopFileOf(options);
        return true;
      },
    });
  }
  return found;
}

async function desktopFileOf(options: unknown): Promise<DesktopFile> {
  if (Array.isArray(options)) {
    const [[...args], path] = options as [readonly string[], string];
    const files = args
      .filter((argument) => argument.includes('=/'))
      .map((argument) => argument.split('=').at(-1) ?? '');
    const name =
      files
        .find((file) => file.startsWith('/usr/share/applications/'))
        ?.split('/')
        .at(-1) ?? '';
    return { name, entries: desktopEntries(await readFile(path, 'utf8')), files };
  }
  const { desktop, desktopFileName } = options as { readonly desktop: string; readonly desktopFileName: string };
  return { name: desktopFileName, entries: desktopEntries(desktop), files: [] };
}

function desktopEntries(text: string): Readonly<Record<string, string>> {
  const lines = text.split('\n').filter((line) => line.includes('='));
  return Object.fromEntries(lines.map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]));
}

const LEAKS: readonly (readonly [string, RegExp | string])[] = [
  ['the folder of the checkout', fromRoot('.').replace(/[\\/]$/, '')],
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ['a source map', /\/\/# sourceMappingURL=/],
  ['a token', /\b(?:ghp|gho|npm)_\w{30,}|\bAKIA[0-9A-Z]{16}\b/],
];

function leaks(text: string): readonly string[] {
  const found = LEAKS.filter(([, mark]) => (typeof mark === 'string' ? text.includes(mark) : mark.test(text)));
  return found.map(([name]) => name);
}

function headerHash(platform: PackagedPlatform): string {
  return createHash('sha256')
    .update(getRawHeader(archive(platform)).headerString)
    .digest('hex');
}

interface Validation {
  validateConfiguration(configuration: unknown, log: { isEnabled: boolean; add(): void }): Promise<void>;
}

/** Belong to electron-builder and are found from there. */
function fromElectronBuilder(module: string): unknown {
  const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder'));
  return createRequire(builder.resolve('app-builder-lib'))(module);
}

function loadValidation(): Validation {
  return fromElectronBuilder('app-builder-lib/out/util/config/config') as Validation;
}

function readPropertyList(text: string): unknown {
  return (fromElectronBuilder('plist') as { parse(text: string): unknown }).parse(text);
}
