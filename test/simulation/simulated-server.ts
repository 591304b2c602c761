import { createHash } from 'node:crypto';
import { instant } from '../../shared/kernel/instant.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import type { Checkpoint } from '../../shared/protocol/checkpoint.ts';
import { leaseRequestSchema } from '../../shared/protocol/lease-messages.ts';
import { problemDocument, type ProblemDocument, type ProblemType } from '../../shared/protocol/problem.ts';
import { pullRequestSchema } from '../../shared/protocol/pull.ts';
import { pushRequestSchema } from '../../shared/protocol/push.ts';
import { streamMessageFor, type StreamMessage } from '../../shared/protocol/stream.ts';
import { acceptPush } from '../../shared/sync-engine/accept-push.ts';
import { answerLeases } from '../../shared/sync-engine/lend.ts';
import type { Directory } from './directory.ts';
import { ConnectionLost, type SimulatedDatabase } from './simulated-database.ts';
import { SimulatedStorage, type StorageOptions } from './simulated-storage.ts';
import type { World } from './world.ts';

export interface Call {
  readonly deviceId: string;
  readonly workspaceId: string;
  readonly path: 'push' | 'pull' | 'leases';
  readonly body: unknown;
}

interface Listener {
  readonly deviceId: string;
  readonly workspaceId: string;
  readonly heard: (message: StreamMessage) => void;
  readonly ended: () => void;
  checkpoint: Checkpoint | null;
  isBusy: boolean;
}

export interface ServerOptions {
  readonly world: World;
  readonly directory: Directory;
  readonly database: SimulatedDatabase;
  readonly storage: Omit<StorageOptions, 'database' | 'now'>;
  /** Told of a workspace that was written to, for the other processes. */
  readonly onWritten: (server: SimulatedServer, workspaceId: string) => void;
}

/** One process of the server. What it knows by itself ends with it; what is committed is in the database. */
export class SimulatedServer {
  readonly #options: ServerOptions;
  #session: object = {};
  #storage: SimulatedStorage;
  #listeners = new Set<Listener>();
  isUp = true;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#storage = this.#openStorage();
  }

  /** The process ends, here and now: what it was doing is not done, and nobody gets an answer. */
  crash(): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.#options.database.endSession(this.#session);
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const { ended } of listeners) ended();
  }

  start(): void {
    if (this.isUp) return;
    this.#session = {};
    this.#storage = this.#openStorage();
    this.isUp = true;
  }

  /** Never comes back where the process ends in between. */
  async answer(call: Call): Promise<Result<unknown, ProblemDocument>> {
    const { directory } = this.#options;
    const asker = directory.askerOf(call.deviceId, call.workspaceId);
    if (typeof asker === 'string') return err(problem(asker));
    try {
      return ok(await this.#answer(call, asker));
    } catch (error) {
      // A connection to the database that was lost, or a constraint that does not hold.
      return err(problem(error instanceof ConnectionLost ? 'unavailable' : 'server-error'));
    }
  }

  /** Leases whose time has come, in every workspace. */
  async reclaim(): Promise<void> {
    const { directory, world } = this.#options;
    for (const { workspaceId } of directory.workspaces) {
      await this.#storage.closeLeases(workspaceId, { kind: 'reclaimed', now: instant(world.nowMs) }).catch(passOver);
    }
  }

  async revoke(deviceId: string): Promise<void> {
    const { directory } = this.#options;
    directory.revoke(deviceId);
    for (const listener of this.#listeners) {
      if (listener.deviceId !== deviceId) continue;
      listener.heard({ kind: 'revoked' });
      this.#listeners.delete(listener);
    }
    for (const { workspaceId } of directory.workspaces) {
      await this.#storage.closeLeases(workspaceId, { kind: 'revoked', deviceId }).catch(passOver);
    }
  }

  listen(listener: Omit<Listener, 'isBusy'>): () => void {
    const known = { ...listener, isBusy: false };
    this.#listeners.add(known);
    this.tell(listener.workspaceId);
    return () => this.#listeners.delete(known);
  }

  /** Something was written: whoever listens is told, changes of a short while together. */
  tell(workspaceId: string): void {
    const { world } = this.#options;
    for (const listener of this.#listeners) {
      if (listener.workspaceId !== workspaceId || listener.isBusy) continue;
      listener.isBusy = true;
      world.later(50 + world.below(50), () => void this.#publish(listener));
    }
  }

  async #publish(listener: Listener): Promise<void> {
    const { deviceId, workspaceId, checkpoint } = listener;
    const asker = this.#options.directory.askerOf(deviceId, workspaceId);
    listener.isBusy = false;
    if (!this.#listeners.has(listener) || typeof asker === 'string') return;
    try {
      const answer = await this.#storage.pull(workspaceId, asker, { checkpoint, rowsMax: 1_000 });
      if (!this.#listeners.has(listener)) return;
      if (answer.kind === 'page') {
        listener.checkpoint = answer.checkpoint;
        if (answer.documents.length === 0) return;
        const { documents, checkpoint: until } = answer;
        const message = streamMessageFor({ afterSeq: checkpoint?.seq ?? 0, documents, checkpoint: until }, 1_000);
        listener.heard(throughWire(message));
      } else if (answer.kind !== 'segments') {
        const { epoch, view } = answer;
        listener.checkpoint = { epoch, view, seq: 0 };
        listener.heard({ kind: 'resync', epoch, view, seq: 0, withinMs: 1_000 });
      }
    } catch {
      // The next change, or the next round of the device, makes up for it.
    }
  }

  async #answer({ deviceId, workspaceId, path, body }: Call, asker: Exclude<ReturnType<Directory['askerOf']>, string>) {
    const { world, onWritten } = this.#options;
    const transact = this.#storage.transactFor(workspaceId, asker);
    switch (path) {
      case 'push': {
        const sender = await this.#storage.senderOf(workspaceId, asker);
        const request = pushRequestSchema.parse(body);
        const { answer } = await acceptPush(transact, { request, sender, digest: sha256 });
        this.tell(workspaceId);
        onWritten(this, workspaceId);
        return answer;
      }
      case 'pull':
        return this.#storage.pull(workspaceId, asker, pullRequestSchema.parse(body));
      case 'leases': {
        const request = leaseRequestSchema.parse(body);
        return { leases: await answerLeases(transact, { request, deviceId, now: instant(world.nowMs) }) };
      }
    }
  }

  #openStorage(): SimulatedStorage {
    const { storage, database, world } = this.#options;
    return new SimulatedStorage({ ...storage, database, now: () => instant(world.nowMs) }, this.#session);
  }
}

function problem(type: ProblemType): ProblemDocument {
  return problemDocument(type, { title: 'This cannot be done.' });
}

/** As what arrives has been a text on the way. */
export function throughWire<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

function passOver(): void {
  // It is tried again the next time.
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
