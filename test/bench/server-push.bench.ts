/** What a device writes, booked by the server, beside PostgreSQL alone taking the same rows into the same tables. */

import { createHash, randomUUID } from 'node:crypto';
import pg from 'pg';
import { contentOf, type Entry } from '../../shared/protocol/entry.ts';
import { both, type Times } from './both.ts';
import { figureOf, type Figure } from './figure.ts';
import { ServedTeam, serveCluster } from './served.ts';

const RUNS = 5;
const WRITERS = 4;
const BATCHES = 40;
const BATCH_ROWS = 100;
const ROWS = WRITERS * BATCHES * BATCH_ROWS;

export async function pushFigures(): Promise<readonly Figure[]> {
  const cluster = await serveCluster({ connectionsMax: WRITERS });
  const raw = new pg.Pool({ connectionString: cluster.ownerUrl, max: WRITERS });
  // Connections that are idle hear that the cluster stops.
  raw.on('error', () => undefined);
  try {
    const teams: ServedTeam[] = [];
    const tables: RawHistory[] = [];
    for (let writer = 0; writer < WRITERS; writer += 1) {
      teams.push(await ServedTeam.publish(cluster));
      tables.push(await RawHistory.begin(raw));
    }
    const runs: Times[] = [];
    const processor: Times[] = [];
    for (let run = 0; run <= RUNS; run += 1) {
      const bodies = teams.map((team) => Array.from({ length: BATCHES }, () => team.body(team.uses(BATCH_ROWS))));
      const batches = teams.map((team) => Array.from({ length: BATCHES }, () => hashed(team.uses(BATCH_ROWS))));
      const spent = { value: 0, baseline: 0 };
      const times = await both(
        run,
        async () => {
          spent.value = await processorMs(() =>
            Promise.all(teams.map((team, writer) => inOrder(bodies[writer]!, (body) => team.push(body)))),
          );
        },
        async () => {
          spent.baseline = await processorMs(() =>
            Promise.all(tables.map((table, writer) => inOrder(batches[writer]!, (batch) => table.write(batch)))),
          );
        },
      );
      // The first one warms both up.
      if (run === 0) continue;
      runs.push({ value: ROWS / times.value, baseline: ROWS / times.baseline });
      processor.push({ value: spent.value / (WRITERS * BATCHES), baseline: spent.baseline / (WRITERS * BATCHES) });
    }
    return [
      figureOf({ name: 'server.push', unit: 'rows/s', n: ROWS, runs }),
      figureOf({ name: 'server.push-processor', unit: 'ms', n: WRITERS * BATCHES, runs: processor }),
    ];
  } finally {
    await raw.end();
    await cluster.close();
  }
}

/** Processor time of this process, with its helping threads: what a busy machine makes longer least. */
async function processorMs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

async function inOrder<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  for (const item of items) await work(item);
}

interface Hashed {
  readonly entry: Entry;
  readonly hash: string;
}

/** What tells rows apart is worked out before the clock runs: PostgreSQL alone would not. */
function hashed(entries: readonly Entry[]): readonly Hashed[] {
  return entries.map((entry) => ({ entry, hash: createHash('sha256').update(contentOf(entry).id).digest('hex') }));
}

/** A history that is written without looking: the counter, the rows, the book. */
class RawHistory {
  readonly #pool: pg.Pool;
  readonly #organisationId: string;
  readonly #workspaceId: string;
  #seq = 0;

  private constructor(pool: pg.Pool, organisationId: string, workspaceId: string) {
    this.#pool = pool;
    this.#organisationId = organisationId;
    this.#workspaceId = workspaceId;
  }

  static async begin(pool: pg.Pool): Promise<RawHistory> {
    const [organisationId, workspaceId] = [randomUUID(), randomUUID()];
    const table = new RawHistory(pool, organisationId, workspaceId);
    await pool.query('ALTER TABLE organisation NO FORCE ROW LEVEL SECURITY');
    for (const name of ['workspace', 'history', 'entry', 'pool_book']) {
      await pool.query(`ALTER TABLE ${name} NO FORCE ROW LEVEL SECURITY`);
    }
    await pool.query('INSERT INTO organisation (id, name) VALUES ($1, $2)', [organisationId, 'Raw']);
    await pool.query('INSERT INTO workspace (organisation_id, id, name) VALUES ($1, $2, $3)', [
      organisationId,
      workspaceId,
      'Raw',
    ]);
    await pool.query(
      `INSERT INTO history (organisation_id, workspace_id, epochs, secret, began_at)
       VALUES ($1, $2, '[{"epoch":"raw","survivedSeq":0}]', $3, 0)`,
      [organisationId, workspaceId, Buffer.alloc(32)],
    );
    await pool.query(`INSERT INTO pool_book VALUES ($1, $2, 'pool', 0, 1, false, 1000000000000000, 0, 0, 0, 0, 0)`, [
      organisationId,
      workspaceId,
    ]);
    return table;
  }

  #columns(batch: readonly Hashed[]): readonly unknown[] {
    const seqs = batch.map(() => (this.#seq += 1));
    const lines = batch.flatMap(({ entry }) =>
      entry.kind === 'line' && entry.line.kind === 'usage' ? entry.line : [],
    );
    return [
      this.#organisationId,
      this.#workspaceId,
      seqs,
      lines.map(({ id }) => id),
      seqs,
      batch.map(({ hash }) => hash),
      batch.map(({ entry }) => JSON.stringify(entry)).join('\n'),
      lines.map(({ memberId }) => memberId),
      lines.map(({ teamId }) => teamId),
      lines.map(({ occurredAt }) => occurredAt),
      lines.map(({ credits }) => credits),
    ];
  }

  async write(batch: readonly Hashed[]): Promise<void> {
    const client = await this.#pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('UPDATE history SET seq = seq + $2 WHERE workspace_id = $1', [this.#workspaceId, BATCH_ROWS]);
      await client.query(
        `INSERT INTO entry (organisation_id, workspace_id, seq, id, device_index, number, body_hash, body, of_terms,
           member_id, team_id, spent_at, used)
         SELECT $1, $2, seq, id, 1, number, decode(hash, 'hex'), body, false, member_id, team_id, spent_at, used
         FROM unnest($3::bigint[], $4::text[], $5::bigint[], $6::text[], string_to_array($7, E'\\n'), $8::text[],
           $9::text[], $10::bigint[], $11::bigint[])
           AS row (seq, id, number, hash, body, member_id, team_id, spent_at, used)`,
        [...this.#columns(batch)],
      );
      await client.query('UPDATE pool_book SET settled = settled + 1 WHERE workspace_id = $1', [this.#workspaceId]);
      await client.query('COMMIT');
    } finally {
      client.release();
    }
  }
}
