import { assert } from './assert.ts';

/** An amount of money in the currency's minor unit (cents, yen) with its ISO 4217 code. [K2] */
export interface Money {
  readonly minorUnits: number;
  readonly currency: string;
}

/** Makes an amount; a fraction of a minor unit or a malformed currency code is a bug. */
export function money(minorUnits: number, currency: string): Money {
  assert(Number.isSafeInteger(minorUnits), `Not an exact count of minor units: ${minorUnits}`);
  assert(/^[A-Z]{3}$/.test(currency), `Not an ISO 4217 currency code: ${currency}`);
  return { minorUnits, currency };
}
