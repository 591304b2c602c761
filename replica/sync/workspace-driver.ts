import { setTimeout as wait } from 'node:timers/promises';
import type { ClockReading } from '../../shared/entitlement/lease.ts';
import { instant, type Clock, type Instant } from '../../shared/kernel/instant.ts';
import type { Random } from '../../shared/kernel/random.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import type { LeaseRequest } from '../../shared/protocol/lease-messages.ts';
import { pullAnswerSchema } from '../../shared/protocol/pull.ts';
import { pathOf, routes } from '../../shared/protocol/routes.ts';
import { backOffMs } from '../../shared/sync-engine/back-off.ts';
import type { DevicePorts, NetworkFailure, StoreWrite } from '../../shared/sync-engine/device-store.ts';
import { receiveStream } from '../../shared/sync-engine/receive.ts';
import { syncRound, type RoundFailure } from '../../shared/sync-engine/sync-round.ts';
import type { StreamMessage } from '../../shared/protocol/stream.ts';
import { streamMessages } from './event-stream.ts';
import { WorkspaceLeft, type FileDeviceStore } from './file-device-store.ts';
import { mayPass, type SyncFailure } from './name-failure.ts';
import { settlePutBack } from './numbering.ts';
import { SegmentsAhead } from './segments-ahead.ts';
import type { CallFailure, ServerClient } from './server-client.ts';

/** How the sync of a workspace stands. */
export interface DriverStanding {
  readonly phase: 'resting' | 'syncing' | 'waiting' | 'stopped';
  /** Whether the server tells of news. */
  readonly live: boolean;
  /** Of a first pull: documents that are here, and how many there are as far as is known. */
  readonly progress: { readonly done: number; readonly total: number | null };
  readonly lastTriedAt: Instant | null;
  readonly nextTryAt: Instant | null;
  readonly failure: SyncFailure | null;
}

export interface DriverOptions {
  readonly workspaceId: string;
  readonly store: FileDeviceStore;
  readonly client: ServerClient;
  readonly clock: Clock;
  readonly clocks: () => ClockReading;
  readonly random: Random;
  readonly leaseWishes: (workspaceId: string) => Promise<LeaseRequest | null>;
  /** Told whenever the standing is another one. */
  readonly changed: (workspaceId: string) => void;
  /** Called after a round that went well. */
  readonly synced: (workspaceId: string) => void;
}

/**
 * Keeps one workspace in step with its server, for as long as it is connected: rounds, one at a time, and in between what
 * the server tells by itself. Whatever fails is tried again later, and nobody who records anything waits for it.
 */
