// The tests of the desktop shell, layer by layer: each says what was real in it, and none stands for another.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { StepCounts } from './counts.ts';

const layers = [
  ['L1', 'types of the shell, against Electron’s own'],
  ['L2', 'the shell’s own code, on a stand-in of Electron'],
  ['L3', 'the built page in Chromium, over a port'],
  ['L4', 'the browser shell: process, token, socket, page'],
  ['L5', 'the app in Electron itself'],
] as const;

type Layer = (typeof layers)[number][0];

interface LayerCounts {
  passed: number;
  failed: number;
  notRun: number;
}

/** What the runs so far counted in each layer. A test file names its layer in its first line: `// L2: …`. */
export class DesktopLayers {
  readonly #counts = new Map<Layer, LayerCounts>();

  /** Types are one check, and belong to the first layer. */
  addTypes({ passed, failed }: Pick<StepCounts, 'passed' | 'failed'>): void {
    this.#add('L1', { passed, failed, notRun: 0 });
  }

  /** Adds a report of Vitest; files that name no layer are of none. */
  addReport(report: string | null, layerOf: (file: string) => string | null = layerInFile): void {
    for (const file of resultsIn(report)) {
      const layer = layers.find(([name]) => name === layerOf(file.name))?.[0];
      if (layer === undefined) continue;
      const tests = layer === 'L5' ? file.assertionResults.filter(isNoGuard) : file.assertionResults;
      const count = (...statuses: readonly string[]): number =>
        tests.filter(({ status }) => statuses.includes(status)).length;
      const [passed, failed] = [count('passed'), count('failed')];
      // A file that could not be loaded has no tests to count.
      const broken = file.status === 'failed' && failed === 0 ? 1 : 0;
      this.#add(layer, { passed, failed: failed + broken, notRun: tests.length - passed - failed });
    }
  }

  /** One line for each layer; none where nothing of the desktop shell was run. */
  lines(): readonly string[] {
    if (this.#counts.size === 0) return [];
    const rows = layers.map(([layer, what]) => {
      const counts = this.#counts.get(layer);
      if (counts === undefined) return `  ${layer}  ${what}: not run`;
      return `  ${layer}  ${what}: ${counts.passed} passed, ${counts.failed} failed, ${counts.notRun} not run`;
    });
    return ['Desktop shell, layer by layer', ...rows];
  }

  #add(layer: Layer, more: LayerCounts): void {
    const { passed, failed, notRun } = this.#counts.get(layer) ?? { passed: 0, failed: 0, notRun: 0 };
    this.#counts.set(layer, {
      passed: passed + more.passed,
      failed: failed + more.failed,
      notRun: notRun + more.notRun,
    });
  }
}

const testSchema = z.object({ status: z.string(), ancestorTitles: z.array(z.string()).default([]) });

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(testSchema),
    }),
  ),
});

/**
 * A guard stands outside of all groups: it fails where a program is required and is not there. That it passes says
 * nothing of the app.
 */
function isNoGuard({ status, ancestorTitles }: z.infer<typeof testSchema>): boolean {
  return ancestorTitles.length > 0 || status === 'failed';
}

/** A report that is missing or cannot be read is told of where the suite is counted. */
function resultsIn(report: string | null): z.infer<typeof reportSchema>['testResults'] {
  try {
    return reportSchema.parse(JSON.parse(report ?? '')).testResults;
  } catch {
    return [];
  }
}

/** What is tested end to end runs in the browser shell unless it says otherwise. */
function layerInFile(file: string): string | null {
  const named = /^\/\/ (L\d):/.exec(readFileSync(file, 'utf8'))?.[1];
  return named ?? (/[/\\]test[/\\]e2e[/\\]/.test(file) ? 'L4' : null);
}
