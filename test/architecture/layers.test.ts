import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkLayers, type SourceFile } from './check-layers.ts';
import { layerRules } from './layer-table.ts';
import { readImpurities, readImports } from './read-source.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folders = ['shared', 'replica', 'electron', 'renderer', 'server', 'build', 'test'];
const files: readonly SourceFile[] = [`{${folders.join(',')}}/**/*.{ts,tsx,mts,cts,js,mjs,cjs}`, '*.{ts,mts,js,mjs}']
  .flatMap((pattern) => globSync(pattern, { cwd: root, exclude: ['node_modules', 'dist'] }))
  .map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(`${root}/${path}`, 'utf8') }));
const report = checkLayers(files);

describe('what is looked at', () => {
  it('saw the whole tree: more than 150 files in every folder of the product, and more than 400 imports', () => {
    expect(files.length).toBeGreaterThan(150);
    expect(report.importCount).toBeGreaterThan(400);
    for (const folder of folders) {
      expect(files.filter(({ path }) => path.startsWith(`${folder}/`)).length, folder).toBeGreaterThan(0);
    }
  });

  it('has a file for every line of the table, so that no line outlives its folder', () => {
    const hasFile = (path: string): boolean =>
      path === 'package.json' ||
      files.some((file) => file.path === path || file.path.startsWith(path.replace(/\*$/, '')));
    const unused = layerRules.map(({ path }) => path).filter((path) => !hasFile(path));
    expect(unused).toEqual([]);
  });
});

describe('the table', () => {
  it.each(layerRules)('docs/ARCHITECTURE.md says of $path what the table says', (rule) => {
    const documented = readFileSync(`${root}/docs/ARCHITECTURE.md`, 'utf8')
      .split('\n')
      .map((line) => line.replaceAll('`', '').split('|'))
      .map((cells) => cells.map((cell) => cell.trim()))
      .find((cells) => cells[1] === rule.path);
    const typesOf = (names: readonly string[] = []): readonly string[] => names.map((name) => `types of ${name}`);
    const folderCell = [...(rule.imports ?? []), ...typesOf(rule.typesOf)].join(', ') || '—';
    const packageNames = [...(rule.packages ?? []), ...typesOf(rule.packageTypes), ...(rule.node ? ['Node'] : [])];
    expect(documented?.slice(3, 5)).toEqual([folderCell, packageNames.join(', ') || '—']);
  });
});

describe('layers', () => {
  it('imports only what the table allows', () => {
    expect(report.violations).toEqual([]);
  });

  it('has no ring of layers that import each other', () => {
    expect(report.cycles).toEqual([]);
  });

  it('keeps the renderer free of everything that is not made for it', () => {
    const values = files
      .filter(({ path }) => path.startsWith('renderer/'))
      .flatMap(({ path, text }) => readImports(path, text).filter(({ typeOnly }) => !typeOnly))
      .map(({ specifier }) => specifier ?? 'computed');
    expect(values.filter((specifier) => /zod|rxdb|electron|^node:|\/replica\/|shared\/bridge/.test(specifier))).toEqual(
      [],
    );
  });

  it.each([
    ['shared', { lib: ['ES2024'], types: [] }],
    ['replica', { lib: ['ES2024'], types: ['node'] }],
    ['electron', { lib: ['ES2024'], types: ['node'] }],
    ['server', { lib: ['ES2024'], types: ['node'] }],
    ['renderer', { lib: ['ES2024', 'DOM', 'DOM.Iterable'], types: ['vite/client'] }],
  ])('compiles %s against its own run time only', (folder, expected) => {
    const config = compilerOptions.parse(JSON.parse(readFileSync(`${root}/${folder}/tsconfig.json`, 'utf8')));
    expect({ lib: config.compilerOptions.lib, types: config.compilerOptions.types }).toEqual(expected);
  });

  const compilerOptions = z.object({
    compilerOptions: z.object({ lib: z.array(z.string()), types: z.array(z.string()) }),
  });
});

describe('purity of shared', () => {
  it('reads no clock, no chance and nothing of the machine: they are arguments', () => {
    const found = files
      .filter(({ path }) => path.startsWith('shared/'))
      .flatMap(({ path, text }) => readImpurities(path, text).map(({ name, line }) => `${path}:${line} ${name}`));
    expect(found).toEqual([]);
  });
});

