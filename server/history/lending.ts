// The port of lending over PostgreSQL: leases given, grown, returned and reclaimed under the lock of the counter.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { countingUnit } from '../../shared/catalogue/counting-unit.ts';
import { versionInForce } from '../../shared/catalogue/lookup.ts';
import { assert } from '../../shared/kernel/assert.ts';
import { credits, microPerUnit } from '../../shared/kernel/credits.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { holdingAt } from '../../shared/ledger/change.ts';
import { periodAt, planAt, type TermsIndex } from '../../shared/ledger/schedule.ts';
import type { LeaseRequest, WireLease } from '../../shared/protocol/lease-messages.ts';
import { answerLeases, reclaim, type LendingFacts, type LendingTransaction } from '../../shared/sync-engine/lend.ts';
import type { Database, Transaction } from '../database/database.ts';
import { indexOf, poolOf, type Pool, type Terms } from '../review/terms.ts';
import { changedBooks, type Standing } from './booking.ts';
import { clockMs, lockCounter, type Counter, type WorkspaceOf } from './counter.ts';
import type { TermsCache } from './history-terms.ts';
import { booksFor, booksWhere, leasesWhere } from './read-facts.ts';
import { termsUnderLock } from './read-terms.ts';
import { booksSchema, leasesSchema } from './stored-rows.ts';
import { addLending, Writing } from './write-rows.ts';

export interface LendingGiven {
  readonly database: Database;
  readonly cache: TermsCache;
  readonly workspace: WorkspaceOf;
}

/** A device that has asked within this long shares what is free. */
const activeMs = 7 * 86_400_000;

const lendingSchema = z.object({ leases: leasesSchema, books: booksSchema, active: z.int() });

/** Answers a device that asks for leases or gives them back, by the database's clock. */
export async function leasesFor(
  given: LendingGiven & { readonly standing: Standing },
  asked: { readonly request: LeaseRequest; readonly deviceId: string },
): Promise<readonly WireLease[]> {
  const { database, workspace } = given;
  return database.inOrganisation(workspace.organisationId, async (transaction) => {
    const now = await databaseNow(transaction);
    return answerLeases(async (work) => work(lendingIn(given, transaction, now)), { ...asked, now });
  });
}

async function databaseNow({ query }: Pick<Transaction, 'query'>): Promise<Instant> {
  const { rows } = await query<{ readonly now: number }>(`SELECT ${clockMs} AS now`);
  return instant(rows[0]?.now ?? 0);
}

/** The transaction of one answer. What is read comes in statements after the one that locks. [M1] */
export function lendingIn(
  given: LendingGiven & { readonly standing: Standing },
  transaction: Transaction,
  now: Instant,
): LendingTransaction {
  const { workspace, cache, standing } = given;
  const { workspaceId } = workspace;
  let counter: Counter | undefined;
  let read: { readonly facts: LendingFacts; readonly stored: LendingFacts['books'] } | undefined;
  return {
    lockCounter: async () => (counter = await lockCounter(transaction, workspace)),
    readLending: async (deviceId) => {
      assert(counter, 'The counter is locked before anything is read');
      const terms = await termsUnderLock(transaction, { cache, workspaceId, counter });
      const pool = poolFor(terms, standing.memberId, now);
      const { rows } = await transaction.query(
        `WITH asker AS (INSERT INTO lease_asker VALUES ($2, $1, $3, $4)
           ON CONFLICT (workspace_id, device_id) DO UPDATE SET asked_at = greatest(lease_asker.asked_at, excluded.asked_at))
         SELECT ${leasesWhere('device_id = $3 AND closed IS NULL')} AS leases,
           ${booksWhere(`(pool_id = $6 OR (pool_id, period_start) IN (SELECT pool_id, period_start FROM lease
             WHERE workspace_id = $1 AND device_id = $3 AND closed IS NULL))`)} AS books,
           (SELECT count(*)::int FROM lease_asker WHERE workspace_id = $1 AND device_id <> $3 AND asked_at > $5) AS active`,
        [workspaceId, workspace.organisationId, deviceId, now, now - activeMs, pool?.poolId ?? ''],
      );
      const { leases, books: stored, active } = lendingSchema.parse(rows[0]);
      const index = indexOf(terms);
      const next = index && pool ? periodAt(index, periodAt(index, now).end) : null;
      const uses = pool && next ? [now, next.start].map((at) => ({ poolId: pool.poolId, at })) : [];
      const { books, spread } = booksFor(stored, { terms, uses, now });
      const maySpendFrom = new Set(pool && index && maySpend(index, standing, now) ? [pool.poolId] : []);
      const facts: LendingFacts = {
        leases,
        books,
        spread,
        maySpendFrom,
        activeDevices: active + 1,
        unit: index ? countingUnit(versionInForce(index.terms.catalogue, now).version) : credits(microPerUnit),
        notBefore: counter.lendsFrom,
        freshId: randomUUID,
      };
      read = { facts, stored };
      return facts;
    },
    writeLending: async ({ leases, books }) => {
      assert(read, 'Facts are read before anything is written');
      const before = new Map(read.facts.leases.map((lease) => [lease.id, lease]));
      const writing = new Writing(workspace);
      addLending(writing, {
        leases: leases.filter((lease) => before.get(lease.id) !== lease),
        books: changedBooks(read.stored, books),
      });
      await writing.run(transaction);
    },
  };
}

