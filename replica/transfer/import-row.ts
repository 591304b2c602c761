// One row of a file as a use that can be booked, or what is wrong with its cells.
import { hash } from 'node:crypto';
import type { ImportField, ImportMapping } from '../../shared/bridge/import-views.ts';
import {
  parseCredits,
  parseQuantity,
  quantity,
  microPerUnit,
  noCredits,
  type Credits,
  type DecimalProblem,
  type Parsed,
  type Quantity,
} from '../../shared/kernel/credits.ts';
import { compareText } from '../../shared/kernel/id.ts';
import { instant, parseInstant, type Instant } from '../../shared/kernel/instant.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import type { CsvRow } from './csv-reader.ts';
import { slugOf } from './feature-slug.ts';
import { knowledgeOf, type ReportKnowledge } from './mapping.ts';

export interface ImportRow {
  /** The line of the file on which the row starts. */
  readonly line: number;
  readonly occurredAt: Instant;
  /** The cell named a day without a time; `occurredAt` is the start of that day in the mapping's zone. [K3] */
  readonly dateOnly: boolean;
  /** Null for unattributed use. */
  readonly memberName: string | null;
  readonly teamName: string | null;
  readonly featureName: string;
  /** Made of the name, the same every time. */
  readonly featureId: string;
  readonly variant: string | null;
  /** One unit where the file has no such column. */
  readonly quantity: Quantity;
  /** As the platform metered them; null where the file has no such column and the catalogue prices the use. [C6] */
  readonly credits: Credits | null;
  /** The natural key of the row: the same row of the same report has it in every edition of the file. [L2] */
  readonly externalKey: string;
  /** A figure had more than six places and was rounded half-even. [K1] */
  readonly rounded: boolean;
  readonly note: string | null;
}

export interface CellProblem {
  readonly line: number;
  readonly column: string;
  readonly message: string;
}

export type RowReader = (row: CsvRow) => Result<ImportRow, readonly CellProblem[]>;

const nameCharactersMax = 120;
const noteCharactersMax = 500;
const externalIdCharactersMax = 200;
/** Clocks and zones differ by hours and plans are entered ahead, but use a year ahead is a slip of the pen. */
const aheadMsMax = 366 * 24 * 60 * 60 * 1000;

/**
 * Makes the reader of one file's rows. It must see every row once and in order, because equal rows are told apart by
 * their ordinal; a row that is rejected takes its ordinal too, so that mending it later moves no other row's key.
 * `now` bounds dates from above. The mapping must have passed `checkMapping` for the file's columns.
 */
export function createRowReader(mapping: ImportMapping, now: Instant): RowReader {
  const nextKey = createKeyMaker(mapping);
  const knowledge = knowledgeOf(mapping);
  // Rows come in runs of the same day and feature, and calendar work is what costs most.
  const momentOf = remember((text) => readMoment(text, mapping.zone, now));
  const featureIdOf = remember(slugOf);
  return (row) => {
    const externalKey = nextKey(row.record);
    const cells = readCells(row, mapping, knowledge, momentOf);
    if (cells.problems.length > 0 || cells.occurredAt === null) return err(cells.problems);
    return ok({
      line: row.line,
      occurredAt: cells.occurredAt.at,
      dateOnly: cells.occurredAt.dateOnly,
      memberName: cells.memberName,
      teamName: cells.teamName,
      featureName: cells.featureName,
      featureId: featureIdOf(cells.featureName),
      variant: cells.variant === null ? null : slugOf(cells.variant),
      quantity: cells.quantity.value,
      credits: cells.credits?.value ?? null,
      externalKey,
      rounded: cells.quantity.rounded || (cells.credits?.rounded ?? false),
      note: cells.note,
    });
  };
}

function readCells(
  row: CsvRow,
  mapping: ImportMapping,
  knowledge: ReportKnowledge,
  momentOf: (text: string) => ReturnType<typeof readMoment>,
) {
  const problems: CellProblem[] = [];
  const cellOf = (field: ImportField): string => {
    const column = mapping.columns[field];
    return column === undefined ? '' : (row.record[column] ?? '').trim();
  };
  const reject = (field: ImportField, message: string): null => {
    problems.push({ line: row.line, column: mapping.columns[field] ?? '', message });
    return null;
  };
  const textOf = (field: ImportField, charactersMax: number): string | null => {
    const text = cellOf(field);
    if (text === '') return null;
    if (/[\p{Cc}\u2028\u2029]/u.test(text)) return reject(field, 'The cell holds a line break or a control character.');
    if (text.length > charactersMax) return reject(field, `The cell is longer than ${charactersMax} characters.`);
    return text;
  };

  const when = momentOf(cellOf('occurredAt'));
  const featureName = textOf('feature', nameCharactersMax);
  if (featureName === null && cellOf('feature') === '') reject('feature', 'The cell is empty: it must name a feature.');
  const quantityRead = mapping.columns.quantity === undefined ? oneUnit : readFigure(cellOf('quantity'), parseQuantity);
  const creditsRead =
    mapping.columns.credits === undefined ? ok(null) : readCredits(cellOf('credits'), knowledge.wordsForNoCredits);
  textOf('externalId', externalIdCharactersMax);
  return {
    problems,
    occurredAt: when.ok ? when.value : reject('occurredAt', when.error),
    featureName: featureName ?? '',
    memberName: textOf('member', nameCharactersMax),
    teamName: textOf('team', nameCharactersMax),
    variant: textOf('variant', nameCharactersMax),
    quantity: quantityRead.ok ? quantityRead.value : (reject('quantity', quantityRead.error) ?? oneUnit.value),
    credits: creditsRead.ok ? creditsRead.value : reject('credits', creditsRead.error),
    note: textOf('note', noteCharactersMax),
  };
}

