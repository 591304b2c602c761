// How the desktop app is packaged: bundles and pages in an asar archive, no packages beside them.
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Arch, type Configuration } from 'electron-builder';
import { setFuses } from './fuses.ts';
import type { IconFiles } from './icons.ts';
import { LICENCES_FILE } from './licences.ts';
import { fromRoot } from './paths.ts';

const EXECUTABLE_NAME = 'fuelgauge';
const PRODUCT_NAME = 'Fuelgauge';
/** Addresses that begin with it open the app. */
const LINK_SCHEME = 'fuelgauge';

/** The installers of each system, by `process.platform`. */
export const INSTALLERS = {
  linux: ['AppImage', 'deb', 'rpm'],
  darwin: ['dmg', 'zip'],
  win32: ['nsis'],
} as const;

export type PackagedPlatform = keyof typeof INSTALLERS;

export interface Packaging {
  readonly icons: IconFiles;
  /** Where packages are put. */
  readonly output: string;
  /** The folder of an unpacked Electron. */
  readonly electronFolder: string;
  /** Where a packaged app looks for newer ones; without it, it does not look. */
  readonly updatesUrl?: string | undefined;
  /** What packages of Linux name as the home of the project; they cannot be made without one. */
  readonly homepage?: string | undefined;
  /** A certificate is at hand, in the variables that electron-builder reads. */
  readonly signs: boolean;
}

export function packagingConfiguration(packaging: Packaging): Configuration {
  const { icons, output, electronFolder, updatesUrl, homepage, signs } = packaging;
  return {
    appId: 'app.fuelgauge.desktop',
    productName: PRODUCT_NAME,
    copyright: 'The Fuelgauge authors',
    directories: { output, buildResources: fromRoot('build/installer') },
    electronDist: electronFolder,
    // What the app runs and shows, and nothing else: electron-builder starts from everything where this names nothing.
    files: ['dist/electron/*.{js,cjs}', 'dist/renderer/**/*', 'package.json', 'LICENSE', '!**/*.map', '!node_modules'],
    // Beside the archive, where a person can read it.
    extraResources: [{ from: LICENCES_FILE, to: 'LICENSES.packages.md' }],
    ...(homepage === undefined ? {} : { extraMetadata: { homepage } }),
    asar: true,
    // node:sqlite is a part of Node, so nothing has to be compiled for Electron.
    npmRebuild: false,
    protocols: [{ name: PRODUCT_NAME, schemes: [LINK_SCHEME] }],
    // The channel is what the version says: 1.2.0-beta.1 is for those who follow beta.
    publish: updatesUrl === undefined ? null : { provider: 'generic', url: updatesUrl },
    // This one brings along what it needs to run; the older one asks for a library that few systems still have.
    toolsets: { appimage: '1.0.3' },
    // A stable version is offered to those who follow the beta channel too.
    generateUpdatesFilesForAllChannels: true,
    afterExtract: ({ appOutDir, electronPlatformName }) =>
      tidyElectron(electronFolder, resourcesFolder(electronPlatformName, appOutDir, 'Electron'), electronPlatformName),
    // Before anything is signed, because it changes the program.
    afterPack: ({ appOutDir, electronPlatformName, arch }) =>
      setFuses(fuseCarrier(electronPlatformName, appOutDir), {
        signsAgain: electronPlatformName === 'darwin' && process.platform === 'darwin' && arch === Arch.arm64,
      }),
    linux: {
      target: [...INSTALLERS.linux],
      executableName: EXECUTABLE_NAME,
      icon: icons.linux,
      category: 'Office',
      maintainer: 'The Fuelgauge authors',
      // The window then belongs to the desktop file of the name that package.json gives as desktopName.
      syncDesktopName: true,
      desktop: { entry: { Keywords: 'credits;usage;budget;forecast;', StartupNotify: 'true' } },
    },
    mac: {
      target: [...INSTALLERS.darwin],
      icon: icons.mac,
      category: 'public.app-category.business',
      // Else any certificate in the keychain of the person would do.
      ...(signs ? {} : { identity: null }),
      // The hardened runtime refuses to load Electron's own libraries under a signature of nobody in particular.
      hardenedRuntime: signs,
      entitlements: fromRoot('build/installer/entitlements.mac.plist'),
      entitlementsInherit: fromRoot('build/installer/entitlements.mac.plist'),
    },
    win: { target: [...INSTALLERS.win32], icon: icons.windows },
    nsis: {
      // For one person and without the rights of an administrator. The books stay when the app goes.
      oneClick: true,
      perMachine: false,
      deleteAppDataOnUninstall: false,
      include: fromRoot('build/installer/protocol.nsh'),
    },
  };
}

/** Electron's own sample app goes, its licences stay: on macOS they lie beside the bundle, which alone is packed. */
async function tidyElectron(electronFolder: string, resources: string, platform: string): Promise<void> {
  await rm(join(resources, 'default_app.asar'), { force: true });
  if (platform !== 'darwin') return;
  await copyFile(join(electronFolder, 'LICENSE'), join(resources, 'LICENSE.electron.txt'));
  await copyFile(join(electronFolder, 'LICENSES.chromium.html'), join(resources, 'LICENSES.chromium.html'));
}

/** The program of a packaged app, in the folder that was packed. */
export function packagedProgram(platform: string, folder: string): string {
  switch (platform) {
    case 'darwin':
      return join(folder, `${PRODUCT_NAME}.app`, 'Contents', 'MacOS', PRODUCT_NAME);
    case 'win32':
      return join(folder, `${PRODUCT_NAME}.exe`);
    default:
      return join(folder, EXECUTABLE_NAME);
  }
}

/** What carries the fuses: on macOS a library in the bundle, which is named by the bundle. */
export function fuseCarrier(platform: string, folder: string): string {
  return platform === 'darwin' ? join(folder, `${PRODUCT_NAME}.app`) : packagedProgram(platform, folder);
}

/** Where app.asar lies. */
export function resourcesFolder(platform: string, folder: string, productName: string = PRODUCT_NAME): string {
  return platform === 'darwin'
    ? join(folder, `${productName}.app`, 'Contents', 'Resources')
    : join(folder, 'resources');
}
