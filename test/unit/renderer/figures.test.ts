import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { credits, formatDecimal, quantity, wholeCredits } from '../../../shared/kernel/credits.ts';
import { instant } from '../../../shared/kernel/instant.ts';
import { money } from '../../../shared/kernel/money.ts';
import {
  formatChance,
  formatCredits,
  formatCreditsWithUnit,
  formatDay,
  formatDayRange,
  formatEstimate,
  formatMoment,
  formatMoney,
  formatQuantity,
  formatShare,
  formatSignedCredits,
} from '../../../renderer/ui/figures.tsx';

describe('figures as a person reads them', () => {
  it('[K1] shows credits exactly, grouped, without trailing zeros', () => {
    expect(formatCredits(credits(175_767_637_000), 'en')).toBe('175,767.637');
    expect(formatCredits(wholeCredits(2_500), 'de')).toBe('2.500');
    expect(formatCredits(credits(-1_500_000), 'en')).toBe('-1.5');
    expect(formatCredits(credits(9_007_199_254_740_991), 'en')).toBe('9,007,199,254.740991');
  });

  it('[K1] loses no digit of any figure', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (micro) => {
        const value = credits(micro);
        expect(formatCredits(value, 'en').replaceAll(',', '')).toBe(formatDecimal(value));
      }),
    );
  });

  it('never calls an estimated chance certain', () => {
    expect(formatChance(0, 'en')).toBe('<1%');
    expect(formatChance(0.42, 'en')).toBe('42%');
    expect(formatChance(1, 'en')).toBe('>99%');
  });

  it('writes a range of days once where it is one day', () => {
    const [morning, evening] = [instant(Date.UTC(2026, 10, 20, 6)), instant(Date.UTC(2026, 10, 20, 18))];
    expect(formatDayRange(morning, evening, 'Europe/Berlin', 'en-GB')).toBe('20 Nov 2026');
    const later = instant(Date.UTC(2026, 10, 28, 23, 30));
    expect(formatDayRange(evening, later, 'Europe/Berlin', 'en-GB').replaceAll(/\s/g, ' ')).toBe('20 – 29 Nov 2026');
  });

  it('tells a plus from a minus, and nothing from either', () => {
    expect(formatSignedCredits(wholeCredits(5), 'en')).toBe('+5');
    expect(formatSignedCredits(wholeCredits(-5), 'en')).toBe('-5');
    expect(formatSignedCredits(wholeCredits(0), 'en')).toBe('0');
  });

  it('counts units in words', () => {
    expect(formatCreditsWithUnit(wholeCredits(1), 'en')).toBe('1 credit');
    expect(formatCreditsWithUnit(credits(500_000), 'en')).toBe('0.5 credits');
    expect(formatQuantity(quantity(1_000_000), 'slide', 'en')).toBe('1 slide');
    expect(formatQuantity(quantity(2_500_000), 'slide', 'en')).toBe('2.5 slides');
    expect(formatQuantity(quantity(3_000_000), 'query', 'en')).toBe('3 queries');
    expect(formatQuantity(quantity(3_000_000), null, 'en')).toBe('3');
  });

  it('keeps an estimate to three digits', () => {
    expect(formatEstimate(12_345.6, 'en')).toBe('12,300');
    expect(formatEstimate(4.567, 'en')).toBe('4.57');
    expect(formatEstimate(Number.NaN, 'en')).toBe('–');
  });

  it('never rounds a share to none or all', () => {
    expect(formatShare(0, 'en')).toBe('0%');
    expect(formatShare(0.001, 'en')).toBe('<1%');
    expect(formatShare(0.5, 'en')).toBe('50%');
    expect(formatShare(0.999, 'en')).toBe('>99%');
    expect(formatShare(1, 'en')).toBe('100%');
  });

  it('[K2] shows money in the minor units of its currency', () => {
    expect(formatMoney(money(2_050, 'USD'), 'en')).toBe('$20.50');
    expect(formatMoney(money(300, 'JPY'), 'en')).toBe('¥300');
  });

  it('[K3] shows a moment in the zone it is asked for, and a date as the same day in every zone', () => {
    const at = instant(Date.UTC(2026, 2, 1, 23, 30));
    expect(formatMoment(at, 'UTC', 'en-GB')).toBe('1 Mar 2026, 23:30');
    expect(formatMoment(at, 'Europe/Berlin', 'en-GB')).toBe('2 Mar 2026, 00:30');
    expect(formatDay('2026-03-01', 'en-GB')).toBe('1 Mar 2026');
  });
});
