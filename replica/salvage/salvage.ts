// What can be read of a damaged database, in a new one that takes its place.
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Problem } from '../../shared/bridge/problem.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import type { SalvageView } from '../../shared/bridge/backup-views.ts';
import {
  collectionCreators,
  collectionNames,
  type CollectionName,
  type RecordDocument,
  type TransactionDocument,
} from '../database/collections.ts';
import { databaseFile } from '../database/data-directory.ts';
import { openDatabase, type OpenDatabase } from '../database/open-database.ts';
import { backUpClosedFile } from '../backup/backup.ts';
import { usualBackupFolder } from '../backup/backup-folder.ts';
import { fileProblem } from '../backup/file-failure.ts';
import { PageSource } from './page-source.ts';
import { surveyPages, type FoundRow, type Survey } from './page-survey.ts';
import { recordsOn, type StoredRecord } from './page-records.ts';
import { collectionOfRecord, collectionTable, recordIn, transactionIn, type CollectionTable } from './read-row.ts';
import { finishReplacing, replaceDatabase, replacementFile } from '../backup/replace-database.ts';
import { finishCopy } from '../backup/whole-file.ts';

export interface SalvageOptions {
  readonly dataDir: string;
  /** What to read; the data of the directory unless given. It stays as it is. */
  readonly file?: string | undefined;
  readonly at: Instant;
  /** Where a backup of what was salvaged goes; the usual folder of the data directory unless given. */
  readonly backupFolder?: string;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Reads every page of a damaged file by itself, takes each row that still says exactly what a row can say, and writes
 * them through the storage into a new database, in the order in which they were written. Only then the new one takes the
 * place of the data, whose files are kept in a folder of their own. For whoever has the lock of the directory, while
 * nobody has its database open. When nothing can be read, nothing is changed.
 */
export async function salvage(options: SalvageOptions): Promise<Result<SalvageView, Problem>> {
  const { dataDir, at } = options;
  const replacement = replacementFile(dataDir, at);
  const workshop = `${replacement}.salvage`;
  try {
    finishReplacing(dataDir);
    const file = resolve(options.file ?? databaseFile(dataDir));
    mkdirSync(workshop, { mode: 0o700 });
    const { report, holdsTables } = await readInto(file, workshop, options);
    if (report.documents['transactions'] === 0 && report.documents['workspaces'] === 0) {
      const whole = report.brokenPlaces === 0 && report.lostTotal === 0 && holdsTables;
      return err(whole ? nothingToSave(file) : nothingRead(file));
    }
    // On a full disk a database closes and leaves its rows in the log beside it: they have to be in the file itself.
    const [fault] = await finishCopy(databaseFile(workshop), undefined);
    if (fault !== undefined) return err(notWhole(file, fault));
    renameSync(databaseFile(workshop), replacement);
    const setAside = replaceDatabase({ dataDir, file: replacement, at, keepPresent: true });
    // What was saved from a disk that may be failing is worth a second copy; without it the salvage is no less done.
    const folder = options.backupFolder ?? usualBackupFolder(dataDir);
    const backup = await backUpClosedFile(databaseFile(dataDir), { folder, reason: 'salvage', at });
    return ok({ ...report, setAside, backup: backup.ok ? backup.value : null });
  } catch (error) {
    const known = fileProblem(error, dirname(databaseFile(dataDir)), 'The damaged file is kept as it is.');
    if (known === undefined) throw error;
    return err(known);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

type Report = Omit<SalvageView, 'setAside' | 'backup'>;

interface Reading {
  readonly report: Report;
  /** Whether the file is one of this product at all. */
  readonly holdsTables: boolean;
}

/** A row that can be read, and of which collection and version it is. */
interface KeptRow extends FoundRow, CollectionTable {}

async function readInto(file: string, folder: string, options: SalvageOptions): Promise<Reading> {
  const source = new PageSource(file);
  try {
    const survey = await surveyPages(source);
    const kept = newestRows(source, survey);
    const database = await openDatabase({
      folder,
      onWrite: () => undefined,
      migration: { keepCopy: (fresh) => Promise.resolve({ file: fresh, isNew: false }), onMigrated: () => undefined },
    });
    try {
      await write(source, database, kept, options.onProgress);
    } finally {
      await database.close();
    }
    return { report: reportOf(file, survey, kept), holdsTables: survey.tables > 0 };
  } finally {
    source.close();
  }
}

/** Of each document the state that was written last, deleted ones left out; in the order in which they were written. */
function newestRows(source: PageSource, survey: Survey): SortedRows {
  const newest = new Map<string, KeptRow>();
  const unreadable: FoundRow[] = [];
  const tableBySequence = new Map<number, CollectionTable>();
  for (const [name, entries] of survey.named) {
    const table = collectionTable(name);
    if (table !== undefined) for (const sequence of entries.keys()) tableBySequence.set(sequence, table);
  }
  for (const [page, rows] of Map.groupBy(survey.rows, (row) => row.page)) {
    const values = new Map(recordsOn(source, page, 'table').records.map((record) => [record.rowId, record.values]));
    for (const row of rows) {
      const table = tableOfRow(row, values.get(row.sequence) ?? [], tableBySequence);
      if (table === undefined) {
        unreadable.push(row);
        continue;
      }
      const key = `${table.collection}/${row.id}`;
      const known = newest.get(key);
      if (known === undefined || known.sequence < row.sequence) newest.set(key, { ...row, ...table });
    }
  }
  const rows = [...newest.values()].toSorted((left, right) => left.sequence - right.sequence);
  return { rows, unreadable };
}

interface SortedRows {
  readonly rows: readonly KeptRow[];
  readonly unreadable: readonly FoundRow[];
}

/** The table under which a row can be read; undefined when there is none. */
function tableOfRow(
  row: FoundRow,
  values: StoredRecord['values'],
  tableBySequence: ReadonlyMap<number, CollectionTable>,
): CollectionTable | undefined {
  const candidates =
    row.table === undefined ? candidatesFor(row, values, tableBySequence) : [collectionTable(row.table) ?? []].flat();
  return candidates.find((table) => row.deleted || documentOf(table, values) !== undefined);
}

/** Where nothing leads to a row's page: what an index says, else what the row looks like, the latest version first. */
function candidatesFor(
  row: FoundRow,
  values: StoredRecord['values'],
  tableBySequence: ReadonlyMap<number, CollectionTable>,
): readonly CollectionTable[] {
  const indexed = tableBySequence.get(row.sequence);
  if (indexed !== undefined) return [indexed];
  const collection = values.length > recordColumns ? 'transactions' : collectionOfRecord(values);
  if (collection === undefined) return [];
  const latest = collectionCreators[collection].schema.version;
  return Array.from({ length: latest + 1 }, (_, back) => ({ collection, version: latest - back }));
}

/** sequence, id, deleted, lwt, workspaceId, document */
const recordColumns = 6;

function documentOf(
  table: CollectionTable,
  values: StoredRecord['values'],
): TransactionDocument | RecordDocument | undefined {
  return table.collection === 'transactions' ? transactionIn(values, table.version) : recordIn(values, table);
}

async function write(
  source: PageSource,
  database: OpenDatabase,
  { rows }: { readonly rows: readonly KeptRow[] },
  onProgress: SalvageOptions['onProgress'],
): Promise<void> {
  let page: { readonly number: number; readonly values: ReadonlyMap<number, StoredRecord['values']> } | undefined;
  const valuesOf = (row: KeptRow): StoredRecord['values'] | undefined => {
    if (page?.number !== row.page) {
      const { records } = recordsOn(source, row.page, 'table');
      page = { number: row.page, values: new Map(records.map((record) => [record.rowId, record.values])) };
    }
    return page.values.get(row.sequence);
  };
  let bulk = new Bulk(database, 'transactions');
  for (const [index, row] of rows.entries()) {
    if (row.deleted) continue;
    if (bulk.collection !== row.collection || bulk.size >= rowsPerBulk) {
      await bulk.write();
      onProgress?.(index, rows.length);
      bulk = new Bulk(database, row.collection);
    }
    bulk.add(row, valuesOf(row));
  }
  await bulk.write();
  onProgress?.(rows.length, rows.length);
}

const rowsPerBulk = 1_000;

/** Documents of one collection that were written one after the other. */
class Bulk {
  readonly #database: OpenDatabase;
  readonly collection: CollectionName;
  readonly #lines: TransactionDocument[] = [];
  readonly #records: RecordDocument[] = [];

  constructor(database: OpenDatabase, collection: CollectionName) {
    this.#database = database;
    this.collection = collection;
  }

  get size(): number {
    return this.#lines.length + this.#records.length;
  }

  add(table: CollectionTable, values: StoredRecord['values'] | undefined): void {
    if (values === undefined) return;
    if (this.collection === 'transactions') {
      const line = transactionIn(values, table.version);
      if (line !== undefined) this.#lines.push(line);
    } else {
      const record = recordIn(values, table);
      if (record !== undefined) this.#records.push(record);
    }
  }

  async write(): Promise<void> {
    if (this.size === 0) return;
    const { rx } = this.#database;
    if (this.collection === 'transactions') await rx.transactions.bulkInsert(this.#lines);
    else await rx[this.collection].bulkInsert(this.#records);
  }
}

function reportOf(file: string, survey: Survey, kept: SortedRows): Report {
  const documents: Record<string, number> = Object.fromEntries(collectionNames.map((name) => [name, 0]));
  const known = new Set<string>();
  const sequences = new Set<number>();
  for (const row of kept.rows) {
    known.add(`${row.collection}/${row.id}`);
    sequences.add(row.sequence);
    if (!row.deleted) documents[row.collection] = (documents[row.collection] ?? 0) + 1;
  }
  const lost = new Map<
    string,
    { readonly collection: string; readonly id: string; readonly occurredAt: Instant | null }
  >();
  const lose = (table: string | undefined, sequence: number, id: string | undefined): void => {
    const collection = table === undefined ? 'unknown' : (collectionTable(table)?.collection ?? table);
    const name = id ?? `#${sequence}`;
    if (sequences.has(sequence) || known.has(`${collection}/${name}`)) return;
    const at = table === undefined ? undefined : survey.named.get(table)?.get(sequence)?.occurredAt;
    lost.set(`${collection}/${name}`, {
      collection,
      id: name,
      occurredAt: at !== undefined && at >= 0 ? instant(at) : null,
    });
  };
  for (const [table, entries] of survey.named) for (const [sequence, { id }] of entries) lose(table, sequence, id);
  for (const { table, sequence, id } of kept.unreadable) lose(table, sequence, id);
  const all = [...lost.values()];
  const instants = all.flatMap(({ occurredAt }) => occurredAt ?? []).toSorted((left, right) => left - right);
  return {
    file,
    documents,
    transactions: documents['transactions'] ?? 0,
    lost: all.slice(0, lostTold),
    lostTotal: all.length,
    lostFrom: instants[0] ?? null,
    lostTo: instants.at(-1) ?? null,
    brokenPlaces: survey.broken,
  };
}

const lostTold = 1_000;

function nothingToSave(file: string): Problem {
  return {
    code: 'wrong-input',
    message: `There is nothing to save: ${file} can be read, and no workspace is in it.`,
    kept: 'The file is as it was.',
    todo: 'Use it as it is, restore a backup, or salvage another file.',
    issues: [],
  };
}

function notWhole(file: string, fault: string): Problem {
  return {
    code: 'unavailable',
    message: `What was read of ${file} could not be written as a whole: ${fault}`,
    kept: 'The file is as it was.',
    todo: 'Check the disk and the space on it, then try again.',
    issues: [],
  };
}

function nothingRead(file: string): Problem {
  return {
    code: 'damaged',
    message: `Nothing of ${file} can be read any more.`,
    kept: 'The file is as it was.',
    todo: 'Restore a backup.',
    issues: [],
  };
}