export class WorkspaceDriver {
  readonly #options: DriverOptions;
  readonly #closing = new AbortController();
  #standing: DriverStanding = {
    phase: 'waiting',
    live: false,
    progress: { done: 0, total: null },
    lastTriedAt: null,
    nextTryAt: null,
    failure: null,
  };
  #failures = 0;
  /** What the call behind a failed round said, which knows more than the round. */
  #lastFailure: CallFailure | null = null;
  #wakeUp: (() => void) | null = null;
  /** Asked for while a round was under way that may have looked before. */
  #again = false;
  /** Rounds and what is heard in between take turns. */
  #turn: Promise<unknown> = Promise.resolve();
  #stream: AbortController | null = null;
  #waiters: (() => void)[] = [];
  #running: Promise<void> | null = null;

  constructor(options: DriverOptions) {
    this.#options = options;
  }

  get standing(): DriverStanding {
    return this.#standing;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves when nothing is under way any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#stream?.abort();
    this.#wakeUp?.();
    this.#settleWaiters();
    await this.#running;
    await this.#turn;
  }

  /** Something is to be sent, or may have come. After a failure the pause is kept. */
  nudge(): void {
    if (this.#standing.phase === 'stopped' || this.#failures > 0) return;
    this.#again = true;
    this.#wakeUp?.();
  }

  /** The network is back or a person asks: whatever pause there is ends. Resolves after the next round has ended. */
  retry(): Promise<void> {
    if (this.#closing.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.push(resolve);
      this.#again = true;
      this.#wakeUp?.();
    });
  }

  /** Resolves when no round is under way, nor one that follows at once. */
  async settled(): Promise<void> {
    for (let look = 0; look < looksMax && (this.#again || this.#standing.phase === 'syncing'); look += 1) {
      await this.inTurn(() => Promise.resolve());
      await wait(1, undefined, { ref: false });
    }
  }

  /** Runs `work` between rounds. */
  inTurn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      this.#again = false;
      const waiters = this.#waiters.splice(0);
      const pauseMs = await this.inTurn(() => this.#attempt());
      for (const resolve of waiters) resolve();
      if (signal.aborted) break;
      if (this.#again && this.#failures === 0) continue;
      if (this.#waiters.length > 0) continue;
      await this.#pause(pauseMs);
    }
    this.#settleWaiters();
  }

  #settleWaiters(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }

  /** One round. Answers how long to wait after it. */
  async #attempt(): Promise<number> {
    const { clock, workspaceId } = this.#options;
    this.#lastFailure = null;
    this.#show({ phase: 'syncing', lastTriedAt: clock(), nextTryAt: null });
    const failure = await this.#round();
    if (this.#closing.signal.aborted) return 0;
    if (failure === null) {
      this.#failures = 0;
      this.#show({ phase: 'resting', failure: null });
      this.#listen();
      this.#options.synced(workspaceId);
      return safetyMs * (1 + this.#options.random() / 5);
    }
    return this.#failed(failure);
  }

  #failed(failure: SyncFailure): number {
    this.#failures += 1;
    if (!mayPass(failure)) {
      this.#stream?.abort();
      this.#show({ phase: 'stopped', failure, nextTryAt: null });
      return Number.POSITIVE_INFINITY;
    }
    const retryAfterMs = retryAfterOf(failure);
    const pauseMs = backOffMs({ failures: this.#failures, retryAfterMs, random: this.#options.random });
    this.#show({ phase: 'waiting', failure, nextTryAt: instant(this.#options.clock() + pauseMs) });
    return pauseMs;
  }

  async #round(): Promise<SyncFailure | null> {
    const { store } = this.#options;
    try {
      for (;;) {
        const end = await syncRound(this.#ports());
        if (!end.ok) return this.#knownBetter(end.error);
        const settled = await store.settle(settlePutBack);
        if (!settled) return null;
      }
    } catch (error) {
      if (error instanceof WorkspaceLeft) return null;
      throw error;
    }
  }

  #knownBetter(failure: RoundFailure): SyncFailure {
    const known = this.#lastFailure;
    if (known === null || failure.kind === 'forked' || failure.kind === 'restless') return failure;
    return failure.kind === 'untrusted' && failure.what !== 'not-json' && failure.what !== 'too-large'
      ? failure
      : known;
  }

  #ports(): DevicePorts {
    const { store, clocks, leaseWishes, workspaceId, client } = this.#options;
    const { signal } = this.#closing;
    const segments = new SegmentsAhead((segment) =>
      client.call({ method: 'GET', path: pathOf(routes.segment, { workspaceId, segment }), signal }),
    );
    return {
      store: {
        state: () => store.state(),
        outbox: (limit) => store.outbox(limit),
        write: async (write) => {
          if (signal.aborted) throw new WorkspaceLeft();
          await store.write(write);
          this.#count(write);
        },
      },
      network: {
        send: async (path, body) => {
          const request = {
            method: 'POST',
            path: pathOf(routes[path], { workspaceId }),
            body: JSON.stringify(body),
            signed: path !== 'pull',
            signal,
          } as const;
          const answer = await client.call(request);
          if (answer.ok && path === 'pull') segments.expect(this.#expect(answer.value));
          return this.#networkAnswer(answer);
        },
        segment: async (name) => this.#networkAnswer(await segments.take(name)),
      },
      clocks,
      leaseWishes: async () => {
        const wishes = await leaseWishes(workspaceId);
        // What is needed in place of what goes back is asked for at once.
        if (wishes?.kind === 'return') this.#again = true;
        return wishes;
      },
    };
  }

  #networkAnswer(answer: Result<unknown, CallFailure>): Result<unknown, NetworkFailure> {
    if (answer.ok) return answer;
    this.#lastFailure = answer.error;
    switch (answer.error.kind) {
      case 'problem':
        return err({ kind: 'problem', document: answer.error.document });
      case 'too-large':
      case 'not-json':
        return err({ kind: answer.error.kind });
      case 'redirected':
        return err({ kind: 'not-json' });
      case 'unreachable':
      case 'other-certificate':
      case 'no-secrets':
        return err({ kind: 'unreachable' });
    }
  }

  /** How much is still to come is told with segments. Answers their names. */
  #expect(answer: unknown): readonly string[] {
    if (typeof answer !== 'object' || answer === null || !('kind' in answer) || answer.kind !== 'segments') return [];
    const told = pullAnswerSchema.safeParse(answer);
    if (!told.success || told.data.kind !== 'segments') return [];
    const { segments } = told.data;
    const more = segments.reduce((total, { documents }) => total + documents, 0);
    const { done } = this.#standing.progress;
    this.#show({ progress: { done, total: done + more } });
    return segments.map(({ name }) => name);
  }

  #count(write: StoreWrite): void {
    if (write.kind === 'forget-pulled') this.#show({ progress: { done: 0, total: null } });
    if (write.kind !== 'documents') return;
    const { done, total } = this.#standing.progress;
    const now = done + write.documents.length;
    this.#show({ progress: { done: now, total: total === null ? null : Math.max(total, now) } });
  }

  /** Listens to what the server tells by itself, unless it does already. */
  #listen(): void {
    if (this.#stream !== null) return;
    const stream = new AbortController();
    this.#stream = stream;
    void this.#follow(stream.signal).then((failure) => {
      this.#stream = null;
      stream.abort();
      if (this.#closing.signal.aborted) return;
      this.#show({ live: false });
      if (failure !== null && !mayPass(failure)) this.#failed(failure);
      else void this.#roundSoon(this.#options.random() * streamPauseMs);
    });
  }

  /** Answers why the stream ended. */
  async #follow(signal: AbortSignal): Promise<SyncFailure | null> {
    const { client, workspaceId } = this.#options;
    const opened = await client.events(pathOf(routes.stream, { workspaceId }), signal);
    if (!opened.ok) return opened.error;
    this.#show({ live: true });
    // What came between the last page and the stream is told by neither.
    this.nudge();
    try {
      for await (const message of streamMessages(opened.value, signal)) {
        const heard = await this.inTurn(() => this.#hear(message));
        if (!heard.ok) return heard.error;
      }
    } catch (error) {
      if (!(error instanceof WorkspaceLeft)) throw error;
    } finally {
      opened.value.destroy();
    }
    return null;
  }

  async #hear(message: StreamMessage): Promise<Result<null, SyncFailure>> {
    const { store } = this.#options;
    if (this.#closing.signal.aborted) return ok(null);
    const heard = receiveStream(await store.state(), message);
    switch (heard.kind) {
      case 'write':
        for (const write of heard.writes) await store.write(write);
        return ok(null);
      case 'pull':
        void this.#roundSoon(this.#options.random() * heard.withinMs);
        return ok(null);
      case 'revoked':
        return err(revoked);
    }
  }

  async #roundSoon(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.#closing.signal, ref: false }).catch(() => undefined);
    this.nudge();
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = this.#closing;
    await new Promise<void>((resolve) => {
      const timer = Number.isFinite(ms) ? setTimeout(resolve, ms).unref() : undefined;
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
      if (signal.aborted || this.#waiters.length > 0) this.#wakeUp();
    });
    this.#wakeUp = null;
  }

  #show(changes: Partial<DriverStanding>): void {
    this.#standing = { ...this.#standing, ...changes };
    this.#options.changed(this.#options.workspaceId);
  }
}

function retryAfterOf(failure: SyncFailure): number | null {
  if (failure.kind !== 'problem') return null;
  return 'document' in failure ? (failure.document.retryAfterMs ?? null) : failure.retryAfterMs;
}

const revoked: SyncFailure = {
  kind: 'problem',
  type: 'revoked',
  document: { type: 'urn:fuelgauge:problem:revoked', title: '', status: 403 },
};

/** Also where the server tells of news by itself, it is asked now and then. */
const safetyMs = 5 * 60_000;
const looksMax = 50;
/** Devices that lost their streams together do not come back together. */
const streamPauseMs = 2_000;
