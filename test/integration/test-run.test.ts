import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('ends with the total alone on the last line, and fails, when the run itself goes wrong', () => {
  const script = fileURLToPath(new URL('../run.ts', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [script, 'no-such-suite'], { encoding: 'utf8' });
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('0 passed, 1 failed, 0 skipped');
  expect(stdout).toContain('There is no suite no-such-suite');
  expect(status).toBe(1);
});
