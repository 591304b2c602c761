// Every figure, amount, date and time that a person reads goes through here: exact, grouped, in the person's locale.
import { Text, type TextProps } from '@mantine/core';
import { formatDecimal, type Credits, type Quantity } from '../../shared/kernel/credits.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import type { Money } from '../../shared/kernel/money.ts';
import type { LocalDate } from '../../shared/kernel/time-zone.ts';
import { personLocale } from '../i18n/language.ts';
import { strings } from './figures-strings.ts';

/** An exact figure with grouping and without trailing zeros: `175,767.637`. */
export function formatCredits(value: Credits, locale: string = personLocale()): string {
  return formatExact(formatDecimal(value), 'auto', locale);
}

/** As `formatCredits`, with `+` or a minus sign; 0 has none. */
export function formatSignedCredits(value: Credits, locale: string = personLocale()): string {
  return formatExact(formatDecimal(value), 'exceptZero', locale);
}

/** `1,234 credits`, `1 credit`. */
export function formatCreditsWithUnit(value: Credits, locale: string = personLocale()): string {
  return strings.credits({ figure: formatCredits(value, locale), count: value / 1_000_000 });
}

/** An exact quantity, with its unit in the singular or plural where one is given: `3 slides`. */
export function formatQuantity(value: Quantity, unit?: string | null, locale: string = personLocale()): string {
  const figure = formatExact(formatDecimal(value), 'auto', locale);
  if (unit === undefined || unit === null || unit === '') return figure;
  const count = value / 1_000_000;
  if (isKnownUnit(unit)) return strings.units[unit]({ figure, count });
  return strings.ofUnit({ figure, unit: count === 1 ? unit : pluralOf(unit) });
}

/** A unit in the singular, as in *per slide*. Units that somebody described are words of that person. */
export function nameOfUnit(unit: string): string {
  return isKnownUnit(unit) ? strings.names[unit] : unit;
}

function isKnownUnit(unit: string): unit is keyof typeof strings.names {
  return Object.hasOwn(strings.names, unit);
}

/** An estimate, which pretends to no more than three digits: `12,300`, `4.57`. Whole numbers below 1,000 stay as they are. */
export function formatEstimate(value: number, locale: string = personLocale()): string {
  if (!Number.isFinite(value)) return '–';
  return numberFormat(locale, { maximumSignificantDigits: 3 }).format(value);
}

/** A whole number of things: `20,000`. */
export function formatCount(value: number, locale: string = personLocale()): string {
  return numberFormat(locale, { maximumFractionDigits: 0 }).format(value);
}

/** A share of one as a percentage: 0.256 is `26%`. A share that is neither none nor all never reads as 0 or 100. */
export function formatShare(share: number, locale: string = personLocale()): string {
  const format = numberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  if (share > 0 && share < 0.01) return `<${format.format(0.01)}`;
  if (share < 1 && share > 0.99) return `>${format.format(0.99)}`;
  return format.format(share);
}

/** A probability as a percentage. What is estimated from past use is never certain: no chance reads as 0% or 100%. */
export function formatChance(probability: number, locale: string = personLocale()): string {
  return formatShare(Math.min(0.999, Math.max(0.001, probability)), locale);
}