describe('the test itself sees what is planted', () => {
  const violationsOf = (path: string, text: string): readonly string[] => checkLayers([{ path, text }]).violations;

  it.each([
    ['shared/ledger/planted.ts', `import { readFileSync } from 'node:fs';`, 'may not use Node'],
    ['shared/ledger/planted.ts', `import { decide } from '../entitlement/decide.ts';`, 'may not import'],
    ['shared/ledger/planted.ts', `import type { Decision } from '../entitlement/decision.ts';`, 'may not import'],
    ['shared/ledger/planted.ts', `export { decide } from '../entitlement/decide.ts';`, 'may not import'],
    ['shared/ledger/planted.ts', `export * from '../entitlement/decide.ts';`, 'may not import'],
    ['shared/ledger/planted.ts', `const late = await import('../entitlement/decide.ts');`, 'may not import'],
    ['shared/ledger/planted.ts', `let d: import('../entitlement/decision.ts').Decision;`, 'may not import'],
    ['shared/ledger/planted.ts', `import rates from '../bridge/rates.json' with { type: 'json' };`, 'may not import'],
    ['shared/ledger/planted.ts', `const name = 'x'; await import(name);`, 'computed'],
    ['shared/ledger/planted.ts', `import { z } from 'zod';`, 'package zod'],
    ['shared/planted/new.ts', `export const a = 1;`, 'no place in the table'],
    ['replica/services/planted.ts', `import { app } from 'electron';`, 'package electron'],
    ['electron/planted.ts', `import { openReplica } from '../replica/main.ts';`, 'may not import'],
    ['electron/preload.ts', `import { join } from 'node:path';`, 'may not use Node'],
    ['renderer/features/ledger/planted.tsx', `import { Gauge } from '../overview/gauge.tsx';`, 'may not import'],
    [
      'renderer/features/ledger/planted.tsx',
      `import { contract } from '../../../shared/bridge/contract.ts';`,
      'types only',
    ],
    [
      'renderer/features/ledger/planted.tsx',
      `import { type A } from '../../../shared/bridge/contract.ts';`,
      'types only',
    ],
    ['server/http/planted.ts', `import { createRxDatabase } from 'rxdb';`, 'package rxdb'],
    ['server/http/planted.ts', `import { contract } from '../../shared/bridge/contract.ts';`, 'may not import'],
    ['renderer/ui/planted.tsx', `import { Ledger } from '../features/ledger/ledger.tsx';`, 'may not import'],
  ])('%s: %s', (path, text, complaint) => {
    const violations = violationsOf(path, text);
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(complaint);
    expect(violations[0]).toMatch(/^[\w/.-]+:1 /);
  });

  it('lets through what the table allows', () => {
    expect(violationsOf('shared/usage/fine.ts', `import { credits } from '../kernel/credits.ts';`)).toEqual([]);
    expect(
      violationsOf('renderer/features/ledger/fine.tsx', `import type { A } from '../../../shared/bridge/views.ts';`),
    ).toEqual([]);
  });

  it('finds a ring of layers', () => {
    const ring = checkLayers([
      { path: 'shared/ledger/a.ts', text: `import '../forecast/b.ts';` },
      { path: 'shared/forecast/b.ts', text: `import '../analytics/c.ts';` },
      { path: 'shared/analytics/c.ts', text: `import '../ledger/a.ts';` },
    ]);
    expect(ring.cycles).toEqual(['shared/analytics ⇄ shared/forecast ⇄ shared/ledger']);
  });

  it.each([
    'const now = Date.now();',
    'const now = new Date();',
    'const now = Date();',
    `const now = Date['now']();`,
    'const clock = Date;',
    'const dice = Math.random();',
    `const dice = Math['random']();`,
    'const { random } = Math;',
    'const id = crypto.randomUUID();',
    'const now = Temporal.Now.instant();',
    'const now = performance.now();',
    'setTimeout(() => 1, 1);',
    'const hour = (date: Date) => date.getHours();',
  ])('impure: %s', (text) => {
    expect(readImpurities('shared/ledger/planted.ts', text)).toHaveLength(1);
  });

  it.each([
    'const day = new Date(0).toISOString();',
    'const day = Date.UTC(2026, 0, 1);',
    'const low = Math.min(1, 2);',
    'const clock = { now: 1, crypto: 2, process: 3 }; clock.crypto; clock.process;',
    'interface Options { readonly document: string; process(): void }',
    '// Date.now is an argument here.',
  ])('pure: %s', (text) => {
    expect(readImpurities('shared/ledger/planted.ts', text)).toEqual([]);
  });
});
