/** RxDB's replication into the ledger, as a device that has been away takes in what others wrote. */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replicateRxCollection } from 'rxdb/plugins/replication';
import { collectionCreators, type TransactionDocument } from '../../replica/database/collections.ts';
import { toDocument } from '../../replica/database/transaction-document.ts';
import { openReplica, type Replica } from '../../replica/main.ts';
import { seededRandom } from '../../shared/kernel/random.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { both, type Times } from './both.ts';
import { figureOf, type Figure } from './figure.ts';
import { RawTable } from './raw-table.ts';
import { useAt } from './team-file.ts';

const RUNS = 5;
const DOCUMENTS = 30_000;
const BATCH_DOCUMENTS = 1_000;

export async function pullFigures(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pull-bench-'));
  try {
    const runs: Times[] = [];
    for (let run = 0; run < RUNS; run += 1) runs.push(await measure(folder, run));
    return [figureOf({ name: 'replica.pull', unit: 'documents/s', n: DOCUMENTS, runs })];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(folder: string, run: number): Promise<Times> {
  const dataDir = join(folder, String(run));
  mkdirSync(dataDir);
  const replica = await openReplica({ dataDir });
  const raw = new RawTable(join(folder, `raw${run}.sqlite`), 'transactions', collectionCreators.transactions.schema);
  try {
    const documents = remoteDocuments(replica);
    const times = await both(
      run,
      () => pull(replica, documents),
      () => {
        for (let from = 0; from < documents.length; from += BATCH_DOCUMENTS) {
          raw.insertBulk(documents.slice(from, from + BATCH_DOCUMENTS));
        }
      },
    );
    const { transactions } = replica.state.database.rx;
    if ((await transactions.count().exec()) !== DOCUMENTS) throw new Error('Not everything was pulled');
    return { value: DOCUMENTS / times.value, baseline: DOCUMENTS / times.baseline };
  } finally {
    raw.close();
    await replica.close();
  }
}

/** Everything that is there, a thousand at a time, until all of it is on disk here. */
async function pull(replica: Replica, documents: readonly TransactionDocument[]): Promise<void> {
  let pushed = 0;
  const replication = replicateRxCollection<TransactionDocument, { readonly place: number }>({
    collection: replica.state.database.rx.transactions,
    replicationIdentifier: 'bench',
    live: false,
    pull: {
      batchSize: BATCH_DOCUMENTS,
      handler: async (checkpoint, batchSize) => {
        const from = checkpoint?.place ?? 0;
        const batch = documents.slice(from, from + batchSize).map((document) => ({ ...document, _deleted: false }));
        return { documents: batch, checkpoint: { place: from + batch.length } };
      },
    },
    push: {
      batchSize: BATCH_DOCUMENTS,
      handler: async (rows) => {
        pushed += rows.length;
        return [];
      },
    },
  });
  await replication.awaitInitialReplication();
  await replication.cancel();
  if (pushed > 0) throw new Error('What was pulled must not be sent back');
}

function remoteDocuments(replica: Replica): readonly TransactionDocument[] {
  const random = seededRandom(1);
  const now = replica.state.clock();
  return Array.from({ length: DOCUMENTS }, (_, number) =>
    toDocument(useAt({ workspaceId: 'remote', poolId: 'pool', at: instant(now - DOCUMENTS + number), number, random })),
  );
}
