// A replica as a process that a test asks, kills, stops for a while and starts again.
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { WorkspaceSyncView } from '../../shared/bridge/sync-views.ts';
import type { HistoryRow } from './chaos-replica.ts';

const program = join(import.meta.dirname, 'chaos-replica.ts');

interface Answered {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** The process ended before it answered: whether it did what it was asked, nobody knows. */
export class Unanswered extends Error {}

export class ReplicaProcess {
  readonly #dataDir: string;
  #child: ChildProcess | undefined;
  #asked = 0;
  readonly #waiting = new Map<number, (answered: Answered) => void>();

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
    onTestFinished(() => this.kill());
  }

  get isUp(): boolean {
    return this.#child !== undefined;
  }

  async start(): Promise<void> {
    const child = fork(program, [this.#dataDir], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#child = child;
    const ready = this.#answerTo(0);
    child.on('message', (answered: Answered) => this.#waiting.get(answered.id)?.(answered));
    child.once('exit', () => {
      if (this.#child === child) this.#child = undefined;
      for (const [id, settle] of this.#waiting) settle({ id, error: 'ended' });
    });
    await ready;
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal);
  }

  /** `usage.log` with its input, as the contract has it. */
  async ask(what: string, input?: unknown): Promise<unknown> {
    const child = this.#child;
    if (!child?.connected) throw new Unanswered(what);
    this.#asked += 1;
    const answer = this.#answerTo(this.#asked);
    child.send({ id: this.#asked, what, input }, () => undefined);
    return answer;
  }

  async history(): Promise<readonly HistoryRow[]> {
    return (await this.ask('history')) as readonly HistoryRow[];
  }

  async syncOf(workspaceId: string): Promise<WorkspaceSyncView | undefined> {
    const view = (await this.ask('sync.status')) as { readonly workspaces: readonly WorkspaceSyncView[] };
    return view.workspaces.find((known) => known.workspaceId === workspaceId);
  }

  #answerTo(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ value, error }) => {
        this.#waiting.delete(id);
        if (error === undefined) resolve(value);
        else reject(error === 'ended' ? new Unanswered('The replica ended') : new Error(error));
      });
    });
  }
}
