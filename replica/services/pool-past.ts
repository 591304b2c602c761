import { instant, type Clock, type Instant } from '../../shared/kernel/instant.ts';
import { keyOf } from '../../shared/ledger/line-order.ts';
import { openLedger } from '../../shared/ledger/open-ledger.ts';
import type { PoolLedger } from '../../shared/ledger/pool-ledger.ts';
import { endOfInstant } from '../../shared/ledger/pool-lines.ts';
import type { PoolState } from '../../shared/ledger/pool-state.ts';
import type { AllotmentSchedule } from '../../shared/ledger/schedule.ts';
import type { SpendState } from '../../shared/ledger/spends.ts';
import type { BalanceLine } from '../../shared/ledger/transaction.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { readBalanceLines, readLines, tableNamed, whenLineCounts } from '../database/stored-rows.ts';
import { checkpointUntil, storedCheckpoints } from '../projections/pool-balances.ts';
import { toColumnText } from '../storage-sqlite/column-text.ts';

interface PastPool {
  readonly workspaceId: string;
  readonly poolId: string;
  readonly schedule: AllotmentSchedule;
}

/**
 * A stretch of a pool's past, from a checkpoint to where the next one stands: what the pool was at an instant in between,
 * and what has become of a spend there that nothing later speaks of. It costs its own lines, and none of what came after.
 */
export class PoolPast {
  readonly until: Instant;
  readonly #from: Instant;
  readonly #ledger: PoolLedger;
  readonly #database: OpenDatabase;
  /** Later lines that took from the latest uses of a period: which uses these were does not show here. */
  readonly #reached: readonly { readonly start: Instant; readonly end: Instant }[];
  /** As of when the state at the end is. */
  #ended: { readonly now: Instant; readonly state: PoolState } | null = null;

  private constructor(
    database: OpenDatabase,
    given: Pick<PoolPast, 'until'> & {
      readonly from: Instant;
      readonly ledger: PoolLedger;
      readonly reached: readonly { readonly start: Instant; readonly end: Instant }[];
    },
  ) {
    this.#database = database;
    this.until = given.until;
    this.#from = given.from;
    this.#ledger = given.ledger;
    this.#reached = given.reached;
  }

  /** The stretch that holds `at`; null where no checkpoint stands behind it, so that it reaches up to now. */
  static open(database: OpenDatabase, pool: PastPool, at: Instant): PoolPast | null {
    const { poolId, schedule } = pool;
    const next = storedCheckpoints(database, poolId).find((stored) => stored.at > at);
    if (!next) return null;
    const until = instant(next.at - 1);
    const ledger = openLedger({
      poolId,
      schedule,
      from: at,
      checkpointUntil: (upTo) => checkpointUntil(database, pool, upTo),
      linesSince: (since) => linesUntil(database, pool, { since, until }),
      locate: (id) => whenLineCounts(database, poolId, id),
    });
    const reached: { readonly start: Instant; readonly end: Instant }[] = [];
    for (const line of correctionsSince(database, pool, ledger.base?.at ?? null)) {
      if (line.kind !== 'correction' || line.linkedId !== null || line.credits >= 0) continue;
      if (keyOf(line).at > until) reached.push({ start: schedule.periodAt(line.spentAt).start, end: line.spentAt });
    }
    return new PoolPast(database, {
      until,
      from: ledger.base?.since ?? instant(Number.MIN_SAFE_INTEGER),
      ledger,
      reached,
    });
  }

  holds(at: Instant): boolean {
    return at >= this.#from && at <= this.until;
  }

  /** The pool at an instant that it holds. Never kept by the caller. */
  stateAt(asOf: Instant): PoolState {
    return this.#ledger.stateAt(asOf);
  }

  /** A spend that began at an instant that it holds, as it stands now; null where something later may have changed it. */
  spend(id: string, at: Instant, clock: Clock): SpendState | null {
    if (this.#reached.some(({ start, end }) => at >= start && at <= end) || this.#isSpokenOfLater(id)) return null;
    const now = clock();
    if (this.#ended?.now !== now) {
      // Behind a clock that was set back lie lines that have not happened yet.
      const until = endOfInstant(now < this.until ? now : this.until);
      const state = this.#ledger.stateBefore(until, this.#ledger.lines.notYetMade(now));
      this.#ended = { now, state };
    }
    const spend = this.#ended.state.spendById.get(id, at);
    const timesOutLater = spend?.resolution === null && spend.kind === 'hold' && spend.expiresAt !== null;
    return timesOutLater ? null : (spend ?? null);
  }

  #isSpokenOfLater(id: string): boolean {
    const table = tableNamed(this.#database, 'transactions');
    if (table === undefined) return false;
    const sql = `SELECT 1 FROM ${table} WHERE deleted=0 AND "linkedId"=? AND max("occurredAt","spentAt")>? LIMIT 1`;
    return this.#database.connection.prepare(sql).get(toColumnText(id), this.until) !== undefined;
  }
}

/** Lines that count up to an instant, and happened from another one on or were made since about that time. */
function* linesUntil(
  database: OpenDatabase,
  pool: PastPool,
  { since, until }: { readonly since: Instant | null; readonly until: Instant },
): Generator<BalanceLine> {
  for (const line of readBalanceLines(database, pool.poolId, { since, until })) if (keyOf(line).at <= until) yield line;
  for (const line of correctionsSince(database, pool, since)) if (keyOf(line).at <= until) yield line;
}

/** Corrections that were made at or after an instant, of use from then on. */
function correctionsSince(database: OpenDatabase, pool: PastPool, since: Instant | null): Iterable<BalanceLine> {
  const from = since ?? Number.MIN_SAFE_INTEGER;
  // The pluses keep SQLite to the index of kinds: corrections are few, and everything else since then is not.
  const where = `"workspaceId"=? AND "kind"='correction' AND "occurredAt">=? AND +"spentAt">=? AND +"poolId"=?`;
  return readLines(database, where, [pool.workspaceId, from, from, pool.poolId]);
}
