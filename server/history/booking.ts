// The port of booking over PostgreSQL: one transaction a push, under the lock of the workspace's counter.
import { assert } from '../../shared/kernel/assert.ts';
import type { BookingTransaction, Transact } from '../../shared/sync-engine/accept-push.ts';
import { isOfTerms } from '../../shared/sync-engine/accept-push.ts';
import type { BookingWrites } from '../../shared/sync-engine/booking-facts.ts';
import { factsNeeded, type IncomingRow } from '../../shared/sync-engine/incoming-row.ts';
import { bookKey, type PoolBook } from '../../shared/sync-engine/pool-book.ts';
import type { Database, Transaction } from '../database/database.ts';
import { authorOf } from '../review/may-write.ts';
import { reviewer } from '../review/review.ts';
import { indexOf, withEntries, type Terms } from '../review/terms.ts';
import { lockCounter, type Counter, type WorkspaceOf } from './counter.ts';
import type { TermsCache } from './history-terms.ts';
import {
  booksFor,
  booksWhere,
  linesOf,
  readBatchFacts,
  readUsedByCap,
  withLinked,
  type BatchFacts,
  type StoredFacts,
} from './read-facts.ts';
import { readNews } from './read-terms.ts';
import { booksSchema } from './stored-rows.ts';
import { addGroups, addLending, addRows, Writing, type DeviceIndexes } from './write-rows.ts';

/** What the caller is in the organisation, and as which member of the workspace. */
export interface Standing {
  readonly role: 'company-admin' | 'team-lead' | 'member' | 'guest' | 'visitor';
  readonly memberId: string | null;
}

export interface BookingGiven {
  readonly database: Database;
  readonly cache: TermsCache;
  readonly workspace: WorkspaceOf;
  readonly standing: Standing;
}

/** Runs bookings of one workspace, each in a transaction of its own. */
export function bookingOn(given: BookingGiven): Transact<BookingTransaction> {
  return (work) =>
    given.database.inOrganisation(given.workspace.organisationId, (transaction) =>
      work(new Booking(given, transaction)),
    );
}

/** What was asked for with the lock: for which rows, and the terms after which place. */
interface Ahead {
  readonly rows: readonly IncomingRow[];
  readonly facts: BatchFacts;
  readonly termsSeq: number;
}

class Booking implements BookingTransaction {
  readonly #given: BookingGiven;
  readonly #transaction: Transaction;
  #counter: Counter | null = null;
  /** With what this transaction has written itself, which nobody else may know of before it is kept. */
  #terms: Terms | null = null;
  #facts: StoredFacts | null = null;
  #ahead: Ahead | null = null;

  constructor(given: BookingGiven, transaction: Transaction) {
    this.#given = given;
    this.#transaction = transaction;
  }

