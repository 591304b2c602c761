// What the server sees of a workspace, for its alerts: its own books and entries, as they are at one place of the history.
import { z } from 'zod';
import type { DigestFigures, UsePoint } from '../../shared/alerts/alert.ts';
import { lastMonday } from '../../shared/alerts/delivery.ts';
import type { HoldSeen, OrderSeen, ResetSeen, RunOutSeen, Sight, UseSeen, Watch } from '../../shared/alerts/watch.ts';
import { findPack, versionInForce } from '../../shared/catalogue/lookup.ts';
import { credits, sum, type Credits } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { contains, type Period } from '../../shared/kernel/period.ts';
import { addDays, startOfDay } from '../../shared/kernel/time-zone.ts';
import { poolOwnersAt } from '../../shared/ledger/pool-owners.ts';
import { periodAt, type TermsIndex } from '../../shared/ledger/schedule.ts';
import { bookAt, type PoolBook } from '../../shared/sync-engine/pool-book.ts';
import type { Transaction } from '../database/database.ts';
import type { History } from '../history/history-terms.ts';
import { booksFor, booksWhere } from '../history/read-facts.ts';
import { booksSchema } from '../history/stored-rows.ts';
import { leftAt, poolTerms, type PoolTerms } from '../review/granted.ts';
import { poolOf, type Pool, type Terms } from '../review/terms.ts';
import type { DayUses } from './day-uses.ts';
import { runOutSeen } from './outlook.ts';

export interface Looking {
  readonly transaction: Pick<Transaction, 'query'>;
  readonly workspaceId: string;
  readonly terms: Terms;
  readonly index: TermsIndex;
  readonly at: Instant;
  /** Null at the first look. */
  readonly watch: Watch | null;
  /** Entries up to here were looked at before; those from there to `seq` are new. */
  readonly seenSeq: number;
  readonly seq: number;
  /** With which days are kept for forecasts; null where none is due. */
  readonly forecasting: { readonly history: History; readonly dayUses: DayUses } | null;
}

/** [N1] [N2] Sync is not among what the server sees: it is stuck on devices. */
export async function sightOf(looking: Looking): Promise<Sight> {
  const { terms, index, at, watch } = looking;
  const periods = periodsSince(index, watch?.since ?? at, at);
  const pools = poolsAt(index, at).map((pool) => ({ pool, granted: poolTerms(terms, index, { pool, now: at }) }));
  const books = await readBooks(looking, { pools, periods });
  const courses = await readCourses(looking, periods);
  return {
    at,
    uses: pools.flatMap(({ pool, granted }) =>
      periods
        .slice(-periodsFollowed)
        .map((period) => useOf(looking, { pool, granted, period, books, course: courses.of(pool, period) })),
    ),
    resets: await resetsIn(looking, { periods, pools, books }),
    runOut: await runOutOf(looking, { pools, books }),
    holds: await readHolds(looking),
    orders: ordersIn(looking),
    sync: null,
    digest: await readDigest(looking, books),
  };
}

type GrantedPool = { readonly pool: Pool; readonly granted: PoolTerms };

/** Of late lines and of a server that stood still. */
const periodsFollowed = 3;
const watchedMs = 400 * 86_400_000;
const dayMs = 86_400_000;

function periodsSince(index: TermsIndex, since: Instant, at: Instant): readonly Period[] {
  const periods: Period[] = [];
  for (let from = instant(Math.max(Math.min(since, at), at - watchedMs)); from <= at;) {
    const { start, end } = periodAt(index, from);
    periods.push({ start, end });
    if (end <= from) break;
    from = end;
  }
  return periods;
}

/** One for all, or one for each member who may spend. */
function poolsAt(index: TermsIndex, at: Instant): readonly Pool[] {
  return poolOwnersAt(index, at).map((memberId) => poolOf(index.terms.workspaceId, memberId));
}

/** One for the workspace: what all pools have and use together, as everywhere. */
async function runOutOf(
  { transaction, workspaceId, index, at, seq, forecasting }: Looking,
  given: { readonly pools: readonly GrantedPool[]; readonly books: readonly PoolBook[] },
): Promise<RunOutSeen | null> {
  if (forecasting === null) return null;
  const { pools, books } = given;
  const { history, dayUses } = forecasting;
  return runOutSeen(transaction, {
    workspaceId,
    index,
    history: { ...history, seq },
    at,
    left: pools.flatMap(({ pool, granted }) =>
      leftAt(
        books.filter(({ poolId }) => poolId === pool.poolId),
        granted,
        at,
      ),
    ),
    schedules: pools.map(({ granted }) => granted.schedule),
    dayUses,
  });
}

