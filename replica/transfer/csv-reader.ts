// A CSV file as rows with the line they start on; what cannot be read is said with its line and column.
import { parse, type CsvError } from 'csv-parse';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { readFileText, type Unreadable } from './file-text.ts';

/** A row of the file. `line` is the one it starts on, counted from 1; a quoted cell may span several. */
export interface CsvRow {
  readonly kind: 'row';
  readonly line: number;
  readonly record: Readonly<Record<string, string>>;
}

/** A row that is left out; the rows after it are read. `column` is empty when the whole row is meant. */
export interface RejectedRow {
  readonly kind: 'rejected';
  readonly line: number;
  readonly column: string;
  readonly message: string;
}

/** `unreadable` is always the last item, and then nothing of the file should be booked: the rest is unknown. */
export type CsvItem = CsvRow | RejectedRow | Unreadable;

export interface CsvHead {
  readonly columns: readonly string[];
  /** The first rows, as cells in the order of `columns`. */
  readonly sample: readonly (readonly string[])[];
}

export interface ReadOptions {
  /** How far reading has come, for a progress bar. */
  readonly onBytesRead?: (bytes: number) => void;
}

const cellCharactersMax = 10_000;
const columnsMax = 500;
const rowBytesMax = 1024 * 1024;
const sampleRows = 5;

/** The column names and the first rows; the failure is the first thing that cannot be read. */
export async function readHead(path: string): Promise<Result<CsvHead, Unreadable>> {
  let columns: readonly string[] = [];
  const sample: string[][] = [];
  for await (const item of readItems(path, {})) {
    if (item.kind === 'unreadable') return err(item);
    if (item.kind === 'header') columns = item.columns;
    if (item.kind === 'row') sample.push(columns.map((column) => item.record[column] ?? ''));
    if (sample.length === sampleRows) break;
  }
  return ok({ columns, sample });
}

/**
 * Every row of the file in order, with memory bounded by one piece of it. Separator: comma, semicolon or tab,
 * whichever parts the header most. Rows of blank cells are passed over. A row with too few or too many cells, a stray
 * quote, or an overlong cell is rejected; a quote that is never closed, a bad byte, or a bad header is unreadable.
 */
export async function* readRows(path: string, options: ReadOptions = {}): AsyncGenerator<CsvItem, void, undefined> {
  for await (const item of readItems(path, options)) if (item.kind !== 'header') yield item;
}

type Item = CsvItem | { readonly kind: 'header'; readonly columns: readonly string[] };

async function* readItems(path: string, options: ReadOptions): AsyncGenerator<Item, void, undefined> {
  let parser: RowParser | undefined;
  for await (const piece of readFileText(path)) {
    if (piece.kind === 'unreadable') {
      yield piece;
      return;
    }
    parser ??= createRowParser(guessSeparator(piece.text));
    await parser.write(piece.text);
    for (const item of parser.take()) {
      yield item;
      if (item.kind === 'unreadable') return;
    }
    options.onBytesRead?.(piece.bytesRead);
  }
  if (parser === undefined) return;
  await parser.end();
  yield* parser.take();
  if (!parser.sawHeader()) yield { kind: 'unreadable', line: 1, column: '', message: 'The file is empty.' };
}

interface RowParser {
  write(text: string): Promise<void>;
  end(): Promise<void>;
  /** What was found since the last call. */
  take(): readonly Item[];
  sawHeader(): boolean;
}

function createRowParser(separator: string): RowParser {
  let items: Item[] = [];
  let columns: readonly string[] | undefined;
  let linesSeen = 0;
  const stop = (line: number, column: string, message: string): void => {
    items.push({ kind: 'unreadable', line, column, message });
  };

  const parser = parse({
    delimiter: separator,
    record_delimiter: '\n',
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: rowBytesMax,
    on_record(cells: string[], { lines }) {
      const line = lines - cells.reduce((count, cell) => count + lineFeedsIn(cell), 0);
      linesSeen = lines;
      if (cells.every((cell) => cell.trim() === '')) return null;
      if (columns !== undefined) {
        items.push(toRow(columns, cells, line));
        return null;
      }
      const header = readHeader(cells);
      columns = header.ok ? header.value : [];
      if (header.ok) items.push({ kind: 'header', columns: header.value });
      else stop(line, header.error.column, header.error.message);
      return null;
    },
    on_skip(error) {
      const item = skippedItem(error, linesSeen);
      if (item.kind === 'rejected') linesSeen = item.line;
      items.push(item);
      return undefined;
    },
  });
  const failed = new Promise<never>((_resolve, reject) => parser.once('error', reject));
  failed.catch(() => undefined);
  const ended = new Promise<void>((resolve) => parser.once('end', () => resolve()));
  parser.resume();

  return {
    async write(text) {
      if (text === '') return;
      await Promise.race([new Promise<void>((resolve) => parser.write(text, () => resolve())), failed]);
    },
    async end() {
      parser.end();
      await Promise.race([ended, failed]);
    },
    take() {
      const taken = items;
      items = [];
      return taken;
    },
    sawHeader: () => columns !== undefined,
  };
}