  /** What the first rows depend on is asked for in the same breath: it is read once the lock is there, and not before. */
  readonly lockCounter: BookingTransaction['lockCounter'] = async ({ rows, sender }) => {
    const { cache, workspace } = this.#given;
    const termsSeq = cache.seqOf(workspace.workspaceId);
    const needed = factsNeeded(rows);
    const [counter, facts] = await Promise.all([
      lockCounter(this.#transaction, workspace),
      readBatchFacts(this.#transaction, { needed, sender, termsSeq }),
    ]);
    this.#counter = counter;
    this.#ahead = counter.atOnce ? { rows, facts, termsSeq } : null;
    return counter;
  };

  readonly readFacts: BookingTransaction['readFacts'] = async (rows, sender) => {
    const counter = this.#counter;
    assert(counter, 'The counter is locked before anything is read');
    const { cache, standing } = this.#given;
    const { workspaceId } = sender;
    const needed = factsNeeded(rows);
    const known = cache.upTo(workspaceId, counter);
    // What this transaction wrote itself is known already.
    const termsSeq = this.#terms === null ? known.seq : Number.MAX_SAFE_INTEGER;
    const ahead = this.#ahead?.rows === rows ? this.#ahead : null;
    this.#ahead = null;
    const read = ahead?.facts ?? (await readBatchFacts(this.#transaction, { needed, sender, termsSeq }));
    if (this.#terms === null) {
      const readFrom = ahead?.termsSeq ?? termsSeq;
      // Where nothing is new after an earlier place, nothing is after a later one.
      const isRead = readFrom === termsSeq || (readFrom < termsSeq && read.news.length === 0);
      const news = isRead ? read.news : await readNews(this.#transaction, { workspaceId, afterSeq: termsSeq });
      // Only what was there when the counter was locked is known to be kept.
      this.#terms = cache.extended(workspaceId, { known, news, counter });
    }
    const terms = this.#terms;
    const lostTail = counter.epochs.length > 1;
    const facts = await withLinked(this.#transaction, { facts: read, needed, workspaceId, lostTail });
    this.#facts = facts;
    const { now, beganAt } = counter;
    const lines = linesOf(rows);
    const usedByCap = await readUsedByCap(this.#transaction, { workspaceId, lines, terms, now });
    const { books, spread } = booksFor(facts.books, { terms, uses: needed.uses, now });
    const review = reviewer({
      terms,
      author: authorOf(standing, { index: indexOf(terms), now }),
      deviceId: sender.deviceId,
      bases: new Map([...holdsOf(facts), ...facts.bases]),
      groups: facts.groups,
      follows: facts.follows,
      usedByCap,
      now,
      beganAt,
      lostTail,
    });
    const { groups, leases, bases, follows } = facts;
    const numberMax = facts.devices.get(sender.deviceId)?.numberMax ?? 0;
    return { rows: facts.rows, groups, leases, books, numberMax, bases, follows, spread, review };
  };

  readonly write: BookingTransaction['write'] = async (writes, { isLast }) => {
    const { workspace } = this.#given;
    const [counter, facts, terms] = [this.#counter, this.#facts, this.#terms];
    assert(counter && facts && terms, 'Facts are read before anything is written');
    const entries = writes.rows.flatMap(({ entry }) => entry ?? []);
    const writing = new Writing(workspace);
    if (writes.rows.length > 0) {
      addRows(writing, {
        writes,
        devices: indexesFor(facts, writes),
        senderId: writes.numberMax.deviceId,
        now: counter.now,
      });
    }
    const isChanged = <Value>(before: ReadonlyMap<string, Value>, id: string, after: Value): boolean =>
      before.get(id) !== after;
    addGroups(
      writing,
      [...writes.groups].filter(([id, group]) => isChanged(facts.groups, id, group)),
    );
    const leases = new Map(facts.leases.map((lease) => [lease.id, lease]));
    addLending(writing, {
      leases: writes.leases.filter((lease) => isChanged(leases, lease.id, lease)),
      books: changedBooks(facts.books, writes.books),
    });
    const changesTerms = entries.some(isOfTerms);
    if (isLast && !changesTerms) {
      writing.finish(this.#transaction);
      return;
    }
    await writing.run(this.#transaction);
    if (!changesTerms) return;
    this.#terms = withEntries(terms, entries.filter(isOfTerms));
    await this.#regrant(this.#terms, counter);
  };

  /** What a change or grant moves is granted anew at once: the books of now and later, and all that share a grant. */
  async #regrant(terms: Terms, { now }: Counter): Promise<void> {
    const { workspace } = this.#given;
    const pools = [...new Set(terms.grants.map(({ poolId }) => poolId))];
    const { rows } = await this.#transaction.query<{ readonly books: unknown }>(
      `SELECT ${booksWhere('(period_end > $2 OR pool_id = ANY($3))')} AS books`,
      [workspace.workspaceId, now, pools],
    );
    const stored = booksSchema.parse(rows[0]?.books);
    const { books } = booksFor(stored, { terms, uses: [], now });
    const writing = new Writing(workspace);
    addLending(writing, { leases: [], books: changedBooks(stored, books) });
    await writing.run(this.#transaction);
  }
}

/** Books that say something else than what is stored; fresh ones only once there is something in them. */
export function changedBooks(stored: readonly PoolBook[], books: readonly PoolBook[]): readonly PoolBook[] {
  const before = new Map(stored.map((book) => [bookKey(book), book]));
  return books.filter((book) => {
    const known = before.get(bookKey(book));
    if (!known) return book.settled + book.leased + book.overrun + book.overage > 0;
    return known !== book && JSON.stringify(figuresOf(known)) !== JSON.stringify(figuresOf(book));
  });
}

function figuresOf({ period, hard, granted, settled, leased, shortfall, overrun, overage }: PoolBook) {
  return [period.end, hard, granted, settled, leased, shortfall, overrun, overage];
}

/** Small numbers for the devices of a batch: known ones, and new ones after the last. */
function indexesFor(facts: StoredFacts, writes: BookingWrites): DeviceIndexes {
  const indexes = new Map([...facts.devices].map(([id, { index }]) => [id, index]));
  const fresh: { readonly deviceId: string; readonly index: number }[] = [];
  for (const deviceId of [writes.numberMax.deviceId, ...writes.rows.map(({ by }) => by.deviceId)]) {
    if (indexes.has(deviceId)) continue;
    const index = facts.deviceIndexMax + fresh.length + 1;
    indexes.set(deviceId, index);
    fresh.push({ deviceId, index });
  }
  return {
    fresh,
    indexOf: (deviceId) => {
      const index = indexes.get(deviceId);
      assert(index !== undefined, `Device ${deviceId} has a number`);
      return index;
    },
  };
}

function holdsOf({ groups }: StoredFacts) {
  return [...groups].flatMap(([id, { hold }]) => (hold ? [[id, hold] as const] : []));
}