async function readBooks(
  { transaction, workspaceId, terms, at }: Looking,
  given: { readonly pools: readonly GrantedPool[]; readonly periods: readonly Period[] },
): Promise<readonly PoolBook[]> {
  const { pools, periods } = given;
  const earliest = periods[0]?.start ?? at;
  // What is left of a grant that outlasts periods, all of them say together.
  const lasting = pools.filter(({ granted }) => granted.sources.length > 0);
  const { rows } = await transaction.query<{ readonly books: unknown }>(
    `SELECT ${booksWhere('((period_end >= $2 AND pool_id = ANY($3)) OR pool_id = ANY($4))')} AS books`,
    [workspaceId, earliest, pools.map(({ pool }) => pool.poolId), lasting.map(({ pool }) => pool.poolId)],
  );
  const uses = pools.map(({ pool: { poolId } }) => ({ poolId, at }));
  return booksFor(booksSchema.parse(rows[0]?.books), { terms, uses, now: at }).books;
}

/** What was used in a period by the place up to which was looked before, and after each entry since. */
type Course = readonly number[];

const foundSchema = z.object({ memberId: z.string().nullable(), spentAt: z.int(), used: z.int() });
const baseSchema = z.object({ memberId: z.string().nullable(), start: z.int(), used: z.int() });

async function readCourses(
  { transaction, workspaceId, seenSeq, seq, watch }: Looking,
  periods: readonly Period[],
): Promise<{ readonly of: (pool: Pool, period: Period) => Course }> {
  const followed = periods.slice(-periodsFollowed);
  const starts = followed.map(({ start }) => start);
  const ends = followed.map(({ end }) => end);
  // The first sight tells nothing, so that the way to where it stands does not matter.
  const from = watch === null ? seq : Math.min(seenSeq, seq);
  const { rows: bases } = await transaction.query(
    `SELECT e.member_id AS "memberId", w.starts::float8 AS start, sum(e.used)::float8 AS used
     FROM unnest($2::bigint[], $3::bigint[]) AS w (starts, ends)
     JOIN entry e ON e.workspace_id = $1 AND e.used IS NOT NULL AND e.spent_at >= w.starts AND e.spent_at < w.ends
     WHERE e.seq <= $4 GROUP BY 1, 2`,
    [workspaceId, starts, ends, from],
  );
  const { rows: fresh } = await transaction.query(
    `SELECT member_id AS "memberId", spent_at::float8 AS "spentAt", used::float8 AS used FROM entry
     WHERE workspace_id = $1 AND seq > $2 AND seq <= $3 AND used IS NOT NULL AND spent_at >= $4 ORDER BY seq`,
    [workspaceId, from, seq, starts[0] ?? 0],
  );
  const [known, news] = [z.array(baseSchema).parse(bases), z.array(foundSchema).parse(fresh)];
  const isOf = (pool: Pool, memberId: string | null): boolean => pool.memberId === null || pool.memberId === memberId;
  return {
    of: (pool, period) => {
      const own = known.filter(({ memberId, start }) => start === period.start && isOf(pool, memberId));
      let used = own.reduce((total, base) => total + base.used, 0);
      const course = [used];
      for (const entry of news) {
        if (!isOf(pool, entry.memberId) || !contains(period, instant(entry.spentAt))) continue;
        used += entry.used;
        course.push(used);
      }
      return course;
    },
  };
}

function useOf(
  { at, watch }: Looking,
  given: GrantedPool & { readonly period: Period; readonly books: readonly PoolBook[]; readonly course: Course },
): UseSeen {
  const { pool, granted, period, books, course } = given;
  const { poolId, memberId } = pool;
  const mark = watch?.reached.find((known) => known.poolId === poolId && known.periodStart === period.start);
  const until = instant(Math.min(Math.max(at, mark?.until ?? at), period.end - 1));
  const allotted = allottedIn(granted, period);
  const point = pointOf(allotted, { granted, period, book: bookAt(books, poolId, period.start) });
  return {
    poolId,
    memberId,
    period,
    until,
    opening: point(0),
    course: course.map(point),
  };
}

/** Of the allotment; where there is none, of the grants in force, of which a part may be used from before. [N1] */
function pointOf(
  allotted: Credits,
  given: { readonly granted: PoolTerms; readonly period: Period; readonly book: PoolBook | undefined },
): (used: number) => UsePoint {
  if (allotted > 0) return (used) => ({ used: atLeastNone(used), of: allotted, basis: 'allotment' });
  const { granted, period, book } = given;
  const inForce = granted.sources.filter(
    ({ effectiveFrom, until }) => effectiveFrom < period.end && (until === null || until > period.start),
  );
  const of = credits(inForce.reduce((total, { amount }) => total + amount, 0));
  const before = book ? Math.max(of - book.granted, 0) : 0;
  return (used) => ({ used: atLeastNone(before + used), of, basis: 'grants' });
}

