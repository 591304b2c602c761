import { createHash } from 'node:crypto';
import { assert } from '../../shared/kernel/assert.ts';
import type { Credits } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { leaseRequestSchema } from '../../shared/protocol/lease-messages.ts';
import { problemDocument } from '../../shared/protocol/problem.ts';
import { pullRequestSchema, type PullAnswer, type PulledDocument } from '../../shared/protocol/pull.ts';
import { pushRequestSchema } from '../../shared/protocol/push.ts';
import { acceptPush, type BookingTransaction } from '../../shared/sync-engine/accept-push.ts';
import type {
  BookingWrites,
  HoldGroup,
  KnownRow,
  LeaseRecord,
  Review,
  Sender,
} from '../../shared/sync-engine/booking-facts.ts';
import { judgeCheckpoint, pageOf, type Epoch } from '../../shared/sync-engine/epoch.ts';
import { factsNeeded } from '../../shared/sync-engine/incoming-row.ts';
import { answerLeases, reclaim, type LendingTransaction, type LendingWrites } from '../../shared/sync-engine/lend.ts';
import { bookKey, openBook, type PoolBook } from '../../shared/sync-engine/pool-book.ts';
import type { Entry } from '../../shared/protocol/entry.ts';

/** A pool that every period grants the same. */
export interface MemoryPool {
  readonly poolId: string;
  readonly granted: Credits;
  readonly hard: boolean;
}

/** A server as the engine sees it, in memory: what it holds, and bugs that it can be given. */
export interface MemoryServerOptions {
  readonly pools: readonly MemoryPool[];
  readonly activeDevices: number;
  readonly maySpend?: (deviceId: string) => boolean;
  readonly review?: (entry: Entry) => Review;
  readonly bugs?: { readonly noIdempotencyKey?: boolean };
}

interface Kept {
  readonly epochs: readonly Epoch[];
  readonly seq: number;
  readonly rows: ReadonlyMap<string, KnownRow>;
  readonly documents: readonly PulledDocument[];
  readonly groups: ReadonlyMap<string, HoldGroup>;
  readonly leases: ReadonlyMap<string, LeaseRecord>;
  readonly books: ReadonlyMap<string, PoolBook>;
  readonly numberMaxByDevice: ReadonlyMap<string, number>;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const nothingToSay: Review = { refused: null, late: false, overCap: false };

export class MemoryServer {
  readonly #options: MemoryServerOptions;
  #kept: Kept;
  #leasesMade = 0;
  readonly forkedBy: string[] = [];

  constructor(options: MemoryServerOptions) {
    this.#options = options;
    this.#kept = {
      epochs: [{ epoch: 'epoch-0', survivedSeq: 0 }],
      seq: 0,
      rows: new Map(),
      documents: [],
      groups: new Map(),
      leases: new Map(),
      books: new Map(),
      numberMaxByDevice: new Map(),
    };
  }

  get kept(): Kept {
    return this.#kept;
  }

  /** Puts back what was there at an earlier time, as a restore does, and begins the next epoch. */
  restore(backup: Kept): void {
    const { epochs } = this.#kept;
    const next = { epoch: `epoch-${epochs.length}`, survivedSeq: backup.seq };
    this.#kept = { ...backup, epochs: [...epochs, next] };
  }

  /** Puts back what was there at an earlier time, and nobody notices yet. */
  loseTail(backup: Kept): void {
    this.#kept = { ...backup, epochs: this.#kept.epochs };
  }

