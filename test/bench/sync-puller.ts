/** A computer that has nothing yet, in a process of its own: it pulls a whole history and says how long that took. */

import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { z } from 'zod';
import { collectionCreators, type TransactionDocument } from '../../replica/database/collections.ts';
import { readLines } from '../../replica/database/stored-rows.ts';
import { toDocument } from '../../replica/database/transaction-document.ts';
import { openReplica } from '../../replica/main.ts';
import { inStep } from './in-step.ts';
import { RawTable } from './raw-table.ts';

const startSchema = z.object({ dataDir: z.string(), invite: z.string(), workspaceId: z.string() });

process.once('message', (message) => {
  const { dataDir, invite, workspaceId } = startSchema.parse(message);
  void pull(dataDir, invite, workspaceId);
});

async function pull(dataDir: string, invite: string, workspaceId: string): Promise<void> {
  const replica = await openReplica({ dataDir });
  const client = createRouterClient(replica.router, { context: {} });
  const started = performance.now();
  await client.sync.connect({ invite });
  await inStep(replica, workspaceId);
  await client.balance.get({ workspaceId });
  const seconds = (performance.now() - started) / 1_000;
  const lines = [...readLines(replica.state.database, '"workspaceId"=?', [workspaceId])].map(toDocument);
  const rawSeconds = rawWrite(join(dataDir, 'raw.sqlite'), lines);
  const { total } = await client.ledger.page({ workspaceId, filter: {}, cursor: null, limit: 1 });
  await replica.close();
  process.send?.({ total, seconds, rawSeconds }, () => process.disconnect());
}

/** The same lines into the same table, with nothing around it. */
function rawWrite(file: string, documents: readonly TransactionDocument[]): number {
  const raw = new RawTable(file, 'transactions', collectionCreators.transactions.schema);
  const started = performance.now();
  for (let from = 0; from < documents.length; from += batchDocuments) {
    raw.insertBulk(documents.slice(from, from + batchDocuments));
  }
  const seconds = (performance.now() - started) / 1_000;
  raw.close();
  return seconds;
}

const batchDocuments = 1_000;
