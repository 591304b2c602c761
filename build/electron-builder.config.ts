// How the desktop app is packaged: bundles and pages in an asar archive, no packages beside them.
import type { Configuration } from 'electron-builder';

export default {
  appId: 'app.fuelgauge.desktop',
  productName: 'Fuelgauge',
  copyright: 'The Fuelgauge authors',
  directories: { output: 'dist/packages' },
  files: ['dist/{cli,electron,renderer,replica}/**', 'package.json', '!node_modules'],
  asar: true,
  // node:sqlite is a part of Node, so nothing has to be compiled for Electron.
  npmRebuild: false,
  publish: null,
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  },
  linux: {
    target: ['AppImage', 'deb', 'rpm'],
    category: 'Office',
    maintainer: 'The Fuelgauge authors',
    syncDesktopName: true,
  },
  mac: { target: ['dmg', 'zip'], category: 'public.app-category.business' },
  win: { target: ['nsis'] },
} satisfies Configuration;
