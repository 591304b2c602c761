/** One RxDB collection on its table: the RxStorageInstance. */

import type { StatementSync } from 'node:sqlite';
import { getQueryMatcher, getSortComparator, now, objectPathMonad } from 'rxdb';
import type {
  BulkWriteRow,
  EventBulk,
  PreparedQuery,
  RxDocumentData,
  RxJsonSchema,
  RxStorageBulkWriteResponse,
  RxStorageChangeEvent,
  RxStorageCountResult,
  RxStorageInstance,
  RxStorageInstanceCreationParams,
  RxStorageQueryResult,
} from 'rxdb';
import type { Observable, Subject } from 'rxjs';
import { toColumnText } from './column-text.ts';
import type { OpenTable, SqliteConnection, StorageFile } from './connection.ts';
import { DocumentWriter } from './document-writer.ts';
import type { WrittenBulk } from './document-writer.ts';
import { translateQuery } from './query-sql.ts';
import type { SqlCondition } from './query-sql.ts';
import { SqliteStorageError, toStorageError } from './storage-error.ts';
import type { TableLayout } from './table.ts';

/** Position in the file's write sequence. */
export type SqliteCheckpoint = { readonly sequence: number };

export type SqliteInternals = { readonly connection: SqliteConnection };

/** Nothing can be chosen per collection. */
export type SqliteInstanceOptions = Readonly<Record<string, unknown>>;

export type SqliteEventBulk<RxDocType> = EventBulk<
  RxStorageChangeEvent<RxDocumentData<RxDocType>>,
  SqliteCheckpoint | null
>;

const TOMBSTONES_PER_CLEANUP = 1_000;

export class SqliteStorageInstance<RxDocType> implements RxStorageInstance<
  RxDocType,
  SqliteInternals,
  SqliteInstanceOptions,
  SqliteCheckpoint | null
