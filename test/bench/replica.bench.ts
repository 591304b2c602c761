/** The replica as its callers see it, with ten thousand, a hundred thousand and a million transactions. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { z } from 'zod';
import { buildBundle } from '../../build/bundle.ts';
import { fromRoot } from '../../build/paths.ts';
import { collectionCreators } from '../../replica/database/collections.ts';
import { toDocument } from '../../replica/database/transaction-document.ts';
import { openReplica, type Replica } from '../../replica/main.ts';
import { seededRandom } from '../../shared/kernel/random.ts';
import { seconds } from './both.ts';
import { figureOf, type Figure } from './figure.ts';
import { ledgerPageFigures } from './ledger-page.ts';
import { RawTable } from './raw-table.ts';
import { makeTeamFile, useAt } from './team-file.ts';
import { overviewOnce, quarterViews } from './views.ts';

const RUNS = 5;
const APPENDS = 200;
const DECISIONS = 200;
const VIEWS = 5;
const LINES = [10_000, 100_000, 1_000_000] as const;

export async function replicaFigures(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'replica-bench-'));
  try {
    const figures: Figure[] = [];
    // The app runs as one file, and so does what starts it here.
    const probe = join(folder, 'start-probe.js');
    await buildBundle(
      { entry: 'test/bench/start-probe.ts', output: relative(fromRoot('.'), probe), format: 'es' },
      'error',
    );
    for (const lines of LINES) {
      const dataDir = join(folder, String(lines));
      mkdirSync(dataDir);
      figures.push(...(await measureAt({ dataDir, lines, probe })));
      rmSync(dataDir, { recursive: true });
    }
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureAt(given: {
  readonly dataDir: string;
  readonly lines: number;
  readonly probe: string;
}): Promise<readonly Figure[]> {
  const { dataDir, lines, probe } = given;
  const named = (name: string): string => `${name}@${lines}`;
  const { workspaceId, linesPerSecond } = await makeTeamFile(dataDir, lines);
  const appended = { name: named('replica.bulk-append'), unit: 'documents/s', n: lines };
  return [
    figureOf({ ...appended, runs: [{ value: linesPerSecond }] }),
    ...startFigures([probe, dataDir, workspaceId], named),
    ...(await openFigures(dataDir, workspaceId, named)),
  ];
}

/** Each start in a process of its own. */
function startFigures(command: readonly string[], named: (name: string) => string): readonly Figure[] {
  const starts = Array.from({ length: RUNS }, () => {
    const printed = execFileSync(process.execPath, [...process.execArgv, ...command], { encoding: 'utf8' });
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
