import { assert } from '../../shared/kernel/assert.ts';
import { wholeCredits } from '../../shared/kernel/credits.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import type { PullAnswer, PullRequest } from '../../shared/protocol/pull.ts';
import type { BookingTransaction, Transact } from '../../shared/sync-engine/accept-push.ts';
import { isOfTerms } from '../../shared/sync-engine/accept-push.ts';
import type { Sender } from '../../shared/sync-engine/booking-facts.ts';
import { judgeCheckpoint, pageOf, type Standing } from '../../shared/sync-engine/epoch.ts';
import { factsNeeded } from '../../shared/sync-engine/incoming-row.ts';
import { reclaim, type LendingTransaction } from '../../shared/sync-engine/lend.ts';
import type { Bug } from './bugs.ts';
import { basesOf, bookingChange, documentsAfter, epochChange, lendingChange, type Kept } from './kept.ts';
import type { Asker, Rules } from './rules.ts';
import type { SimulatedDatabase, SimulatedTransaction } from './simulated-database.ts';

export interface StorageOptions {
  readonly database: SimulatedDatabase;
  readonly rules: Rules;
  /** The database's clock. */
  readonly now: () => Instant;
  readonly bugs?: ReadonlySet<Bug>;
  readonly activeDevices: number;
  /** Ids for leases. */
  readonly freshId: () => string;
}

/** What the ports of the engine are over a simulated database, for one process of the server. */
export class SimulatedStorage {
  readonly #options: StorageOptions;
  /** Its transactions end with it. */
  readonly #session: object;

  constructor(options: StorageOptions, session: object = {}) {
    this.#options = options;
    this.#session = session;
  }

  /** Runs bookings and lendings for one who asks, each in a transaction of its own. */
  transactFor(workspaceId: string, asker: Asker): Transact<BookingTransaction & LendingTransaction> {
    return (work) =>
      this.#inTransaction(workspaceId, (transaction) => work(new Ports(this.#options, transaction, asker)));
  }

  /** Who sends, as far as the workspace itself has to say it. */
  async senderOf(workspaceId: string, asker: Asker): Promise<Sender> {
    return this.#inTransaction(workspaceId, async (transaction) => {
      const kept = await transaction.read();
      const { rules, now } = this.#options;
      const { view } = await this.#viewOf(transaction, kept, asker);
      const mayBringBack = rules.mayBringBack(kept, asker, now());
      return { deviceId: asker.deviceId, workspaceId, view, mayBringBack };
    });
  }

  /** The page after a checkpoint, as its device may see it, or what is told instead. [M8] [M9] */
  async pull(workspaceId: string, asker: Asker, request: PullRequest): Promise<PullAnswer> {
    const answer = await this.#inTransaction(workspaceId, async (transaction) => {
      const kept = await transaction.read();
      if (isOfOtherTimeline(this.#options, kept)) return null;
      const { view, show } = await this.#viewOf(transaction, kept, asker);
      const standing: Standing = { epochs: kept.epochs, seq: this.#lastPlaceOf(kept), view };
      const judged = judgeCheckpoint(request.checkpoint, standing);
      if (judged.kind === 'lost-tail') return null;
      if (judged.kind !== 'read') return judged;
      // In a statement of its own: more may be committed by now, and the page does not claim it.
      const read = await transaction.read();
      if (read.epochs.length !== kept.epochs.length) return null;
      return this.#pageOf(read, { standing, request, afterSeq: judged.afterSeq, show });
    });
    if (answer) return answer;
    await this.#beginEpoch(workspaceId, request);
    return this.pull(workspaceId, asker, request);
  }

  /** Closes leases from outside; answers what they had left. */
  async closeLeases(workspaceId: string, how: Parameters<typeof reclaim>[1]): Promise<void> {
    await this.#inTransaction(workspaceId, async (transaction) => {
      const { leases, books } = await lockedCounter(this.#options, transaction);
      const closed = reclaim({ leases: [...leases.values()], books: [...books.values()] }, how);
      await transaction.write(lendingChange(closed));
      await regrant(this.#options, transaction);
    });
  }

  #pageOf(
    kept: Kept,
    given: {
      readonly standing: Standing;
      readonly request: PullRequest;
      readonly afterSeq: number;
      readonly show: ReturnType<Rules['view']>['show'];
    },
  ): PullAnswer {
    const { standing, request, afterSeq, show } = given;
    const { rowsMax } = request;
    let read = documentsAfter(kept, afterSeq, Infinity);
    if (this.#options.bugs?.has('text-alias-sort'))
      read = read.toSorted((left, right) => (`${left.seq}` < `${right.seq}` ? -1 : 1));
    const shown = read.flatMap((document) => show(document) ?? []).slice(0, rowsMax + 1);
    return pageOf(shown, { standing, rowsMax });
  }

  /** Under a bigserial the last place that can be seen is taken for the last one that there is. */
  #lastPlaceOf(kept: Kept): number {
    return this.#options.bugs?.has('bigserial-cursor') ? (kept.documents.at(-1)?.seq ?? 0) : kept.seq;
  }

  async #beginEpoch(workspaceId: string, { checkpoint }: PullRequest): Promise<void> {
    const { database } = this.#options;
    await this.#inTransaction(workspaceId, async (transaction) => {
      const { epochs, seq, timeline } = await lockedCounter(this.#options, transaction);
      const isPresent = checkpoint !== null && checkpoint.epoch === epochs.at(-1)?.epoch;
      // Nobody knows from where on the histories differ; whoever came second finds that it is done.
      if (!isPresent || checkpoint.seq <= seq) return;
      await transaction.write(epochChange({ epoch: database.freshEpoch(), survivedSeq: 0 }, timeline));
    });
  }

  async #viewOf(transaction: SimulatedTransaction, kept: Kept, asker: Asker) {
    const { grounds, nameOf, show } = this.#options.rules.view(kept, asker, this.#options.now());
    const known = kept.views.get(asker.deviceId);
    const generation = (known?.generation ?? 0) + (known?.grounds === grounds ? 0 : 1);
    if (known?.grounds !== grounds) {
      await transaction.write((before) => ({
        ...before,
        views: new Map([...before.views, [asker.deviceId, { grounds, generation }]]),
      }));
    }
    return { view: nameOf(generation), show };
  }

  async #inTransaction<Value>(
    workspaceId: string,
    work: (transaction: SimulatedTransaction) => Promise<Value>,
  ): Promise<Value> {
    const transaction = this.#options.database.begin(this.#session, workspaceId);
    try {
      const value = await work(transaction);
      await transaction.commit();
      return value;
    } catch (error) {
      transaction.rollBack();
      throw error;
    }
  }
}

