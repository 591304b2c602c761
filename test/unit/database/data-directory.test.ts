import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  canStillBeRead,
  dataDirectoryPath,
  holdsData,
  prepareDataDirectory,
} from '../../../replica/database/data-directory.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function pathOn(platform: string, environment: Record<string, string>, chosen?: string): string {
  const homeDirectory = platform === 'win32' ? 'C:\\Users\\ana' : '/home/ana';
  return dataDirectoryPath({ platform, environment, homeDirectory, chosen });
}

describe('the place of the data directory', () => {
  it('is the usual one of each platform', () => {
    expect(pathOn('linux', {})).toBe('/home/ana/.local/share/fuelgauge');
    expect(pathOn('linux', { XDG_DATA_HOME: '/data' })).toBe('/data/fuelgauge');
    expect(pathOn('linux', { XDG_DATA_HOME: 'relative' })).toBe('/home/ana/.local/share/fuelgauge');
    expect(pathOn('darwin', {})).toBe('/home/ana/Library/Application Support/Fuelgauge');
    expect(pathOn('win32', { APPDATA: 'D:\\Roaming' })).toBe('D:\\Roaming\\Fuelgauge');
    expect(pathOn('win32', {})).toBe('C:\\Users\\ana\\AppData\\Roaming\\Fuelgauge');
  });

  it('is what the command line says before what the environment says', () => {
    const environment = { FUELGAUGE_DATA_DIR: '/from/environment', XDG_DATA_HOME: '/data' };
    expect(pathOn('linux', environment, '/chosen')).toBe('/chosen');
    expect(pathOn('linux', environment, 'chosen')).toBe(resolve('chosen'));
    expect(pathOn('linux', environment)).toBe('/from/environment');
    expect(pathOn('linux', { FUELGAUGE_DATA_DIR: '' }, '')).toBe('/home/ana/.local/share/fuelgauge');
  });
});

describe('preparing the data directory', () => {
  it('makes a new one for its owner alone, with nothing in it', async () => {
    const path = join(await temporaryFolder(), 'new', 'nested');
    expect(prepareDataDirectory(path)).toEqual({ ok: true, value: path });
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(readdirSync(path)).toEqual([]);
  });

  it('takes an existing one as it is', async () => {
    const path = join(await temporaryFolder(), 'shared');
    mkdirSync(path, { mode: 0o755 });
    expect(prepareDataDirectory(path).ok).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o755);
  });

  it('says so when it is a file, or lies below one', async () => {
    const file = join(await temporaryFolder(), 'file');
    writeFileSync(file, 'kept');
    for (const path of [file, join(file, 'below')]) {
      const prepared = prepareDataDirectory(path);
      expect(prepared.ok ? 'ok' : prepared.error.kind, path).toBe('not-a-directory');
      expect(prepared.ok ? '' : prepared.error.message, path).toContain(path);
    }
  });

  // Only Linux has a folder that takes no new one from anybody, root included.
  it.runIf(existsSync('/proc/self'))('says so when it cannot be made, and does not try for ever', () => {
    const prepared = prepareDataDirectory('/proc/self/fuelgauge/data');
    expect(prepared.ok ? 'ok' : prepared.error.kind).toBe('missing');
  });
});

describe('a directory that cannot be made one’s own', () => {
  it('can still be read where only writing fails and there is data', async () => {
    const folder = await temporaryFolder();
    expect(holdsData(folder)).toBe(false);
    expect(canStillBeRead(folder, { kind: 'read-only' })).toBe(false);
    writeFileSync(join(folder, 'fuelgauge.sqlite'), 'data');
    expect(holdsData(folder)).toBe(true);
    for (const kind of ['read-only', 'unwritable', 'disk-full']) expect(canStillBeRead(folder, { kind })).toBe(true);
    for (const kind of ['locked', 'missing', 'damaged']) expect(canStillBeRead(folder, { kind })).toBe(false);
  });
});
