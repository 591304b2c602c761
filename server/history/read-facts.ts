// Everything that booking a run of rows depends on, read in one statement after the counter was locked.
import { z } from 'zod';
import { credits } from '../../shared/kernel/credits.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import type { Transaction as Line } from '../../shared/ledger/transaction.ts';
import type { HoldGroup, KnownRow, LeaseRecord, Sender } from '../../shared/sync-engine/booking-facts.ts';
import type { Follow } from '../../shared/sync-engine/given-back.ts';
import type { FactsNeeded, IncomingRow } from '../../shared/sync-engine/incoming-row.ts';
import { bookAt, bookKey, type PoolBook } from '../../shared/sync-engine/pool-book.ts';
import type { Transaction } from '../database/database.ts';
import { asAgreed, freshBook, granted, poolTerms, type PoolTerms } from '../review/granted.ts';
import { capKey, capsOf, weekStartOf } from '../review/review.ts';
import { indexOf, poolsOf, type Terms } from '../review/terms.ts';
import { newTerms } from './read-terms.ts';
import {
  booksSchema,
  entriesSchema,
  followsSchema,
  groupsSchema,
  knownRowsSchema,
  leasesSchema,
} from './stored-rows.ts';

export interface StoredFacts {
  readonly rows: readonly KnownRow[];
  readonly groups: ReadonlyMap<string, HoldGroup>;
  readonly leases: readonly LeaseRecord[];
  /** Of the pools of the batch, as they are stored. */
  readonly books: readonly PoolBook[];
  readonly devices: ReadonlyMap<string, { readonly index: number; readonly numberMax: number }>;
  readonly deviceIndexMax: number;
  /** Lines that lines of the batch link to. */
  readonly bases: ReadonlyMap<string, Line>;
  /** What was booked as following from those. */
  readonly follows: ReadonlyMap<string, readonly Follow[]>;
}

const bookColumns = `pool_id, period_start, period_end, hard, granted, settled, leased, shortfall, overrun, overage`;
const leaseColumns = `id, device_id, pool_id, period_start, period_end, amount, borne, spendable_until, reclaim_at, closed`;
const listOf = (select: string): string => `(SELECT coalesce(json_agg(found), '[]') FROM (${select}) AS found)`;

export const booksWhere = (condition: string): string =>
  listOf(`SELECT ${bookColumns} FROM pool_book WHERE workspace_id = $1 AND ${condition}`);
export const leasesWhere = (condition: string): string =>
  listOf(`SELECT ${leaseColumns} FROM lease WHERE workspace_id = $1 AND ${condition}`);
/** One look into the index for each id: a database whose statistics lag behind would read the whole workspace instead. */
export const entryOf = (id: string): string => `SELECT * FROM entry WHERE workspace_id = $1 AND id = ${id} LIMIT 1`;

const factsStatement = `SELECT
  ${newTerms} AS news,
  ${listOf(`SELECT e.id, encode(e.body_hash, 'hex') AS hash, e.seq, d.device_id AS device, e.number,
      e.body::json AS entry, e.verdict::json AS verdict
    FROM unnest($3::text[]) AS wanted (id)
    CROSS JOIN LATERAL (${entryOf('wanted.id')}) AS e
    JOIN history_device d ON d.workspace_id = $1 AND d.device_index = e.device_index
    UNION ALL SELECT r.id, encode(r.body_hash, 'hex'), NULL, d.device_id, r.number, NULL, r.verdict::json
    FROM unnest($3::text[]) AS wanted (id)
    CROSS JOIN LATERAL (SELECT * FROM refused_row WHERE workspace_id = $1 AND id = wanted.id LIMIT 1) AS r
    JOIN history_device d ON d.workspace_id = $1 AND d.device_index = r.device_index`)} AS rows,
  ${listOf(`SELECT device_id AS id, device_index AS index, number_max AS "numberMax" FROM history_device
    WHERE workspace_id = $1 AND device_id = ANY($4)`)} AS devices,
  (SELECT coalesce(max(device_index), 0) FROM history_device WHERE workspace_id = $1) AS device_index_max,
  ${booksWhere('pool_id = ANY($5)')} AS books`;

