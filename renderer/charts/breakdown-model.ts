// Ranked rows of use, as the replica folds them for a glance: the five largest, the rest together, and what is nobody's.
import type { BreakdownRow } from '../../shared/bridge/views.ts';
import type { Credits } from '../../shared/kernel/credits.ts';

export interface RankedRow {
  readonly key: string;
  readonly kind: 'item' | 'others' | 'unattributed';
  /** The id of an item; null for the two kinds that stand for no single one. */
  readonly id: string | null;
  readonly name: string;
  readonly credits: Credits;
  readonly transactions: number;
}

/** The id under which the replica puts the rows after the fifth together. [A3] */
const othersId = 'others';

/** Says of each row what it stands for; the order is the replica's. */
export function rankedRows(rows: readonly BreakdownRow[]): readonly RankedRow[] {
  return rows.map((row) => {
    const kind = row.id === null ? 'unattributed' : row.id === othersId ? 'others' : 'item';
    return { ...row, kind, key: kind === 'item' ? `item/${row.id ?? ''}` : kind, id: kind === 'item' ? row.id : null };
  });
}

/** A row's part of the total, 0 to 1; a row that gives back counts as none. */
export function shareOf(row: Pick<RankedRow, 'credits'>, total: Credits): number {
  return total > 0 && row.credits > 0 ? row.credits / total : 0;
}
