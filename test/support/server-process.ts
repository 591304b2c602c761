// The server as a process of its own, started as a person starts it.
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface ServerProcess {
  readonly child: ChildProcess;
  /** Everything that it has said on both streams. */
  readonly said: () => string;
  /** Settles with what was said once that is in it; fails when the process ends before. */
  readonly saying: (pattern: RegExp) => Promise<string>;
  /** Settles with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
}

/** Starts it; it is killed when the running test ends. */
export function startServerProcess(
  parameters: readonly string[],
  given: { readonly environment?: Readonly<Record<string, string>>; readonly user?: number } = {},
): ServerProcess {
  const environment = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...given.environment };
  const child = spawn(process.execPath, [join(root, 'server/main.ts'), ...parameters], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(given.user !== undefined && { uid: given.user, gid: given.user }),
  });
  let text = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (part: string) => {
      text += part;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<number | string | null>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    child,
    said: () => text,
    ended,
    saying: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!pattern.test(text)) return;
          listeners.delete(look);
          resolve(text);
        };
        listeners.add(look);
        void ended.then(() => reject(new Error(`It ended without saying ${pattern}: ${text}`)));
        look();
      }),
  };
}

/** The address in what a server says when it serves. */
export function addressIn(said: string): string {
  const [, address] = /serves at (\S+)\. /.exec(said) ?? [];
  if (address === undefined) throw new Error(`No address in: ${said}`);
  return address;
}

/** The code of the invite in what was said; undefined without one. */
export function codeIn(said: string): string | undefined {
  return /24 hours: ([0-9A-Z-]{14})/.exec(said)?.[1];
}
