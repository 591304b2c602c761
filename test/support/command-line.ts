// The command line as a test runs it: inside this process, or as a process of its own.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { runCommandLine } from '../../replica/cli/program.ts';

export interface Run {
  readonly exitCode: number;
  readonly out: string;
  readonly error: string;
}

export interface CommandLine {
  readonly dataDirectory: string;
  /** Runs one command; words are parted by spaces, a word with spaces is given as one of `more`. */
  run(words: string, ...more: readonly string[]): Promise<Run>;
  /** The same with `--json`: the parsed object, whatever the exit code is. */
  json(words: string, ...more: readonly string[]): Promise<unknown>;
}

/** Runs commands inside this process: the same code without the time that a new process takes. */
export function commandLineIn(dataDirectory: string): CommandLine {
  return make(dataDirectory, async (words) => {
    let out = '';
    let error = '';
    const exitCode = await runCommandLine(words, {
      environment: {},
      writeOut(text) {
        out += text;
        return Promise.resolve();
      },
      writeError(text) {
        error += text;
        return Promise.resolve();
      },
      watched: false,
    });
    return { exitCode, out, error };
  });
}

const entry = join(import.meta.dirname, '../../replica/cli/main.ts');

/** Runs each command as a process of its own. */
export function spawnedCommandLineIn(dataDirectory: string): CommandLine {
  return make(
    dataDirectory,
    (words) =>
      new Promise((resolve) => {
        // Figures for people follow the locale, and the tests read some.
        const options = { maxBuffer: 64 * 1024 * 1024, env: { ...process.env, LC_ALL: 'en_US.UTF-8' } };
        const child = execFile(process.execPath, [entry, ...words], options, (_failure, out, error) => {
          resolve({ exitCode: child.exitCode ?? -1, out, error });
        });
      }),
  );
}

function make(dataDirectory: string, execute: (words: readonly string[]) => Promise<Run>): CommandLine {
  const run: CommandLine['run'] = (words, ...more) =>
    execute(['--data-dir', dataDirectory, ...words.split(' ').filter((word) => word !== ''), ...more]);
  return {
    dataDirectory,
    run,
    async json(words, ...more) {
      const { out } = await run(`${words} --json`, ...more);
      const parsed: unknown = JSON.parse(out);
      return parsed;
    },
  };
}
