import { credits, sum, type Credits } from '../kernel/credits.ts';
import { compareText } from '../kernel/id.ts';

/** Use of one feature, team or person in a span of time. */
export interface UseRow {
  /** null is use without a person or team: *unattributed*. */
  readonly id: string | null;
  readonly name: string;
  readonly credits: Credits;
  /** How many uses. */
  readonly transactions: number;
}

export const othersId = 'others';
const shownMax = 5;

/** Most credits first, ties by name; rows always add up to the total. [A3] */
export function ranked(rows: readonly UseRow[]): readonly UseRow[] {
  return rows.toSorted(
    (left, right) =>
      right.credits - left.credits ||
      compareText(left.name.toLowerCase(), right.name.toLowerCase()) ||
      compareText(left.id ?? '', right.id ?? ''),
  );
}

/** The five largest and the rest in *Others*; no *Others* when there are five or fewer. [A3] */
export function topFive(rows: readonly UseRow[]): readonly UseRow[] {
  const all = ranked(rows);
  if (all.length <= shownMax) return all;
  const rest = all.slice(shownMax);
  const others: UseRow = {
    id: othersId,
    name: 'Others',
    credits: sum(rest.map((row) => row.credits)),
    transactions: rest.reduce((total, row) => total + row.transactions, 0),
  };
  return [...all.slice(0, shownMax), others];
}

/** What all rows add up to. */
export function totalOf(rows: readonly UseRow[]): Credits {
  return credits(rows.reduce((total, row) => total + row.credits, 0));
}
