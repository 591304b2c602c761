// Ranked rows of use, folded for a glance: the five largest, the rest together, and what belongs to nobody.
import type { BreakdownRow } from '../../shared/bridge/views.ts';
import { noCredits, sum, type Credits } from '../../shared/kernel/credits.ts';
import { compareText } from '../../shared/kernel/id.ts';

export interface RankedRow {
  readonly key: string;
  readonly kind: 'item' | 'others' | 'unattributed';
  /** The id of an item; null for the two kinds that stand for no single one. */
  readonly id: string | null;
  readonly name: string;
  /** How many rows are folded into *Others*. */
  readonly folded: number;
  readonly credits: Credits;
  readonly transactions: number;
}

/**
 * The `top` largest rows, ties by name, then *Others*, then *unattributed* as a row of its own; without *Others* when
 * everything fits. The rows always add up to the total. [A3]
 */
export function foldRows(rows: readonly BreakdownRow[], top = 5): readonly RankedRow[] {
  const items = rows
    .filter((row) => row.id !== null)
    .toSorted((left, right) => right.credits - left.credits || compareText(left.name, right.name));
  const shown = items.slice(0, top).map(
    (row): RankedRow => ({ key: `item/${row.id ?? ''}`, kind: 'item', folded: 0, ...row }),
  );
  const rest = items.slice(top);
  const nobody = rows.filter((row) => row.id === null);
  return [
    ...shown,
    ...(rest.length > 0 ? [together('others', rest)] : []),
    ...(nobody.length > 0 ? [together('unattributed', nobody)] : []),
  ];
}

/** A row's part of the total, 0 to 1; a row that gives back counts as none. */
export function shareOf(row: Pick<RankedRow, 'credits'>, total: Credits): number {
  return total > 0 && row.credits > 0 ? row.credits / total : 0;
}

function together(kind: 'others' | 'unattributed', rows: readonly BreakdownRow[]): RankedRow {
  return {
    key: kind,
    kind,
    id: null,
    name: kind,
    folded: rows.length,
    credits: rows.length === 0 ? noCredits : sum(rows.map((row) => row.credits)),
    transactions: rows.reduce((count, row) => count + row.transactions, 0),
  };
}
