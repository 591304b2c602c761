import type { Capture, Release, Transaction } from '../../shared/ledger/transaction.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { readLines } from '../database/stored-rows.ts';
import { fromColumnText, toColumnText } from '../storage-sqlite/column-text.ts';

/** The lines of this computer that name a lease, with what settles them: all that its rest is a fold of. [B1] */
export function linesUnder(database: OpenDatabase, leaseId: string): readonly Transaction[] {
  const ids = database.connection
    .prepare('SELECT line FROM sync_lease_line WHERE lease=?')
    .all(leaseId)
    .map(({ line }) => fromColumnText(String(line)));
  const named = ids.flatMap((id) => [...readLines(database, 'id=?', [id])]);
  const holds = named.flatMap((line) =>
    line.kind === 'hold' ? [line.id] : line.kind === 'capture' ? [line.linkedId] : [],
  );
  const around = [...new Set(holds)].flatMap((id) => [
    ...readLines(database, 'id=?', [id]),
    ...readLines(database, `"linkedId"=? AND "kind" IN ('capture','release')`, [id]),
  ]);
  return [...new Map([...named, ...around].map((line) => [line.id, line])).values()];
}

/** Whether the server has booked a settlement, for the lines of one workspace. [B2] */
export function isBookedIn(
  { connection }: Pick<OpenDatabase, 'connection'>,
  key: number,
): (settlement: Capture | Release) => boolean {
  const find = connection.prepare('SELECT confirmed FROM sync_row WHERE workspace=? AND id=?');
  return ({ id }) => find.get(key, toColumnText(id))?.['confirmed'] === 1;
}
