import { compareText } from '../kernel/id.ts';
import { later, type Instant } from '../kernel/instant.ts';
import type { BalanceLine, Void } from './transaction.ts';

/** The place of a line among all lines of its pool. [K7] */
export interface LineKey {
  readonly at: Instant;
  readonly rank: number;
  readonly id: string;
}

/**
 * Where a line counts. At one instant grants come first, then voids of grants, then spends, each followed by what is
 * added to it and by the void that takes it back from there on, then settlements, then what gives back to a use of its
 * own, then what gives back to the latest uses, which must see what is left of them; equal instants of one rank are
 * ordered by id. A correction that adds use counts when that use happened; what gives back counts when it was given
 * back. [L1] [L3]
 */
export function keyOf(line: BalanceLine): LineKey {
  switch (line.kind) {
    case 'grant':
      return { at: line.occurredAt, rank: 0, id: line.id };
    case 'usage':
    case 'hold':
      return { at: line.occurredAt, rank: 2, id: line.id };
    case 'capture':
    case 'release':
      return { at: later(line.occurredAt, line.spentAt), rank: 3, id: line.id };
    case 'refund':
      return { at: later(line.occurredAt, line.spentAt), rank: 4, id: line.id };
    case 'void':
      if (line.of === 'grant') return { at: line.occurredAt, rank: 1, id: line.id };
      // Right after the use that it takes back, so that whatever else happened at that instant finds the credits free.
      return undoes(line)
        ? { at: line.spentAt, rank: 2, id: `${line.linkedId}\u0000b${line.id}` }
        : { at: later(line.occurredAt, line.spentAt), rank: 4, id: line.id };
    case 'correction':
      return line.credits >= 0
        ? { at: line.spentAt, rank: 2, id: line.linkedId === null ? line.id : `${line.linkedId}\u0000a${line.id}` }
        : { at: later(line.occurredAt, line.spentAt), rank: line.linkedId === null ? 5 : 4, id: line.id };
  }
}

/** Whether a void takes a use back from the instant of the use on: it counts as if it had not happened. [L4] */
function undoes(line: Void): boolean {
  return line.of === 'usage' && line.occurredAt <= line.spentAt;
}

/** A total order: lines with different ids are never equal. [K7] */
export function compareKeys(left: LineKey, right: LineKey): number {
  return left.at - right.at || left.rank - right.rank || compareText(left.id, right.id);
}

/** From when on a line is part of a balance: once it has happened, and the use that it speaks of has too. */
export function countsFrom(line: BalanceLine): Instant {
  return 'spentAt' in line ? later(line.occurredAt, line.spentAt) : line.occurredAt;
}