/** An amount in its currency: `$20.00`, `¥300`. [K2] */
export function formatMoney(amount: Money, locale: string = personLocale()): string {
  const format = numberFormat(locale, { style: 'currency', currency: amount.currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount.minorUnits / 10 ** digits);
}

/** Day and time in `zone`: `12 Mar 2026, 14:05`. */
export function formatMoment(at: Instant, zone: string, locale: string = personLocale()): string {
  return dateFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(at);
}

/** The calendar day of an instant in `zone`: `12 Mar 2026`. */
export function formatDayOf(at: Instant, zone: string, locale: string = personLocale()): string {
  return dateFormat(locale, { dateStyle: 'medium', timeZone: zone }).format(at);
}

/** The time of day at which an hour begins in `zone`: `14:00`; `with-zone` adds the zone's short name. */
export function formatHour(
  at: Instant,
  zone: string,
  detail: 'plain' | 'with-zone' = 'plain',
  locale: string = personLocale(),
): string {
  const zoneName = detail === 'with-zone' ? ({ timeZoneName: 'short' } as const) : {};
  return dateFormat(locale, { hour: '2-digit', minute: '2-digit', ...zoneName, timeZone: zone }).format(at);
}

/** The days from one instant to another in `zone`: `28 Nov – 5 Dec 2026`, and `28 Nov 2026` where both are the same. */
export function formatDayRange(from: Instant, to: Instant, zone: string, locale: string = personLocale()): string {
  return dateFormat(locale, { dateStyle: 'medium', timeZone: zone }).formatRange(from, to);
}

/** A span of calendar days: `1 – 31 Mar 2026`, and `12 Mar 2026` where both are the same. */
export function formatSpan(first: LocalDate, last: LocalDate, locale: string = personLocale()): string {
  const format = dateFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  return format.formatRange(Date.parse(`${first}T00:00:00Z`), Date.parse(`${last}T00:00:00Z`));
}

/** A calendar day: `12 Mar 2026`. It is the same day in every zone. [K3] */
export function formatDay(date: LocalDate, locale: string = personLocale()): string {
  return dateFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(Date.parse(`${date}T00:00:00Z`));
}

/** As `formatDay` without the year, for axes and lists that lie within one: `12 Mar`. */
export function formatShortDay(date: LocalDate, locale: string = personLocale()): string {
  return dateFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    Date.parse(`${date}T00:00:00Z`),
  );
}

/** `Ada, Ben and Cy`. */
export function formatList(items: readonly string[], locale: string = personLocale()): string {
  return remembered(listFormats, locale, () => new Intl.ListFormat(locale, { type: 'conjunction' })).format(items);
}

interface CreditsTextProps extends TextProps {
  readonly value: Credits;
  /** Shows a plus before what is positive. */
  readonly signed?: boolean;
  /** Adds the word *credits*. */
  readonly unit?: boolean;
}

/** Credits as running text with tabular figures. */
export function CreditsText({ value, signed = false, unit = false, ...props }: CreditsTextProps) {
  const figure = signed ? formatSignedCredits(value) : formatCredits(value);
  return (
    <Text component="span" inherit ff="inherit" style={{ whiteSpace: 'nowrap' }} {...props}>
      {figure}
      {unit ? ` ${strings.creditsAlone({ count: value / 1_000_000 })}` : null}
    </Text>
  );
}

interface MomentProps {
  readonly at: Instant;
  readonly zone: string;
  /** The day alone; the time is in the tooltip. */
  readonly dayOnly?: boolean;
}

/** An instant in the workspace's zone; its tooltip names the zone. */
export function Moment({ at, zone, dayOnly = false }: MomentProps) {
  const full = formatMoment(at, zone);
  return (
    <time dateTime={new Date(at).toISOString()} title={`${full} (${zone})`} style={{ whiteSpace: 'nowrap' }}>
      {dayOnly ? formatDayOf(at, zone) : full}
    </time>
  );
}

function formatExact(decimal: `${number}`, signDisplay: 'auto' | 'exceptZero', locale: string): string {
  const format = numberFormat(locale, { maximumFractionDigits: 6, signDisplay });
  // As text the figure is formatted digit by digit; as a number the sixth place of a large one would be lost. [K1]
  return format.format(decimal);
}

/** Whoever describes a platform names its units in the singular; only English makes the plural by a rule. */
function pluralOf(unit: string): string {
  if (!personLocale().startsWith('en')) return unit;
  if (/(?:s|x|ch|sh)$/.test(unit)) return `${unit}es`;
  return /[^aeiou]y$/.test(unit) ? `${unit.slice(0, -1)}ies` : `${unit}s`;
}

// Making a formatter costs a thousand times more than using one, and lists use them per row.
const numberFormats = new Map<string, Intl.NumberFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();
const listFormats = new Map<string, Intl.ListFormat>();

function numberFormat(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return remembered(
    numberFormats,
    `${locale}/${JSON.stringify(options)}`,
    () => new Intl.NumberFormat(locale, options),
  );
}

function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return remembered(
    dateFormats,
    `${locale}/${JSON.stringify(options)}`,
    () => new Intl.DateTimeFormat(locale, options),
  );
}

function remembered<Format>(formats: Map<string, Format>, key: string, make: () => Format): Format {
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = make();
  formats.set(key, made);
  return made;
}