const linkedStatement = `SELECT
  ${listOf(`SELECT hold_id AS id, hold::json AS hold, settlement::json AS settlement FROM hold_group
    WHERE workspace_id = $1 AND hold_id = ANY($2)`)} AS groups,
  ${leasesWhere(`(id = ANY($3) OR id IN (SELECT unnest(ARRAY[hold::json ->> 'leaseId', settlement::json ->> 'leaseId'])
    FROM hold_group WHERE workspace_id = $1 AND hold_id = ANY($2)))`)} AS leases,
  ${listOf(`SELECT e.body::json AS body FROM unnest($4::text[]) AS wanted (id)
    CROSS JOIN LATERAL (${entryOf('wanted.id')}) AS e`)} AS bases,
  ${listOf(`SELECT wanted.id AS base, e.credits, e.at FROM unnest($5::text[]) AS wanted (id)
    CROSS JOIN LATERAL (SELECT used AS credits, greatest(spent_at, (body::json #>> '{line,occurredAt}')::bigint) AS at
      FROM entry WHERE workspace_id = $1 AND linked_id = wanted.id AND used IS NOT NULL
        AND body::json #>> '{line,kind}' <> 'capture') AS e`)} AS follows`;

const factsSchema = z.object({
  news: entriesSchema,
  rows: knownRowsSchema,
  devices: z.array(z.object({ id: z.string(), index: z.int(), numberMax: z.int() })),
  device_index_max: z.int(),
  books: booksSchema,
});
const linkedSchema = z.object({
  groups: groupsSchema,
  leases: leasesSchema,
  bases: z
    .array(z.object({ body: z.unknown() }))
    .transform((found) => entriesSchema.parse(found.map(({ body }) => body))),
  follows: followsSchema,
});
type Linked = z.output<typeof linkedSchema>;
const nothingLinked: Linked = { groups: [], leases: [], bases: [], follows: [] };

/** What needs nothing but the batch to be asked for. */
export type BatchFacts = z.output<typeof factsSchema>;

export async function readBatchFacts(
  { query }: Pick<Transaction, 'query'>,
  given: { readonly needed: FactsNeeded; readonly sender: Sender; readonly termsSeq: number },
): Promise<BatchFacts> {
  const { needed, sender, termsSeq } = given;
  const poolIds = [...new Set(needed.uses.map(({ poolId }) => poolId))];
  const deviceIds = [...new Set([sender.deviceId, ...needed.deviceIds])];
  const values = [sender.workspaceId, termsSeq, needed.rowIds, deviceIds, poolIds];
  const { rows } = await query(factsStatement, values);
  return factsSchema.parse(rows[0]);
}

/** The facts of a batch with what its lines link to. */
export async function withLinked(
  transaction: Pick<Transaction, 'query'>,
  given: {
    readonly facts: BatchFacts;
    readonly needed: FactsNeeded;
    readonly workspaceId: string;
    /** What follows from a use may be here before the use is. */
    readonly lostTail: boolean;
  },
): Promise<StoredFacts> {
  const { facts, needed, workspaceId, lostTail } = given;
  const { holdIds, leaseIds, baseIds } = needed;
  const followedIds = lostTail ? [...new Set([...baseIds, ...needed.begunIds])] : baseIds;
  const isLinked = holdIds.length + leaseIds.length + followedIds.length > 0;
  const linked = isLinked
    ? await readLinked(transaction, [workspaceId, holdIds, leaseIds, baseIds, followedIds])
    : nothingLinked;
  const bases = linked.bases.flatMap((entry) => (entry.kind === 'line' ? entry.line : []));
  return {
    rows: facts.rows,
    books: facts.books,
    devices: new Map(facts.devices.map(({ id, index, numberMax }) => [id, { index, numberMax }])),
    deviceIndexMax: facts.device_index_max,
    groups: new Map(
      linked.groups.map(({ id, hold, settlement }) => [
        id,
        { hold: hold ?? undefined, settlement: settlement ?? undefined },
      ]),
    ),
    leases: linked.leases,
    bases: new Map(bases.map((line) => [line.id, line])),
    follows: Map.groupBy(linked.follows, ({ base }) => base),
  };
}

async function readLinked({ query }: Pick<Transaction, 'query'>, values: readonly unknown[]): Promise<Linked> {
  const { rows } = await query(linkedStatement, values);
  return linkedSchema.parse(rows[0]);
}

export function linesOf(rows: readonly IncomingRow[]): readonly Line[] {
  return rows.flatMap(({ parsed }) => (parsed.ok && parsed.value.kind === 'line' ? parsed.value.line : []));
}

/**
 * The books that a run of rows needs, granted as the terms say now: those that are stored, and fresh ones for periods in
 * which nothing was booked so far. Pools that the workspace does not have are passed over.
 */
export function booksFor(
  stored: readonly PoolBook[],
  given: {
    readonly terms: Terms;
    readonly uses: readonly { readonly poolId: string; readonly at: Instant }[];
    readonly now: Instant;
  },
): { readonly books: readonly PoolBook[]; readonly spread: Spread } {
  const { terms, uses, now } = given;
  const pools = poolsOf(terms);
  const books = new Map(
    stored.map((book) => {
      const pool = pools.get(book.poolId);
      return [bookKey(book), pool ? asAgreed(terms, pool, book) : book];
    }),
  );
  for (const { poolId, at } of uses) {
    if (bookAt(books.values(), poolId, at)) continue;
    const pool = pools.get(poolId);
    const fresh = pool ? freshBook(terms, { pool, at }) : null;
    if (fresh && !books.has(bookKey(fresh))) books.set(bookKey(fresh), fresh);
  }
  const index = indexOf(terms);
  const termsByPool = new Map<string, PoolTerms>();
  for (const { poolId } of books.values()) {
    const pool = pools.get(poolId);
    if (index && pool && !termsByPool.has(poolId)) termsByPool.set(poolId, poolTerms(terms, index, { pool, now }));
  }
  for (const [poolId, ofPool] of termsByPool) {
    const own = [...books.values()].filter((book) => book.poolId === poolId);
    for (const book of granted(own, ofPool)) books.set(bookKey(book), book);
  }
  return { books: [...books.values()], spread: (all, poolId) => spreadOver(all, termsByPool.get(poolId), poolId) };
}

export type Spread = (books: ReadonlyMap<string, PoolBook>, poolId: string) => readonly PoolBook[];

/** Only where a grant or what rolls over reaches several periods do the books of a pool depend on each other. */
function spreadOver(
  books: ReadonlyMap<string, PoolBook>,
  ofPool: PoolTerms | undefined,
  poolId: string,
): readonly PoolBook[] {
  if (!ofPool) return [];
  const own = [...books.values()].filter((book) => book.poolId === poolId);
  const [first] = own;
  const rollsOver = first !== undefined && ofPool.schedule.periodAt(first.period.start).rollOver !== null;
  return own.length > 1 && (ofPool.sources.length > 0 || rollsOver) ? granted(own, ofPool) : [];
}

/** What was used and is held against the caps that bind lines; what several give back of one use counts once. [E3] [H7] */
export async function readUsedByCap(
  { query }: Pick<Transaction, 'query'>,
  given: {
    readonly workspaceId: string;
    readonly lines: readonly Line[];
    readonly terms: Terms;
    readonly now: Instant;
  },
): Promise<ReadonlyMap<string, number>> {
  const { workspaceId, lines, terms, now } = given;
  const index = indexOf(terms);
  if (!index || index.caps.size === 0) return new Map();
  const weekStart = weekStartOf(terms, index, now);
  const caps = new Map(
    lines.flatMap((line) => capsOf(index, line, weekStart)).map((cap) => [capKey(cap), cap] as const),
  );
  if (caps.size === 0) return new Map();
  const wanted = [...caps.values()];
  const { rows } = await query<{ readonly used: number }>(
    `SELECT (coalesce((SELECT sum(used) FROM entry e WHERE e.workspace_id = $1 AND e.used IS NOT NULL
          AND e.spent_at >= w.starts AND e.spent_at < w.ends AND (e.member_id = w.member_id OR e.team_id = w.team_id)), 0)
        + coalesce((SELECT sum(held) FROM hold_group h WHERE h.workspace_id = $1 AND h.held IS NOT NULL
          AND h.spent_at >= w.starts AND h.spent_at < w.ends AND (h.member_id = w.member_id OR h.team_id = w.team_id)
          AND (h.expires_at IS NULL OR h.expires_at > $6)), 0)
        + coalesce((SELECT sum(greatest(-left_over.used, 0)) FROM (
            SELECT coalesce((SELECT b.used FROM entry b WHERE b.workspace_id = $1 AND b.id = given.linked_id), 0)
              + (SELECT sum(f.used) FROM entry f
                 WHERE f.workspace_id = $1 AND f.linked_id = given.linked_id AND f.used IS NOT NULL) AS used
            FROM (SELECT DISTINCT linked_id FROM entry g WHERE g.workspace_id = $1 AND g.linked_id IS NOT NULL
                AND g.used < 0 AND g.spent_at >= w.starts AND g.spent_at < w.ends
                AND (g.member_id = w.member_id OR g.team_id = w.team_id)) AS given) AS left_over), 0))::float8 AS used
     FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[]) WITH ORDINALITY
       AS w (member_id, team_id, starts, ends, place) ORDER BY w.place`,
    [
      workspaceId,
      wanted.map(({ memberId }) => memberId),
      wanted.map(({ teamId }) => teamId),
      wanted.map(({ window }) => window.start),
      wanted.map(({ window }) => window.end),
      now,
    ],
  );
  return new Map([...caps.keys()].map((key, place) => [key, credits(rows[place]?.used ?? 0)]));
}
