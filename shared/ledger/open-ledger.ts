import { instant, type Instant } from '../kernel/instant.ts';
import type { PoolCheckpoint } from './checkpoint.ts';
import { keyOf } from './line-order.ts';
import { PoolLedger, type Locate } from './pool-ledger.ts';
import type { AllotmentSchedule } from './schedule.ts';
import type { BalanceLine } from './transaction.ts';

/**
 * Opens the ledger of a pool with no more lines than a question needs: from the latest checkpoint that lies before
 * everything that the question, and the lines since, speak of. The ledger is right whichever checkpoints there are;
 * without any it takes all lines. [G5]
 */
export function openLedger(given: {
  readonly poolId: string;
  readonly schedule: AllotmentSchedule;
  /** What is asked about: this instant and later ones, and spends from then on. */
  readonly from: Instant;
  /** The latest checkpoint at or before an instant that holds under the schedule and for the lines. */
  readonly checkpointUntil: (at: Instant) => PoolCheckpoint | null;
  /** Every line of the pool that happened from an instant on, or that happened at all; in any order. */
  readonly linesSince: (at: Instant | null) => Iterable<BalanceLine>;
  readonly locate: Locate;
}): PoolLedger {
  const { poolId, schedule, from, linesSince, locate } = given;
  let base = given.checkpointUntil(from);
  while (base !== null) {
    let earlier = instant(base.at - 1);
    if (base.since <= from) {
      const ledger = new PoolLedger({ poolId, schedule, base });
      ledger.add(countingFrom(base.at, linesSince(base.at)));
      const back = ledger.reachesBack(locate);
      if (back === null) return ledger;
      if (back < earlier) earlier = back;
    }
    base = given.checkpointUntil(earlier);
  }
  const ledger = new PoolLedger({ poolId, schedule });
  ledger.add(linesSince(null));
  return ledger;
}

/**
 * A checkpoint holds as long as no line comes, or goes, that happened or counts before it: one at this instant, or
 * earlier, does not know the line, and reads it with what came after.
 */
export function holdsUntil(line: BalanceLine): Instant {
  const { at } = keyOf(line);
  return at < line.occurredAt ? at : line.occurredAt;
}

function* countingFrom(at: Instant, lines: Iterable<BalanceLine>): Generator<BalanceLine> {
  for (const line of lines) if (keyOf(line).at >= at) yield line;
}