> {
  readonly databaseName: string;
  readonly collectionName: string;
  readonly schema: Readonly<RxJsonSchema<RxDocumentData<RxDocType>>>;
  readonly internals: SqliteInternals;
  readonly options: SqliteInstanceOptions;
  readonly #file: StorageFile;
  readonly #table: OpenTable;
  readonly #changes: Subject<SqliteEventBulk<RxDocType>>;
  readonly #writer: DocumentWriter<RxDocType>;
  readonly #onWrite: ((bulk: WrittenBulk<RxDocType>) => void) | undefined;
  readonly #onClose: () => void;
  readonly #selectById: string;
  #closed = false;

  constructor(
    params: RxStorageInstanceCreationParams<RxDocType, SqliteInstanceOptions>,
    parts: {
      readonly file: StorageFile;
      readonly table: OpenTable;
      readonly changes: Subject<SqliteEventBulk<RxDocType>>;
      readonly onWrite: ((bulk: WrittenBulk<RxDocType>) => void) | undefined;
      readonly onClose: () => void;
    },
  ) {
    this.databaseName = params.databaseName;
    this.collectionName = params.collectionName;
    this.schema = params.schema;
    this.options = params.options;
    this.internals = { connection: parts.file };
    this.#file = parts.file;
    this.#table = parts.table;
    this.#changes = parts.changes;
    this.#writer = new DocumentWriter(parts.file, parts.table);
    this.#onWrite = parts.onWrite;
    this.#onClose = parts.onClose;
    this.#selectById = `SELECT document FROM ${parts.table.layout.quotedName} WHERE id = ?`;
  }

  /** @throws SqliteStorageError when nothing of the bulk was stored; conflicts are in the answer. */
  async bulkWrite(rows: BulkWriteRow<RxDocType>[], context: string): Promise<RxStorageBulkWriteResponse<RxDocType>> {
    const bulk = this.#run(() => this.#writer.write(rows, context, this.#onWrite));
    if (bulk.events.length > 0) {
      this.#changes.next({
        id: bulk.id,
        events: bulk.events,
        checkpoint: { sequence: bulk.sequence },
        context,
      });
    }
    return { error: bulk.errors };
  }

  async findDocumentsById(ids: string[], withDeleted: boolean): Promise<RxDocumentData<RxDocType>[]> {
    return this.#run(() => {
      const statement = this.#file.prepare(this.#selectById);
      const documents: RxDocumentData<RxDocType>[] = [];
      for (const id of ids) {
        const row = statement.get(toColumnText(id));
        if (row !== undefined) {
          const document: RxDocumentData<RxDocType> = JSON.parse(String(row['document']));
          if (withDeleted || !document._deleted) {
            documents.push(document);
          }
        }
      }
      return documents;
    });
  }

  async query(prepared: PreparedQuery<RxDocType>): Promise<RxStorageQueryResult<RxDocType>> {
    return this.#run(() => {
      const { query } = prepared;
      const { layout, looseColumns } = this.#table;
      const { where, orderBy } = translateQuery(layout, looseColumns, prepared);
      const { skip, limit } = rangeOf(prepared);
      if (orderBy === undefined) {
        const documents = this.#matching(where, '', prepared);
        const compare = getSortComparator(this.schema, query);
        const compareTied = indexComparator<RxDocType>(layout, prepared.queryPlan.index);
        documents.sort((a, b) => compare(a, b) || compareTied(a, b));
        return { documents: documents.slice(skip, skip + limit) };
      }
      const order = ` ORDER BY ${orderBy}`;
      if (!where.exact) {
        return { documents: this.#matching(where, order, prepared, skip + limit).slice(skip) };
      }
      if (skip === 0 && limit === Number.POSITIVE_INFINITY) {
        return { documents: this.#matching(where, order, prepared) };
      }
      const page = { ...where, values: [...where.values, Number.isFinite(limit) ? limit : -1, skip] };
      return { documents: this.#matching(page, `${order} LIMIT ? OFFSET ?`, prepared) };
    });
  }

  async count(prepared: PreparedQuery<RxDocType>): Promise<RxStorageCountResult> {
    return this.#run(() => {
      const { where } = translateQuery(this.#table.layout, this.#table.looseColumns, prepared);
      const { skip, limit } = rangeOf(prepared);
      const sql = `SELECT count(*) AS n FROM ${this.#table.layout.quotedName} WHERE ${where.sql}`;
      const found = where.exact
        ? Number(this.#file.prepare(sql).get(...where.values)?.['n'])
        : this.#matching(where, '', prepared).length;
      const count = Math.min(Math.max(found - skip, 0), limit);
      return { count, mode: 'fast' };
    });
  }

  async getChangedDocumentsSince(
    limit: number,
    checkpoint?: SqliteCheckpoint | null,
  ): Promise<{ documents: RxDocumentData<RxDocType>[]; checkpoint: SqliteCheckpoint }> {
    return this.#run(() => {
      const { quotedName } = this.#table.layout;
      const sql = `SELECT sequence, document FROM ${quotedName} WHERE sequence > ? ORDER BY sequence LIMIT ?`;
      const since = checkpoint?.sequence ?? 0;
      const rows = this.#file.prepare(sql).all(since, Number.isFinite(limit) ? limit : -1);
      return {
        documents: rows.map((row) => JSON.parse(String(row['document']))),
        checkpoint: { sequence: Number(rows.at(-1)?.['sequence'] ?? since) },
      };
    });
  }

  changeStream(): Observable<SqliteEventBulk<RxDocType>> {
    this.#assertOpen();
    return this.#changes.asObservable();
  }

  async cleanup(minimumDeletedTimeMs: number): Promise<boolean> {
    return this.#run(() => {
      const { quotedName } = this.#table.layout;
      const sql =
        `DELETE FROM ${quotedName} WHERE sequence IN ` +
        `(SELECT sequence FROM ${quotedName} WHERE deleted=1 AND lwt <= ? LIMIT ${TOMBSTONES_PER_CLEANUP})`;
      return this.#file.transaction(() => {
        this.#file.keepSequence();
        const { changes } = this.#file.prepare(sql).run(now() - minimumDeletedTimeMs);
        return Number(changes) < TOMBSTONES_PER_CLEANUP;
      });
    });
  }

  getAttachmentData(): Promise<Blob> {
    return Promise.reject(new SqliteStorageError('not-supported', this.#file.file));
  }

  async remove(): Promise<void> {
    this.#run(() => this.#file.dropTable(this.#table));
    await this.close();
  }

  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#onClose();
    }
  }

  /** Documents that match, in the order of `tail`, at most `atMost`. */
  #matching(
    where: SqlCondition,
    tail: string,
    prepared: PreparedQuery<RxDocType>,
    atMost = Number.POSITIVE_INFINITY,
  ): RxDocumentData<RxDocType>[] {
    const sql = `SELECT document FROM ${this.#table.layout.quotedName} WHERE ${where.sql}${tail}`;
    const statement: StatementSync = this.#file.prepare(sql);
    if (where.exact) {
      return statement.all(...where.values).map((row) => JSON.parse(String(row['document'])));
    }
    const matches = this.#matcherOf(prepared);
    const documents: RxDocumentData<RxDocType>[] = [];
    if (atMost <= 0) {
      return documents;
    }
    for (const row of statement.iterate(...where.values)) {
      const document: RxDocumentData<RxDocType> = JSON.parse(String(row['document']));
      if (matches(document)) {
        documents.push(document);
        if (documents.length >= atMost) {
          break;
        }
      }
    }
    return documents;
  }

  /** RxDB's own matcher. What it throws is about the query: an operator that it does not know, a broken `$regex`. */
  #matcherOf(prepared: PreparedQuery<RxDocType>): (document: RxDocumentData<RxDocType>) => boolean {
    const refusal = (cause: unknown) => new SqliteStorageError('query-invalid', this.#file.file, cause);
    try {
      const matches = getQueryMatcher(this.schema, prepared.query);
      return (document) => {
        try {
          return matches(document);
        } catch (cause) {
          throw refusal(cause);
        }
      };
    } catch (cause) {
      throw refusal(cause);
    }
  }

  #run<Result>(work: () => Result): Result {
    this.#assertOpen();
    try {
      return work();
    } catch (cause) {
      throw toStorageError(cause, this.#file.file);
    }
  }

  #assertOpen(): void {
    if (this.#closed || this.#table.removed) {
      throw new SqliteStorageError('closed', this.#file.file);
    }
  }
}

