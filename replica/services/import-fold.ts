import type { Instant } from '../../shared/kernel/instant.ts';
import { applyLine, openPool } from '../../shared/ledger/fold.ts';
import { compareKeys, countsFrom, keyOf, type LineKey } from '../../shared/ledger/line-order.ts';
import { sharesOf, type PoolState } from '../../shared/ledger/pool-state.ts';
import { scheduleOf, type AllotmentSchedule, type TermsIndex } from '../../shared/ledger/schedule.ts';
import type { Transaction } from '../../shared/ledger/transaction.ts';
import { isCountable } from './countable.ts';
import type { ImportLine, ImportPlan } from './import-plan.ts';
import { tooManyCredits } from './import-tally.ts';
import type { GiveWay } from './import-turns.ts';
import type { Pool, ReplicaState } from './replica-state.ts';

/** A pool with the lines of an import in it, as far as they have happened. */
export interface FoldedPool {
  readonly pool: Pool;
  readonly schedule: AllotmentSchedule;
  /** null when some lines are dated ahead: the pool then has to be folded as time goes by. */
  readonly state: PoolState | null;
}

export interface FoldedImport {
  /** The lines with their receipts, in the order of the file. */
  readonly lines: readonly ImportLine[];
  readonly pools: readonly FoldedPool[];
  /** The write sequence up to which the ledger was looked at. */
  readonly sequence: number;
}

/**
 * Folds every pool that an import touches once, with its new lines among the old ones, and writes down what pays for
 * each new use. What no grant pays is overage, on hard pools too: it has happened. [E6] [G3]
 * @throws ProblemError when a pool's use can no longer be counted.
 */
export async function foldImport(
  state: ReplicaState,
  plan: ImportPlan,
  options: { readonly index: TermsIndex; readonly giveWay: GiveWay },
): Promise<FoldedImport> {
  const { giveWay } = options;
  const sequence = state.database.connection.lastSequence();
  const lines: ImportLine[] = [...plan.lines];
  const placesByPool = new Map<string, number[]>();
  for (const [place, line] of lines.entries()) {
    const places = placesByPool.get(line.poolId);
    if (places) places.push(place);
    else placesByPool.set(line.poolId, [place]);
  }
  const pools: FoldedPool[] = [];
  for (const [poolId, places] of placesByPool) {
    const pool = plan.poolsById.get(poolId) ?? { id: poolId, memberId: lines[places[0] ?? 0]?.memberId ?? null };
    const keyed: Keyed[] = await bookedLines(state, { poolId, sequence, giveWay });
    for (const place of places) {
      const line = lines[place];
      if (line) keyed.push({ key: keyOf(line), line, place });
    }
    await giveWay();
    keyed.sort((left, right) => compareKeys(left.key, right.key));
    await giveWay();
    pools.push(await foldOne(pool, keyed, { ...options, lines, now: state.clock() }));
  }
  return { lines, pools, sequence };
}

interface Keyed {
  readonly key: LineKey;
  readonly line: Transaction;
  /** Where the new line stands among those of the import; null for one that was there. */
  readonly place: number | null;
}

async function foldOne(
  pool: Pool,
  keyed: readonly Keyed[],
  options: {
    readonly index: TermsIndex;
    readonly giveWay: GiveWay;
    readonly lines: ImportLine[];
    readonly now: Instant;
  },
): Promise<FoldedPool> {
  const { index, lines, giveWay, now } = options;
  const schedule = scheduleOf(index, pool.id, pool.memberId);
  const first = keyed[0]?.key.at ?? schedule.opensAt;
  const opensAt = first < schedule.opensAt ? first : schedule.opensAt;
  const state = openPool({ poolId: pool.id, schedule, opensAt, from: opensAt });
  let aheadOfNow = false;
  for (const [count, { key, line, place }] of keyed.entries()) {
    if (count % linesPerTurn === 0) await giveWay();
    applyLine(state, line, key);
    aheadOfNow ||= countsFrom(line) > now;
    if (place === null || line.kind !== 'usage') continue;
    const spend = state.spendById.get(line.id);
    if (spend) lines[place] = { ...line, receipt: sharesOf(spend) };
  }
  if (!isCountable(state)) throw tooManyCredits();
  return { pool, schedule, state: aheadOfNow ? null : state };
}

/** All lines of a pool up to a write sequence, in pages by key. */
async function bookedLines(
  state: ReplicaState,
  { poolId, sequence, giveWay }: { readonly poolId: string; readonly sequence: number; readonly giveWay: GiveWay },
): Promise<Keyed[]> {
  const keyed: Keyed[] = [];
  let last: readonly [number, string] = [Number.MIN_SAFE_INTEGER, ''];
  for (;;) {
    const page = state.linesWhere(
      '"poolId"=? AND ("occurredAt",id)>(?,?) AND sequence<=? ORDER BY "occurredAt",id LIMIT ?',
      [poolId, ...last, sequence, pageLines],
    );
    for (const line of page) keyed.push({ key: keyOf(line), line, place: null });
    const end = page.at(-1);
    if (!end) return keyed;
    last = [end.occurredAt, end.id];
    await giveWay();
  }
}

const linesPerTurn = 500;
const pageLines = 2000;
