// L2: what holds for all of the desktop shell's code, whatever a test of one part looks at.
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fromRoot } from '../../build/paths.ts';

const files = globSync('electron/*.ts', { cwd: fromRoot('.') }).map((path) => ({
  path,
  // Comments may name what code may not do.
  code: readFileSync(fromRoot(path), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, ''),
}));
const foundIn = (pattern: RegExp, list = files): readonly string[] =>
  list.filter(({ code }) => pattern.test(code)).map(({ path }) => path);

it('looks at all of the shell', () => {
  expect(files.length).toBeGreaterThan(20);
});

describe('nowhere in the shell', () => {
  it.each([
    ['a switch of Chromium is set', /appendSwitch|appendArgument|disableHardwareAcceleration/],
    ['the web’s own security is switched off', /webSecurity|allowRunningInsecureContent|disable-web-security/],
    ['an experimental feature is switched on', /experimentalFeatures|enableBlinkFeatures|enable-features/],
    ['a file is shown as a page', /loadFile\(|file:\/\//],
    ['a page is given Node', /nodeIntegration\w*: true|sandbox: false|contextIsolation: false|webviewTag: true/],
    ['an error of a certificate is passed over', /certificate-error|setCertificateVerifyProc|ignore-certificate/],
    ['a page is given more than one function', /exposeInMainWorld[\s\S]*exposeInMainWorld/],
    ['code is run in a page', /executeJavaScript|insertCSS|eval\(|new Function/],
    [
      'another address than the app’s own is loaded',
      /loadURL\((?!urlOf\(|isAppUrl\(shown\) \? shown : urlOf\(null\)\))/,
    ],
    ['an unsafe source is let in', /unsafe-inline|unsafe-eval/],
  ])('%s', (_what, pattern) => {
    expect(foundIn(pattern)).toEqual([]);
  });

  it.each([
    ['window.ts', /webviewTag: false/],
    ['security.ts', /shell\.openExternal\(/],
    ['bridge.ts', /ipcMain\.on\(/],
    ['main.ts', /app\.enableSandbox\(\)/],
    ['preload.ts', /exposeInMainWorld\(/],
  ])('but in %s: the look finds what is there', (name, pattern) => {
    expect(foundIn(pattern)).toEqual([`electron/${name}`]);
  });
});

it('stands on an Electron that is pinned to one version, of the line that it was written for', () => {
  const { devDependencies } = z
    .object({ devDependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(fromRoot('package.json'), 'utf8')));
  expect(devDependencies['electron']).toMatch(/^45\.\d+\.\d+$/);
  const installed = z.object({ version: z.string() });
  expect(
    installed.parse(JSON.parse(readFileSync(fromRoot('node_modules/electron/package.json'), 'utf8'))).version,
  ).toBe(devDependencies['electron']);
});

it('lets the page connect to nothing but itself', async () => {
  const { contentSecurityPolicy } = await import('../../shared/web-app/content-security-policy.ts');
  const policy = contentSecurityPolicy({ nonce: 'A'.repeat(22) });
  const directives = new Map(
    policy.split('; ').map((part) => [part.split(' ')[0], part.split(' ').slice(1).join(' ')]),
  );
  expect(Object.fromEntries(directives)).toEqual({
    'default-src': `'none'`,
    'script-src': `'self'`,
    'style-src': `'self' 'nonce-${'A'.repeat(22)}'`,
    'connect-src': `'self'`,
    'img-src': `'self' data:`,
    'font-src': `'self'`,
    'base-uri': `'none'`,
    'form-action': `'none'`,
    'frame-ancestors': `'none'`,
  });
});

describe('docs/SECURITY.md', () => {
  const rows = readFileSync(fromRoot('docs/SECURITY.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| --'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const tests = globSync('test/**/*.test.ts', { cwd: fromRoot('.') }).map((path) => ({
    path: path.replaceAll('\\', '/'),
    text: readFileSync(fromRoot(path), 'utf8').replaceAll('’', "'"),
  }));
  const items = rows.filter((cells) => cells.length === 5 && cells[1] !== 'item' && cells[1] !== 'from');

  it('names a test for every item', () => {
    expect(items.length).toBeGreaterThan(28);
    expect(items.filter((cells) => !/`[\w/.-]+\.test\.ts`|_[^_]+_/.test(cells[3] ?? ''))).toEqual([]);
  });

  it.each(items.map((cells) => [cells[1] ?? '', cells[3] ?? ''] as const))(
    'names tests that are there: %s',
    (_item, cell) => {
      const [files, titles] = [cell.matchAll(/`([\w/.-]+\.test\.ts)`/g), cell.matchAll(/(?<![\w`])_([^_]+)_(?!\w)/g)];
      for (const [, name] of files) {
        expect(
          tests.some(({ path }) => path === name || path.endsWith(`/${name}`)),
          name,
        ).toBe(true);
      }
      for (const [, title = ''] of titles) {
        expect(
          tests.filter(({ text }) => text.includes(title.replaceAll('’', "'"))),
          title,
        ).not.toEqual([]);
      }
    },
  );
});
