// Whether this machine can start Electron itself.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run-command.ts';

const executableByPlatform: Readonly<Record<string, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

/** Looks for the file only: asking the `electron` package for its path would start a download. */
export function hasElectronBinary(): boolean {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(root, 'node_modules', 'electron', 'dist');
  return existsSync(join(folder, executableByPlatform[process.platform] ?? 'electron'));
}