/** Both ports over one transaction, and the mistakes that can be planted in them. */
class Ports implements BookingTransaction, LendingTransaction {
  readonly #options: StorageOptions;
  readonly #transaction: SimulatedTransaction;
  readonly #asker: Asker;
  #isLocked = false;
  /** What a statement saw that read before it had the lock. */
  #stale: Kept | null = null;

  constructor(options: StorageOptions, transaction: SimulatedTransaction, asker: Asker) {
    this.#options = options;
    this.#transaction = transaction;
    this.#asker = asker;
  }

  readonly lockCounter = async (): Promise<Omit<Standing, 'view'>> => {
    const { bugs, database } = this.#options;
    const transaction = this.#transaction;
    this.#isLocked = true;
    if (bugs?.has('one-statement-grant')) this.#stale = await transaction.read();
    // A place is taken when a row is written, whoever commits first.
    const taken = bugs?.has('bigserial-cursor') ? database.nextOf(transaction.workspaceId, placesAtOnce) : null;
    const kept = await lockedCounter(this.#options, transaction);
    return { seq: taken ?? kept.seq, epochs: kept.epochs };
  };

  readonly readFacts: BookingTransaction['readFacts'] = async (rows, sender) => {
    assert(this.#isLocked, 'The counter is locked before anything is read');
    const kept = await this.#transaction.read();
    const { rules, now, bugs } = this.#options;
    const { rows: known, groups, leases, numberMaxByDevice } = kept;
    const needed = factsNeeded(rows);
    const isKnown = !bugs?.has('no-idempotency-key');
    const followed = [...needed.baseIds, ...needed.begunIds];
    const follows = bugs?.has('given-back-twice') ? new Map() : kept.follows;
    return {
      rows: isKnown ? needed.rowIds.flatMap((id) => known.get(id) ?? []) : [],
      groups: new Map(needed.holdIds.flatMap((id) => (groups.has(id) ? [[id, groups.get(id)!] as const] : []))),
      leases: [...leases.values()],
      bases: basesOf(kept, needed.baseIds),
      follows: new Map(followed.flatMap((id) => (follows.has(id) ? [[id, follows.get(id) ?? []] as const] : []))),
      numberMax: numberMaxByDevice.get(sender.deviceId) ?? 0,
      ...rules.booking(kept, { rows, sender, asker: this.#asker, now: now() }),
    };
  };

  readonly write: BookingTransaction['write'] = async (writes) => {
    const { bugs } = this.#options;
    const unique = !bugs?.has('no-idempotency-key') && !bugs?.has('missing-lock');
    await this.#transaction.write(bookingChange(writes, { unique }));
    if (writes.rows.some(({ entry }) => entry && isOfTerms(entry))) await regrant(this.#options, this.#transaction);
  };

  readonly readLending: LendingTransaction['readLending'] = async (deviceId) => {
    assert(this.#isLocked, 'The counter is locked before anything is read');
    const kept = this.#stale ?? (await this.#transaction.read());
    const { rules, now, activeDevices, freshId } = this.#options;
    return {
      leases: [...kept.leases.values()].filter((lease) => lease.deviceId === deviceId && lease.closed === null),
      activeDevices,
      unit: wholeCredits(1),
      notBefore: null,
      freshId,
      ...rules.lending(kept, { asker: this.#asker, now: now() }),
    };
  };

  readonly writeLending: LendingTransaction['writeLending'] = (writes) =>
    this.#transaction.write(lendingChange(writes));
}

/**
 * The counter under its lock. Where the database goes on from an earlier state, the next epoch begins: what is there
 * survived, and nobody has to find out by a checkpoint from the future, which may be none any more when it is shown.
 */
async function lockedCounter(options: StorageOptions, transaction: SimulatedTransaction): Promise<Kept> {
  const { database, bugs } = options;
  if (!bugs?.has('missing-lock')) await transaction.lock();
  const kept = await transaction.read();
  if (!isOfOtherTimeline(options, kept)) return kept;
  const next = { epoch: database.freshEpoch(), survivedSeq: kept.seq };
  await transaction.write(epochChange(next, database.timeline));
  return transaction.read();
}

function isOfOtherTimeline({ database, bugs }: StorageOptions, { timeline }: Kept): boolean {
  return timeline !== database.timeline && !bugs?.has('timeline-ignored');
}

async function regrant({ rules, now }: StorageOptions, transaction: SimulatedTransaction): Promise<void> {
  const books = rules.regranted(await transaction.read(), now());
  if (books.length > 0) await transaction.write(lendingChange({ leases: [], books }));
}

/** More than a push can take. */
const placesAtOnce = 1_000;