/** What the parser passed over. Only after a stray quote does it still know what is inside quotes and what is not. */
function skippedItem(error: CsvError | undefined, linesBefore: number): RejectedRow | Unreadable {
  const line = linesBefore + 1;
  const lineOfError = error === undefined ? line : (linesOf(error) ?? line);
  const stop = (at: number, message: string): Unreadable => ({ kind: 'unreadable', line: at, column: '', message });
  switch (error?.code) {
    case 'INVALID_OPENING_QUOTE': {
      const message = 'A quote stands in the middle of a cell. Put the whole cell in quotes and double those inside.';
      return { kind: 'rejected', line: lineOfError, column: '', message };
    }
    case 'CSV_INVALID_CLOSING_QUOTE':
      return stop(lineOfError, 'A closing quote is followed by more text. Double the quotes inside a cell.');
    case 'CSV_MAX_RECORD_SIZE':
      if (lineOfError > line) return stop(line, neverClosed);
      return stop(
        line,
        'This row is longer than 1 MiB. Is this a CSV file, with a comma, semicolon or tab as separator?',
      );
    default:
      return stop(line, neverClosed);
  }
}

const neverClosed = 'A quote is opened in this row and never closed.';

function linesOf(error: CsvError): number | undefined {
  return typeof error['lines'] === 'number' ? error['lines'] : undefined;
}

function lineFeedsIn(cell: string): number {
  return cell.includes('\n') ? cell.split('\n').length - 1 : 0;
}

function toRow(columns: readonly string[], cells: readonly string[], line: number): CsvRow | RejectedRow {
  if (cells.length !== columns.length) {
    const many = cells.length > columns.length ? 'more' : 'fewer';
    const message = `The row has ${many} cells (${cells.length}) than there are columns (${columns.length}).`;
    return { kind: 'rejected', line, column: '', message };
  }
  const long = cells.findIndex((cell) => cell.length > cellCharactersMax);
  if (long !== -1) {
    const message = `The cell is longer than ${cellCharactersMax} characters.`;
    return { kind: 'rejected', line, column: columns[long] ?? '', message };
  }
  return {
    kind: 'row',
    line,
    record: Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ''])),
  };
}

function readHeader(
  cells: readonly string[],
): Result<readonly string[], { readonly column: string; readonly message: string }> {
  if (cells.length > columnsMax) {
    return err({ column: '', message: `There are more than ${columnsMax} columns. Is the separator right?` });
  }
  const long = cells.find((cell) => cell.length > 500);
  if (long !== undefined)
    return err({ column: long.slice(0, 60), message: 'A column name is longer than 500 characters.' });
  const values = cells.filter((cell) => looksLikeValue(cell.trim()));
  if (values.length > 0) {
    const message = `The first line holds values (${values.slice(0, 3).join(', ')}) and no column names. Add a header line.`;
    return err({ column: '', message });
  }
  const columns = cells.map((cell, index) => (cell.trim() === '' ? `(column ${index + 1})` : cell.trim()));
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined) {
    return err({ column: twice, message: `Two columns are named "${twice}". Give each its own name.` });
  }
  return ok(columns);
}

function looksLikeValue(cell: string): boolean {
  return /^[+-]?\d+(?:[.,]\d+)?$/.test(cell) || /^\d{4}-\d{2}-\d{2}(?:[T ].*)?$/.test(cell);
}

/** The separator that parts the first row most often, outside quotes; a comma when none does. */
function guessSeparator(text: string): string {
  const counts = new Map([
    [',', 0],
    [';', 0],
    ['\t', 0],
  ]);
  let quoted = false;
  let seen = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (quoted) continue;
    if (character === '\n' && seen) break;
    if (character.trim() !== '') seen = true;
    const count = counts.get(character);
    if (count !== undefined) counts.set(character, count + 1);
  }
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}