/** A drift that was booked may leave less than nothing. */
function atLeastNone(used: number): Credits {
  return credits(Math.max(used, 0));
}

function allottedIn({ schedule }: PoolTerms, { start }: Period): Credits {
  return sum(schedule.periodAt(start).allotments.map(({ amount }) => amount));
}

async function resetsIn(
  looking: Looking,
  given: {
    readonly periods: readonly Period[];
    readonly pools: readonly GrantedPool[];
    readonly books: readonly PoolBook[];
  },
): Promise<readonly ResetSeen[]> {
  const { index, watch } = looking;
  const { periods, pools, books } = given;
  if (watch === null) return [];
  const resets: ResetSeen[] = [];
  for (const { start, end } of periods) {
    if (start <= watch.since || watch.resets.includes(start)) continue;
    const previous = periodAt(index, instant(start - 1));
    const of = books.filter(({ period }) => period.start === previous.start);
    resets.push({
      start,
      previous: { start: previous.start, end: previous.end },
      used: await usedIn(looking, previous),
      overage: sum(of.map(({ overage, overrun }) => credits(overage + overrun))),
      allotted: sum(pools.map(({ granted }) => allottedIn(granted, { start, end }))),
    });
  }
  return resets;
}

async function usedIn({ transaction, workspaceId, seq }: Looking, { start, end }: Period): Promise<Credits> {
  const { rows } = await transaction.query<{ readonly used: number }>(
    `SELECT coalesce(sum(used), 0)::float8 AS used FROM entry
     WHERE workspace_id = $1 AND used IS NOT NULL AND spent_at >= $2 AND spent_at < $3 AND seq <= $4`,
    [workspaceId, start, end, seq],
  );
  return atLeastNone(rows[0]?.used ?? 0);
}

const holdsSchema = z.array(
  z.object({
    id: z.string(),
    memberId: z.string().nullable(),
    held: z.int(),
    spentAt: z.int(),
    expiresAt: z.int().nullable(),
  }),
);

/** Holds without an answer: open ones, and those that timed out since the first sight. */
async function readHolds({ transaction, workspaceId, at, watch }: Looking): Promise<readonly HoldSeen[]> {
  const since = watch?.since ?? at;
  const { rows } = await transaction.query(
    `SELECT hold_id AS id, member_id AS "memberId", held::float8 AS held, spent_at::float8 AS "spentAt",
       expires_at::float8 AS "expiresAt" FROM hold_group
     WHERE workspace_id = $1 AND held IS NOT NULL AND (expires_at IS NULL OR expires_at > $2) ORDER BY spent_at LIMIT 1000`,
    [workspaceId, Math.max(since, at - holdsSeenMs)],
  );
  return holdsSchema.parse(rows).map(({ id, memberId, held, spentAt, expiresAt }) => ({
    id,
    memberId,
    credits: credits(held),
    since: instant(spentAt),
    expiresAt: expiresAt === null ? null : instant(expiresAt),
    state: expiresAt !== null && expiresAt <= at ? 'expired' : 'open',
  }));
}

const holdsSeenMs = 35 * dayMs;

function ordersIn({ terms, index, at }: Looking): readonly OrderSeen[] {
  const { version } = versionInForce(index.terms.catalogue, at);
  return terms.orders.flatMap(({ orderId, state, packId, credits: amount }) =>
    state === 'granted' || state === 'refused' || state === 'cancelled'
      ? [{ id: orderId, packName: findPack(version, packId)?.name ?? packId, outcome: state, credits: amount }]
      : [],
  );
}

/** The week before the last Monday. Which feature used most is left to the devices, which have every line at hand. */
async function readDigest(looking: Looking, books: readonly PoolBook[]): Promise<DigestFigures | null> {
  const { index, at, watch } = looking;
  const zone = index.timeZone;
  const monday = lastMonday(at, zone);
  if (watch?.mondays.includes(monday) ?? false) return null;
  const week = (weeks: number): Period => ({
    start: startOfDay(addDays(monday, -7 * weeks), zone),
    end: startOfDay(addDays(monday, -7 * (weeks - 1)), zone),
  });
  const present = books.filter(({ period }) => contains(period, at));
  return {
    monday,
    used: await usedIn(looking, week(1)),
    weekBeforeUsed: await usedIn(looking, week(2)),
    available: sum(present.map(({ granted, settled }) => atLeastNone(granted - settled))),
    resetAt: periodAt(index, at).end,
    topFeature: null,
  };
}
