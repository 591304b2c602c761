import type { Digest } from '../protocol/body-hash.ts';
import type { Entry } from '../protocol/entry.ts';
import type { PushAnswer, ReceivedPush } from '../protocol/push.ts';
import type { BookingFacts, BookingWrites, Review, Sender } from './booking-facts.ts';
import { bookBatch } from './book-batch.ts';
import { incomingRow, type IncomingRow } from './incoming-row.ts';
import { newEpochFor, type Standing } from './epoch.ts';

/**
 * One transaction of the server's storage. `lockCounter` is a statement of its own and the first one: it makes every
 * other writer of the workspace wait, so that what `readFacts` reads afterwards, in statements of its own, is what is
 * so, and so that the order of places is the order of commits. [M1]
 */
export interface BookingTransaction {
  readonly lockCounter: () => Promise<Omit<Standing, 'view'>>;
  readonly readFacts: (
    rows: readonly IncomingRow[],
    sender: Sender,
  ) => Promise<BookingFacts & { readonly review: (entry: Entry) => Review }>;
  readonly write: (writes: BookingWrites) => Promise<void>;
}

/** Runs `work` in a transaction: all of it is kept, or nothing of it. */
export type Transact<Transaction> = <Value>(work: (transaction: Transaction) => Promise<Value>) => Promise<Value>;

/** Accepts what a device pushed. The answer is sent after the transaction was committed, and not before. */
export async function acceptPush(
  transact: Transact<BookingTransaction>,
  given: { readonly request: ReceivedPush; readonly sender: Sender; readonly digest: Digest },
): Promise<{ readonly answer: PushAnswer; readonly forkedBy: readonly string[] }> {
  const { request, sender, digest } = given;
  return transact(async (transaction) => {
    const { seq, epochs } = await transaction.lockCounter();
    const other = newEpochFor(request.epoch, { seq, epochs, view: sender.view });
    if (other) return { answer: other, forkedBy: [] };
    const rows = request.rows.map((row) => incomingRow(row, digest));
    const { review, ...facts } = await transaction.readFacts(rows, sender);
    const { answer, writes } = bookBatch({ rows, sender, seq, facts, review });
    await transaction.write(writes);
    return { answer, forkedBy: writes.forkedBy };
  });
}
