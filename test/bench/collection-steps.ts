/** The two steps in which storages of RxDB are compared, in Node as in a browser. */

import type { RxCollection } from 'rxdb';
import { seconds } from './both.ts';
import { lines, STARTED_AT, type Line } from './lines.ts';

export const BULKS = 20;
export const BULK_DOCUMENTS = 1_000;
const RANGE_DOCUMENTS = 10_000;

/** Inserts twenty thousand documents in bulks of a thousand, then reads half of them in their order. */
export async function collectionSteps(
  collection: RxCollection<Line>,
): Promise<{ readonly bulkSeconds: number; readonly rangeSeconds: number }> {
  let bulkSeconds = 0;
  for (let bulk = 0; bulk < BULKS; bulk += 1) {
    const documents = lines(bulk * BULK_DOCUMENTS, BULK_DOCUMENTS).map(plainLine);
    bulkSeconds += await seconds(() => collection.bulkInsert(documents));
  }
  let found = 0;
  const rangeSeconds = await seconds(async () => {
    const documents = await collection.find(linesBefore(STARTED_AT + RANGE_DOCUMENTS)).exec();
    found = documents.length;
  });
  if (found !== RANGE_DOCUMENTS) throw new Error(`${found} documents were found`);
  return { bulkSeconds, rangeSeconds };
}

export function linesBefore(end: number) {
  return { selector: { workspaceId: 'w', occurredAt: { $lt: end } }, sort: [{ occurredAt: 'asc' as const }] };
}

/** Without what RxDB adds by itself. */
export function plainLine({ id, workspaceId, occurredAt, memberId, body }: Line): Line {
  return { id, workspaceId, occurredAt, memberId, body };
}
