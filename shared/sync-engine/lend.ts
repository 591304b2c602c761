import { leaseGrowth, leaseTimes, nextPeriodIsDue, topUpGrowth } from '../entitlement/lease.ts';
import { add, greatest, noCredits, type Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import { contains } from '../kernel/period.ts';
import type { LeaseRequest, WireLease } from '../protocol/lease-messages.ts';
import { restOf, type LeaseRecord } from './booking-facts.ts';
import type { Standing } from './epoch.ts';
import { bookKey, freeOf, lendTo, takeBack, type PoolBook } from './pool-book.ts';
import type { Transact } from './accept-push.ts';

/** What lending depends on, read after the counter was locked. */
export interface LendingFacts {
  /** All leases of the asking device that are not closed. */
  readonly leases: readonly LeaseRecord[];
  /** The present books of the pools that the device may use, and those of the next period. */
  readonly books: readonly PoolBook[];
  /** Pools from which this device's person may spend. */
  readonly maySpendFrom: ReadonlySet<string>;
  readonly activeDevices: number;
  /** The step in which the platform counts credits: what is lent is a whole number of them. */
  readonly unit: Credits;
  /**
   * Nothing is lent before this instant: a tail was lost, and leases that nobody knows of may be out. Until all devices
   * have spoken in the new epoch, or the last of those leases has ended.
   */
  readonly notBefore: Instant | null;
  /** Ids for new leases. */
  readonly freshId: () => string;
  /** As in `BookingFacts`: what is lent of a grant that outlasts a period, the other periods have no longer. */
  readonly spread?: (books: ReadonlyMap<string, PoolBook>, poolId: string) => readonly PoolBook[];
}

export interface LendingWrites {
  readonly leases: readonly LeaseRecord[];
  readonly books: readonly PoolBook[];
}

/** As the transaction of a push: the counter first and alone, then what depends on it. [M1] [M7] */
export interface LendingTransaction {
  readonly lockCounter: () => Promise<Omit<Standing, 'view'>>;
  readonly readLending: (deviceId: string) => Promise<LendingFacts>;
  readonly writeLending: (writes: LendingWrites) => Promise<void>;
}

/** Answers a device that asks for leases, or gives them back: all that it has now. `now` is the database's clock. */
export async function answerLeases(
  transact: Transact<LendingTransaction>,
  given: { readonly request: LeaseRequest; readonly deviceId: string; readonly now: Instant },
): Promise<readonly WireLease[]> {
  return transact(async (transaction) => {
    await transaction.lockCounter();
    const facts = await transaction.readLending(given.deviceId);
    const writes = lend(facts, given);
    await transaction.writeLending(writes);
    return writes.leases
      .filter(({ closed, spendableUntil }) => closed === null && spendableUntil > given.now)
      .map(({ id, deviceId, poolId, amount, period, spendableUntil }) => ({
        id,
        deviceId,
        poolId,
        amount,
        period,
        spendableForMs: spendableUntil - given.now,
      }));
  });
}

/** What a request changes: one lease a device, pool and period, which grows; and what is given back. */
function lend(
  facts: LendingFacts,
  given: { readonly request: LeaseRequest; readonly deviceId: string; readonly now: Instant },
): LendingWrites {
  const { request, deviceId, now } = given;
  const { unit, activeDevices } = facts;
  const leases = new Map(facts.leases.map((lease) => [lease.id, lease]));
  const books = new Map(facts.books.map((book) => [bookKey(book), book]));
  const grow = (
    due: PoolBook,
    growthOf: (known: { readonly rest: Credits; readonly held: Credits; readonly free: Credits }) => Credits,
  ): void => {
    const book = books.get(bookKey(due)) ?? due;
    const own = [...leases.values()].find((lease) => lease.closed === null && bookKey(lease) === bookKey(book));
    if (!facts.maySpendFrom.has(book.poolId) || !book.hard) {
      if (own) closeLease({ leases, books }, own, 'revoked');
      return;
    }
    const mayLend = now >= (facts.notBefore ?? now);
    const rest = own ? restOf(own) : noCredits;
    // What was overdrawn is settled already: all of the growth can be spent.
    const held = own ? greatest(own.amount, own.borne) : noCredits;
    const growth = mayLend ? growthOf({ rest, held, free: freeOf(book) }) : noCredits;
    if (growth > noCredits) books.set(bookKey(book), lendTo(book, growth));
    for (const other of facts.spread?.(books, book.poolId) ?? []) books.set(bookKey(other), other);
    if (own && mayLend) {
      leases.set(own.id, { ...own, ...leaseTimes(book.period, now), amount: add(held, growth) });
    } else if (growth > noCredits) {
      const { poolId, period } = book;
      const times = leaseTimes(period, now);
      const id = facts.freshId();
      leases.set(id, { id, deviceId, poolId, amount: growth, period, ...times, closed: null, borne: noCredits });
    }
  };
  switch (request.kind) {
    case 'renew':
      for (const { poolId, expected } of request.expectedByPool) {
        for (const book of dueBooks(books.values(), poolId, now)) {
          grow(book, (known) => leaseGrowth({ expected, ...known, unit, activeDevices }));
        }
      }
      break;
    case 'top-up':
      for (const book of dueBooks(books.values(), request.poolId, now)) {
        if (!contains(book.period, now)) continue;
        grow(book, (known) => topUpGrowth({ needed: request.needed, ...known, unit }));
      }
      break;
    case 'return':
      for (const id of request.leaseIds) {
        const lease = leases.get(id);
        if (lease) closeLease({ leases, books }, lease, 'returned');
      }
      break;
  }
  return { leases: [...leases.values()], books: [...books.values()] };
}

/**
 * Closes leases from outside: those whose reclaim has come, or all of a revoked device. What is used under one that is
 * closed is booked if it fits, and an overrun if not.
 */
export function reclaim(
  given: { readonly leases: readonly LeaseRecord[]; readonly books: readonly PoolBook[] },
  how: { readonly kind: 'reclaimed'; readonly now: Instant } | { readonly kind: 'revoked'; readonly deviceId: string },
): LendingWrites {
  const leases = new Map(given.leases.map((lease) => [lease.id, lease]));
  const books = new Map(given.books.map((book) => [bookKey(book), book]));
  for (const lease of given.leases) {
    const isDue = how.kind === 'reclaimed' ? how.now >= lease.reclaimAt : lease.deviceId === how.deviceId;
    if (isDue && lease.closed === null) closeLease({ leases, books }, lease, how.kind);
  }
  return { leases: [...leases.values()], books: [...books.values()] };
}

interface OpenBooks {
  readonly leases: Map<string, LeaseRecord>;
  readonly books: Map<string, PoolBook>;
}

function closeLease({ leases, books }: OpenBooks, lease: LeaseRecord, how: 'returned' | 'reclaimed' | 'revoked'): void {
  const book = books.get(bookKey(lease));
  if (book) books.set(bookKey(lease), takeBack(book, restOf(lease)));
  leases.set(lease.id, { ...lease, closed: how });
}

/** The book of now, and towards its end the next one too. */
function dueBooks(books: Iterable<PoolBook>, poolId: string, now: Instant): readonly PoolBook[] {
  const own = [...books].filter((book) => book.poolId === poolId);
  const present = own.find(({ period }) => contains(period, now));
  if (!present) return [];
  const next = own.find(({ period }) => period.start === present.period.end);
  return next && nextPeriodIsDue(present.period, now) ? [present, next] : [present];
}
