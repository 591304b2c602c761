// Turns Vitest's JSON report of one project into counts, and trusts nothing that it does not say.
import { z } from 'zod';
import type { StepCounts } from './counts.ts';

const reportSchema = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).default([]) }),
      ),
    }),
  ),
});

export interface VitestRun {
  /** The project's name. */
  readonly name: string;
  /** Text of the JSON report; null when none was written. */
  readonly report: string | null;
  /** Exit code of the runner; null when a signal ended it. */
  readonly exitCode: number | null;
  /** Test files of the project on disk, as absolute paths. */
  readonly files: readonly string[];
}

/**
 * Counts one run. It is a failure, beside every failed test, when the report is missing or unreadable, when a file could
 * not be loaded or is missing in the report, when no test was executed at all, and when the runner says that it failed
 * although no test did (an unhandled error, a crash). The notes name what failed, what passed only when it was tried
 * again, and what was skipped.
 */
export function countVitestRun({ name, report, exitCode, files }: VitestRun): StepCounts {
  const broken = (problem: string): StepCounts => ({ name, passed: 0, failed: 1, skipped: 0, notes: [problem] });
  if (report === null) return broken(`the runner wrote no report (${exitText(exitCode)})`);
  const parsed = parseReport(report);
  if (parsed === null) return broken(`the report of the runner is unreadable (${exitText(exitCode)})`);

  const problems: string[] = [];
  const skippedNames: string[] = [];
  const failures: string[] = [];
  let passed = 0;
  let failedTests = 0;
  for (const file of parsed.testResults) {
    let failedInFile = 0;
    for (const test of file.assertionResults) {
      const [message] = test.failureMessages;
      if (test.status === 'failed') {
        failedInFile += 1;
        failures.push(`failed: ${test.fullName}: ${firstLine(message)}`);
      } else if (test.status === 'passed') {
        passed += 1;
        if (message !== undefined) failures.push(`passed at the second try: ${test.fullName}: ${firstLine(message)}`);
      } else skippedNames.push(test.fullName);
    }
    failedTests += failedInFile;
    if (file.status === 'failed' && failedInFile === 0) {
      problems.push(`${file.name} could not be run: ${firstLine(file.message)}`);
    }
  }
  const reported = new Set(parsed.testResults.map((file) => file.name));
  for (const file of files) if (!reported.has(file)) problems.push(`${file} is missing in the report`);
  if (passed + failedTests === 0) problems.push('no test was executed');
  if (problems.length === 0 && failedTests === 0 && (exitCode !== 0 || !parsed.success)) {
    problems.push(`all tests passed and yet the runner failed (${exitText(exitCode)})`);
  }
  return {
    name,
    passed,
    failed: failedTests + problems.length,
    skipped: skippedNames.length,
    notes: [...problems, ...failures, ...skippedNames.map((test) => `skipped: ${test}`)],
  };
}

function parseReport(text: string): z.infer<typeof reportSchema> | null {
  try {
    return reportSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function exitText(exitCode: number | null): string {
  return exitCode === null ? 'ended by a signal' : `exit code ${exitCode}`;
}

function firstLine(message: string | undefined): string {
  return message?.split('\n', 1)[0] ?? 'no message';
}