const oneUnit = ok<Parsed<Quantity>>({ value: quantity(microPerUnit), rounded: false });

function readMoment(
  text: string,
  zone: string,
  now: Instant,
): Result<{ readonly at: Instant; readonly dateOnly: boolean }, string> {
  if (text === '') return err('The cell is empty: it must hold a date or a time.');
  const dateOnly = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const parsed = /^\d{13}$/.test(text) ? ok(instant(Number(text))) : parseInstant(withIsoMarks(text), zone);
  if (!parsed.ok) {
    return err(
      `"${shorten(text)}" is no date or time that exists. Use 2026-01-31, 2026-01-31T09:30 or ISO 8601 with a zone.`,
    );
  }
  if (parsed.value > now + aheadMsMax) return err(`"${shorten(text)}" is more than a year in the future.`);
  return ok({ at: parsed.value, dateOnly });
}

/** `2026-01-31 09:30:00 UTC` is written by many programs and means what ISO 8601 writes with T and Z. */
function withIsoMarks(text: string): string {
  return text
    .replace(/^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}\S*)(?: ?(?:UTC|GMT|Z))$/i, '$1T$2Z')
    .replace(/^(\S{10}) /, '$1T');
}

function readCredits(text: string, wordsForNone: readonly string[]): Result<Parsed<Credits>, string> {
  if (wordsForNone.includes(text.toLowerCase())) return ok({ value: noCredits, rounded: false });
  return readFigure(text.replace(/^(-?)\$/, '$1'), parseCredits);
}

function readFigure<Figure extends number>(
  text: string,
  parse: (text: string) => Result<Parsed<Figure>, DecimalProblem>,
): Result<Parsed<Figure>, string> {
  if (text === '') return err('The cell is empty: it must hold a number, 0 included.');
  const parsed = parse(text);
  if (!parsed.ok && parsed.error.code === 'too-large')
    return err(`"${shorten(text)}" is too large: at most 9,007,199,254.`);
  if (!parsed.ok) return err(`"${shorten(text)}" is no number. Write it as 1234.5, with a point and no separators.`);
  if (parsed.value.value < 0) return err(`"${shorten(text)}" is negative: what was used is 0 or more.`);
  return ok(parsed.value);
}

/** Keeps the latest answers of a pure function; a few thousand at most. */
function remember<Answer>(answerOf: (text: string) => Answer): (text: string) => Answer {
  const known = new Map<string, Answer>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= 4096) known.clear();
    const answer = answerOf(text);
    known.set(text, answer);
    return answer;
  };
}

function shorten(text: string): string {
  const plain = text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ');
  return plain.length > 60 ? `${plain.slice(0, 60)}…` : plain;
}

/** Makes the external key of each row in turn: from the report's own id where it has one, else from its dimensions. */
function createKeyMaker(mapping: ImportMapping): (record: Readonly<Record<string, string>>) => string {
  // Counted by 52 bits of the hash, so that a million different rows stay small in memory. Two rows that share those
  // bits and nothing else would share a count; their keys still differ.
  const countByHash = new Map<number, number>();
  const idColumn = mapping.columns.externalId;
  let keyColumns: readonly KeyColumn[] | undefined;
  return (record) => {
    const id = idColumn === undefined ? '' : (record[idColumn] ?? '').trim();
    if (id !== '') return `${mapping.id}:id:${id}`;
    keyColumns ??= keyColumnsOf(mapping, Object.keys(record));
    const parts: string[] = [];
    for (const { name, column, always } of keyColumns) {
      const cell = column === undefined ? '' : (record[column] ?? '').trim();
      if (always || !isFigure(cell)) parts.push(name, cell);
    }
    const digest = hash('sha256', JSON.stringify(parts), 'hex');
    const countedAs = Number.parseInt(digest.slice(0, 13), 16);
    const ordinal = countByHash.get(countedAs) ?? 0;
    countByHash.set(countedAs, ordinal + 1);
    return `${mapping.id}:${digest.slice(0, 32)}:${ordinal}`;
  };
}

interface KeyColumn {
  readonly name: string;
  /** The file's own spelling; undefined for a column that this edition of a known report does not have. */
  readonly column: string | undefined;
  /** Else the cell is left out of the key where it holds a figure. */
  readonly always: boolean;
}

/** By name, so that another order of columns gives the same key. */
function keyColumnsOf(mapping: ImportMapping, columns: readonly string[]): readonly KeyColumn[] {
  const { dimensions } = knowledgeOf(mapping);
  if (dimensions !== null) {
    return dimensions.map((name) => {
      const column = columns.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
      return { name, column, always: true };
    });
  }
  const { occurredAt, member, team, feature, variant, quantity: quantityColumn, credits } = mapping.columns;
  const always = new Set([occurredAt, member, team, feature, variant]);
  return columns
    .filter((column) => always.has(column) || (column !== quantityColumn && column !== credits))
    .map((column) => ({ name: column, column, always: always.has(column) }))
    .toSorted((left, right) => compareText(left.name, right.name));
}

/** An amount in a column that is not mapped may be restated with the row, so it must not be a part of the key. */
function isFigure(cell: string): boolean {
  return /^[+-]?[$€£]?\d[\d.,]*(?:[eE][+-]?\d+)?%?$/.test(cell) || /^[+-]?\.\d+$/.test(cell);
}
