import { describe, expect, it } from 'vitest';
import { DesktopLayers } from '../../run/desktop-layers.ts';

const report = (files: Readonly<Record<string, readonly string[]>>): string =>
  JSON.stringify({
    testResults: Object.entries(files).map(([name, statuses]) => ({
      name,
      status: statuses.length === 0 || statuses.includes('failed') ? 'failed' : 'passed',
      assertionResults: statuses.map((status) => ({ status, ancestorTitles: ['a group'] })),
    })),
  });
const layerOf = (file: string): string | null => /^(L\d)/.exec(file)?.[1] ?? null;

describe('the layers of the desktop shell', () => {
  it('are counted each by itself; what could not run is never passed', () => {
    const layers = new DesktopLayers();
    layers.addTypes({ passed: 1, failed: 0 });
    layers.addReport(report({ 'L2 main': ['passed', 'passed'], 'L2 parts': ['failed'], other: ['passed'] }), layerOf);
    layers.addReport(report({ 'L5 desktop': ['passed', 'skipped', 'pending'], 'L3 page': [] }), layerOf);
    expect(layers.lines()).toEqual([
      'Desktop shell, layer by layer',
      expect.stringMatching(/^ {2}L1 .*: 1 passed, 0 failed, 0 not run$/),
      expect.stringMatching(/^ {2}L2 .*: 2 passed, 1 failed, 0 not run$/),
      // A file that could not be loaded.
      expect.stringMatching(/^ {2}L3 .*: 0 passed, 1 failed, 0 not run$/),
      expect.stringMatching(/^ {2}L4 .*: not run$/),
      expect.stringMatching(/^ {2}L5 .*: 1 passed, 0 failed, 2 not run$/),
    ]);
  });

  it('count a guard of the last layer only where it fails', () => {
    const layers = new DesktopLayers();
    const guarded = (guard: string) =>
      JSON.stringify({
        testResults: [
          {
            name: 'L5 desktop',
            status: guard,
            assertionResults: [
              { status: guard, ancestorTitles: [] },
              { status: 'pending', ancestorTitles: ['the built app'] },
            ],
          },
        ],
      });
    layers.addReport(guarded('passed'), layerOf);
    expect(layers.lines().at(-1)).toMatch(/: 0 passed, 0 failed, 1 not run$/);
    layers.addReport(guarded('failed'), layerOf);
    expect(layers.lines().at(-1)).toMatch(/: 0 passed, 1 failed, 2 not run$/);
  });

  it('say nothing where nothing was run', () => {
    const layers = new DesktopLayers();
    for (const none of [null, '', '{', '{}']) layers.addReport(none);
    expect(layers.lines()).toEqual([]);
  });
});
