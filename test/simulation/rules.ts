import type { Instant } from '../../shared/kernel/instant.ts';
import { instant } from '../../shared/kernel/instant.ts';
import type { Credits } from '../../shared/kernel/credits.ts';
import type { OrganisationRole } from '../../shared/protocol/identity.ts';
import type { PulledDocument } from '../../shared/protocol/pull.ts';
import type { BookingTransaction } from '../../shared/sync-engine/accept-push.ts';
import type { BookingFacts, Review, Sender } from '../../shared/sync-engine/booking-facts.ts';
import { factsNeeded, type IncomingRow } from '../../shared/sync-engine/incoming-row.ts';
import type { LendingFacts } from '../../shared/sync-engine/lend.ts';
import { bookKey, openBook, type PoolBook } from '../../shared/sync-engine/pool-book.ts';
import type { Kept } from './kept.ts';

/** Whoever asks, as token and membership say. */
export interface Asker {
  readonly deviceId: string;
  readonly personId: string;
  /** All devices of the same person. */
  readonly ownDevices: ReadonlySet<string>;
  readonly role: OrganisationRole;
  /** Of the workspace's own history. */
  readonly memberId: string | null;
}

type Facts = Awaited<ReturnType<BookingTransaction['readFacts']>>;

/** What is agreed in a workspace: who may what, what is granted, who sees what. The storage knows nothing of it. */
export interface Rules {
  readonly booking: (
    kept: Kept,
    given: {
      readonly rows: readonly IncomingRow[];
      readonly sender: Sender;
      readonly asker: Asker;
      readonly now: Instant;
    },
  ) => Pick<BookingFacts, 'books' | 'spread'> & Pick<Facts, 'review'>;
  readonly lending: (
    kept: Kept,
    given: { readonly asker: Asker; readonly now: Instant },
  ) => Pick<LendingFacts, 'books' | 'maySpendFrom' | 'spread'>;
  /** Books that are granted something else once these entries hold. */
  readonly regranted: (kept: Kept, now: Instant) => readonly PoolBook[];
  readonly mayBringBack: (kept: Kept, asker: Asker, now: Instant) => boolean;
  /** What the view of somebody follows from, and how it shows a document: null for not at all. */
  readonly view: (
    kept: Kept,
    asker: Asker,
    now: Instant,
  ) => {
    readonly grounds: string;
    /** How the view is called the so-many-th time that the grounds have changed. */
    readonly nameOf: (generation: number) => string;
    readonly show: (document: PulledDocument) => PulledDocument | null;
  };
}

/** A pool that every month grants the same. */
export interface PlainPool {
  readonly poolId: string;
  readonly granted: Credits;
  readonly hard: boolean;
}

/** The least that the engine needs: pools that grant the same each month, everybody sees all, nothing is refused. */
export function plainRules(given: {
  readonly pools: readonly PlainPool[];
  readonly maySpend?: (deviceId: string) => boolean;
  readonly review?: Facts['review'];
  readonly mayBringBack?: (deviceId: string) => boolean;
}): Rules {
  const bookOf = (kept: Kept, pool: PlainPool, at: Instant): PoolBook => {
    const fresh = openBook({ ...pool, period: monthOf(at) });
    return kept.books.get(bookKey(fresh)) ?? fresh;
  };
  const nothingToSay: Review = { refused: null, late: false, overCap: false };
  return {
    booking: (kept, { rows }) => {
      const books = factsNeeded(rows).uses.flatMap(({ poolId, at }) => {
        const pool = given.pools.find((known) => known.poolId === poolId);
        return pool ? bookOf(kept, pool, at) : [];
      });
      return { books, review: given.review ?? (() => nothingToSay) };
    },
    lending: (kept, { asker, now }) => {
      const present = given.pools.map((pool) => bookOf(kept, pool, now));
      const next = given.pools.map((pool) => bookOf(kept, pool, monthOf(now).end));
      const spends = given.maySpend?.(asker.deviceId) ?? true;
      return {
        books: [...present, ...next],
        maySpendFrom: new Set(spends ? given.pools.map(({ poolId }) => poolId) : []),
      };
    },
    regranted: () => [],
    mayBringBack: (_, { deviceId }) => given.mayBringBack?.(deviceId) ?? false,
    view: () => ({ grounds: 'all', nameOf: (generation) => `all/${generation}`, show: (document) => document }),
  };
}

function monthOf(at: Instant): PoolBook['period'] {
  const day = new Date(at);
  const startOf = (month: number): Instant => instant(Date.UTC(day.getUTCFullYear(), month, 1));
  return { start: startOf(day.getUTCMonth()), end: startOf(day.getUTCMonth() + 1) };
}
