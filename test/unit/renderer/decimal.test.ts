import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainDecimal } from '../../../renderer/ui/decimal.ts';

describe('figures as people type them', () => {
  it.each([
    ['1,500', 'en', '1500'],
    ['1,500.25', 'en', '1500.25'],
    ['12,345,678', 'en', '12345678'],
    ['1.500', 'de', '1500'],
    ['1.500,25', 'de', '1500.25'],
    ['1,5', 'de', '1.5'],
    ['1 500,25', 'fr', '1500.25'],
    ['1\u202f500,25', 'fr', '1500.25'],
    ['1’500.25', 'de-CH', '1500.25'],
    ['-1,500', 'en', '-1500'],
    [' 42 ', 'en', '42'],
  ])('reads %j in %s as %s', (typed, locale, expected) => {
    expect(plainDecimal(typed, locale)).toBe(expected);
  });

  it('takes a point that groups nothing for a decimal point everywhere', () => {
    expect(plainDecimal('1.5', 'de')).toBe('1.5');
    expect(plainDecimal('0.25', 'fr')).toBe('0.25');
  });

  it('leaves what is no figure as it was typed', () => {
    expect(plainDecimal('abc', 'en')).toBe('abc');
    expect(plainDecimal('1,5', 'en')).toBe('1,5');
    expect(plainDecimal('1,50,0', 'en')).toBe('1,50,0');
  });

  it('reads back every whole figure as its locale writes it', () => {
    const locales = fc.constantFrom('en', 'de', 'fr', 'sv', 'pt-BR', 'de-CH', 'it', 'pl');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000_000_000 }), locales, (whole, locale) => {
        expect(plainDecimal(new Intl.NumberFormat(locale).format(whole), locale)).toBe(String(whole));
      }),
    );
  });
});
