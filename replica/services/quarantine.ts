import { lineIn, readRecords } from '../database/stored-rows.ts';
import type { DamagedRow } from '../database/damaged-rows.ts';
import type { ReplicaState } from './replica-state.ts';

/**
 * Looks at every row of the file and answers those that were set aside, each with its reason: no view lists them, they
 * stay in the file as evidence, and everything else goes on. A use of which no more than the instant and the amount can
 * be read still counts in the balance.
 */
export async function quarantine(state: ReplicaState): Promise<readonly DamagedRow[]> {
  const { database } = state;
  for (const collection of ['workspaces', 'changes', 'orders', 'readings', 'plans'] as const) {
    readRecords(database, collection);
  }
  const page = database.connection.prepare(
    `SELECT sequence, id, document FROM ${state.transactionsTable()} WHERE deleted=0 AND sequence>? ORDER BY sequence LIMIT ?`,
  );
  for (let last = 0; ;) {
    const rows = page.all(last, rowsPerLook);
    for (const row of rows) lineIn(database, row);
    if (rows.length < rowsPerLook) return database.damaged.list();
    last = Number(rows.at(-1)?.['sequence'] ?? last);
    // Others are answered in between.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const rowsPerLook = 2_000;
