// Looks at every part of a file before it replaces anything, and changes nothing of it.
import { constants, copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as others } from 'node:timers/promises';
import type { FileCheckView, FileFault, FileFaultKind } from '../../shared/bridge/backup-views.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import type { Transaction } from '../../shared/ledger/transaction.ts';
import { collectionCreators, collectionNames } from '../database/collections.ts';
import { databaseName } from '../database/open-database.ts';
import { parsedJson, recordOf } from '../database/stored-rows.ts';
import { lineOf } from '../database/transaction-document.ts';
import { storedVersions } from '../storage-sqlite/collection-migration.ts';
import { fromColumnText } from '../storage-sqlite/column-text.ts';
import { APPLICATION_ID, FORMAT_VERSION } from '../storage-sqlite/connection.ts';
import { codeOf } from '../database/error-code.ts';
import { faultsOfPages, unchangedAddress } from './whole-file.ts';

/**
 * Checks a file of any kind: whether it is a database of Fuelgauge that this version reads, whether every page of it is
 * whole, and whether every row can be read; and tells what is in it. The file is not changed and nothing is left beside
 * it. A write-ahead log or journal beside it counts as part of it: both are then looked at as copies. Never the file
 * that this process has open. Never throws for anything about the file;
 * an `AbortError` when `signal` aborts.
 */
