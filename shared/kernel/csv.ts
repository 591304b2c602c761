/** `text` comes from people or other programs; `own` is a figure, a date or an id and is written as it is. */
export interface CsvCell {
  readonly kind: 'own' | 'text';
  readonly value: string;
}

export function ownCell(value: string | number): CsvCell {
  return { kind: 'own', value: String(value) };
}

export function textCell(value: string): CsvCell {
  return { kind: 'text', value };
}

/**
 * CSV (RFC 4180) with `\r\n` after each row. What a spreadsheet would run as a formula is made harmless in texts; figures
 * are written as they are, so that negative ones stay numbers.
 */
export function csvOf(rows: readonly (readonly CsvCell[])[]): string {
  return rows
    .map(
      (row) => `${row.map(({ kind, value }) => quoted(kind === 'text' ? harmlessText(value) : value)).join(',')}\r\n`,
    )
    .join('');
}

/**
 * A text that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, their full-width forms, a tab or a
 * line break) gets an apostrophe in front.
 */
export function harmlessText(text: string): string {
  return /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text;
}

function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
