import { z } from 'zod';
import { contentOf, entrySchema, type Entry } from '../../shared/protocol/entry.ts';
import { verdictSchema, type Verdict } from '../../shared/protocol/verdict.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { fromColumnText, toColumnText } from '../storage-sqlite/column-text.ts';
import type { SqliteConnection } from '../storage-sqlite/connection.ts';
import { jsonIn } from './server-records.ts';

/** An entry that counts no longer: the server refused it, or another one stands under its id. It is shown until seen. */
export interface AsideEntry {
  readonly id: string;
  readonly why: 'refused' | 'conflict';
  readonly at: Instant;
  /** null where it cannot be read any more. */
  readonly entry: Entry | null;
  readonly verdict: Verdict | null;
}

const whySchema = z.enum(['refused', 'conflict']);

export function keepAside(
  connection: SqliteConnection,
  key: number,
  given: {
    readonly why: AsideEntry['why'];
    readonly entry: Entry;
    readonly verdict: Verdict | null;
    readonly at: Instant;
  },
): void {
  const { why, entry, verdict, at } = given;
  const id = toColumnText(contentOf(entry).id);
  connection
    .prepare('INSERT OR IGNORE INTO sync_aside (workspace, id, why, at, seen, entry, verdict) VALUES (?,?,?,?,0,?,?)')
    .run(key, id, why, at, JSON.stringify(entry), verdict === null ? null : JSON.stringify(verdict));
}

/** Newest first; those that nobody has seen yet. */
export function unseenAside(connection: SqliteConnection, key: number, why: AsideEntry['why']): readonly AsideEntry[] {
  return connection
    .prepare(
      'SELECT id, why, at, entry, verdict FROM sync_aside WHERE workspace=? AND why=? AND seen=0 ORDER BY at DESC, id',
    )
    .all(key, why)
    .flatMap((row) => {
      const known = whySchema.safeParse(row['why']);
      if (!known.success) return [];
      const entry = entrySchema.safeParse(jsonIn(row['entry']));
      const verdict = verdictSchema.safeParse(jsonIn(row['verdict']));
      return [
        {
          id: fromColumnText(String(row['id'])),
          why: known.data,
          at: instant(Number(row['at'])),
          entry: entry.success ? entry.data : null,
          verdict: verdict.success ? verdict.data : null,
        },
      ];
    });
}

export function countAside(connection: SqliteConnection, key: number, why: AsideEntry['why']): number {
  const row = connection
    .prepare('SELECT count(*) AS n FROM sync_aside WHERE workspace=? AND why=? AND seen=0')
    .get(key, why);
  return Number(row?.['n'] ?? 0);
}

/** Marks entries as seen, or all. Answers how many there were. */
export function markSeen(connection: SqliteConnection, key: number, ids: readonly string[] | undefined): number {
  if (ids === undefined) {
    return Number(connection.prepare('UPDATE sync_aside SET seen=1 WHERE workspace=? AND seen=0').run(key).changes);
  }
  const mark = connection.prepare('UPDATE sync_aside SET seen=1 WHERE workspace=? AND id=? AND seen=0');
  return ids.reduce((total, id) => total + Number(mark.run(key, toColumnText(id)).changes), 0);
}
