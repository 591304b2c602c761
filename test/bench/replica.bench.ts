/** The replica as its callers see it, with ten thousand, a hundred thousand and a million transactions. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRouterClient } from '@orpc/server';
import { z } from 'zod';
import { collectionCreators } from '../../replica/database/collections.ts';
import { toDocument } from '../../replica/database/transaction-document.ts';
import { openReplica, type Replica } from '../../replica/main.ts';
import { everyDay } from '../../replica/services/forecast-view.ts';
import { seededRandom } from '../../shared/kernel/random.ts';
import { addDays, dayOf, shiftWindow, windowStart } from '../../shared/kernel/time-zone.ts';
import { seconds } from './both.ts';
import { figureOf, type Figure } from './figure.ts';
import { ledgerPageFigures } from './ledger-page.ts';
import { RawTable } from './raw-table.ts';
import { makeTeamFile, useAt } from './team-file.ts';

const RUNS = 5;
const APPENDS = 200;
const DECISIONS = 200;
const VIEWS = 5;
const LINES = [10_000, 100_000, 1_000_000] as const;

export type BenchClient = ReturnType<typeof createRouterClient<Replica['router'], Record<never, never>>>;

export async function replicaFigures(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'replica-bench-'));
  try {
    const figures: Figure[] = [];
    for (const lines of LINES) {
      const dataDir = join(folder, String(lines));
      mkdirSync(dataDir);
      figures.push(...(await measureAt(dataDir, lines)));
      rmSync(dataDir, { recursive: true });
    }
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureAt(dataDir: string, lines: number): Promise<readonly Figure[]> {
  const named = (name: string): string => `${name}@${lines}`;
  const { workspaceId, linesPerSecond } = await makeTeamFile(dataDir, lines);
  const appended = { name: named('replica.bulk-append'), unit: 'documents/s', n: lines };
  return [
    figureOf({ ...appended, runs: [{ value: linesPerSecond }] }),
    ...startFigures(dataDir, workspaceId, named),
    ...(await openFigures(dataDir, workspaceId, named)),
  ];
}

/** Each start in a process of its own. */
function startFigures(dataDir: string, workspaceId: string, named: (name: string) => string): readonly Figure[] {
  const probe = fileURLToPath(new URL('./start-probe.ts', import.meta.url));
  const starts = Array.from({ length: RUNS }, () => {
    const printed = execFileSync(process.execPath, [probe, dataDir, workspaceId], { encoding: 'utf8' });
    return startSchema.parse(JSON.parse(printed));
  });
  const figure = (name: string, unit: string, value: (start: z.infer<typeof startSchema>) => number): Figure =>
    figureOf({ name: named(name), unit, n: 1, runs: starts.map((start) => ({ value: value(start) })) });
  return [
    figure('replica.cold-start', 'ms', (start) => start.openToFirstViewMs),
    figure('replica.process-start', 'ms', (start) => start.processToFirstViewMs),
    figure('replica.memory', 'MB', (start) => start.residentMegabytes),
  ];
}

const startSchema = z.object({
  openToFirstViewMs: z.number(),
  processToFirstViewMs: z.number(),
  residentMegabytes: z.number(),
});

async function openFigures(
  dataDir: string,
  workspaceId: string,
  named: (name: string) => string,
): Promise<readonly Figure[]> {
  const replica = await openReplica({ dataDir });
  const client = createRouterClient(replica.router, { context: {} });
  try {
    const pages = await ledgerPageFigures(replica, { client, workspaceId, named });
    const raw = new RawTable(`${dataDir}-raw.sqlite`, 'transactions', collectionCreators.transactions.schema);
    const use = { workspaceId, feature: 'text', quantity: '1', member: 'member-1' };
    // Once before, so that what follows is neither the first of the process nor the one that reads the pool.
    await client.usage.preview(use);
    await overviewOnce(client, workspaceId);
    const appends = [];
    const decisions = [];
    const overviews = [];
    const quarters = [];
    const nextLine = rawLines(replica, workspaceId);
    for (let run = 0; run < RUNS; run += 1) {
      const value = await secondsEach(APPENDS, () => client.usage.log(use));
      const baseline = await secondsEach(APPENDS, () => raw.insertBulk([nextLine()]));
      appends.push({ value: 1 / value, baseline: 1 / baseline });
      decisions.push({ value: (await secondsEach(DECISIONS, () => client.usage.preview(use))) * 1_000 });
      overviews.push({ value: (await secondsEach(VIEWS, () => overviewOnce(client, workspaceId))) * 1_000 });
      quarters.push({ value: (await secondsEach(VIEWS, () => quarterViews(replica, client, workspaceId))) * 1_000 });
    }
    raw.close();
    rmSync(`${dataDir}-raw.sqlite`);
    return [
      figureOf({ name: named('replica.log-usage'), unit: 'uses/s', n: APPENDS, runs: appends }),
      figureOf({ name: named('replica.decision'), unit: 'ms', n: DECISIONS, runs: decisions }),
      figureOf({ name: named('view.overview'), unit: 'ms', n: VIEWS, runs: overviews }),
      figureOf({ name: named('view.quarter-breakdown'), unit: 'ms', n: VIEWS, runs: quarters }),
      ...pages,
    ];
  } finally {
    await replica.close();
  }
}

export async function overviewOnce(client: BenchClient, workspaceId: string): Promise<void> {
  for await (const view of await client.overview.live({ workspaceId })) {
    if (view.workspaceId !== workspaceId) throw new Error('That is another workspace');
    return;
  }
}

/** By feature, by team, by user, and every day of the quarter. */
export async function quarterViews(replica: Replica, client: BenchClient, workspaceId: string): Promise<void> {
  for (const by of ['feature', 'team', 'user'] as const) {
    const { rows } = await client.report.get({ workspaceId, by, period: 'quarter' });
    if (rows.length === 0) throw new Error('The quarter has use');
  }
  const { state } = replica;
  const workspace = state.workspace(workspaceId);
  const from = windowStart('quarter', dayOf(state.clock(), workspace.timeZone), workspace.weekStart);
  everyDay(state, workspace, { from, to: addDays(shiftWindow('quarter', from, 1), -1) });
}

/** Lines like those that a log books, for the table without a replica around it. */
function rawLines(replica: Replica, workspaceId: string) {
  const { state } = replica;
  const workspace = state.workspace(workspaceId);
  const random = seededRandom(1);
  let number = 0;
  return () => {
    number += 1;
    const at = state.clock();
    const { id: poolId } = state.poolOf(workspace, null, at);
    return toDocument(useAt({ workspaceId, poolId, at, number, random }));
  };
}

async function secondsEach(times: number, work: () => unknown): Promise<number> {
  return (
    (await seconds(async () => {
      for (let index = 0; index < times; index += 1) await work();
    })) / times
  );
}
