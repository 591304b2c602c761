// Keeps the replica's process running: starts it, hands ports to it, starts it again when it ends unasked.
import type { MessagePortMain, UtilityProcess } from 'electron';
import type { SecretStore } from '../replica/secrets/secret-store.ts';
import type { WakeReason } from '../replica/wake.ts';
import { messageFromReplicaSchema, type MessageToReplica } from './replica-messages.ts';
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
}

export interface ReplicaHost {
  /** Gives a page's port to the replica, or keeps it until there is one. */
  connect(port: MessagePortMain): void;
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

export function startReplicaHost(options: ReplicaHostOptions): ReplicaHost {
  let child: ReturnType<ReplicaHostOptions['fork']> | undefined;
  let ready = false;
  let stopping: (() => void) | undefined;
  let failed = false;
  let pauseMs = RESTART_MS_MIN;
  const waitingPorts: MessagePortMain[] = [];
  const post = (message: MessageToReplica, ports: readonly MessagePortMain[] = []): void =>
    child?.postMessage(message, [...ports]);

  const start = (): void => {
    if (stopping !== undefined) return;
    const startedAt = options.now();
    const started = options.fork();
    child = started;
    started.on('message', (raw: unknown) => {
      const { data: message } = messageFromReplicaSchema.safeParse(raw);
      switch (message?.kind) {
        // Only our own process talks here; what it does not say in our words is nothing to act on.
        case undefined:
          break;
        case 'read-secret':
        case 'write-secret':
          void answerSecret(options.secrets, message).then((answer) => {
            // A replica that was started since has not asked.
            if (child === started) post(answer);
          });
          break;
        case 'ready':
          ready = true;
          for (const port of waitingPorts.splice(0)) post({ kind: 'connect' }, [port]);
          break;
        case 'show':
          options.onShow();
          break;
        case 'failed':
          failed = true;
          started.kill();
          options.onFailed(message.message);
          break;
      }
    });
    started.on('exit', () => {
      child = undefined;
      ready = false;
      if (stopping !== undefined) return stopping();
      if (failed) return;
      if (options.now() - startedAt >= STEADY_MS) pauseMs = RESTART_MS_MIN;
      options.schedule(start, pauseMs);
      pauseMs = Math.min(pauseMs * 2, RESTART_MS_MAX);
    });
  };
  start();

  return {
    connect(port) {
      if (ready) post({ kind: 'connect' }, [port]);
      else waitingPorts.push(port);
    },
    wake(reason) {
      if (ready) post({ kind: 'wake', reason });
    },
    stop() {
      return new Promise((resolve) => {
        stopping = resolve;
        if (child === undefined) return resolve();
        post({ kind: 'stop' });
        options.schedule(() => {
          child?.kill();
          resolve();
        }, STOP_MS_MAX);
      });
    },
  };
}
