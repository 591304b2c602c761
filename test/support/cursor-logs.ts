// Whether a reader that follows a log by its cursor misses what is written at the same time.
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { clearDocuments } from '../../server/history/documents.ts';
import { readCounter } from '../../server/history/counter.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { segmentSchema } from '../../shared/protocol/pull.ts';
import { cr, usage } from './ledger-lines.ts';
import { lineIn, type ServedWorkspace } from './served-workspace.ts';

export interface CursorLog {
  /** Writes rows together, as one of several writers. */
  readonly write: (writer: number, ids: readonly string[]) => Promise<void>;
  /** What lies behind a place, and the place to go on from. */
  readonly readAfter: (place: number) => Promise<{ readonly ids: readonly string[]; readonly place: number }>;
}

/** Writers and a reader at once; answers how many rows the reader never saw. */
export async function missedRows(
  log: CursorLog,
  given: { readonly writers: number; readonly writes: number; readonly rows: number },
): Promise<number> {
  const written: string[] = [];
  let isWriting = true;
  const writing = Promise.all(
    Array.from({ length: given.writers }, async (_, writer) => {
      for (let count = 0; count < given.writes; count += 1) {
        const ids = Array.from({ length: given.rows }, () => randomUUID());
        await log.write(writer, ids);
        written.push(...ids);
      }
    }),
  ).then(() => (isWriting = false));
  const seen = new Set<string>();
  let place = 0;
  const read = async (): Promise<void> => {
    const page = await log.readAfter(place);
    for (const id of page.ids) seen.add(id);
    place = page.place;
  };
  while (isWriting) await read();
  await writing;
  await read();
  return written.filter((id) => !seen.has(id)).length;
}

/** The history of a workspace: places are taken under the lock of the counter. */
export function historyLog(workspace: ServedWorkspace): CursorLog {
  const { database, organisationId, workspaceId } = workspace;
  const devices = new Map<number, ReturnType<ServedWorkspace['device']>>();
  const happened = { pricing: 'metered', unitRate: null, happened: true } as const;
  return {
    write: async (writer, ids) => {
      const device = devices.get(writer) ?? workspace.device({ role: 'company-admin', memberId: null });
      devices.set(writer, device);
      const at = instant(Date.now() - 1_000);
      await device.push(...ids.map((id) => lineIn(workspace, usage(id, at, cr(1), happened))));
    },
    readAfter: (afterSeq) =>
      database.inOrganisation(
        organisationId,
        async (transaction) => {
          const upToSeq = (await readCounter(transaction, workspaceId))?.seq ?? 0;
          const { text } = await clearDocuments(transaction, { workspaceId, afterSeq, upToSeq });
          const { documents } = segmentSchema.parse({ lastSeq: 0, documents: JSON.parse(`[${text}]`) });
          const ids = documents.flatMap((document) =>
            document.kind === 'entry' && document.entry.kind === 'line' ? document.entry.line.id : [],
          );
          return { ids, place: upToSeq };
        },
        { readOnly: true },
      ),
  };
}

/** The planted bug: places come from a sequence, so that a later one may be committed before an earlier one. */
export async function sequenceLog(ownerUrl: string): Promise<CursorLog & { readonly close: () => Promise<void> }> {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 12 });
  pool.on('error', () => undefined);
  await pool.query('CREATE TABLE IF NOT EXISTS planted_log (seq bigserial PRIMARY KEY, id text NOT NULL)');
  return {
    write: async (_, ids) => {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        await client.query('INSERT INTO planted_log (id) SELECT unnest($1::text[])', [ids]);
        // What a transaction still has to do after its rows.
        await wait(Math.random() * 4);
        await client.query('COMMIT');
      } finally {
        client.release();
      }
    },
    readAfter: async (place) => {
      const { rows } = await pool.query<{ readonly id: string; readonly seq: number }>(
        'SELECT id, seq::float8 AS seq FROM planted_log WHERE seq > $1 ORDER BY planted_log.seq',
        [place],
      );
      return { ids: rows.map(({ id }) => id), place: rows.at(-1)?.seq ?? place };
    },
    close: () => pool.end(),
  };
}
