import { describe, expect, it } from 'vitest';
import { checkCounts, notRun, totalLine } from '../../run/counts.ts';
import { countVitestRun, type VitestRun } from '../../run/vitest-report.ts';

const file = '/project/test/unit/a.test.ts';

function runOf(statuses: readonly string[], other: Partial<VitestRun> = {}): VitestRun {
  const failed = statuses.includes('failed');
  const assertionResults = statuses.map((status, index) => ({ fullName: `test ${index}`, status }));
  const testResults = [{ name: file, status: failed ? 'failed' : 'passed', message: '', assertionResults }];
  return {
    name: 'unit',
    report: JSON.stringify({ success: !failed, testResults }),
    exitCode: failed ? 1 : 0,
    files: [file],
    ...other,
  };
}

describe('counting a run of tests', () => {
  it('counts passed, failed and skipped tests, and names the skipped ones', () => {
    const counts = countVitestRun(runOf(['passed', 'passed', 'failed', 'skipped', 'todo']));
    expect(counts).toMatchObject({ name: 'unit', passed: 2, failed: 1, skipped: 2 });
    expect(counts.notes).toEqual(['failed: test 2: no message', 'skipped: test 3', 'skipped: test 4']);
  });

  it('names what failed and what passed at the second try only, each with why', () => {
    const tests = [
      { fullName: 'fine', status: 'passed', failureMessages: [] },
      { fullName: 'shaky', status: 'passed', failureMessages: ['Error: too late\n    at'] },
      { fullName: 'broken', status: 'failed', failureMessages: ['Error: wrong\n    at', 'Error: wrong again'] },
    ];
    const report = JSON.stringify({
      success: false,
      testResults: [{ name: file, status: 'failed', assertionResults: tests }],
    });
    const counts = countVitestRun(runOf([], { report, exitCode: 1 }));
    expect(counts).toMatchObject({ passed: 2, failed: 1 });
    expect(counts.notes).toEqual(['passed at the second try: shaky: Error: too late', 'failed: broken: Error: wrong']);
  });

  it.each([
    ['no report', { report: null, exitCode: 137 }, 'wrote no report (exit code 137)'],
    ['a runner ended by a signal', { report: null, exitCode: null }, 'ended by a signal'],
    ['half a report', { report: '{"success":tr' }, 'unreadable'],
    ['a report of another shape', { report: '{"numPassedTests":7}' }, 'unreadable'],
    ['no test executed', { report: '{"success":true,"testResults":[]}', files: [] }, 'no test was executed'],
  ])('takes %s for a failure', (_name, other, note) => {
    const counts = countVitestRun(runOf(['passed'], other));
    expect(counts).toMatchObject({ passed: 0, failed: 1 });
    expect(counts.notes.join()).toContain(note);
  });

  it('takes a run of skipped tests only for a failure', () => {
    expect(countVitestRun(runOf(['skipped']))).toMatchObject({ passed: 0, failed: 1, skipped: 1 });
  });

  it('takes a file that could not be loaded for a failure beside the tests that passed', () => {
    const report = JSON.stringify({
      success: false,
      testResults: [
        { name: file, status: 'passed', assertionResults: [{ fullName: 'fine', status: 'passed' }] },
        { name: `${file}x`, status: 'failed', message: 'SyntaxError: no\n  at', assertionResults: [] },
      ],
    });
    const counts = countVitestRun(runOf([], { report, exitCode: 1 }));
    expect(counts).toMatchObject({ passed: 1, failed: 1 });
    expect(counts.notes[0]).toContain('SyntaxError: no');
  });

  it('takes a file on disk that the report does not name for a failure', () => {
    const counts = countVitestRun(runOf(['passed'], { files: [file, '/project/test/unit/forgotten.test.ts'] }));
    expect(counts).toMatchObject({ passed: 1, failed: 1 });
    expect(counts.notes[0]).toContain('forgotten.test.ts is missing');
  });

  it('takes a runner that failed although all tests passed for a failure', () => {
    expect(countVitestRun(runOf(['passed'], { exitCode: 1 }))).toMatchObject({ passed: 1, failed: 1 });
  });
});

describe('the total', () => {
  it('adds up all steps', () => {
    const steps = [checkCounts('types', null), checkCounts('lint', 'broken'), notRun('packaged app', 'no binary')];
    expect(totalLine([...steps, countVitestRun(runOf(['passed', 'passed', 'failed']))])).toBe(
      '3 passed, 2 failed, 1 skipped',
    );
  });
});
