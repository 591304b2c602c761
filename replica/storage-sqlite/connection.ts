/** One open SQLite file: opening and checking it, transactions, the write sequence and the register of tables. */

import { existsSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import { openForReading, refuseLogAlone } from './open-for-reading.ts';
import { SqliteStorageError, toStorageError } from './storage-error.ts';
import type { SqliteTable, TableLayout } from './table.ts';

export type Synchronous = 'FULL' | 'NORMAL';

/** What SQL beside the storage may use of an open file. */
export type SqliteConnection = {
  /** Absolute path. */
  readonly file: string;
  /** Shared with the storage: read freely, write to own tables only, never leave a transaction open across an await. */
  readonly database: DatabaseSync;
  /** Table of a collection, of its highest open schema version unless given; undefined when it is not open. */
  tableOf(collectionName: string, schemaVersion?: number): SqliteTable | undefined;
  /** Tables of all collections that are open. */
  tables(): readonly SqliteTable[];
  /** Runs `work` between BEGIN IMMEDIATE and COMMIT, or in the transaction that is open. Rolls back when it throws. */
  transaction<Result>(work: () => Result): Result;
  /** A prepared statement, kept and used again for the same text. */
  prepare(sql: string): StatementSync;
  /** Highest write sequence given out so far; 0 in a new file. */
  lastSequence(): number;
  setSynchronous(mode: Synchronous): void;
};

export type FileOptions = {
  readonly file: string;
  readonly databaseName: string;
  readonly synchronous: Synchronous;
  readonly readOnly: boolean;
};

/** What all instances of one collection share. */
export type OpenTable = {
  readonly layout: TableLayout;
  /** Paths of columns in which a document once lacked a value of the column's type. */
  looseColumns: ReadonlySet<string>;
  removed: boolean;
};

/** "RxSq", so that a file of another program is told apart. */
export const APPLICATION_ID = 0x52785371;
/** The newest form of the file that this version writes and reads. */
export const FORMAT_VERSION = 1;
const PAGE_BYTES = 8192;
/** A checkpoint every 80 MB of changes; the default of 1,000 pages costs bulk writes half their speed. */
const WAL_CHECKPOINT_PAGES = 10_000;
const CACHE_KIB = 65_536;
const LOCK_WAIT_MS = 2_000;
const STATEMENTS_KEPT_MAX = 200;

export class StorageFile implements SqliteConnection {
  readonly file: string;
  readonly database: DatabaseSync;
  readonly databaseName: string;
  readonly readOnly: boolean;
  readonly #dispose: () => void;
  readonly #openTables = new Map<string, OpenTable>();
  readonly #statements = new Map<string, StatementSync>();
  #sequence: number | undefined;
  #instances = 0;
  #emptied = false;

  /** @throws SqliteStorageError */
  constructor(options: FileOptions) {
    this.file = options.file;
    this.databaseName = options.databaseName;
    this.readOnly = options.readOnly;
    if (!statSync(dirname(options.file), { throwIfNoEntry: false })?.isDirectory()) {
      throw new SqliteStorageError('folder-missing', options.file);
    }
    try {
      refuseLogAlone(options.file);
      const opened = options.readOnly
        ? openForReading(options.file, LOCK_WAIT_MS)
        : { database: new DatabaseSync(options.file, { timeout: LOCK_WAIT_MS }), dispose: () => undefined };
      this.database = opened.database;
      this.#dispose = opened.dispose;
    } catch (cause) {
      throw toStorageError(cause, options.file);
    }
    try {
      this.#prepareFile(options);
    } catch (cause) {
      this.database.close();
      this.#dispose();
      throw toStorageError(cause, options.file);
    }
  }

  addInstance(): void {
    this.#instances += 1;
  }

  /** Closes the file with its last instance. Returns whether it is closed now. */
  removeInstance(): boolean {
    this.#instances -= 1;
    if (this.#instances > 0) {
      return false;
    }
    const disposable = this.#emptied && this.#holdsNothing();
    this.#statements.clear();
    this.database.close();
    this.#dispose();
    if (disposable) {
      for (const suffix of ['', '-wal', '-shm']) {
        rmSync(this.file + suffix, { force: true });
      }
    }
    return true;
  }

  /** Opens the table of a collection, and creates it at the first time. */
  openTable(layout: TableLayout): OpenTable {
    const open = this.#openTables.get(layout.name);
    const columns = JSON.stringify(layout.createSql);
    const known = this.prepare('SELECT collection, definition, loose FROM rxstorage_tables WHERE name = ?').get(
      layout.name,
    );
    if (known !== undefined && known['collection'] !== layout.collectionName) {
      throw new SqliteStorageError('other-database', this.file);
    }
    if (known !== undefined && known['definition'] !== columns) {
      throw new SqliteStorageError('schema-changed', this.file, new Error(`table ${layout.name}`));
    }
    if (open !== undefined) {
      return open;
    }
    if (known === undefined) {
      this.transaction(() => {
        for (const sql of layout.createSql) {
          this.database.exec(sql);
        }
        this.prepare('INSERT INTO rxstorage_tables (name, collection, definition, loose) VALUES (?, ?, ?, ?)').run(
          layout.name,
          layout.collectionName,
          columns,
          '[]',
        );
      });
    }
    const looseColumns: readonly string[] = JSON.parse(known === undefined ? '[]' : String(known['loose']));
    const table: OpenTable = { layout, looseColumns: new Set(looseColumns), removed: false };
    this.#openTables.set(layout.name, table);
    return table;
  }

  dropTable(table: OpenTable): void {
    this.transaction(() => {
      this.keepSequence();
      this.database.exec(`DROP TABLE ${table.layout.quotedName}`);
      this.prepare('DELETE FROM rxstorage_tables WHERE name = ?').run(table.layout.name);
    });
    table.removed = true;
    this.#openTables.delete(table.layout.name);
    this.#emptied = true;
  }

  /**
   * Writes documents: `work` gets the last sequence, numbers its rows from there and returns the one it ended at.
   * Unlike `transaction` it never joins: what is answered has to be committed.
   */
  write(work: (lastSequence: number) => number): void {
    if (this.database.isTransaction) {
      throw new SqliteStorageError('transaction-open', this.file);
    }
    try {
      this.#sequence = this.transaction(() => work(this.lastSequence()));
    } catch (cause) {
      // Read it from the file again, in case another process wrote there.
      this.#sequence = undefined;
      throw cause;
    }
  }

  transaction<Result>(work: () => Result): Result {
    if (this.database.isTransaction) {
      return work();
    }
    this.prepare('BEGIN IMMEDIATE').run();
    try {
      const result = work();
      this.prepare('COMMIT').run();
      return result;
    } catch (cause) {
      // SQLite has already rolled back after some failures, such as a full disk.
      if (this.database.isTransaction) {
        this.prepare('ROLLBACK').run();
      }
      throw cause;
    }
  }

  prepare(sql: string): StatementSync {
    const kept = this.#statements.get(sql);
    if (kept !== undefined) {
      return kept;
    }
    if (this.#statements.size >= STATEMENTS_KEPT_MAX) {
      const [oldest] = this.#statements.keys();
      this.#statements.delete(oldest ?? '');
    }
    const statement = this.database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  lastSequence(): number {
    this.#sequence ??= this.#readSequence();
    return this.#sequence;
  }

  /** Keeps the sequence in the file before rows that may carry the highest one are removed. */
  keepSequence(): void {
    this.prepare('UPDATE rxstorage_state SET sequence_floor = max(sequence_floor, ?)').run(this.lastSequence());
  }

  keepLooseColumns(table: OpenTable, paths: ReadonlySet<string>): void {
    this.prepare('UPDATE rxstorage_tables SET loose = ? WHERE name = ?').run(
      JSON.stringify([...paths]),
      table.layout.name,
    );
  }

  tableOf(collectionName: string, schemaVersion?: number): SqliteTable | undefined {
    return this.tables()
      .filter((table) => table.collectionName === collectionName)
      .filter((table) => schemaVersion === undefined || table.schemaVersion === schemaVersion)
      .sort((a, b) => b.schemaVersion - a.schemaVersion)[0];
  }

  tables(): readonly SqliteTable[] {
    return [...this.#openTables.values()].map((table) => table.layout);
  }

  setSynchronous(mode: Synchronous): void {
    this.database.exec(`PRAGMA synchronous=${mode}`);
  }

  #prepareFile(options: FileOptions): void {
    const format = this.#pragma('user_version');
    const application = this.#pragma('application_id');
    const objects = this.database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'];
    if (application === 0 && format === 0 && objects === 0 && !options.readOnly) {
      this.#createFile();
    } else if (application !== APPLICATION_ID) {
      throw new SqliteStorageError('not-a-database', this.file);
    } else if (format > FORMAT_VERSION) {
      throw new SqliteStorageError('newer-format', this.file, new Error(`format ${format}, known ${FORMAT_VERSION}`));
    }
    if (!options.readOnly) {
      // A file that was put here as a copy may be without a log. Where it has one already this changes nothing.
      this.database.exec(`PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=${WAL_CHECKPOINT_PAGES}`);
      this.setSynchronous(options.synchronous);
    }
    this.database.exec(`PRAGMA cache_size=-${CACHE_KIB}; PRAGMA temp_store=MEMORY`);
    const name = this.database.prepare('SELECT database_name FROM rxstorage_state').get()?.['database_name'];
    if (name !== this.databaseName) {
      throw new SqliteStorageError('other-database', this.file, new Error(`it holds ${String(name)}`));
    }
  }

  #createFile(): void {
    this.database.exec(`PRAGMA page_size=${PAGE_BYTES}; PRAGMA journal_mode=WAL`);
    this.transaction(() => {
      this.database.exec(
        'CREATE TABLE rxstorage_state (database_name TEXT NOT NULL, sequence_floor INTEGER NOT NULL);' +
          'CREATE TABLE rxstorage_tables (name TEXT PRIMARY KEY COLLATE NOCASE, collection TEXT NOT NULL, ' +
          'definition TEXT NOT NULL, loose TEXT NOT NULL);' +
          `PRAGMA application_id=${APPLICATION_ID}; PRAGMA user_version=${FORMAT_VERSION}`,
      );
      this.database
        .prepare('INSERT INTO rxstorage_state (database_name, sequence_floor) VALUES (?, 0)')
        .run(this.databaseName);
    });
  }

  #pragma(name: string): number {
    return Number(this.database.prepare(`PRAGMA ${name}`).get()?.[name]);
  }

  #readSequence(): number {
    const names = this.database.prepare('SELECT name FROM rxstorage_tables').all();
    const floor = this.database.prepare('SELECT sequence_floor AS n FROM rxstorage_state').get()?.['n'];
    const highest = names.map((row) => {
      const table = `"${String(row['name']).replaceAll('"', '""')}"`;
      return Number(this.database.prepare(`SELECT coalesce(max(sequence), 0) AS n FROM ${table}`).get()?.['n']);
    });
    return Math.max(Number(floor), ...highest);
  }

  /** After the last collection was removed: whether no collection and no table of anybody else is left. */
  #holdsNothing(): boolean {
    const foreign =
      "SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table' " +
      "AND name NOT IN ('rxstorage_state', 'rxstorage_tables', 'rxstorage_set_aside') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    return !this.readOnly && existsSync(this.file) && this.database.prepare(foreign).get()?.['n'] === 0;
  }
}
