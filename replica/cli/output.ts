// How answers look: exact values for programs, short aligned text for people.
import { formatDecimal, toApproximateNumber, type Credits } from '../../shared/kernel/credits.ts';
import { formatInstant, type Instant } from '../../shared/kernel/instant.ts';
import type { Balance } from '../../shared/ledger/balance.ts';

/** An instant for JSON; null stays null. */
export function iso(at: Instant | number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** A balance for JSON, with the names that the command line promises. */
export function balanceJson(balance: Balance) {
  return {
    period: { start: formatInstant(balance.period.start), end: formatInstant(balance.period.end) },
    allotted: formatDecimal(balance.allotted),
    used: formatDecimal(balance.used),
    held: formatDecimal(balance.held),
    available: formatDecimal(balance.available),
    overage: formatDecimal(balance.overage),
    expired: formatDecimal(balance.lapsedInPeriod),
    grants: balance.grants.map((grant) => ({
      id: grant.id,
      kind: grant.kind,
      pack: grant.packId,
      amount: formatDecimal(grant.amount),
      remaining: formatDecimal(grant.remaining),
      effectiveFrom: formatInstant(grant.effectiveFrom),
      expiresAt: iso(grant.expiresAt),
    })),
  };
}

/** Credits as people in this locale write them, to the last place. */
export function readable(credits: Credits): string {
  return exactFormat.format(toDecimalLiteral(formatDecimal(credits)));
}

/** `1 credit`, `2.5 credits` */
export function readableCredits(credits: Credits): string {
  return `${readable(credits)} ${plurals.select(toApproximateNumber(credits)) === 'one' ? 'credit' : 'credits'}`;
}

/** `1 row`, `1,693 rows` */
export function readableNumberOf(count: number, noun: string): string {
  return `${readableCount(count)} ${noun}${plurals.select(count) === 'one' ? '' : 's'}`;
}

/** An estimate, rounded to what a person can use. */
export function readableEstimate(value: number): string {
  return estimateFormat.format(value);
}

export function readablePercent(share: number): string {
  return percentFormat.format(share);
}

export function readableCount(count: number): string {
  return countFormat.format(count);
}

/** A time in the zone of this computer, or in that of a workspace. */
export function readableTime(at: Instant | number, timeZone?: string): string {
  const format = timeZone === undefined ? timeFormat : new Intl.DateTimeFormat(undefined, { ...timeOptions, timeZone });
  return format.format(at);
}

type CellAlignment = 'left' | 'right';

/** Rows of cells under each other, two spaces between columns. */
export function table(rows: readonly (readonly string[])[], alignment: readonly CellAlignment[]): string {
  const widths = alignment.map((_, column) => Math.max(0, ...rows.map((row) => widthOf(row[column] ?? ''))));
  return rows
    .map((row) =>
      alignment
        .map((side, column) => {
          const cell = oneLine(row[column] ?? '');
          const padding = ' '.repeat((widths[column] ?? 0) - widthOf(cell));
          return side === 'right' ? padding + cell : cell + padding;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A name from a file must not move the cursor or colour the terminal. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ');
}

// The words around the figures are English in this version.
const plurals = new Intl.PluralRules('en');
const exactFormat = new Intl.NumberFormat(undefined, { maximumFractionDigits: 6 });
const estimateFormat = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });
const percentFormat = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });
const countFormat = new Intl.NumberFormat();
const timeOptions = { dateStyle: 'medium', timeStyle: 'short' } as const;
const timeFormat = new Intl.DateTimeFormat(undefined, timeOptions);

/** Intl formats a decimal written as text without going through a float. */
function toDecimalLiteral(text: string): Intl.StringNumericLiteral {
  return isNumericLiteral(text) ? text : '0';
}

function isNumericLiteral(text: string): text is Intl.StringNumericLiteral {
  return /^-?\d+(?:\.\d+)?$/.test(text);
}

function widthOf(text: string): number {
  return Array.from(text).length;
}
