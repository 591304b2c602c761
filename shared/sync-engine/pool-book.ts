import { assert } from '../kernel/assert.ts';
import { add, credits, least, noCredits, subtract, type Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import { contains, type Period } from '../kernel/period.ts';

/**
 * What the server keeps of a pool in one allotment period, beside its ledger:
 *
 *     settled + leased ≤ granted + shortfall      and      shortfall = 0 while anything is free
 *
 * `settled` is booked use with open holds. What no grant paid is no part of it but `overrun` (authorised offline, beyond
 * a hard limit) or `overage` (allowed, or it had already happened). `shortfall` is what was taken away from under use
 * and leases: fewer seats, a voided pack. [M6]
 */
export interface PoolBook {
  readonly poolId: string;
  readonly period: Period;
  readonly hard: boolean;
  /** What grants give in this period; those that outlast it less what was used of them before. */
  readonly granted: Credits;
  readonly settled: Credits;
  readonly leased: Credits;
  readonly shortfall: Credits;
  readonly overrun: Credits;
  readonly overage: Credits;
}

export function openBook(given: Pick<PoolBook, 'poolId' | 'period' | 'hard' | 'granted'>): PoolBook {
  const none = { settled: noCredits, leased: noCredits, overrun: noCredits, overage: noCredits };
  return levelled({ ...given, ...none, shortfall: noCredits });
}

/** What may still be settled or leased. */
export function freeOf(book: PoolBook): Credits {
  return credits(book.granted + book.shortfall - book.settled - book.leased);
}

/** More or less was granted: what is free shrinks first, and what it does not cover is noted. */
export function regrant(book: PoolBook, granted: Credits): PoolBook {
  return levelled({ ...book, granted });
}

/** Sets credits aside for a lease. Asking for more than is free is a bug. */
export function lendTo(book: PoolBook, amount: Credits): PoolBook {
  assert(amount <= freeOf(book), `Pool ${book.poolId} would lease ${amount} of ${freeOf(book)} free micro-credits`);
  return levelled({ ...book, leased: add(book.leased, amount) });
}

/** Takes back what is left of a lease. */
export function takeBack(book: PoolBook, rest: Credits): PoolBook {
  return levelled({ ...book, leased: subtract(book.leased, rest) });
}

/** Moves use under a lease into the books: the sum of both stays. Negative where a lease gets back what was set aside. */
export function settleLeased(book: PoolBook, underLease: number): PoolBook {
  const settled = credits(Math.max(book.settled + underLease, 0));
  return levelled({ ...book, settled, leased: credits(book.leased - underLease) });
}

/**
 * Books a use that no lease bears. What is not free is `excess`.
 * @param authorised whether a hard limit should have stopped it.
 */
export function settle(
  book: PoolBook,
  use: { readonly amount: Credits; readonly authorised: boolean },
): { readonly book: PoolBook; readonly excess: Credits } {
  const fitting = least(use.amount, freeOf(book));
  const excess = subtract(use.amount, fitting);
  const column = use.authorised && book.hard ? 'overrun' : 'overage';
  const settled = add(book.settled, fitting);
  return { book: levelled({ ...book, settled, [column]: add(book[column], excess) }), excess };
}

/** Gives use back: what no grant had paid first, so that more is never thought to be free than is. */
export function giveBack(book: PoolBook, amount: Credits): PoolBook {
  const fromOverage = least(amount, book.overage);
  const fromOverrun = least(subtract(amount, fromOverage), book.overrun);
  const fromSettled = least(credits(amount - fromOverage - fromOverrun), book.settled);
  return levelled({
    ...book,
    overage: subtract(book.overage, fromOverage),
    overrun: subtract(book.overrun, fromOverrun),
    settled: subtract(book.settled, fromSettled),
  });
}

/** Whether an exact sum can still be kept with this figure in it; no row may stop the counting of all others. */
export function canBear(book: PoolBook, figure: number): boolean {
  const { granted, settled, leased, overrun, overage } = book;
  return granted + settled + leased + overrun + overage + figure <= Number.MAX_SAFE_INTEGER / 4;
}

/** The book of a pool in which a use at `at` counts. */
export function bookAt(books: Iterable<PoolBook>, poolId: string, at: Instant): PoolBook | undefined {
  for (const book of books) if (book.poolId === poolId && contains(book.period, at)) return book;
  return undefined;
}

export function bookKey({ poolId, period }: Pick<PoolBook, 'poolId' | 'period'>): string {
  return `${poolId}/${period.start}`;
}

function levelled(book: PoolBook): PoolBook {
  const { granted, settled, leased, overrun, overage } = book;
  for (const column of [settled, leased, overrun, overage]) {
    assert(column >= 0, `Pool ${book.poolId} would have a column below zero`);
  }
  return { ...book, shortfall: credits(Math.max(settled + leased - granted, 0)) };
}
