// Processes that are killed in the middle of what they do.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { KillTask } from './kill-task.ts';

export interface Killed {
  /** Whether the kill came in the middle of an operation, and not before, between or after them. */
  readonly inside: boolean;
  /** What was answered before the kill. */
  readonly answers: readonly string[];
}

const script = fileURLToPath(new URL('kill-worker.ts', import.meta.url));

/** Starts workers ahead of their tasks, so that nobody waits for a process to start while another one is looked at. */
export class KilledProcesses {
  readonly #compiled = mkdtempSync(join(tmpdir(), 'fuelgauge-compiled-'));
  #next: ChildProcess | undefined;

  /** Gives a worker its task and kills it `delayMs` after it has begun; earlier when it is done before. */
  async run(task: KillTask, delayMs: number): Promise<Killed> {
    const worker = this.#next ?? this.#start();
    this.#next = undefined;
    const said: string[] = [];
    let timer: NodeJS.Timeout | undefined;
    const kill = (): void => void worker.kill('SIGKILL');
    const { stdin, stdout } = worker;
    if (!stdin || !stdout) throw new Error('A worker is talked with through pipes');
    const ended = once(worker, 'close');
    createInterface({ input: stdout }).on('line', (line) => {
      said.push(line);
      if (line === 'ready') stdin.write(`${JSON.stringify(task)}\n`);
      if (line === 'begun') timer ??= setTimeout(kill, delayMs);
      if (line === 'done') kill();
    });
    const [exitCode, signal] = (await ended) as [number | null, NodeJS.Signals | null];
    clearTimeout(timer);
    if (!said.includes('begun') || (signal === null && !said.includes('done'))) {
      throw new Error(`The worker ended by itself with exit code ${exitCode}, after: ${said.join(', ')}`);
    }
    this.#next = this.#start();
    const begun = said.filter((line) => line === '+').length;
    const answers = said.filter((line) => line.startsWith('=')).map((line) => line.slice(1));
    return { inside: begun > 0 && !said.includes('done') && said.lastIndexOf('+') > lastAnswer(said), answers };
  }

  close(): void {
    this.#next?.kill('SIGKILL');
    rmSync(this.#compiled, { recursive: true, force: true });
  }

  #start(): ChildProcess {
    return spawn(process.execPath, [script], {
      stdio: ['pipe', 'pipe', 'inherit'],
      // What the first one compiled, the others take as it is.
      env: { ...process.env, NODE_COMPILE_CACHE: this.#compiled },
    });
  }
}

function lastAnswer(said: readonly string[]): number {
  return said.findLastIndex((line) => line.startsWith('='));
}
