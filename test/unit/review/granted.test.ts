import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asAgreed, freshBook, granted, poolTerms } from '../../../server/review/granted.ts';
import { indexOf, noTerms, poolOf, withEntries, type Terms } from '../../../server/review/terms.ts';
import { credits } from '../../../shared/kernel/credits.ts';
import type { Instant } from '../../../shared/kernel/instant.ts';
import type { Grant, Void } from '../../../shared/ledger/transaction.ts';
import { freeOf, lendTo, settle, type PoolBook } from '../../../shared/sync-engine/pool-book.ts';
import { at, cr, grant, plain, voidOfGrant } from '../../support/ledger-lines.ts';
import { published } from '../../support/served-workspace.ts';
import { change } from '../../support/workspace-terms.ts';

const workspaceId = 'workspace';
const pool = poolOf(workspaceId, null);
const days = ['2026-01-15', '2026-02-15', '2026-03-15'].map((day) => at(day));

/** Piktochart Pro with three seats: 1,500 credits a month. */
function terms(...lines: readonly (Grant | Void)[]): Terms {
  const plan = { platform: 'piktochart', plan: 'pro', seats: { member: 3 }, from: at('2026-01-01') } as const;
  const made = lines.map((line) => ({ kind: 'line' as const, line: { ...line, workspaceId, poolId: pool.poolId } }));
  return withEntries(noTerms, [...published(workspaceId, plan), ...made]);
}

/** The books of three months, as they are granted at `now`. */
function booksOf(of: Terms, now: Instant, given: readonly PoolBook[] = []): readonly PoolBook[] {
  const index = indexOf(of);
  if (!index) throw new Error('There is a plan');
  const books = days.map((day) => {
    const fresh = freshBook(of, { pool, at: day });
    if (!fresh) throw new Error('There is a period');
    return given.find(({ period }) => period.start === fresh.period.start) ?? fresh;
  });
  const changed = granted(books, poolTerms(of, index, { pool, now }));
  return books.map((book) => changed.find(({ period }) => period.start === book.period.start) ?? book);
}

const use = (book: PoolBook | undefined, amount: number): PoolBook => {
  if (!book) throw new Error('There is a book');
  return settle(book, { amount: cr(amount), authorised: true }).book;
};
const grants = (books: readonly PoolBook[]) => books.map((book) => plain(book.granted));
const pack = grant('pack', at('2026-01-10'), cr(2_000), { grantKind: 'pack' });

describe('what books are granted', () => {
  it('[G0] each period its allotment, and from its start on what a pack has left', () => {
    expect(grants(booksOf(terms(), at('2026-01-20')))).toEqual([1_500, 1_500, 1_500]);
    expect(grants(booksOf(terms(pack), at('2026-01-20')))).toEqual([3_500, 3_500, 3_500]);
  });

  it('[G2] [L1] a late use of January takes from the pack, and February has it no longer', () => {
    const of = terms(pack);
    const [january, february, march] = booksOf(of, at('2026-02-03'));
    const late = use(use(january, 1_400), 250);
    const books = booksOf(of, at('2026-02-03'), [late, february!, march!]);
    expect(grants(books)).toEqual([3_500, 3_350, 3_350]);
    expect(freeOf(books[1]!)).toBe(cr(1_500 + 1_850));
  });

  it('a later period that took from a pack leaves less of it for what comes late to an earlier one', () => {
    const of = terms(pack);
    const [january, february, march] = booksOf(of, at('2026-02-03'));
    const books = booksOf(of, at('2026-02-03'), [january!, use(february, 2_500), march!]);
    expect(grants(books)).toEqual([2_500, 3_500, 2_500]);
  });

  it('[G1] a void takes away what is not used, and notes what is missing', () => {
    const ended = terms(pack, voidOfGrant('void', 'pack', at('2026-02-10')));
    const [january, february, march] = booksOf(terms(pack), at('2026-02-03'));
    const books = booksOf(ended, at('2026-02-11'), [use(january, 1_700), use(february, 1_600), march!]);
    expect(grants(books)).toEqual([3_400, 1_500, 1_500]);
    expect(plain(books[1]!.shortfall)).toBe(100);
    expect(freeOf(books[1]!)).toBe(0);
  });

  it('[G4] a grant that ends within a period is there until then', () => {
    const of = terms({ ...pack, expiresAt: at('2026-02-10') });
    expect(grants(booksOf(of, at('2026-02-09')))).toEqual([3_500, 3_500, 1_500]);
    expect(grants(booksOf(of, at('2026-02-10')))).toEqual([3_500, 1_500, 1_500]);
  });

  it('[S2] [E2] the end of a plan cuts the period of a book that was opened before', () => {
    const of = terms();
    const [january] = booksOf(of, at('2026-01-20'));
    const ended = withEntries(of, [
      { kind: 'change', change: change(at('2026-01-20'), { kind: 'plan', planId: null }) },
      { kind: 'change', change: change(at('2026-01-25'), { kind: 'plan', planId: 'business' }) },
    ]);
    expect(asAgreed(of, pool, january!)).toBe(january);
    expect(asAgreed(ended, pool, january!).period).toEqual({ start: at('2026-01-01'), end: at('2026-01-25') });
  });

  it('[M6] whatever is spent or lent in whichever order, no credit of a grant is there twice', () => {
    const step = fc.record({
      month: fc.integer({ min: 0, max: 2 }),
      part: fc.integer({ min: 1, max: 100 }),
      lends: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 3 }),
        (steps, packs) => {
          const of = terms(...packs.map((amount, place) => ({ ...pack, id: `pack-${place}`, amount: cr(amount) })));
          let books = booksOf(of, at('2026-03-20'));
          for (const { month, part, lends } of steps) {
            const book = books[month]!;
            const amount = credits(Math.floor((freeOf(book) * part) / 100));
            const after = lends ? lendTo(book, amount) : settle(book, { amount, authorised: true }).book;
            books = booksOf(
              of,
              at('2026-03-20'),
              books.map((known) => (known === book ? after : known)),
            );
          }
          const total = books.reduce((sum, book) => sum + book.settled + book.leased, 0);
          const there = 3 * cr(1_500) + packs.reduce((sum, amount) => sum + cr(amount), 0);
          expect(total).toBeLessThanOrEqual(there);
          for (const { shortfall } of books) expect(shortfall).toBe(0);
        },
      ),
    );
  });
});
