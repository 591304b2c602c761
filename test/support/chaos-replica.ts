// A replica in a process of its own, without a page: it does what its parent asks, and may be killed at any time.
import { createRouterClient } from '@orpc/server';
import { claimDataDirectory } from '../../replica/database/claim.ts';
import { parsedJson, tableNamed } from '../../replica/database/stored-rows.ts';
import { openReplica } from '../../replica/main.ts';
import { collectionOfKind, entryIn, kindStoredAs } from '../../replica/sync/entry-documents.ts';
import { instant } from '../../shared/kernel/instant.ts';
import type { Entry } from '../../shared/protocol/entry.ts';

export interface Asked {
  readonly id: number;
  /** `usage.log`, or `history` for everything that was confirmed, by place. */
  readonly what: string;
  readonly input: unknown;
}

export interface HistoryRow {
  readonly place: number;
  readonly device: string;
  readonly number: number;
  readonly entry: Entry;
}

const [dataDir = ''] = process.argv.slice(2);
const claimed = claimDataDirectory(dataDir);
if (!claimed.ok) throw new Error(`The folder could not be claimed: ${claimed.error.kind}`);
const replica = await openReplica({ dataDir, clock: () => instant(Date.now()), shell: 'browser' });
const client: unknown = createRouterClient(replica.router, { context: {} });

process.on('message', (asked: Asked) => void answer(asked));
// The parent is gone: so is this.
process.on('disconnect', () => process.exit(0));
process.send?.({ id: 0, value: 'ready' });

async function answer({ id, what, input }: Asked): Promise<void> {
  try {
    process.send?.({ id, value: what === 'history' ? history() : await call(what, input) });
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

async function call(what: string, input: unknown): Promise<unknown> {
  let procedure = client;
  for (const name of what.split('.')) procedure = (procedure as Record<string, unknown>)[name];
  if (!isProcedure(procedure)) throw new Error(`There is no procedure ${what}`);
  return procedure(input);
}

function isProcedure(value: unknown): value is (input: unknown) => Promise<unknown> {
  return typeof value === 'function';
}

function history(): readonly HistoryRow[] {
  const { database } = replica.state;
  const { connection } = database;
  const rows = connection
    .prepare(
      `SELECT sync_row.id, kind, place, number, sync_device.id AS device FROM sync_row
       JOIN sync_device ON sync_device.key=sync_row.device WHERE place IS NOT NULL ORDER BY place`,
    )
    .all();
  return rows.flatMap((row) => {
    const kind = kindStoredAs(row['kind']);
    const table = tableNamed(database, collectionOfKind[kind]);
    const stored = connection.prepare(`SELECT document FROM ${table} WHERE deleted=0 AND id=?`).get(String(row['id']));
    const entry = stored && entryIn(kind, parsedJson(stored['document']));
    const device = String(row['device']);
    return entry ? [{ place: Number(row['place']), number: Number(row['number']), device, entry }] : [];
  });
}
