/** The replica as its callers see it: booking a use, deciding, opening, and the first view. */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createRouterClient } from '@orpc/server';
import { v7 } from 'uuid';
import { openReplica, type Replica } from '../../replica/main.ts';
import { credits, noCredits, quantity } from '../../shared/kernel/credits.ts';
import { instant } from '../../shared/kernel/instant.ts';
import type { Usage } from '../../shared/ledger/transaction.ts';
import { figureOf, type Figure } from './figure.ts';

const RUNS = 5;
const APPENDS = 200;
const DECISIONS = 200;
const LINES = [1_000, 10_000, 100_000] as const;
const BULK_LINES = 5_000;
const DAYS = 90;
const DAY_MS = 86_400_000;

export async function replicaFigures(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'replica-bench-'));
  try {
    const figures: Figure[] = [];
    for (const lines of LINES) figures.push(...(await measureAt(join(folder, String(lines)), lines)));
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureAt(folder: string, lines: number): Promise<readonly Figure[]> {
  mkdirSync(folder, { recursive: true });
  let replica = await openReplica({ dataDir: folder });
  const client = createRouterClient(replica.router, { context: {} });
  const { workspaceId } = await client.workspaces.create({
    platform: 'miro',
    plan: 'enterprise',
    seats: { member: 1000 },
    anchor: '2026-01-01',
    timeZone: 'UTC',
    members: Array.from({ length: 50 }, (_, index) => ({
      id: `member-${index}`,
      name: `Member ${index}`,
      role: 'member',
    })),
  });
  await fill(replica, workspaceId, lines);
  const use = { workspaceId, feature: 'text', quantity: '1', member: 'member-1' };
  await client.usage.preview(use);

  const raw = openRaw(join(folder, 'raw.sqlite'));
  const appends = [];
  const decisions = [];
  const views = [];
  for (let run = 0; run < RUNS; run += 1) {
    const value = await secondsEach(APPENDS, () => client.usage.log(use));
    const baseline = await secondsEach(APPENDS, () => raw.append());
    appends.push({ value: 1 / value, baseline: 1 / baseline });
    decisions.push({ value: (await secondsEach(DECISIONS, () => client.usage.preview(use))) * 1000 });
    views.push({ value: (await secondsEach(5, () => firstOverview(client, workspaceId))) * 1000 });
  }
  raw.close();
  await replica.close();

  const starts = [];
  for (let run = 0; run < RUNS; run += 1) {
    const started = performance.now();
    replica = await openReplica({ dataDir: folder });
    await firstOverview(createRouterClient(replica.router, { context: {} }), workspaceId);
    starts.push({ value: performance.now() - started });
    await replica.close();
  }
  const suffix = `@${lines}`;
  return [
    figureOf({ name: `replica.log-usage${suffix}`, unit: 'uses/s', n: APPENDS, runs: appends }),
    figureOf({ name: `replica.decision${suffix}`, unit: 'ms', n: DECISIONS, runs: decisions }),
    figureOf({ name: `view.overview${suffix}`, unit: 'ms', n: 5, runs: views }),
    figureOf({ name: `replica.open-to-first-view${suffix}`, unit: 'ms', n: 1, runs: starts }),
  ];
}

/** Lines spread over the last days, written in bulks as an import does. */
async function fill(replica: Replica, workspaceId: string, lines: number): Promise<void> {
  const { state } = replica;
  const workspace = state.workspace(workspaceId);
  const now = state.clock();
  const start = now - DAYS * DAY_MS;
  for (let from = 0; from < lines; from += BULK_LINES) {
    const bulk: Usage[] = [];
    for (let index = from; index < Math.min(from + BULK_LINES, lines); index += 1) {
      const at = instant(Math.floor(start + ((now - start) * index) / lines));
      bulk.push({
        kind: 'usage',
        id: v7(),
        workspaceId,
        poolId: state.poolOf(workspace, null, at).id,
        occurredAt: at,
        recordedAt: now,
        authorId: null,
        origin: 'import',
        memberId: `member-${index % 50}`,
        teamId: null,
        featureId: 'text',
        variant: null,
        quantity: quantity(1_000_000),
        unitRate: credits(1_000_000),
        credits: credits(1_000_000),
        pricing: 'listed',
        catalogueVersion: '2026-03-02',
        receipt: [],
        happened: true,
      });
    }
    await state.appendLines(workspaceId, bulk);
  }
}

type Client = ReturnType<typeof createRouterClient<Replica['router'], Record<never, never>>>;

async function firstOverview(client: Client, workspaceId: string): Promise<void> {
  for await (const view of await client.overview.live({ workspaceId })) {
    if (view.balance.used < noCredits) throw new Error('A balance is never negative here');
    return;
  }
}

/** One durable insert of a line of the same size, with the same number of indexes, and nothing else. */
function openRaw(file: string) {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
    CREATE TABLE line (id TEXT UNIQUE, a TEXT, b REAL, c TEXT, document TEXT);
    CREATE INDEX ab ON line (a, b); CREATE INDEX acb ON line (a, c, b);`);
  const insert = database.prepare('INSERT INTO line VALUES (?,?,?,?,?)');
  const body = 'x'.repeat(700);
  return {
    append: () => {
      const id = v7();
      insert.run(id, 'workspace', Date.now(), 'member-1', JSON.stringify({ id, body }));
      return Promise.resolve();
    },
    close: () => database.close(),
  };
}

async function secondsEach(times: number, work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  for (let index = 0; index < times; index += 1) await work();
  return (performance.now() - started) / 1000 / times;
}
