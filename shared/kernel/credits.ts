import { assert } from './assert.ts';
import { err, ok, type Result } from './result.ts';

declare const creditsBrand: unique symbol;
declare const quantityBrand: unique symbol;

/** Credits as an exact integer count of micro-credits (10⁻⁶ credit), within ±9,007,199,254.740991 credits. [K1] */
export type Credits = number & { readonly [creditsBrand]: 'micro-credits' };

/** How many units of a feature, as an exact integer count of millionths of a unit. */
export type Quantity = number & { readonly [quantityBrand]: 'micro-units' };

/** Why a text is no exact figure. `at` is the offending text, for the message. */
export type DecimalProblem = { readonly code: 'not-a-number' | 'too-large'; readonly at: string };

/** A parsed figure; `rounded` says that the text had more than six places and was rounded half-even. */
export interface Parsed<Figure> {
  readonly value: Figure;
  readonly rounded: boolean;
}

export const microPerUnit = 1_000_000;

/** Brands a count of micro-credits. A fraction of a micro-credit, NaN or an unsafe integer is a bug. */
export function credits(micro: number): Credits {
  assert(Number.isSafeInteger(micro), `Not an exact count of micro-credits: ${micro}`);
  return (micro === 0 ? 0 : micro) as Credits;
}

/** Brands a count of millionths of a unit. */
export function quantity(micro: number): Quantity {
  assert(Number.isSafeInteger(micro), `Not an exact count of micro-units: ${micro}`);
  return (micro === 0 ? 0 : micro) as Quantity;
}

export const noCredits = credits(0);

export function wholeCredits(whole: number): Credits {
  return credits(whole * microPerUnit);
}

export function add(left: Credits, right: Credits): Credits {
  return credits(left + right);
}

export function subtract(left: Credits, right: Credits): Credits {
  return credits(left - right);
}

export function negate(value: Credits): Credits {
  return credits(-value);
}

export function sum(values: Iterable<Credits>): Credits {
  let total = noCredits;
  for (const value of values) total = add(total, value);
  return total;
}

export function least(left: Credits, right: Credits): Credits {
  return left <= right ? left : right;
}

export function greatest(left: Credits, right: Credits): Credits {
  return left >= right ? left : right;
}

/** Rate per unit × quantity, rounded half-even to a micro-credit; undefined when the product is out of range. [C1] */
export function multiply(rate: Credits, by: Quantity): Credits | undefined {
  const exact = divideHalfEven(BigInt(rate) * BigInt(by), BigInt(microPerUnit));
  const micro = Number(exact);
  return Number.isSafeInteger(micro) ? credits(micro) : undefined;
}

/** Reads a decimal such as `3.6300000000000003` or `1.5e3`; more than six places are rounded half-even. [K1] */
export function parseCredits(text: string): Result<Parsed<Credits>, DecimalProblem> {
  const parsed = parseMicro(text);
  return parsed.ok ? ok({ value: credits(parsed.value.value), rounded: parsed.value.rounded }) : parsed;
}

/** As `parseCredits`, for a quantity. */
export function parseQuantity(text: string): Result<Parsed<Quantity>, DecimalProblem> {
  const parsed = parseMicro(text);
  return parsed.ok ? ok({ value: quantity(parsed.value.value), rounded: parsed.value.rounded }) : parsed;
}

/** The shortest exact decimal, for files, the wire and Intl, which rounds nothing of a text: `175767.637`, `-2`, `0`. */
export function formatDecimal(value: Credits | Quantity): `${number}` {
  const sign = value < 0 ? '-' : '';
  const micro = Math.abs(value);
  const whole = Math.trunc(micro / microPerUnit);
  const places = String(micro - whole * microPerUnit)
    .padStart(6, '0')
    .replace(/0+$/, '');
  const text = places === '' ? `${sign}${whole}` : `${sign}${whole}.${places}`;
  assert(isNumeric(text), `Not a decimal: ${text}`);
  return text;
}

/** Credits as a plain number for charts and forecasts, where an estimate is enough. Never for a balance. */
export function toApproximateNumber(value: Credits): number {
  return value / microPerUnit;
}

function isNumeric(text: string): text is `${number}` {
  return /^-?\d+(?:\.\d+)?$/.test(text);
}

const decimalPattern = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$|^([+-]?)\.(\d+)(?:[eE]([+-]?\d{1,6}))?$/;
const longestText = 400;

function parseMicro(text: string): Result<Parsed<number>, DecimalProblem> {
  const trimmed = text.trim();
  const match = trimmed.length <= longestText ? decimalPattern.exec(trimmed) : null;
  if (!match) return err({ code: 'not-a-number', at: text.slice(0, 80) });
  const negative = (match[1] ?? match[5]) === '-';
  const whole = match[2] ?? '0';
  const fraction = match[3] ?? match[6] ?? '';
  const exponent = Number(match[4] ?? match[7] ?? '0');
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  if (digits === '') return ok({ value: 0, rounded: false });
  const shift = exponent - fraction.length + 6;
  if (digits.length + shift > 16) return err({ code: 'too-large', at: text.slice(0, 80) });
  const divisor = 10n ** BigInt(Math.min(Math.max(-shift, 0), longestText * 2));
  const scaled = shift >= 0 ? BigInt(digits) * 10n ** BigInt(shift) : divideHalfEven(BigInt(digits), divisor);
  const micro = Number(scaled);
  if (!Number.isSafeInteger(micro)) return err({ code: 'too-large', at: text.slice(0, 80) });
  const rounded = shift < 0 && scaled * divisor !== BigInt(digits);
  return ok({ value: negative ? -micro : micro, rounded });
}

/** Division rounded half to even, for any signs; `divisor` is positive. */
export function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n;
  const magnitude = negative ? -dividend : dividend;
  const quotient = magnitude / divisor;
  const twice = (magnitude % divisor) * 2n;
  const up = twice > divisor || (twice === divisor && quotient % 2n === 1n);
  const result = up ? quotient + 1n : quotient;
  return negative ? -result : result;
}
