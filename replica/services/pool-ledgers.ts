import { instant, type Clock, type Instant } from '../../shared/kernel/instant.ts';
import type { PoolCheckpoint } from '../../shared/ledger/checkpoint.ts';
import { holdsUntil, openLedger } from '../../shared/ledger/open-ledger.ts';
import type { Locate, PoolLedger } from '../../shared/ledger/pool-ledger.ts';
import { scheduleOf, type AllotmentSchedule, type TermsIndex } from '../../shared/ledger/schedule.ts';
import type { Transaction } from '../../shared/ledger/transaction.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { readBalanceLines, readLines, whenLineCounts } from '../database/stored-rows.ts';
import { checkpointUntil, keepCheckpoints, storedCheckpoints } from '../projections/pool-balances.ts';
import { PoolPast } from './pool-past.ts';
import type { FoldedElsewhere, Pool } from './replica-state.ts';

/**
 * The ledgers of pools that have been asked for, each with no more lines than what was asked of it needs. All of it is a
 * cache of the file. Who asks names the earliest instant that the question is about, and gets a ledger that reaches back
 * so far; a ledger that was opened for less is opened anew.
 */
export class PoolLedgers {
  readonly #database: OpenDatabase;
  readonly #clock: Clock;
  readonly #pace: CheckpointPace;
  readonly #opened = new Map<string, OpenedPool>();
  /** By pool, the one that was asked for last at the end. */
  readonly #pasts = new Map<string, PoolPast>();
  readonly #drifts = new Map<string, readonly Instant[]>();

  constructor(database: OpenDatabase, clock: Clock, pace: CheckpointPace = usualPace) {
    this.#database = database;
    this.#clock = clock;
    this.#pace = pace;
  }

