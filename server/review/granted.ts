// What the books of a pool are granted: the allotments of each period, and what grants that outlast periods have left.
import { compareBurnOrder, type GrantTerms } from '../../shared/ledger/burn-order.ts';
import { credits, noCredits, type Credits } from '../../shared/kernel/credits.ts';
import { earlier, instant, type Instant } from '../../shared/kernel/instant.ts';
import { contains } from '../../shared/kernel/period.ts';
import { planAt, scheduleOf, type AllotmentSchedule, type TermsIndex } from '../../shared/ledger/schedule.ts';
import { defaultPriority } from '../../shared/ledger/transaction.ts';
import { bookKey, openBook, regrant, type PoolBook } from '../../shared/sync-engine/pool-book.ts';
import { indexOf, type Pool, type Terms } from './terms.ts';

/** A pack or an adjustment as far as its credits can be spent. */
interface Source extends GrantTerms {
  readonly amount: number;
  /** Nothing of it is left from here on; null for never. */
  readonly until: Instant | null;
}

/** What grants a pool, for its books. */
export interface PoolTerms {
  readonly schedule: AllotmentSchedule;
  readonly sources: readonly Source[];
  readonly now: Instant;
}

export function poolTerms(
  terms: Terms,
  index: TermsIndex,
  given: { readonly pool: Pool; readonly now: Instant },
): PoolTerms {
  const { pool, now } = given;
  const sources = terms.grants
    .filter((grant) => grant.poolId === pool.poolId)
    .map((grant): Source => {
      const voided = terms.voids.find(({ linkedId }) => linkedId === grant.id)?.occurredAt ?? null;
      const ends = [grant.expiresAt, voided].filter((end) => end !== null);
      return {
        id: grant.id,
        kind: grant.grantKind,
        priority: grant.priority,
        effectiveFrom: grant.occurredAt,
        expiresAt: grant.expiresAt,
        amount: grant.amount,
        until: ends.length === 0 ? null : ends.reduce(earlier),
      };
    })
    .sort(compareBurnOrder);
  return { schedule: schedulesOf(terms, index, pool), sources, now };
}

/** Schedules remember their periods: one for each pool as long as the terms are the same. */
function schedulesOf(terms: Terms, index: TermsIndex, pool: Pool): AllotmentSchedule {
  const known = schedules.get(terms) ?? new Map<string, AllotmentSchedule>();
  schedules.set(terms, known);
  const schedule = known.get(pool.poolId) ?? scheduleOf(index, pool.poolId, pool.memberId);
  known.set(pool.poolId, schedule);
  return schedule;
}

const schedules = new WeakMap<Terms, Map<string, AllotmentSchedule>>();

/** The book of a pool that holds `at`, with nothing in it yet; null while there is no plan. */
export function freshBook(terms: Terms, given: { readonly pool: Pool; readonly at: Instant }): PoolBook | null {
  const index = indexOf(terms);
  if (!index) return null;
  const { pool, at } = given;
  const { start, end } = schedulesOf(terms, index, pool).periodAt(at);
  const { plan, ended } = planAt(index, start);
  // A plan that has ended allows no overage. [E2]
  const hard = plan.limit.kind === 'hard' || ended;
  return openBook({ poolId: pool.poolId, period: { start, end }, hard, granted: credits(0) });
}

/**
 * A stored book as the terms have its period now: another plan may have cut it shorter, or brought another limit, since
 * it was opened ahead.
 */
export function asAgreed(terms: Terms, pool: Pool, book: PoolBook): PoolBook {
  const known = shapes.get(terms) ?? new Map<string, PoolBook | null>();
  shapes.set(terms, known);
  const key = bookKey(book);
  let shape = known.get(key);
  if (shape === undefined) {
    shape = freshBook(terms, { pool, at: book.period.start });
    known.set(key, shape);
  }
  if (!shape || shape.period.start !== book.period.start) return book;
  const isSame = shape.period.end === book.period.end && shape.hard === book.hard;
  return isSame ? book : { ...book, period: shape.period, hard: shape.hard };
}

const shapes = new WeakMap<Terms, Map<string, PoolBook | null>>();

/**
 * The books of one pool as they are granted, of which there are those that differ from what is given. A credit of a
 * grant that outlasts a period is there for every period that it reaches, until one of them uses it or lends it: then
 * the others have it no longer. What a void or the end of a grant leaves unused is nobody's any more. [G1] [G4]
 */
