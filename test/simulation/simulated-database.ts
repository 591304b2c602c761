import { nothingKept, type Change, type Kept } from './kept.ts';

/**
 * A database as far as a server can tell, in memory: transactions that run at the same time and wait at every statement;
 * each statement sees what was committed when it began and what its own transaction wrote (*read committed*); one lock a
 * workspace, held until the end of the transaction; all of a transaction is kept or nothing.
 */
export class SimulatedDatabase {
  readonly #pause: () => Promise<void>;
  readonly #kept = new Map<string, Kept>();
  readonly #lockedBy = new Map<string, SimulatedTransaction>();
  readonly #waiting = new Map<string, { readonly transaction: SimulatedTransaction; readonly go: () => void }[]>();
  readonly #open = new Set<SimulatedTransaction>();
  readonly #sequences = new Map<string, number>();
  #timeline = 1;
  #epochs = 0;

  /** @param pause waited for before every statement and before a commit takes place. */
  constructor(pause: () => Promise<void> = () => Promise.resolve()) {
    this.#pause = pause;
  }

  /** What is committed. */
  kept(workspaceId: string): Kept {
    return this.#kept.get(workspaceId) ?? { workspaceId, ...nothingKept };
  }

  /** Of all workspaces; to be put back with `putBack`. */
  snapshot(): ReadonlyMap<string, Kept> {
    return new Map(this.#kept);
  }

  /** Another one each time that the database goes on from an earlier state, as PostgreSQL has it. */
  get timeline(): number {
    return this.#timeline;
  }

  /** A name that no epoch has had before, also none that was lost. */
  freshEpoch(): string {
    this.#epochs += 1;
    return `epoch-${this.#epochs}`;
  }

  /**
   * The state of an earlier time, as after a failover or a restore: every open transaction fails.
   * @param known whether it can be seen that this happened; else only by what devices know.
   */
  putBack(snapshot: ReadonlyMap<string, Kept>, known: boolean): void {
    if (known) this.#timeline += 1;
    for (const transaction of this.#open) this.#end(transaction, 'failed');
    this.#kept.clear();
    for (const [workspaceId, kept] of snapshot) this.#kept.set(workspaceId, kept);
  }

  /** From outside of all transactions. */
  change(workspaceId: string, change: Change): void {
    this.#kept.set(workspaceId, change(this.kept(workspaceId)));
  }

  /** Numbers that are given out at once and stay given, whatever becomes of the transaction. */
  nextOf(workspaceId: string, count: number): number {
    const last = Math.max(this.#sequences.get(workspaceId) ?? 0, this.kept(workspaceId).seq);
    this.#sequences.set(workspaceId, last + count);
    return last;
  }

  /** @param session of the process that asks: its transactions end with it. */
  begin(session: object, workspaceId: string): SimulatedTransaction {
    const transaction = new SimulatedTransaction(session, workspaceId, {
      statement: () => this.#statement(transaction),
      lock: () => this.#lock(transaction),
      committed: () => this.kept(workspaceId),
      commit: (kept) => this.#commit(transaction, kept),
      rollBack: () => this.#end(transaction, 'ended'),
    });
    this.#open.add(transaction);
    return transaction;
  }

  /** A process is gone: nothing of its open transactions is kept, and it hears nothing of them any more. */
  endSession(session: object): void {
    for (const transaction of this.#open) if (transaction.session === session) this.#end(transaction, 'gone');
  }

  async #statement(transaction: SimulatedTransaction): Promise<void> {
    await this.#pause();
    await transaction.whenAlive();
  }

  async #lock(transaction: SimulatedTransaction): Promise<void> {
    const { workspaceId } = transaction;
    await this.#statement(transaction);
    const owner = this.#lockedBy.get(workspaceId);
    if (owner === transaction) return;
    if (owner !== undefined) {
      await new Promise<void>((go) => {
        const queue = this.#waiting.get(workspaceId) ?? [];
        queue.push({ transaction, go });
        this.#waiting.set(workspaceId, queue);
      });
      await transaction.whenAlive();
    } else this.#lockedBy.set(workspaceId, transaction);
  }

  async #commit(transaction: SimulatedTransaction, keptThen: () => Kept | null): Promise<void> {
    await this.#statement(transaction);
    const kept = keptThen();
    if (kept) this.#kept.set(transaction.workspaceId, kept);
    this.#end(transaction, 'ended');
  }

  #end(transaction: SimulatedTransaction, how: 'ended' | 'failed' | 'gone'): void {
    if (!this.#open.delete(transaction)) return;
    transaction.fate = how;
    const { workspaceId } = transaction;
    const queue = this.#waiting.get(workspaceId) ?? [];
    if (this.#lockedBy.get(workspaceId) === transaction) {
      this.#lockedBy.delete(workspaceId);
      const next = queue.find((waiting) => this.#open.has(waiting.transaction));
      if (next) this.#lockedBy.set(workspaceId, next.transaction);
      this.#waiting.set(
        workspaceId,
        queue.filter((waiting) => waiting !== next && this.#open.has(waiting.transaction)),
      );
      next?.go();
    }
    // Whoever waits for a lock learns that its transaction failed.
    if (how === 'failed') for (const waiting of queue) if (waiting.transaction === transaction) waiting.go();
  }
}

interface Engine {
  readonly statement: () => Promise<void>;
  readonly lock: () => Promise<void>;
  readonly committed: () => Kept;
  /** `kept`: what is there afterwards; null for what was there before. */
  readonly commit: (kept: () => Kept | null) => Promise<void>;
  readonly rollBack: () => void;
}

/** The database went away under a transaction; whether a commit that was on its way was kept, nobody knows. */
export class ConnectionLost extends Error {}

export class SimulatedTransaction {
  readonly session: object;
  readonly workspaceId: string;
  fate: 'open' | 'ended' | 'failed' | 'gone' = 'open';
  readonly #engine: Engine;
  readonly #changes: Change[] = [];
  /** What a statement saw last, as long as nothing was committed or written since. */
  #seen: { readonly committed: Kept; readonly changes: number; readonly kept: Kept } | undefined;

  constructor(session: object, workspaceId: string, engine: Engine) {
    this.session = session;
    this.workspaceId = workspaceId;
    this.#engine = engine;
  }

  /** Waits until no other transaction holds the lock of the workspace. */
  lock(): Promise<void> {
    return this.#engine.lock();
  }

  /** One statement that reads: everything in it is of one instant. */
  async read(): Promise<Kept> {
    await this.#engine.statement();
    return this.readAtOnce();
  }

  /** What a statement sees that begins now. */
  readAtOnce(): Kept {
    const committed = this.#engine.committed();
    const changes = this.#changes.length;
    const seen = this.#seen;
    if (seen?.committed === committed && seen.changes === changes) return seen.kept;
    const from = seen?.committed === committed && seen.changes < changes ? seen : { kept: committed, changes: 0 };
    const kept = this.#changes.slice(from.changes).reduce((before, change) => change(before), from.kept);
    this.#seen = { committed, changes, kept };
    return kept;
  }

  /** One statement that writes; it is checked against the constraints at once. */
  async write(change: Change): Promise<void> {
    await this.#engine.statement();
    this.#changes.push(change);
    this.readAtOnce();
  }

  commit(): Promise<void> {
    return this.#engine.commit(() => (this.#changes.length > 0 ? this.readAtOnce() : null));
  }

  rollBack(): void {
    this.#engine.rollBack();
  }

  /** Never comes back where the process that asks is gone. */
  async whenAlive(): Promise<void> {
    if (this.fate === 'gone') await new Promise<never>(() => {});
    if (this.fate === 'failed') throw new ConnectionLost('The database went away.');
  }
}