  /** The ledger of a pool with every line that is booked, to be asked about `from` and later instants. */
  of(pool: Pool, from: Instant, terms: { readonly workspaceId: string; readonly index: TermsIndex }): PoolLedger {
    const known = this.#opened.get(pool.id);
    if (known?.ledger.covers(from) && !this.#isOutgrown(known, from)) return known.ledger;
    const schedule = known?.ledger.schedule ?? scheduleOf(terms.index, pool.id, pool.memberId);
    const opened = this.#open(pool.id, schedule, from);
    this.#opened.set(pool.id, { ...opened, workspaceId: terms.workspaceId, memberId: pool.memberId });
    return opened.ledger;
  }

  /**
   * The stretch of the past that holds an instant; null where the ledger that is open, or has to be opened, reaches back
   * so far anyway.
   */
  past(pool: Pool, at: Instant, terms: { readonly workspaceId: string; readonly index: TermsIndex }): PoolPast | null {
    if (this.#opened.get(pool.id)?.ledger.covers(at)) return null;
    const known = this.#pasts.get(pool.id);
    this.#pasts.delete(pool.id);
    const schedule = this.scheduleOf(pool.id) ?? scheduleOf(terms.index, pool.id, pool.memberId);
    const { workspaceId } = terms;
    const past = known?.holds(at)
      ? known
      : PoolPast.open(this.#database, { workspaceId, poolId: pool.id, schedule }, at);
    if (!past) return null;
    this.#pasts.set(pool.id, past);
    const [oldest] = this.#pasts.keys();
    if (this.#pasts.size > pastsMax && oldest !== undefined) this.#pasts.delete(oldest);
    return past;
  }

  /** Up to when corrections of a pool take from its latest uses. */
  driftsIn({ workspaceId, poolId }: Pick<Transaction, 'workspaceId' | 'poolId'>): readonly Instant[] {
    const known = this.#drifts.get(poolId);
    if (known) return known;
    const where = `"workspaceId"=? AND "kind"='correction' AND +"poolId"=? AND +"linkedId"=''`;
    const corrections = readLines(this.#database, where, [workspaceId, poolId]);
    const drifts = [...corrections].flatMap((line) =>
      line.kind === 'correction' && line.credits < 0 ? [line.spentAt] : [],
    );
    this.#drifts.set(poolId, drifts);
    return drifts;
  }

  scheduleOf(poolId: string): AllotmentSchedule | undefined {
    return this.#opened.get(poolId)?.ledger.schedule;
  }

  /** Adds a line that has been written. */
  add(line: Transaction): void {
    if (line.kind === 'correction') this.#drifts.delete(line.poolId);
    const past = this.#pasts.get(line.poolId);
    if (past && ('linkedId' in line || holdsUntil(line) <= past.until)) this.#pasts.delete(line.poolId);
    const known = this.#opened.get(line.poolId);
    if (!known) return;
    if (known.ledger.canTake(line, this.locateIn(line.poolId))) known.ledger.add([line]);
    else this.#opened.delete(line.poolId);
  }

  /**
   * Takes over a ledger that was put together elsewhere, of everything that is booked at this moment; null forgets what
   * is kept of the pool.
   */
  adopt(workspaceId: string, { pool, ledger }: FoldedElsewhere): void {
    this.#opened.delete(pool.id);
    this.#pasts.delete(pool.id);
    this.#drifts.delete(pool.id);
    if (!ledger) return;
    const latest = this.#keep(ledger);
    if (latest !== null && ledger.lines.size > this.#pace.linesHeldMax) return;
    const { id, memberId } = pool;
    this.#opened.set(id, { workspaceId, memberId, ...asOpened(ledger, { latest, now: this.#clock() }) });
  }

  /** Forgets pools of a workspace whose allotments follow from what was changed. */
  forget(workspaceId: string, which: 'all' | 'of-members'): void {
    this.#pasts.clear();
    for (const [poolId, known] of this.#opened) {
      if (known.workspaceId === workspaceId && (which === 'all' || known.memberId !== null)) {
        this.#opened.delete(poolId);
      }
    }
  }

  clear(): void {
    this.#pasts.clear();
    this.#drifts.clear();
    this.#opened.clear();
  }

  /** The latest checkpoint of a pool that holds at this moment and answers about `from`; null where there is none. */
  baseFor(poolId: string, schedule: AllotmentSchedule, from: Instant): PoolCheckpoint | null {
    for (let until = from; ;) {
      const base = checkpointUntil(this.#database, { poolId, schedule }, until);
      if (base === null || base.since <= from) return base;
      until = instant(base.at - 1);
    }
  }

  locateIn(poolId: string): Locate {
    return (id) => whenLineCounts(this.#database, poolId, id);
  }

  /** Reads, folds and leaves checkpoints behind, all in one go: no write comes in between. */
  #open(poolId: string, schedule: AllotmentSchedule, from: Instant): OpenedLedger {
    const ledger = this.#read(poolId, schedule, from);
    const latest = ledger.lines.size < this.#pace.linesWorthIt ? null : this.#keep(ledger);
    const now = this.#clock();
    // Of a fold of many lines little is needed any more.
    const isMuch = ledger.lines.size > this.#pace.linesHeldMax && latest !== null && latest <= from;
    return isMuch ? asOpened(this.#read(poolId, schedule, from), { latest, now }) : asOpened(ledger, { latest, now });
  }

  #read(poolId: string, schedule: AllotmentSchedule, from: Instant): PoolLedger {
    const database = this.#database;
    return openLedger({
      poolId,
      schedule,
      from,
      checkpointUntil: (at) => checkpointUntil(database, { poolId, schedule }, at),
      linesSince: (since) => readBalanceLines(database, poolId, { since }),
      locate: this.locateIn(poolId),
    });
  }

  /** Leaves checkpoints of a ledger behind. Answers from when on the latest one can be asked. */
  #keep(ledger: PoolLedger): Instant | null {
    const { poolId, schedule, lines } = ledger;
    const now = this.#clock();
    const linesBefore = ledger.base?.lines ?? 0;
    const stored = storedCheckpoints(this.#database, poolId);
    const count = lines.countBefore(instant(now + 1));
    const made: PoolCheckpoint[] = [];
    for (const { lines: wanted, tolerance } of stopsOf(count, this.#pace)) {
      if (stored.some((known) => Math.abs(known.lines - linesBefore - wanted) <= tolerance)) continue;
      const at = wanted === count ? now : lines.instantAfter(wanted);
      const checkpoint = at === null ? null : ledger.checkpointAt(at, now);
      if (checkpoint) made.push(checkpoint);
    }
    keepCheckpoints(this.#database, { poolId, schedule }, made);
    return made.at(-1)?.since ?? stored.at(-1)?.at ?? null;
  }

  /** Whether a ledger has grown, or was opened for an old question that nobody has asked again for a while. */
  #isOutgrown(known: OpenedPool, from: Instant): boolean {
    const now = this.#clock();
    if (known.ledger.lines.size - known.linesThen >= this.#pace.linesGrownMax) return true;
    if (known.latest === null || from < known.latest) known.neededAt = now;
    return known.ledger.lines.size > this.#pace.linesHeldMax && now - known.neededAt > heldMs;
  }
}

interface OpenedLedger {
  readonly ledger: PoolLedger;
  /** How many lines it had when it was opened. */
  readonly linesThen: number;
  /** From when on a ledger with fewer lines would do. */
  readonly latest: Instant | null;
  /** When that would last not have done. */
  neededAt: Instant;
}

interface OpenedPool extends OpenedLedger {
  readonly workspaceId: string;
  readonly memberId: string | null;
}

function asOpened(
  ledger: PoolLedger,
  { latest, now }: { readonly latest: Instant | null; readonly now: Instant },
): OpenedLedger {
  return { ledger, linesThen: ledger.lines.size, latest, neededAt: now };
}

/**
 * After how many of `count` lines checkpoints are wanted, the first one first, and how far from there one that is there
 * already may lie.
 */
function stopsOf(
  count: number,
  { linesBetween, linesBeforeEnd }: CheckpointPace,
): readonly { readonly lines: number; readonly tolerance: number }[] {
  const atEnd = linesBeforeEnd.filter((fromEnd) => fromEnd < count);
  const first = count - (atEnd[0] ?? 0);
  const onTheWay = Array.from({ length: Math.floor(count / linesBetween) }, (_, place) => (place + 1) * linesBetween);
  return [
    ...onTheWay.filter((lines) => lines < first).map((lines) => ({ lines, tolerance: linesBetween / 5 })),
    ...atEnd.map((fromEnd) => ({ lines: count - fromEnd, tolerance: fromEnd / 2 })),
  ];
}

/** How often checkpoints are left behind. It decides what an answer costs, and nothing else. */
export interface CheckpointPace {
  /** A ledger with fewer lines is read in a blink. */
  readonly linesWorthIt: number;
  /** From one checkpoint to the next. */
  readonly linesBetween: number;
  /** And some at the end, the furthest first, since most of what comes late comes soon. */
  readonly linesBeforeEnd: readonly number[];
  /** A ledger with more lines is opened anew as soon as fewer will do. */
  readonly linesHeldMax: number;
  /** So is one that has grown by so many. */
  readonly linesGrownMax: number;
}

const usualPace: CheckpointPace = {
  linesWorthIt: 250,
  linesBetween: 1_000,
  linesBeforeEnd: [500, 100, 0],
  linesHeldMax: 60_000,
  linesGrownMax: 10_000,
};
const heldMs = 60_000;
const pastsMax = 16;
