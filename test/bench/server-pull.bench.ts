/** The first pull of a device: a million transactions in segments that lie ready, over HTTP. */

import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import Fastify from 'fastify';
import { z } from 'zod';
import { instant } from '../../shared/kernel/instant.ts';
import { segmentSeqs } from '../../server/history/segments.ts';
import { figureOf, type Figure } from './figure.ts';
import { ServedTeam, serveCluster, type ServedCluster } from './served.ts';

const RUNS = 3;
const ROWS = Number(process.env['BENCH_ROWS'] ?? 1_000_000);
const BULK_ROWS = 10_000;

export async function firstPullFigures(): Promise<readonly Figure[]> {
  const cluster = await serveCluster({ connectionsMax: 4 });
  try {
    const team = await ServedTeam.publish(cluster);
    const seq = await fill(cluster, team);
    const names = await segmentNames(cluster, team);
    const rows = names.length * segmentSeqs;
    for (const name of names) await cluster.histories.segment(team.asking, name);
    const { address, close } = await serve(cluster, team);
    const runs: { readonly value: number }[] = [];
    let bytes = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const pulled = await pullElsewhere({ address, names });
      if (pulled.rows !== rows) throw new Error(`Pulled ${pulled.rows} of ${rows} rows`);
      runs.push({ value: rows / pulled.seconds });
      bytes = pulled.bytes;
    }
    await close();
    const label = `@${seq}`;
    return [
      figureOf({ name: `server.first-pull${label}`, unit: 'rows/s', n: rows, runs }),
      figureOf({ name: `server.first-pull-size${label}`, unit: 'bytes/row', n: rows, runs: [{ value: bytes / rows }] }),
    ];
  } finally {
    await cluster.close();
  }
}

/** Written in bulks past the booking, as the booking writes them: what is measured is reading. */
async function fill({ database }: ServedCluster, team: ServedTeam): Promise<number> {
  const { organisationId, workspaceId } = team.asking.workspace;
  const found = await database.inOrganisation(organisationId, ({ query }) =>
    query<{ readonly seq: number }>('SELECT seq::float8 AS seq FROM history WHERE workspace_id = $1', [workspaceId]),
  );
  let seq = found.rows[0]?.seq ?? 0;
  const end = Math.ceil((seq + ROWS) / segmentSeqs) * segmentSeqs;
  const started = Date.now() - (end - seq) * 60_000;
  while (seq < end) {
    const count = Math.min(BULK_ROWS, end - seq);
    const entries = team.uses(count).map((entry, place) => {
      if (entry.kind !== 'line') return entry;
      const at = instant(started + (seq + place) * 60_000);
      return { ...entry, line: { ...entry.line, id: uuidAt(at), occurredAt: at, recordedAt: at } };
    });
    const ids = entries.map((entry) => (entry.kind === 'line' ? entry.line.id : ''));
    const from = seq;
    await database.inOrganisation(organisationId, ({ query }) =>
      query(
        `WITH counter AS (UPDATE history SET seq = $3::bigint + cardinality($4::text[]) WHERE workspace_id = $2)
         INSERT INTO entry (organisation_id, workspace_id, seq, id, device_index, number, body_hash, body, of_terms)
         SELECT $1::uuid, $2, $3::bigint + place, id, 1, $3::bigint + place, ''::bytea, body, false
         FROM unnest($4::text[], string_to_array($5, E'\\n')) WITH ORDINALITY AS row (id, body, place)`,
        [organisationId, workspaceId, from, ids, entries.map((entry) => JSON.stringify(entry)).join('\n')],
      ),
    );
    seq += count;
  }
  return ROWS;
}

/** A UUIDv7 as a device made it then. */
function uuidAt(at: number): string {
  const time = at.toString(16).padStart(12, '0');
  const random = randomUUID();
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}

async function segmentNames({ histories }: ServedCluster, team: ServedTeam): Promise<readonly string[]> {
  const names: string[] = [];
  let checkpoint = null;
  for (;;) {
    const told = await histories.pull(team.asking, { checkpoint, rowsMax: 1_000 });
    if (told.kind !== 'value' || told.value.kind !== 'segments') return names;
    const { segments, epoch, view } = told.value;
    names.push(...segments.map(({ name }) => name));
    checkpoint = { epoch, view, seq: segments.at(-1)?.lastSeq ?? 0 };
  }
}

/** The route of segments as the server has it, without tokens. */
async function serve({ histories }: ServedCluster, team: ServedTeam) {
  const app = Fastify();
  app.get('/segments/:segment', async (request, reply) => {
    const { segment: name } = z.object({ segment: z.string() }).parse(request.params);
    const segment = await histories.segment(team.asking, name);
    return reply.type('application/json').header('content-encoding', 'br').send(segment?.body);
  });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  return { address, close: () => app.close() };
}

const pulledSchema = z.object({ rows: z.number(), bytes: z.number(), seconds: z.number() });

/** In a process of its own, as a device is one. */
async function pullElsewhere(given: { readonly address: string; readonly names: readonly string[] }) {
  const child = fork(fileURLToPath(new URL('server-pull-device.ts', import.meta.url)), { stdio: 'inherit' });
  const urls = given.names.map((name) => `${given.address}/segments/${encodeURIComponent(name)}`);
  const answer = new Promise<unknown>((resolve, reject) => {
    child.once('message', resolve);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The device ended with ${code}`)));
  });
  child.send({ urls });
  const pulled = pulledSchema.parse(await answer);
  child.disconnect();
  return pulled;
}