/** The pool that somebody spends from; null where there is none. */
function poolFor(terms: Terms, memberId: string | null, at: Instant): Pool | null {
  const index = indexOf(terms);
  if (!index) return null;
  const isPersonal = planAt(index, at).plan.poolScope === 'member';
  if (isPersonal && memberId === null) return null;
  return poolOf(index.terms.workspaceId, isPersonal ? memberId : null);
}

/**
 * Whose platform role spends: members of the workspace who are active. A company admin who is none of them logs for
 * others, and is lent for that. [E5]
 */
function maySpend(index: TermsIndex, { role, memberId }: Standing, now: Instant): boolean {
  if (role === 'guest' || role === 'visitor') return false;
  if (memberId === null) return role === 'company-admin';
  const member = holdingAt(index.members.get(memberId), now)?.member;
  if (member?.active !== true) return false;
  return planAt(index, now).plan.roles.some((known) => known.id === member.role && known.spends);
}

/**
 * Closes leases of a workspace from outside: those whose time to reclaim has come by the database's clock, or all of a
 * revoked device. Answers how many.
 */
export async function closeLeases(
  given: LendingGiven,
  how: { readonly kind: 'reclaimed' } | { readonly kind: 'revoked'; readonly deviceId: string },
): Promise<number> {
  const { database, workspace, cache } = given;
  const { workspaceId, organisationId } = workspace;
  return database.inOrganisation(organisationId, async (transaction) => {
    const counter = await lockCounter(transaction, workspace);
    const terms = await termsUnderLock(transaction, { cache, workspaceId, counter });
    const { now } = counter;
    const deviceId = how.kind === 'revoked' ? how.deviceId : null;
    const { rows } = await transaction.query(
      `WITH due AS (SELECT * FROM lease WHERE workspace_id = $1 AND closed IS NULL
           AND CASE WHEN $2::text IS NULL THEN reclaim_at <= $3 ELSE device_id = $2 END)
       SELECT (SELECT coalesce(json_agg(due), '[]') FROM due) AS leases,
         ${booksWhere('pool_id IN (SELECT pool_id FROM due)')} AS books, 0 AS active`,
      [workspaceId, deviceId, now],
    );
    const { leases, books: stored } = lendingSchema.parse(rows[0]);
    if (leases.length === 0) return 0;
    const asked = how.kind === 'revoked' ? how : ({ kind: 'reclaimed', now } as const);
    const closed = reclaim({ leases, books: stored }, asked);
    const { books } = booksFor(closed.books, { terms, uses: [], now });
    const writing = new Writing(workspace);
    addLending(writing, { leases: closed.leases, books: changedBooks(stored, books) });
    await writing.run(transaction);
    return leases.length;
  });
}
