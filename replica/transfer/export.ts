// The ledger as a file: CSV for spreadsheets, JSON for programs. Figures are exact decimals, instants ISO 8601 in UTC.
import { stringify } from 'csv-stringify/sync';
import type { LedgerRow } from '../../shared/bridge/views.ts';
import { formatDecimal } from '../../shared/kernel/credits.ts';
import { harmlessText } from '../../shared/kernel/csv.ts';
import { formatInstant } from '../../shared/kernel/instant.ts';

/** Rows as the ledger is read: in pages, so that a file of any length takes the memory of one page. */
export type LedgerPages = AsyncIterable<readonly LedgerRow[]> | Iterable<readonly LedgerRow[]>;

interface ExportColumn {
  readonly header: string;
  /** `text` comes from people or other programs and is made harmless; the rest is written as it is. */
  readonly kind: 'text' | 'own';
  readonly cell: (row: LedgerRow) => string;
}

const columns: readonly ExportColumn[] = [
  { header: 'Transaction', kind: 'own', cell: (row) => row.id },
  { header: 'Kind', kind: 'own', cell: (row) => row.kind },
  { header: 'Occurred at', kind: 'own', cell: (row) => formatInstant(row.occurredAt) },
  { header: 'Recorded at', kind: 'own', cell: (row) => formatInstant(row.recordedAt) },
  { header: 'Spent at', kind: 'own', cell: (row) => formatInstant(row.spentAt) },
  { header: 'Member ID', kind: 'text', cell: (row) => row.memberId ?? '' },
  { header: 'Member', kind: 'text', cell: (row) => row.memberName ?? '' },
  { header: 'Team ID', kind: 'text', cell: (row) => row.teamId ?? '' },
  { header: 'Team', kind: 'text', cell: (row) => row.teamName ?? '' },
  { header: 'Feature ID', kind: 'text', cell: (row) => row.featureId ?? '' },
  { header: 'Feature', kind: 'text', cell: (row) => row.featureName ?? '' },
  { header: 'Variant', kind: 'text', cell: (row) => row.variant ?? '' },
  { header: 'Quantity', kind: 'own', cell: (row) => (row.quantity === null ? '' : formatDecimal(row.quantity)) },
  { header: 'Unit', kind: 'text', cell: (row) => row.unit ?? '' },
  { header: 'Credits', kind: 'own', cell: (row) => formatDecimal(row.credits) },
  { header: 'Pricing', kind: 'own', cell: (row) => row.pricing ?? '' },
  { header: 'Overage', kind: 'own', cell: (row) => formatDecimal(row.overage) },
  { header: 'Already happened', kind: 'own', cell: (row) => (row.happened ? 'yes' : 'no') },
  { header: 'Origin', kind: 'text', cell: (row) => row.origin },
  { header: 'Linked transaction', kind: 'own', cell: (row) => row.linkedId ?? '' },
  { header: 'Hold state', kind: 'own', cell: (row) => row.holdState ?? '' },
  { header: 'Open credits', kind: 'own', cell: (row) => formatDecimal(row.open) },
  { header: 'Note', kind: 'text', cell: (row) => row.note ?? '' },
];

/**
 * CSV in UTF-8 with a header row and `\r\n` between rows. A text that a spreadsheet would run as a formula (it begins
 * with `=`, `+`, `-`, `@`, their full-width forms, a tab or a line break) gets an apostrophe in front; figures are
 * written as they are, so negative credits stay numbers.
 */
export async function* exportCsv(pages: LedgerPages): AsyncGenerator<string, void, undefined> {
  const write = (rows: readonly (readonly string[])[]): string =>
    stringify([...rows], { record_delimiter: 'windows', quote_record_delimiter: true });
  yield write([columns.map(({ header }) => header)]);
  for await (const page of pages) {
    if (page.length === 0) continue;
    yield write(
      page.map((row) => columns.map(({ kind, cell }) => (kind === 'text' ? harmlessText(cell(row)) : cell(row)))),
    );
  }
}

/** One JSON array, one row a line: a `LedgerRow` with credits and quantities as decimal strings, instants as ISO 8601. */
export async function* exportJson(pages: LedgerPages): AsyncGenerator<string, void, undefined> {
  let separator = '[\n';
  for await (const page of pages) {
    if (page.length === 0) continue;
    yield separator + page.map((row) => JSON.stringify(toPlain(row))).join(',\n');
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

function toPlain(row: LedgerRow): Readonly<Record<string, unknown>> {
  const { actions, ...rest } = row;
  return {
    ...rest,
    occurredAt: formatInstant(row.occurredAt),
    recordedAt: formatInstant(row.recordedAt),
    spentAt: formatInstant(row.spentAt),
    quantity: row.quantity === null ? null : formatDecimal(row.quantity),
    credits: formatDecimal(row.credits),
    overage: formatDecimal(row.overage),
    open: formatDecimal(row.open),
    receipt: row.receipt?.map((share) => ({ ...share, credits: formatDecimal(share.credits) })),
    actions,
  };
}
