// Starts one program of the project and shows its output as it comes.
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A program that hangs must not hang the run; no step comes near this in ordinary circumstances. */
const runMinutesMax = 30;

/** Runs `command` with the project's own tools first in the path. Answers the exit code, or null after a signal. */
export async function runCommand(command: string, parameters: readonly string[]): Promise<number | null> {
  const path = [join(root, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter);
  return new Promise((resolve) => {
    const child = spawn(command, parameters, {
      cwd: root,
      env: { ...process.env, PATH: path },
      stdio: ['ignore', 'inherit', 'inherit'],
      // The tools are .cmd files on Windows, which only a shell starts.
      shell: process.platform === 'win32',
    });
    const guard = setTimeout(() => {
      process.stdout.write(`${command} was stopped after ${runMinutesMax} minutes.\n`);
      child.kill('SIGKILL');
    }, runMinutesMax * 60_000);
    child.on('error', (error) => {
      clearTimeout(guard);
      process.stdout.write(`${command} could not be started: ${error.message}\n`);
      resolve(127);
    });
    child.on('exit', (code) => {
      clearTimeout(guard);
      resolve(code);
    });
  });
}