  async answer(path: 'push' | 'pull' | 'leases', body: unknown, sender: Sender, now: Instant): Promise<unknown> {
    switch (path) {
      case 'push': {
        const request = pushRequestSchema.safeParse(body);
        if (!request.success) return problemDocument('malformed-request', { title: 'This is no push.' });
        const pushed = await acceptPush((work) => this.#transact(work), {
          request: request.data,
          sender,
          digest: sha256,
        });
        this.forkedBy.push(...pushed.forkedBy);
        return pushed.answer;
      }
      case 'pull': {
        const request = pullRequestSchema.safeParse(body);
        if (!request.success) return problemDocument('malformed-request', { title: 'This is no pull.' });
        return this.#pull(request.data, sender);
      }
      case 'leases': {
        const request = leaseRequestSchema.safeParse(body);
        if (!request.success) return problemDocument('malformed-request', { title: 'This is no lease request.' });
        const { deviceId } = sender;
        const leases = await answerLeases((work) => this.#transact(work, now), {
          request: request.data,
          deviceId,
          now,
        });
        return { leases };
      }
    }
  }

  reclaim(how: Parameters<typeof reclaim>[1]): void {
    const { leases, books } = this.#kept;
    this.#keepLending(reclaim({ leases: [...leases.values()], books: [...books.values()] }, how));
  }

  #pull(
    request: { readonly checkpoint: Parameters<typeof judgeCheckpoint>[0]; readonly rowsMax: number },
    sender: Sender,
  ): PullAnswer {
    const standing = { epochs: this.#kept.epochs, seq: this.#kept.seq, view: sender.view };
    const judged = judgeCheckpoint(request.checkpoint, standing);
    if (judged.kind === 'lost-tail') {
      const { epochs } = this.#kept;
      // Nobody knows from where on the histories differ.
      this.#kept = { ...this.#kept, epochs: [...epochs, { epoch: `epoch-${epochs.length}`, survivedSeq: 0 }] };
      return this.#pull(request, sender);
    }
    if (judged.kind !== 'read') return judged;
    const read = this.#kept.documents.filter(({ seq }) => seq > judged.afterSeq).slice(0, request.rowsMax + 1);
    return pageOf(read, { standing, rowsMax: request.rowsMax });
  }

  /** One at a time, and nothing is kept of what throws: there are no awaits of anything but this. */
  async #transact<Value>(
    work: (transaction: BookingTransaction & LendingTransaction) => Promise<Value>,
    now: Instant = instant(0),
  ): Promise<Value> {
    let locked = false;
    const transaction: BookingTransaction & LendingTransaction = {
      lockCounter: () => {
        locked = true;
        return Promise.resolve({ seq: this.#kept.seq, epochs: this.#kept.epochs });
      },
      readFacts: (rows, sender) => {
        assert(locked, 'The counter is locked before anything is read');
        const { rows: known, groups, leases, numberMaxByDevice } = this.#kept;
        const needed = factsNeeded(rows);
        const uses = needed.uses.filter(({ poolId }) => this.#options.pools.some((pool) => pool.poolId === poolId));
        const books = new Map(
          uses.map(({ poolId, at }) => this.#book(poolId, at)).map((book) => [bookKey(book), book]),
        );
        return Promise.resolve({
          rows: this.#options.bugs?.noIdempotencyKey ? [] : needed.rowIds.flatMap((id) => known.get(id) ?? []),
          groups: new Map(needed.holdIds.flatMap((id) => (groups.has(id) ? [[id, groups.get(id)!] as const] : []))),
          leases: [...leases.values()],
          books: [...books.values()],
          numberMax: numberMaxByDevice.get(sender.deviceId) ?? 0,
          review: this.#options.review ?? (() => nothingToSay),
        });
      },
      write: (writes) => Promise.resolve(this.#keepBooking(writes)),
      readLending: (deviceId) => {
        assert(locked, 'The counter is locked before anything is read');
        const maySpend = this.#options.maySpend?.(deviceId) ?? true;
        const books = this.#options.pools.flatMap(({ poolId }) => {
          const present = this.#book(poolId, now);
          return [present, this.#book(poolId, present.period.end)];
        });
        return Promise.resolve({
          leases: [...this.#kept.leases.values()].filter(
            (lease) => lease.deviceId === deviceId && lease.closed === null,
          ),
          books,
          maySpendFrom: new Set(maySpend ? this.#options.pools.map(({ poolId }) => poolId) : []),
          activeDevices: this.#options.activeDevices,
          notBefore: null,
          freshId: () => `lease-${++this.#leasesMade}`,
        });
      },
      writeLending: (writes) => Promise.resolve(this.#keepLending(writes)),
    };
    return work(transaction);
  }

  #book(poolId: string, at: Instant): PoolBook {
    const day = new Date(at);
    const period = {
      start: instant(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1)),
      end: instant(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1)),
    };
    const pool = this.#options.pools.find((known) => known.poolId === poolId);
    assert(pool, `There is no pool ${poolId}`);
    return this.#kept.books.get(bookKey({ poolId, period })) ?? openBook({ ...pool, period });
  }

  #keepBooking(writes: BookingWrites): void {
    const kept = this.#kept;
    const news: PulledDocument[] = writes.verdicts.map((verdict) => ({ kind: 'verdict', ...verdict }));
    for (const { seq, by, entry } of writes.rows) {
      if (seq !== null && entry !== null) news.push({ kind: 'entry', seq, by, entry });
    }
    const rows = new Map(kept.rows);
    const numbers = new Map(kept.numberMaxByDevice);
    for (const row of writes.rows) rows.set(row.id, row);
    numbers.set(writes.numberMax.deviceId, writes.numberMax.number);
    this.#kept = {
      ...kept,
      seq: writes.seq,
      rows,
      documents: [...kept.documents, ...news.toSorted((left, right) => left.seq - right.seq)],
      groups: new Map([...kept.groups, ...writes.groups]),
      numberMaxByDevice: numbers,
    };
    this.#keepLending(writes);
  }

  #keepLending({ leases, books }: LendingWrites): void {
    this.#kept = {
      ...this.#kept,
      leases: new Map([...this.#kept.leases, ...leases.map((lease) => [lease.id, lease] as const)]),
      books: new Map([...this.#kept.books, ...books.map((book) => [bookKey(book), book] as const)]),
    };
  }
}
