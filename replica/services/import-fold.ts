import { instant } from '../../shared/kernel/instant.ts';
import { compareKeys, keyOf } from '../../shared/ledger/line-order.ts';
import { holdsUntil } from '../../shared/ledger/open-ledger.ts';
import { PoolLedger } from '../../shared/ledger/pool-ledger.ts';
import { justAfter } from '../../shared/ledger/pool-lines.ts';
import { scheduleOf, type AllotmentSchedule, type TermsIndex } from '../../shared/ledger/schedule.ts';
import { sharesOf } from '../../shared/ledger/spends.ts';
import { isCountable } from './countable.ts';
import type { ImportLine, ImportPlan } from './import-plan.ts';
import { tooManyCredits } from './import-tally.ts';
import type { GiveWay } from './import-turns.ts';
import type { Pool, ReplicaState } from './replica-state.ts';

/** A pool with the lines of an import in its ledger. */
export interface FoldedPool {
  readonly pool: Pool;
  readonly ledger: PoolLedger;
}

export interface FoldedImport {
  /** The lines with their receipts, in the order of the file. */
  readonly lines: readonly ImportLine[];
  readonly pools: readonly FoldedPool[];
  /** The write sequence up to which the ledger was looked at. */
  readonly sequence: number;
  /** How often lines had been rewritten by then. */
  readonly rewritten: number;
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
  const { rewritten } = state;
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
    const schedule = scheduleOf(options.index, pool.id, pool.memberId);
    const own = places.flatMap((place) => lines[place] ?? []);
    const ledger = await bookedLedger(state, { poolId, schedule }, { own, sequence, giveWay });
    const last = own.reduce((latest, line) => Math.max(latest, line.occurredAt), Number(state.clock()));
    const total = own.reduce((sum: number, line) => sum + Math.abs(line.credits), 0);
    if (!isCountable(ledger.stateAt(instant(last)), total)) throw tooManyCredits();
    for (let start = 0; start < own.length; start += linesPerTurn) {
      await giveWay();
      ledger.add(own.slice(start, start + linesPerTurn));
    }
    await writeReceipts(ledger, { lines, places, giveWay });
    pools.push({ pool, ledger });
  }
  return { lines, pools, sequence, rewritten };
}

/** Writes down what pays for each new use when it comes to it, in the order in which lines count. */
async function writeReceipts(
  ledger: PoolLedger,
  given: { readonly lines: ImportLine[]; readonly places: readonly number[]; readonly giveWay: GiveWay },
): Promise<void> {
  const { lines, giveWay } = given;
  const keyed = given.places.flatMap((place) => {
    const line = lines[place];
    return line?.kind === 'usage' ? [{ key: keyOf(line), line, place }] : [];
  });
  await giveWay();
  keyed.sort((left, right) => compareKeys(left.key, right.key));
  for (const [count, { key, line, place }] of keyed.entries()) {
    if (count % linesPerTurn === 0) await giveWay();
    const spend = ledger.stateAt(key.at, justAfter(key)).spendById.get(line.id, key.at);
    if (spend) lines[place] = { ...line, receipt: sharesOf(spend) };
  }
}

/**
 * The ledger of a pool with what is booked up to a write sequence, and reaching back to everything that an import's own
 * lines speak of.
 */
async function bookedLedger(
  state: ReplicaState,
  pool: { readonly poolId: string; readonly schedule: AllotmentSchedule },
  given: { readonly own: readonly ImportLine[]; readonly sequence: number; readonly giveWay: GiveWay },
): Promise<PoolLedger> {
  const { poolId, schedule } = pool;
  const now: number = state.clock();
  const from = given.own.reduce((first, line) => Math.min(first, holdsUntil(line), spentAtOf(line)), now);
  const base = state.pools.baseFor(poolId, schedule, instant(from));
  const ledger = new PoolLedger({ poolId, schedule, base });
  await addBooked(state, ledger, given);
  if (ledger.reachesBack(state.pools.locateIn(poolId)) === null) return ledger;
  const whole = new PoolLedger({ poolId, schedule });
  await addBooked(state, whole, given);
  return whole;
}

function spentAtOf(line: ImportLine): number {
  return line.kind === 'usage' ? line.occurredAt : line.spentAt;
}

/** Adds all lines of a pool up to a write sequence, in pages by key. */
export async function addBooked(
  state: ReplicaState,
  ledger: PoolLedger,
  { sequence, giveWay }: { readonly sequence: number; readonly giveWay: GiveWay },
): Promise<void> {
  const since = ledger.base?.at ?? Number.MIN_SAFE_INTEGER;
  let last: readonly [number, string] = [since, ''];
  for (;;) {
    const page = state.linesWhere(
      '"poolId"=? AND ("occurredAt",id)>(?,?) AND sequence<=? ORDER BY "occurredAt",id LIMIT ?',
      [ledger.poolId, ...last, sequence, pageLines],
    );
    ledger.add(page.filter((line) => keyOf(line).at >= since));
    const end = page.at(-1);
    if (!end) return;
    last = [end.occurredAt, end.id];
    await giveWay();
  }
}

const linesPerTurn = 500;
const pageLines = 2000;
