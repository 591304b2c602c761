import { assert } from '../../shared/kernel/assert.ts';
import type { Transaction } from '../../shared/ledger/transaction.ts';
import type { RecordDocument } from './collections.ts';
import { toDocument } from './transaction-document.ts';
import type { OpenDatabase } from './open-database.ts';

/**
 * Writes lines of the ledger: all in one durable transaction of the file, on disk before the answer. A line whose id is
 * there already is left as it is and told in the answer; everything else was written. [L2]
 */
export async function appendLines(
  database: OpenDatabase,
  lines: readonly Transaction[],
): Promise<{ readonly alreadyThere: readonly string[] }> {
  if (lines.length === 0) return { alreadyThere: [] };
  const { error } = await database.rx.transactions.bulkInsert(lines.map(toDocument));
  return { alreadyThere: conflictsOf(error) };
}

export type RecordCollection =
  | 'workspaces'
  | 'plans'
  | 'pools'
  | 'changes'
  | 'orders'
  | 'readings'
  | 'refusals'
  | 'settings';

/** Writes records that are never changed afterwards; one that is there already is left as it is. */
export async function appendRecords(
  database: OpenDatabase,
  collection: RecordCollection,
  records: readonly RecordDocument[],
): Promise<{ readonly alreadyThere: readonly string[] }> {
  if (records.length === 0) return { alreadyThere: [] };
  const { error } = await database.rx[collection].bulkInsert([...records]);
  return { alreadyThere: conflictsOf(error) };
}

/** Sets a record of this computer's own, whether or not it is there. */
export async function putRecord(
  database: OpenDatabase,
  collection: 'settings' | 'plans',
  record: RecordDocument,
): Promise<void> {
  await database.rx[collection].upsert(record);
}

function conflictsOf(errors: readonly { readonly status: number; readonly documentId: string }[]): readonly string[] {
  return errors.map((error) => {
    assert(error.status === 409, `Document ${error.documentId} was refused with status ${error.status}`);
    return error.documentId;
  });
}