export async function checkFile(
  path: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<FileCheckView> {
  const file = resolve(path);
  const findings = new Findings(file);
  const outside = faultFromOutside(file);
  if (outside !== undefined) return findings.withFault(outside.kind, outside.message);
  findings.bytes = statSync(file).size;
  let copied: string | undefined;
  try {
    copied = copyWithJournals(file);
    await lookInside(copied === undefined ? file : join(copied, basename(file)), findings, options.signal);
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    const reason = error instanceof Error ? error.message : code;
    findings.withFault(code === 'ERR_SQLITE_ERROR' ? 'damaged' : 'unreadable', `It cannot be read: ${reason}.`);
  } finally {
    if (copied !== undefined) rmSync(copied, { recursive: true, force: true });
  }
  return findings.view();
}

const rowsPerTurn = 100;
const unreadableTold = 5;

class Findings {
  readonly #file: string;
  readonly #faults: FileFault[] = [];
  bytes = 0;
  readonly documents: Record<string, number> = {};
  readonly names = new Map<string, string>();
  readonly transactionsByWorkspace = new Map<string, number>();
  unreadableRows = 0;
  firstRecordedAt: Instant | null = null;
  lastRecordedAt: Instant | null = null;
  newest: FileCheckView['newestTransaction'] = null;

  constructor(file: string) {
    this.#file = file;
  }

  withFault(kind: FileFaultKind, message: string): FileCheckView {
    this.#faults.push({ kind, message });
    return this.view();
  }

  noteUnreadable(collection: string, id: string, reason: string): void {
    this.unreadableRows += 1;
    if (this.unreadableRows > unreadableTold) return;
    this.withFault('unreadable-rows', `Row “${id}” of ${collection} cannot be read: ${reason}`);
  }

  noteLine(line: Transaction): void {
    const { id, kind, occurredAt, recordedAt, workspaceId } = line;
    this.transactionsByWorkspace.set(workspaceId, (this.transactionsByWorkspace.get(workspaceId) ?? 0) + 1);
    if (this.firstRecordedAt === null || recordedAt < this.firstRecordedAt) this.firstRecordedAt = recordedAt;
    if (this.lastRecordedAt === null || recordedAt >= this.lastRecordedAt) {
      this.lastRecordedAt = recordedAt;
      this.newest = { id, kind, occurredAt, recordedAt };
    }
  }

  view(): FileCheckView {
    const untold = this.unreadableRows - unreadableTold;
    const more: readonly FileFault[] =
      untold > 0 ? [{ kind: 'unreadable-rows', message: `${untold} more rows cannot be read.` }] : [];
    return {
      file: this.#file,
      ok: this.#faults.length === 0,
      restorable: this.#faults.every((fault) => fault.kind === 'unreadable-rows'),
      faults: [...this.#faults, ...more],
      bytes: this.bytes,
      workspaces: [...this.names].map(([id, name]) => ({
        id,
        name,
        transactions: this.transactionsByWorkspace.get(id) ?? 0,
      })),
      documents: { ...this.documents },
      transactions: this.documents['transactions'] ?? 0,
      firstRecordedAt: this.firstRecordedAt,
      lastRecordedAt: this.lastRecordedAt,
      newestTransaction: this.newest,
    };
  }
}

/** What can be told of a file before SQLite opens it. */
function faultFromOutside(file: string): FileFault | undefined {
  const unreadable = (message: string): FileFault => ({ kind: 'unreadable', message });
  try {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) return unreadable('There is no such file.');
    if (stat.isDirectory()) return unreadable('It is a folder. Choose a file in it.');
    if (!stat.isFile()) return unreadable('It is no ordinary file.');
    return stat.size === 0 ? { kind: 'empty', message: 'The file is empty: it has 0 bytes.' } : undefined;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return unreadable(`It cannot be read: ${error instanceof Error ? error.message : 'the disk does not answer'}.`);
  }
}

/** A folder with a copy of the file and of what SQLite keeps beside it; undefined when there is nothing beside it. */
function copyWithJournals(file: string): string | undefined {
  const beside = ['-wal', '-journal'].filter((suffix) => {
    const stat = statSync(file + suffix, { throwIfNoEntry: false });
    return stat?.isFile() === true && stat.size > 0;
  });
  if (beside.length === 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'fuelgauge-check-'));
  try {
    for (const suffix of ['', ...beside]) {
      copyFileSync(file + suffix, join(folder, basename(file) + suffix), constants.COPYFILE_FICLONE);
    }
    // Opened once for writing, the copy takes in what lay beside it and is one file.
    const database = new DatabaseSync(join(folder, basename(file)));
    database.exec('PRAGMA journal_mode=DELETE');
    database.close();
  } catch (error) {
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return folder;
}

async function lookInside(file: string, findings: Findings, signal: AbortSignal | undefined): Promise<void> {
  const database = new DatabaseSync(unchangedAddress(file), { readOnly: true });
  try {
    if (!isOurs(database, findings)) return;
    const quick = await faultsOfPages(file, { thorough: false, signal });
    const faults = quick.length > 0 ? quick : await faultsOfPages(file, { thorough: true, signal });
    for (const fault of faults) findings.withFault('damaged', `SQLite found the file damaged: ${fault}`);
    for (const [collection, table] of tablesOf(database, findings)) {
      await lookAtRows({ database, collection, table, findings, signal });
    }
  } finally {
    database.close();
  }
}

/** Whether the file is one that this version reads; else the fault is noted. */
function isOurs(database: DatabaseSync, findings: Findings): boolean {
  const number = (name: string): number => Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
  let application: number;
  try {
    application = number('application_id');
  } catch (error) {
    // SQLite reads the head of the file with the first question.
    const foreign = error instanceof Error && 'errcode' in error && error.errcode === notADatabase;
    if (!foreign) throw error;
    findings.withFault('foreign', 'It is no database, or its first page is damaged.');
    return false;
  }
  if (application !== APPLICATION_ID) {
    findings.withFault('foreign', 'It is a database of another program.');
    return false;
  }
  const format = number('user_version');
  if (format > FORMAT_VERSION) {
    findings.withFault('newer', 'It was written by a later version of Fuelgauge. Update Fuelgauge, then try again.');
    return false;
  }
  const name = database.prepare('SELECT database_name FROM rxstorage_state').get()?.['database_name'];
  if (name === databaseName) return true;
  findings.withFault('foreign', `It is a database of another program: it holds “${String(name)}”.`);
  return false;
}

const notADatabase = 26;

/** The table of each collection, of its highest schema version. */
function tablesOf(database: DatabaseSync, findings: Findings): ReadonlyMap<string, string> {
  const tables = new Map<string, string>();
  for (const collection of collectionNames) {
    const [version] = storedVersions(database, collection);
    if (version === undefined) findings.withFault('incomplete', `The table of ${collection} is missing.`);
    else if (version > collectionCreators[collection].schema.version) {
      findings.withFault('newer', `Its ${collection} were written by a later version of Fuelgauge.`);
    } else tables.set(collection, `"${collection}_v${version}"`);
  }
  return tables;
}

async function lookAtRows(look: {
  readonly database: DatabaseSync;
  readonly collection: string;
  readonly table: string;
  readonly findings: Findings;
  readonly signal: AbortSignal | undefined;
}): Promise<void> {
  const { database, collection, table, findings, signal } = look;
  let documents = 0;
  try {
    const rows = database.prepare(`SELECT id, document FROM ${table} WHERE deleted=0 ORDER BY sequence`).iterate();
    for (const row of rows) {
      documents += 1;
      lookAtRow(collection, row, findings);
      if (documents % rowsPerTurn === 0) {
        await others();
        signal?.throwIfAborted();
      }
    }
  } catch (error) {
    if (codeOf(error) !== 'ERR_SQLITE_ERROR') throw error;
    findings.withFault('damaged', `The ${collection} can be read in part only: ${String(error)}`);
  }
  findings.documents[collection] = documents;
}

function lookAtRow(collection: string, row: Readonly<Record<string, unknown>>, findings: Findings): void {
  const id = fromColumnText(String(row['id']));
  const stored = parsedJson(row['document']);
  if (stored === undefined) return findings.noteUnreadable(collection, id, 'It is no JSON.');
  if (collection === 'transactions') {
    const line = lineOf(stored);
    if (!line.ok) return findings.noteUnreadable(collection, id, line.error);
    if (line.value.id !== id) return findings.noteUnreadable(collection, id, `It says that it is “${line.value.id}”.`);
    return findings.noteLine(line.value);
  }
  const record = recordOf(stored);
  if (record === undefined) return findings.noteUnreadable(collection, id, 'It is no record.');
  if (record.id !== id) return findings.noteUnreadable(collection, id, `It says that it is “${record.id}”.`);
  const { name } = record.body;
  if (collection === 'workspaces') findings.names.set(id, typeof name === 'string' ? name : id);
  return undefined;
}
