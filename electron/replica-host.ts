// Keeps the replica's process running: starts it, hands ports to it, asks now and then whether it is well, and starts it
// again when it ended unasked or no longer answers.
import type { MessagePortMain, UtilityProcess } from 'electron';
import type { ReplicaProcessState } from '../shared/bridge/desktop.ts';
import type { SecretStore } from '../replica/secrets/secret-store.ts';
import type { WakeReason } from '../replica/wake.ts';
import { messageFromReplicaSchema, type MessageFromReplica, type MessageToReplica } from './replica-messages.ts';
import { answerSecret } from './secrets.ts';

export interface ReplicaHostOptions {
  readonly fork: () => Pick<UtilityProcess, 'on' | 'postMessage' | 'kill'>;
  /** Calls `task` after so many milliseconds. */
  readonly schedule: (task: () => void, milliseconds: number) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** What the replica reads and writes its secrets with. */
  readonly secrets: SecretStore;
  readonly onShow: () => void;
  /** The data cannot be used; the message is for the person. */
  readonly onFailed: (message: string) => void;
  /** The state of the process is another one. */
  readonly onState: () => void;
  /** What the replica says besides; `answer` goes back to the process that asked. */
  readonly onMessage: (message: DesktopMessage, answer: (message: MessageToReplica) => void) => void;
}

/** What is for the desktop around the window. */
export type DesktopMessage = Extract<
  MessageFromReplica,
  { readonly kind: 'ready' | 'ask-desktop' | 'sign-in-pages' | 'meters' | 'alerts' }
>;

export interface ReplicaHost {
  /** Gives a page's port to the replica, or keeps it until there is one. */
  connect(port: MessagePortMain): void;
  state(): ReplicaProcessState;
  /** How often it was started again. */
  restarts(): number;
  /** Tells the replica something; one that is not there is told nothing. */
  tell(message: MessageToReplica): void;
  /** Tells the replica that it is worth trying again what waits; one that is not there yet tries by itself. */
  wake(reason: WakeReason): void;
  /** Resolves when the replica has closed its data and ended, or was ended after `STOP_MS_MAX`. */
  stop(): Promise<void>;
}

const RESTART_MS_MIN = 250;
const RESTART_MS_MAX = 30_000;
/** A replica that ran for so long had a good start: the next pause is the shortest again. */
const STEADY_MS = 60_000;
/** A large import ends at the next whole bulk, which takes seconds at most. */
const STOP_MS_MAX = 10_000;
const PING_EVERY_MS = 5_000;
/** The page says that it takes longer than usual. */
const SILENT_MS = 15_000;
/** Longer than any single step of the largest import, backup or salvage: it hangs. */
const HANGING_MS = 180_000;
/** Pages that wait for the replica to start; a page needs one port, and asks again when it has lost it. */
const WAITING_PORTS_MAX = 8;

export function startReplicaHost(options: ReplicaHostOptions): ReplicaHost {
  return new Host(options);
}

class Host implements ReplicaHost {
  readonly #options: ReplicaHostOptions;
  readonly #waitingPorts: MessagePortMain[] = [];
  #child: ReturnType<ReplicaHostOptions['fork']> | undefined;
  #ready = false;
  #state: ReplicaProcessState = 'starting';
  #restarts = 0;
  #stopping: (() => void) | undefined;
  #failed = false;
  #pauseMs = RESTART_MS_MIN;
  #startedAt = 0;
  #heardAt = 0;

  constructor(options: ReplicaHostOptions) {
    this.#options = options;
    this.#start();
  }

  connect(port: MessagePortMain): void {
    if (this.#ready) return this.#post({ kind: 'connect' }, [port]);
    this.#waitingPorts.push(port);
    if (this.#waitingPorts.length > WAITING_PORTS_MAX) this.#waitingPorts.shift()?.close();
  }

  state(): ReplicaProcessState {
    return this.#state;
  }

  restarts(): number {
    return this.#restarts;
  }

  tell(message: MessageToReplica): void {
    if (this.#ready) this.#post(message);
  }

  wake(reason: WakeReason): void {
    this.tell({ kind: 'wake', reason });
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#stopping = resolve;
      this.#change('stopping');
      if (this.#child === undefined) return resolve();
      this.#post({ kind: 'stop' });
      this.#options.schedule(() => {
        this.#child?.kill();
        resolve();
      }, STOP_MS_MAX);
    });
  }

  #start(): void {
    if (this.#stopping !== undefined) return;
    const { fork, now } = this.#options;
    this.#startedAt = now();
    const child = fork();
    this.#child = child;
    child.on('message', (raw: unknown) => {
      // Only our own process talks here; what it does not say in our words is nothing to act on.
      const { data } = messageFromReplicaSchema.safeParse(raw);
      if (data !== undefined && this.#child === child) this.#receive(data, child);
    });
    child.on('exit', () => this.#ended(child));
  }

  #receive(message: MessageFromReplica, child: ReturnType<ReplicaHostOptions['fork']>): void {
    this.#heardAt = this.#options.now();
    // A replica that was started since has not asked.
    const answer = (given: MessageToReplica): void => {
      if (this.#child === child) this.#post(given);
    };
    switch (message.kind) {
      case 'ready':
        this.#ready = true;
        // First how the desktop is, so that no page asks before it is known.
        this.#options.onMessage(message, answer);
        for (const port of this.#waitingPorts.splice(0)) this.#post({ kind: 'connect' }, [port]);
        this.#change('running');
        this.#options.schedule(() => this.#ping(child), PING_EVERY_MS);
        break;
      case 'pong':
        if (this.#state === 'silent') this.#change('running');
        break;
      case 'show':
        this.#options.onShow();
        break;
      case 'failed':
        this.#failed = true;
        child.kill();
        this.#options.onFailed(message.message);
        break;
      case 'read-secret':
      case 'write-secret':
        void answerSecret(this.#options.secrets, message).then(answer);
        break;
      case 'ask-desktop':
      case 'sign-in-pages':
      case 'meters':
      case 'alerts':
        this.#options.onMessage(message, answer);
        break;
    }
  }

  #ping(child: ReturnType<ReplicaHostOptions['fork']>): void {
    if (this.#child !== child || !this.#ready || this.#stopping !== undefined) return;
    const silentMs = this.#options.now() - this.#heardAt;
    // What is being done is on disk or not, and never half: ending it loses nothing that was confirmed.
    if (silentMs >= HANGING_MS) {
      child.kill();
      return;
    }
    if (silentMs >= SILENT_MS) this.#change('silent');
    this.#post({ kind: 'ping' });
    this.#options.schedule(() => this.#ping(child), PING_EVERY_MS);
  }

  #ended(child: ReturnType<ReplicaHostOptions['fork']>): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#ready = false;
    if (this.#stopping !== undefined) return this.#stopping();
    if (this.#failed) return;
    if (this.#options.now() - this.#startedAt >= STEADY_MS) this.#pauseMs = RESTART_MS_MIN;
    this.#restarts += 1;
    this.#change('restarting');
    this.#options.schedule(() => this.#start(), this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, RESTART_MS_MAX);
  }

  #change(state: ReplicaProcessState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState();
  }

  #post(message: MessageToReplica, ports: readonly MessagePortMain[] = []): void {
    this.#child?.postMessage(message, [...ports]);
  }
}
