import { describe, expect, it } from 'vitest';
import { summedByCurrency, worthOf } from '../../../shared/advice/worth.ts';
import { credits, wholeCredits } from '../../../shared/kernel/credits.ts';
import { money } from '../../../shared/kernel/money.ts';

const starter = { credits: wholeCredits(2000), price: money(2000, 'USD') };

describe('[K2] worthOf', () => {
  it('is exact to the minor unit, half to even, for huge balances too', () => {
    expect(worthOf(wholeCredits(250), starter)).toEqual(money(250, 'USD'));
    expect(worthOf(credits(500_000), starter)).toEqual(money(0, 'USD'));
    expect(worthOf(credits(1_500_000), starter)).toEqual(money(2, 'USD'));
    expect(worthOf(wholeCredits(-30), starter)).toEqual(money(-30, 'USD'));
    expect(worthOf(wholeCredits(9_007_199_254), { credits: wholeCredits(3), price: money(7, 'JPY') })).toEqual(
      money(21_016_798_259, 'JPY'),
    );
  });
});

describe('summedByCurrency', () => {
  it('never adds what is in different currencies', () => {
    const amounts = [money(100, 'USD'), money(250, 'EUR'), money(20, 'USD')];
    expect(summedByCurrency(amounts)).toEqual([money(250, 'EUR'), money(120, 'USD')]);
    expect(summedByCurrency([])).toEqual([]);
  });
});
