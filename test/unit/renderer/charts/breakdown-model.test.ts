import { describe, expect, it } from 'vitest';
import { rankedRows, shareOf } from '../../../../renderer/charts/breakdown-model.ts';
import { othersId, topFive, type UseRow } from '../../../../shared/analytics/breakdown.ts';
import { noCredits, sum, wholeCredits } from '../../../../shared/kernel/credits.ts';

function row(id: string | null, amount: number): UseRow {
  return { id, name: id ?? 'Unattributed', credits: wholeCredits(amount), transactions: 1 };
}

describe('rankedRows', () => {
  it('[A3] knows *Others* and *unattributed* from items, and keeps order and total', () => {
    const rows = [row('a', 9), row('b', 8), row(null, 7), row('c', 6), row('d', 5), row('e', 4), row('f', 3)];
    const ranked = rankedRows(topFive(rows));
    expect(ranked.map((item) => [item.kind, item.id])).toEqual([
      ['item', 'a'],
      ['item', 'b'],
      ['unattributed', null],
      ['item', 'c'],
      ['item', 'd'],
      ['others', null],
    ]);
    expect(sum(ranked.map((item) => item.credits))).toBe(wholeCredits(42));
    expect(new Set(ranked.map((item) => item.key)).size).toBe(ranked.length);
  });

  it('agrees with the analytics on the id of *Others*', () => {
    expect(rankedRows([row(othersId, 1)])[0]?.kind).toBe('others');
  });
});

describe('shareOf', () => {
  it('is never negative nor more than there is a total for', () => {
    expect(shareOf({ credits: wholeCredits(1) }, wholeCredits(4))).toBe(0.25);
    expect(shareOf({ credits: wholeCredits(-1) }, wholeCredits(4))).toBe(0);
    expect(shareOf({ credits: wholeCredits(1) }, noCredits)).toBe(0);
  });
});
