/** Writes bulks of documents into a collection's table: conflicts, columns, events and the hook, in one transaction. */

import type { SQLInputValue } from 'node:sqlite';
import { objectPathMonad, randomToken, stripAttachmentsDataFromDocument } from 'rxdb';
import type { BulkWriteRow, RxDocumentData, RxStorageChangeEvent, RxStorageWriteError } from 'rxdb';
import { toColumnText } from './column-text.ts';
import { missingValue, toColumnValue } from './column-value.ts';
import type { OpenTable, StorageFile } from './connection.ts';
import { SqliteStorageError, toStorageError } from './storage-error.ts';
import type { SqliteColumn } from './table.ts';

/** A document as it was stored by a bulk. */
export type WrittenDocument<RxDocType> = {
  readonly document: RxDocumentData<RxDocType>;
  /** The state that it replaced; undefined for a new document. */
  readonly previous: RxDocumentData<RxDocType> | undefined;
  readonly sequence: number;
};

export type WrittenBulk<RxDocType> = {
  /** In rising sequence, without the rows that were in conflict. */
  readonly changes: readonly WrittenDocument<RxDocType>[];
  /** Sequence of the last change. */
  readonly sequence: number;
  readonly context: string;
};

type BulkOutcome<RxDocType> = {
  readonly id: string;
  readonly errors: RxStorageWriteError<RxDocType>[];
  readonly events: RxStorageChangeEvent<RxDocumentData<RxDocType>>[];
  readonly changes: WrittenDocument<RxDocType>[];
  sequence: number;
};

type Reader<RxDocType> = {
  readonly column: SqliteColumn;
  readonly read: (document: RxDocumentData<RxDocType>) => unknown;
};

const BULK_ID_PREFIX = randomToken(10);
let bulkCount = 0;

export class DocumentWriter<RxDocType> {
  readonly #file: StorageFile;
  readonly #table: OpenTable;
  readonly #readers: readonly Reader<RxDocType>[];
  readonly #readId: (document: RxDocumentData<RxDocType>) => unknown;
  readonly #selectSql: string;
  readonly #insertSql: string;
  readonly #updateSql: string;
  /** Loose columns including those of the running transaction. */
  #looseColumns: Set<string> | undefined;

  constructor(file: StorageFile, table: OpenTable) {
    const { layout } = table;
    this.#file = file;
    this.#table = table;
    const paths = [layout.primaryPath, '_deleted', '_meta.lwt', ...layout.columns.map((column) => column.path)];
    const columns = paths.map((path) => layout.columnsByPath.get(path)).filter((column) => column !== undefined);
    this.#readId = objectPathMonad(layout.primaryPath);
    this.#readers = columns.map((column) => ({ column, read: objectPathMonad(column.path) }));
    const names = ['sequence', ...columns.map((column) => column.quotedName), 'document'];
    this.#selectSql = `SELECT document FROM ${layout.quotedName} WHERE id = ?`;
    // Only an equal id is a conflict; an equal sequence must fail, for another process has written to the file then.
    this.#insertSql =
      `INSERT INTO ${layout.quotedName} (${names.join(', ')}) ` +
      `VALUES (${names.map(() => '?').join(', ')}) ON CONFLICT (id) DO NOTHING`;
    this.#updateSql = `UPDATE ${layout.quotedName} SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`;
  }

  /** @throws SqliteStorageError or what SQLite threw; then nothing of the bulk is stored. */
  write(
    rows: readonly BulkWriteRow<RxDocType>[],
    context: string,
    onWrite: ((bulk: WrittenBulk<RxDocType>) => void) | undefined,
  ): BulkOutcome<RxDocType> {
    bulkCount += 1;
    const bulk: BulkOutcome<RxDocType> = {
      id: `${BULK_ID_PREFIX}${bulkCount}`,
      errors: [],
      events: [],
      changes: [],
      sequence: 0,
    };
    this.#looseColumns = undefined;
    this.#file.write((lastSequence) => {
      bulk.sequence = lastSequence;
      for (const row of rows) {
        this.#writeRow(row, context, bulk);
      }
      if (this.#looseColumns !== undefined) {
        this.#file.keepLooseColumns(this.#table, this.#looseColumns);
      }
      if (onWrite !== undefined && bulk.changes.length > 0) {
        try {
          onWrite({ changes: bulk.changes, sequence: bulk.sequence, context });
        } catch (cause) {
          throw toStorageError(cause, this.#file.file, 'hook-failed');
        }
      }
      return bulk.sequence;
    });
    this.#table.looseColumns = this.#looseColumns ?? this.#table.looseColumns;
    return bulk;
  }

  #writeRow(row: BulkWriteRow<RxDocType>, context: string, bulk: BulkOutcome<RxDocType>): void {
    const document = stripAttachmentsDataFromDocument(row.document);
    const sequence = bulk.sequence + 1;
    const values = this.#rowValues(document, sequence);
    const documentId = String(this.#readId(document));
    const columnId = toColumnText(documentId);
    let { previous } = row;
    let stored = previous === undefined && !this.#file.readOnly ? undefined : this.#find(columnId);
    if (this.#file.readOnly && (stored === undefined || stored._rev === previous?._rev)) {
      // A conflict can still be told, which RxDB asks for when it opens; only what would be written is refused.
      throw new SqliteStorageError('read-only', this.#file.file);
    }
    if (stored === undefined) {
      previous = undefined;
      if (Number(this.#file.prepare(this.#insertSql).run(...values).changes) === 0) {
        stored = this.#find(columnId);
      }
    }
    if (stored !== undefined) {
      if (stored._rev !== previous?._rev) {
        const conflict = {
          isError: true,
          status: 409,
          documentId,
          writeRow: row,
          documentInDb: stored,
          context,
        } as const;
        bulk.errors.push(conflict);
        return;
      }
      this.#file.prepare(this.#updateSql).run(...values, columnId);
    }
    bulk.sequence = sequence;
    bulk.changes.push({ document, previous, sequence });
    if (document._deleted && previous === undefined) {
      // A tombstone that nobody has seen alive is not news.
      return;
    }
    const operation = document._deleted ? 'DELETE' : previous === undefined || previous._deleted ? 'INSERT' : 'UPDATE';
    bulk.events.push({
      operation,
      documentId,
      documentData: document,
      previousDocumentData: operation === 'INSERT' ? undefined : previous,
    });
  }

  #find(columnId: SQLInputValue): RxDocumentData<RxDocType> | undefined {
    const row = this.#file.prepare(this.#selectSql).get(columnId);
    return row === undefined ? undefined : JSON.parse(String(row['document']));
  }

  #rowValues(document: RxDocumentData<RxDocType>, sequence: number): SQLInputValue[] {
    const values: SQLInputValue[] = [sequence];
    for (const { column, read } of this.#readers) {
      const value: unknown = read(document);
      values.push(this.#columnValue(column, value));
    }
    values.push(JSON.stringify(document));
    return values;
  }

  #columnValue(column: SqliteColumn, value: unknown): SQLInputValue {
    const known = toColumnValue(column, value);
    if (known !== undefined) {
      return known;
    }
    if (!this.#table.looseColumns.has(column.path)) {
      this.#looseColumns ??= new Set(this.#table.looseColumns);
      this.#looseColumns.add(column.path);
    }
    return missingValue(column);
  }
}
