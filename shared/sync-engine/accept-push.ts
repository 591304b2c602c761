import type { Digest } from '../protocol/body-hash.ts';
import type { Authorship, Entry } from '../protocol/entry.ts';
import type { PushAnswer, PushResult, ReceivedPush } from '../protocol/push.ts';
import type { BookingFacts, BookingWrites, Review, Sender } from './booking-facts.ts';
import { bookBatch } from './book-batch.ts';
import { incomingRow, type IncomingRow } from './incoming-row.ts';
import { newEpochFor, type Standing } from './epoch.ts';

/** Rows that are looked at together, and who sends them. */
export interface BatchRun {
  readonly rows: readonly IncomingRow[];
  readonly sender: Sender;
}

/**
 * One transaction of the server's storage. `lockCounter` is a statement of its own and the first one: it makes every
 * other writer of the workspace wait, so that what `readFacts` reads afterwards, in statements of its own, is what is
 * so, and so that the order of places is the order of commits. It is told what will be asked for next, so that the
 * statements for that may be sent along with it: they still run one after the other. [M1]
 */
export interface BookingTransaction {
  readonly lockCounter: (next: BatchRun) => Promise<Omit<Standing, 'view'>>;
  /** Called once for each run of rows, after what was written of the run before. */
  readonly readFacts: (
    rows: readonly IncomingRow[],
    sender: Sender,
  ) => Promise<BookingFacts & { readonly review: (entry: Entry, by: Authorship) => Review }>;
  /** What is written before the transaction ends is kept with it; `isLast` says that nothing is read any more. */
  readonly write: (writes: BookingWrites, last: { readonly isLast: boolean }) => Promise<void>;
}

/** Runs `work` in a transaction: all of it is kept, or nothing of it. */
export type Transact<Transaction> = <Value>(work: (transaction: Transaction) => Promise<Value>) => Promise<Value>;

/** Accepts what a device pushed. The answer is sent after the transaction was committed, and not before. */
export async function acceptPush(
  transact: Transact<BookingTransaction>,
  given: { readonly request: ReceivedPush; readonly sender: Sender; readonly digest: Digest },
): Promise<{ readonly answer: PushAnswer; readonly forkedBy: readonly string[] }> {
  const { request, sender, digest } = given;
  // Whatever needs no lock is done before others have to wait for it.
  const runs = runsOf(request.rows.map((row) => incomingRow(row, digest)));
  return transact(async (transaction) => {
    const { seq, epochs } = await transaction.lockCounter({ rows: runs[0] ?? [], sender });
    const other = newEpochFor(request.epoch, { seq, epochs, view: sender.view });
    if (other) return { answer: other, forkedBy: [] };
    let place = seq;
    const answers: PushResult[] = [];
    const forkedBy: string[] = [];
    for (const [turn, rows] of runs.entries()) {
      const { review, ...facts } = await transaction.readFacts(rows, sender);
      const { answer, writes } = bookBatch({ rows, sender, seq: place, facts, review });
      await transaction.write(writes, { isLast: turn === runs.length - 1 });
      place = writes.seq;
      answers.push(answer);
      forkedBy.push(...writes.forkedBy);
    }
    return { answer: togetherOf(answers), forkedBy };
  });
}

/**
 * Rows that change what others are measured by are booked before what comes after them is looked at: first what was
 * agreed, from which pools follow, then what is granted to them, then what is used.
 */
function runsOf(rows: readonly IncomingRow[]): readonly (readonly IncomingRow[])[] {
  const runs: IncomingRow[][] = [];
  let before: Measured | null = null;
  for (const row of rows) {
    const measured = row.parsed.ok ? measuredOf(row.parsed.value) : 'use';
    if (measured === before) runs.at(-1)?.push(row);
    else runs.push([row]);
    before = measured;
  }
  return runs;
}

type Measured = 'agreed' | 'granted' | 'use';

function measuredOf(entry: Entry): Measured {
  if (!isOfTerms(entry)) return 'use';
  return entry.kind === 'line' || entry.kind === 'order' ? 'granted' : 'agreed';
}

/** Whether the terms of a workspace follow from an entry: what is granted, who may do what, what things cost. */
export function isOfTerms(entry: Entry): boolean {
  if (entry.kind !== 'line') return true;
  return entry.line.kind === 'grant' || (entry.line.kind === 'void' && entry.line.of === 'grant');
}

function togetherOf(answers: readonly PushResult[]): PushResult {
  const [only] = answers;
  if (only && answers.length === 1) return only;
  return {
    kind: 'pushed',
    accepted: answers.flatMap(({ accepted }) => accepted),
    conflicts: answers.flatMap(({ conflicts }) => conflicts),
    forked: answers.some(({ forked }) => forked),
  };
}
