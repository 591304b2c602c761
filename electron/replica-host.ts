// Keeps the replica's process running: starts it, hands ports to it, starts it again when it ends unasked.
import type { MessagePortMain, UtilityProcess } from 'electron';
import { messageFromReplicaSchema, type MessageToReplica } from './replica-messages.ts';

export interface ReplicaHostOptions {
  readonly fork: () => Pick<UtilityProcess, 'on' | 'postMessage' | 'kill'>;
  /** Calls `task` after so many milliseconds. */
  readonly schedule: (task: () => void, milliseconds: number) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly onShow: () => void;
  /** The data cannot be used; the message is for the person. */
  readonly onFailed: (message: string) => void;
}

export interface ReplicaHost {
  /** Gives a page's port to the replica, or keeps it until there is one. */
  connect(port: MessagePortMain): void;
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
      const message = messageFromReplicaSchema.parse(raw);
      switch (message.kind) {
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
