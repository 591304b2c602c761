// What one step of the test run counted, and how the steps add up.

/** Counts of one step. Types, lint, build, format and unused count as one check each; the rest are tests. */
export interface StepCounts {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What a person must know about this step: why it failed as a whole, or what was not run and why. */
  readonly notes: readonly string[];
}

export function checkCounts(name: string, problem: string | null): StepCounts {
  return problem === null
    ? { name, passed: 1, failed: 0, skipped: 0, notes: [] }
    : { name, passed: 0, failed: 1, skipped: 0, notes: [problem] };
}

export function notRun(name: string, reason: string): StepCounts {
  return { name, passed: 0, failed: 0, skipped: 1, notes: [`not run: ${reason}`] };
}

/** The last line of the run, alone: `N passed, N failed, N skipped`. */
export function totalLine(steps: readonly StepCounts[]): string {
  const sum = (key: 'passed' | 'failed' | 'skipped'): number => steps.reduce((total, step) => total + step[key], 0);
  return `${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`;
}

/** One line per step, then its notes indented. */
export function summaryLines(steps: readonly StepCounts[]): readonly string[] {
  const width = Math.max(...steps.map(({ name }) => name.length));
  return steps.flatMap(({ name, passed, failed, skipped, notes }) => [
    `${failed > 0 ? '✗' : passed > 0 ? '✓' : '–'} ${name.padEnd(width)}  ${passed} passed, ${failed} failed, ${skipped} skipped`,
    ...notes.map((note) => `    ${note}`),
  ]);
}
