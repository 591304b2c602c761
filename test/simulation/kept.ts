import type { Transaction } from '../../shared/ledger/transaction.ts';
import type { Entry } from '../../shared/protocol/entry.ts';
import type { PulledDocument } from '../../shared/protocol/pull.ts';
import { isOfTerms } from '../../shared/sync-engine/accept-push.ts';
import type { BookingWrites, HoldGroup, KnownRow, LeaseRecord } from '../../shared/sync-engine/booking-facts.ts';
import type { Epoch } from '../../shared/sync-engine/epoch.ts';
import { followOf, type Follow } from '../../shared/sync-engine/given-back.ts';
import type { LendingWrites } from '../../shared/sync-engine/lend.ts';
import { bookKey, type PoolBook } from '../../shared/sync-engine/pool-book.ts';

/** What a server's database holds of one workspace. Never changed: what comes later is told by another one. */
export interface Kept {
  readonly workspaceId: string;
  readonly epochs: readonly Epoch[];
  /** Of the database when the present epoch began. */
  readonly timeline: number;
  readonly seq: number;
  readonly rows: ReadonlyMap<string, KnownRow>;
  /** By place. */
  readonly documents: readonly PulledDocument[];
  /** Those entries from which terms follow. */
  readonly ofTerms: readonly Entry[];
  readonly groups: ReadonlyMap<string, HoldGroup>;
  /** What was booked as following from a line, by its id. */
  readonly follows: ReadonlyMap<string, readonly Follow[]>;
  readonly leases: ReadonlyMap<string, LeaseRecord>;
  readonly books: ReadonlyMap<string, PoolBook>;
  readonly numberMaxByDevice: ReadonlyMap<string, number>;
  /** What each device was last shown, and how often that has changed. */
  readonly views: ReadonlyMap<string, { readonly grounds: string; readonly generation: number }>;
}

/** What a statement changes: from what is there to what is there then. */
export type Change = (kept: Kept) => Kept;

export const nothingKept: Omit<Kept, 'workspaceId'> = {
  epochs: [{ epoch: 'epoch-0', survivedSeq: 0 }],
  timeline: 1,
  seq: 0,
  rows: new Map(),
  documents: [],
  ofTerms: [],
  groups: new Map(),
  follows: new Map(),
  leases: new Map(),
  books: new Map(),
  numberMaxByDevice: new Map(),
  views: new Map(),
};

/** Throws where a constraint of the tables does not hold. */
export function bookingChange(writes: BookingWrites, given: { readonly unique: boolean }): Change {
  return (kept) => {
    const documents = [...kept.documents];
    const news: PulledDocument[] = writes.verdicts.map((verdict) => ({ kind: 'verdict', ...verdict }));
    for (const { id, seq, by, entry } of writes.rows) {
      if (given.unique && kept.rows.has(id)) throw new Error(`There is a row ${id} already`);
      if (seq !== null && entry !== null) news.push({ kind: 'entry', seq, by, entry });
    }
    for (const document of news) insertByPlace(documents, document);
    const ofTerms = writes.rows.flatMap(({ entry }) => (entry && isOfTerms(entry) ? entry : []));
    return lendingChange(writes)({
      ...kept,
      seq: Math.max(kept.seq, writes.seq),
      rows: withAll(
        kept.rows,
        writes.rows.map((row) => [row.id, row] as const),
      ),
      documents,
      ofTerms: ofTerms.length > 0 ? [...kept.ofTerms, ...ofTerms] : kept.ofTerms,
      groups: withAll(kept.groups, writes.groups),
      follows: withFollows(kept.follows, writes),
      numberMaxByDevice: withAll(kept.numberMaxByDevice, [[writes.numberMax.deviceId, writes.numberMax.number]]),
    });
  };
}

function withFollows(known: Kept['follows'], { rows }: BookingWrites): Kept['follows'] {
  const follows = new Map<string, readonly Follow[]>();
  for (const { entry } of rows) {
    const found = entry?.kind === 'line' ? followOf(entry.line) : null;
    if (!found) continue;
    const { baseId, follow } = found;
    follows.set(baseId, [...(follows.get(baseId) ?? known.get(baseId) ?? []), follow]);
  }
  return withAll(known, follows);
}

export function lendingChange({ leases, books }: LendingWrites): Change {
  for (const book of books) checkBook(book);
  return (kept) => ({
    ...kept,
    leases: withAll(
      kept.leases,
      leases.map((lease) => [lease.id, lease] as const),
    ),
    books: withAll(
      kept.books,
      books.map((book) => [bookKey(book), book] as const),
    ),
  });
}

/** Another epoch begins. */
export function epochChange(next: Epoch, timeline: number): Change {
  return (kept) => ({ ...kept, timeline, epochs: [...kept.epochs, next] });
}

/** All after a place, at most so many. */
export function documentsAfter(kept: Kept, seq: number, most: number): readonly PulledDocument[] {
  const from = placeAfter(kept.documents, seq);
  return kept.documents.slice(from, from + most);
}

/** Lines by their ids, as far as they are there. */
export function basesOf({ rows }: Kept, ids: readonly string[]): ReadonlyMap<string, Transaction> {
  const entries = ids.map((id) => rows.get(id)?.entry);
  return new Map(entries.flatMap((entry) => (entry?.kind === 'line' ? [[entry.line.id, entry.line] as const] : [])));
}

function insertByPlace(documents: PulledDocument[], document: PulledDocument): void {
  documents.splice(placeAfter(documents, document.seq), 0, document);
}

function placeAfter(documents: readonly PulledDocument[], seq: number): number {
  let [low, high] = [0, documents.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((documents[middle]?.seq ?? 0) <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The constraints that the tables have. */
function checkBook(book: PoolBook): void {
  const { granted, settled, leased, shortfall, overrun, overage } = book;
  const isWhole = Math.min(granted, settled, leased, shortfall, overrun, overage) >= 0;
  const isBound = settled + leased <= granted + shortfall;
  const isFreeOrShort = shortfall === 0 || settled + leased === granted + shortfall;
  if (!isWhole || !isBound || !isFreeOrShort) throw new Error(`The book of ${bookKey(book)} breaks its constraint`);
}

function withAll<Key, Value>(
  map: ReadonlyMap<Key, Value>,
  news: Iterable<readonly [Key, Value]>,
): ReadonlyMap<Key, Value> {
  const entries = [...news];
  if (entries.length === 0) return map;
  const all = new Map(map);
  for (const [key, value] of entries) all.set(key, value);
  return all;
}
