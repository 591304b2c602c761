import type { RxDocumentData, RxDocumentWriteData } from 'rxdb';
import { contentOf, type Entry, type EntryKind } from '../../shared/protocol/entry.ts';
import type { RecordDocument, TransactionDocument } from '../database/collections.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { parsedJson, tableNamed } from '../database/stored-rows.ts';
import { toDocument } from '../database/transaction-document.ts';
import { collectionOfKind, entryIn, recordOfEntry } from './entry-documents.ts';
import type { SyncedRows } from './synced-rows.ts';

/**
 * Entries in their collections, written below RxDB's own documents: in bulk, and with what goes along in the very same
 * transaction. Live queries and projections follow as after any other write.
 */
export class EntryCollections {
  readonly #database: OpenDatabase;
  readonly #rows: SyncedRows;

  constructor(database: OpenDatabase, rows: SyncedRows) {
    this.#database = database;
    this.#rows = rows;
  }

  /** The entry under an id as the columns have it; undefined where there is none, or none that can be read. */
  entry(kind: EntryKind, columnId: string): Entry | undefined {
    const table = tableNamed(this.#database, collectionOfKind[kind]);
    if (table === undefined) return undefined;
    const { connection } = this.#database;
    const row = connection.prepare(`SELECT document FROM ${table} WHERE deleted=0 AND id=?`).get(columnId);
    return row && entryIn(kind, parsedJson(row['document']));
  }

  /**
   * Writes new entries of one kind in one transaction; `follow` is called in it for each that is written. Answers the ids
   * that are there already. They can be pulled again, and so are not waited for until they are on the disk.
   */
  async insert(kind: EntryKind, entries: readonly Entry[], follow: (id: string) => void): Promise<ReadonlySet<string>> {
    const { connection, rx } = this.#database;
    const write = async (context: string): Promise<readonly string[]> => {
      if (kind === 'line') {
        const writing = rx.transactions.storageInstance.bulkWrite(entries.flatMap(newLine), context);
        connection.setSynchronous('FULL');
        return (await writing).error.map(({ documentId }) => documentId);
      }
      const writing = rx[collectionOfKind[kind]].storageInstance.bulkWrite(entries.flatMap(newRecord), context);
      connection.setSynchronous('FULL');
      return (await writing).error.map(({ documentId }) => documentId);
    };
    // The write itself is done before its promise is there: nobody else writes at this pace.
    connection.setSynchronous('NORMAL');
    try {
      return new Set(await this.#rows.asOwnWrite(({ document }) => follow(String(document['id'])), write));
    } finally {
      connection.setSynchronous('FULL');
    }
  }

  /** Puts an entry in the place of whatever is there under its id. `follow` is called once, in the same transaction. */
  async replace(entry: Entry, follow: () => void): Promise<void> {
    const { rx } = this.#database;
    const { id } = contentOf(entry);
    await this.#rows.asOwnWrite(onceOnly(follow), async (context) => {
      if (entry.kind === 'line') {
        const storage = rx.transactions.storageInstance;
        const [previous] = await storage.findDocumentsById([id], true);
        return storage.bulkWrite([overPrevious(toDocument(entry.line), previous)], context);
      }
      const storage = rx[collectionOfKind[entry.kind]].storageInstance;
      const [previous] = await storage.findDocumentsById([id], true);
      return storage.bulkWrite([overPrevious(recordOfEntry(entry), previous)], context);
    });
  }

  /** Takes entries away. `follow` is called once, in the same transaction, also where none of them is there. */
  async remove(kind: EntryKind, ids: readonly string[], follow: () => void): Promise<void> {
    const { rx, connection } = this.#database;
    const removed = await this.#rows.asOwnWrite(onceOnly(follow), async (context) => {
      if (kind === 'line') {
        const storage = rx.transactions.storageInstance;
        const stored = await storage.findDocumentsById([...ids], false);
        if (stored.length > 0) await storage.bulkWrite(stored.map(tombstone), context);
        return stored.length;
      }
      const storage = rx[collectionOfKind[kind]].storageInstance;
      const stored = await storage.findDocumentsById([...ids], false);
      if (stored.length > 0) await storage.bulkWrite(stored.map(tombstone), context);
      return stored.length;
    });
    if (removed === 0) connection.transaction(follow);
  }
}

function newLine(entry: Entry): readonly { readonly document: RxDocumentWriteData<TransactionDocument> }[] {
  return entry.kind === 'line' ? [overPrevious(toDocument(entry.line), undefined)] : [];
}

function newRecord(entry: Entry): readonly { readonly document: RxDocumentWriteData<RecordDocument> }[] {
  return entry.kind === 'line' ? [] : [overPrevious(recordOfEntry(entry), undefined)];
}

/** RxDB gives each write its revision and time. */
function overPrevious<Document>(document: Document, previous: RxDocumentData<Document> | undefined) {
  const meta = { _deleted: false, _attachments: {}, _meta: { lwt: 1 }, _rev: '' };
  return previous === undefined
    ? { document: { ...document, ...meta } }
    : { previous, document: { ...document, ...meta, _meta: previous._meta, _rev: previous._rev } };
}

function tombstone<Document>(previous: RxDocumentData<Document>) {
  return { previous, document: { ...previous, _deleted: true } };
}

function onceOnly(follow: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    follow();
  };
}