/** Which of the found documents are asked for; both may be missing, since RxDB's key compression leaves them out. */
function rangeOf<RxDocType>({ query }: PreparedQuery<RxDocType>): { readonly skip: number; readonly limit: number } {
  const { skip, limit }: Partial<Pick<typeof query, 'skip' | 'limit'>> = query;
  return { skip: skip ?? 0, limit: limit ?? Number.POSITIVE_INFINITY };
}

/**
 * RxDB's comparator ends at the first values that are equal without being identical: two arrays, or null and nothing.
 * What it leaves open falls as it does in RxDB's other storages: in the order of the index that the plan names.
 */
function indexComparator<RxDocType>(
  layout: TableLayout,
  index: readonly string[],
): (a: RxDocumentData<RxDocType>, b: RxDocumentData<RxDocType>) => number {
  const readers = index.map((path) => {
    const read = objectPathMonad<RxDocumentData<RxDocType>, unknown>(path);
    const type = layout.columnsByPath.get(path)?.valueType;
    return (document: RxDocumentData<RxDocType>): string | number => {
      const value = read(document);
      return typeof value === 'string' || typeof value === 'number'
        ? value
        : type === 'string'
          ? ''
          : Number(value === true);
    };
  });
  return (a, b) => {
    for (const read of readers) {
      const [left, right] = [read(a), read(b)];
      if (left !== right) {
        return left < right ? -1 : 1;
      }
    }
    return 0;
  };
}
