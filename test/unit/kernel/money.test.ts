import { expect, it } from 'vitest';
import { AssertionError } from '../../../shared/kernel/assert.ts';
import { money } from '../../../shared/kernel/money.ts';

it('[K2] money is a count of minor units and a currency code', () => {
  expect(money(2_000, 'USD')).toEqual({ minorUnits: 2_000, currency: 'USD' });
  expect(money(0, 'JPY')).toEqual({ minorUnits: 0, currency: 'JPY' });
  expect(money(-150, 'EUR')).toEqual({ minorUnits: -150, currency: 'EUR' });
});

it.each([
  [19.99, 'USD'],
  [Number.NaN, 'USD'],
  [Number.MAX_SAFE_INTEGER + 1, 'USD'],
  [100, 'usd'],
  [100, 'US'],
  [100, '$'],
  [100, ''],
])('[K2] %d %s is a bug', (minorUnits, currency) => {
  expect(() => money(minorUnits, currency)).toThrow(AssertionError);
});
