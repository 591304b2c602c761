// From the values of a row to the document that was written, or to nothing.
import {
  collectionCreators,
  collectionNames,
  type CollectionName,
  type RecordDocument,
  type TransactionDocument,
} from '../database/collections.ts';
import { parsedJson, recordOf } from '../database/stored-rows.ts';
import { lineOf, toDocument } from '../database/transaction-document.ts';
import { steppedUp } from '../storage-sqlite/collection-migration.ts';
import { fromColumnText } from '../storage-sqlite/column-text.ts';
import { isPlainObject } from '../storage-sqlite/plain-object.ts';
import type { StoredRecord } from './page-records.ts';

/** A collection's table, of the schema version that it was written under. */
export interface CollectionTable {
  readonly collection: CollectionName;
  readonly version: number;
}

/** What `<collection>_v<version>` names; undefined for a later version or a collection that this program does not know. */
export function collectionTable(table: string): CollectionTable | undefined {
  const [, name, digits] = /^([a-z]+)_v(\d+)$/.exec(table) ?? [];
  const collection = collectionNames.find((each) => each === name);
  if (collection === undefined) return undefined;
  const version = Number(digits);
  return version <= collectionCreators[collection].schema.version ? { collection, version } : undefined;
}

/**
 * The line of the ledger in a row, as this version writes it. SQLite keeps no checksum of a row; what is kept twice is
 * compared: each column with the document, the document with its body, and the credits of a use with its receipt.
 */
export function transactionIn(values: StoredRecord['values'], version: number): TransactionDocument | undefined {
  const stored = storedIn(values, { collection: 'transactions', version });
  const read = lineOf(stored);
  if (!read.ok || stored === undefined) return undefined;
  const line = read.value;
  if ('receipt' in line && line.receipt.length > 0) {
    const paid = line.receipt.reduce((total, share) => total + share.credits, 0);
    if (paid !== line.credits) return undefined;
  }
  const { body: readBody, ...fields } = toDocument(line);
  if (Object.entries(fields).some(([name, value]) => stored[name] !== value)) return undefined;
  // The body as it is stored, in case it holds more than this version reads.
  const { body = readBody } = stored;
  return isPlainObject(body) ? { ...fields, body } : undefined;
}

/** The record in a row, as this version writes it. */
export function recordIn(values: StoredRecord['values'], table: CollectionTable): RecordDocument | undefined {
  return recordOf(storedIn(values, table));
}

/** Which collection a record is of, by what only those of one have; for rows on pages that nothing leads to. */
export function collectionOfRecord(values: StoredRecord['values']): CollectionName | undefined {
  const record = recordOf(parsedJson(values.at(-1)));
  if (record === undefined) return undefined;
  const { id, workspaceId, body } = record;
  if (id === workspaceId && 'platform' in body && 'anchor' in body) return 'workspaces';
  if ('subject' in body && 'effectiveFrom' in body) return 'changes';
  if ('catalogue' in body) return 'plans';
  if (/^(?:me|import|backups)\//.test(id)) return 'settings';
  if ('orderId' in body && 'packId' in body) return 'orders';
  if ('used' in body && 'at' in body) return 'readings';
  return 'reasons' in body ? 'refusals' : undefined;
}

/** The document without RxDB's meta fields, brought to the present version; undefined when its columns contradict it. */
function storedIn(
  values: StoredRecord['values'],
  { collection, version }: CollectionTable,
): Readonly<Record<string, unknown>> | undefined {
  const stored = parsedJson(values.at(-1));
  if (!isPlainObject(stored)) return undefined;
  const { _rev, _meta, _deleted, _attachments, ...document } = stored;
  const [, id, , , ...columns] = values
    .slice(0, -1)
    .map((value) => (typeof value === 'string' ? fromColumnText(value) : value));
  if (document['id'] !== id) return undefined;
  const known = new Set<unknown>([...Object.values(document), '', 0]);
  if (!columns.every((value) => known.has(value))) return undefined;
  const { schema, steps } = collectionCreators[collection];
  try {
    return steppedUp(document, steps, { from: version, to: schema.version });
  } catch {
    // A step may rely on what a damaged document has not.
    return undefined;
  }
}