export function granted(books: readonly PoolBook[], { schedule, sources, now }: PoolTerms): readonly PoolBook[] {
  const inOrder = books.toSorted((left, right) => left.period.start - right.period.start);
  const left = new Map(sources.map(({ id, amount }) => [id, amount]));
  const used = new Map<PoolBook, ReadonlyMap<string, number>>();
  const allotments = new Map<PoolBook, number>();
  let before: PoolBook | undefined;
  for (const book of inOrder) {
    const allotted = allottedIn(book, schedule, before && { book: before, allotted: allotments.get(before) ?? 0 });
    allotments.set(book, allotted);
    if (sources.length > 0) used.set(book, takenBy(book, { allotted, sources, left }));
    before = book;
  }
  return inOrder.flatMap((book) => {
    let amount = allotments.get(book) ?? 0;
    for (const source of sources) {
      if (!reaches(source, book, now)) continue;
      amount += (left.get(source.id) ?? 0) + (used.get(book)?.get(source.id) ?? 0);
    }
    return amount === book.granted ? [] : [regrant(book, credits(amount))];
  });
}

/** What is left of a grant; `expiresAt` is null where it lasts. */
export interface GrantLeft {
  readonly expiresAt: Instant | null;
  readonly remaining: Credits;
}

/**
 * What can be spent at an instant, grant by grant, with open holds taken off. What is lent is still there: whoever
 * borrowed it spends it, or it comes back.
 * @param books all of one pool that reach a grant which outlasts a period.
 */
export function leftAt(
  books: readonly PoolBook[],
  { schedule, sources }: PoolTerms,
  at: Instant,
): readonly GrantLeft[] {
  const inOrder = books.toSorted((before, after) => before.period.start - after.period.start);
  const left = new Map(sources.map(({ id, amount }) => [id, amount]));
  let before: { readonly book: PoolBook; readonly allotted: number } | undefined;
  let ofAllotment: GrantLeft | undefined;
  for (const stored of inOrder) {
    const book = { ...stored, leased: noCredits };
    const allotted = allottedIn(book, schedule, before);
    const taken = takenBy(book, { allotted, sources, left });
    before = { book, allotted };
    if (!contains(book.period, at)) continue;
    const bySources = [...taken.values()].reduce((total, part) => total + part, 0);
    const remaining = credits(Math.max(0, allotted - Math.max(0, book.settled - bySources)));
    ofAllotment = { expiresAt: book.period.end, remaining };
  }
  const inForce = sources.filter(({ effectiveFrom, until }) => effectiveFrom <= at && (until === null || until > at));
  return [
    ...(ofAllotment ? [ofAllotment] : []),
    ...inForce.map(({ id, until }) => ({ expiresAt: until, remaining: credits(left.get(id) ?? 0) })),
  ];
}

/** What a period is allotted, with what rolls over from the one before. [G0] [G10] [G11] */
function allottedIn(
  book: PoolBook,
  schedule: AllotmentSchedule,
  before: { readonly book: PoolBook; readonly allotted: number } | undefined,
): number {
  const { allotments, rollOver, start } = schedule.periodAt(book.period.start);
  const own = allotments.reduce((total, { amount }) => total + amount, 0);
  if (!rollOver || start <= schedule.opensAt) return own;
  const isNext = before?.book.period.end === start;
  const ofBefore = isNext
    ? before.allotted - before.book.settled - before.book.leased
    : schedule.periodAt(instant(start - 1)).allotments.reduce((total, { amount }) => total + amount, 0);
  return own + Math.min(rollOver.max, Math.max(ofBefore, rollOver.min, 0));
}

/** What the use and the leases of a period take of each grant, in burn order; it is taken off `left`. [G2] */
function takenBy(
  book: PoolBook,
  given: { readonly allotted: number; readonly sources: readonly Source[]; readonly left: Map<string, number> },
): ReadonlyMap<string, Credits> {
  const { allotted, sources, left } = given;
  const taken = new Map<string, Credits>();
  let rest = book.settled + book.leased;
  let allotment = allotted;
  const takeAllotment = (): void => {
    const part = Math.min(rest, allotment);
    rest -= part;
    allotment -= part;
  };
  for (const source of sources) {
    if (source.priority >= defaultPriority.allotment) takeAllotment();
    if (source.effectiveFrom >= book.period.end || (source.until ?? Infinity) <= book.period.start) continue;
    const part = Math.min(rest, left.get(source.id) ?? 0);
    rest -= part;
    left.set(source.id, (left.get(source.id) ?? 0) - part);
    taken.set(source.id, credits(part));
  }
  return taken;
}

/** Whether a period can spend of a grant: where the grant ends within it, only until then. */
function reaches({ effectiveFrom, until }: Source, { period }: PoolBook, now: Instant): boolean {
  if (effectiveFrom >= period.end) return false;
  return until === null || until >= period.end || (until > period.start && until > now);
}
