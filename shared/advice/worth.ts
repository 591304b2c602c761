/** What credits are worth at a price that somebody published or entered: a way to compare, not a bill. */
import { divideHalfEven, type Credits } from '../kernel/credits.ts';
import { money, type Money } from '../kernel/money.ts';

/** So many credits for so much money. More than none of both. */
export interface CreditPrice {
  readonly credits: Credits;
  readonly price: Money;
}

/** The amount for some credits at a price, to the minor unit, half to even. [K2] */
export function worthOf(amount: Credits, { credits, price }: CreditPrice): Money {
  const minorUnits = divideHalfEven(BigInt(amount) * BigInt(price.minorUnits), BigInt(credits));
  return money(Number(minorUnits), price.currency);
}

/** One amount per currency, by its code: what is in different currencies is never added. */
export function summedByCurrency(amounts: Iterable<Money>): readonly Money[] {
  const sums = new Map<string, number>();
  for (const { minorUnits, currency } of amounts) sums.set(currency, (sums.get(currency) ?? 0) + minorUnits);
  return [...sums]
    .map(([currency, minorUnits]) => money(minorUnits, currency))
    .toSorted((left, right) => (left.currency < right.currency ? -1 : 1));
}
