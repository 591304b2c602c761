/** How long somebody else waits for an answer while a what-if and the cheapest packs are worked out. */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createRouterClient } from '@orpc/server';
import { openReplica } from '../../replica/main.ts';
import { seconds } from './both.ts';
import { figureOf, type Figure } from './figure.ts';
import { makeTeamFile } from './team-file.ts';

const RUNS = 9;
const LINES = 30_000;

export async function adviceFigures(): Promise<readonly Figure[]> {
  const dataDir = join(mkdtempSync(join(tmpdir(), 'advice-bench-')), 'data');
  mkdirSync(dataDir);
  const { workspaceId } = await makeTeamFile(dataDir, LINES);
  const replica = await openReplica({ dataDir, shell: 'command-line' });
  const { advice } = createRouterClient(replica.router, { context: {} });
  try {
    const scenario = { seats: { member: 800 }, usePercent: 130 };
    return [
      ...(await figuresOf('advice.what-if', () => advice.whatIf({ workspaceId, scenario }))),
      ...(await figuresOf('advice.cheapest', () => advice.cheapest({ workspaceId, resets: 2 }))),
    ];
  } finally {
    await replica.close();
    rmSync(join(dataDir, '..'), { recursive: true, force: true });
  }
}

/** The whole of it, and the longest that it held everybody else up. */
async function figuresOf(name: string, work: () => Promise<unknown>): Promise<readonly Figure[]> {
  const all = [];
  const stalls = [];
  for (let run = 0; run <= RUNS; run += 1) {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    // It is seen when the loop goes on.
    await wait(5);
    delay.reset();
    const value = await seconds(work);
    await wait(5);
    delay.disable();
    // The first one is compiled while it runs.
    if (run === 0) continue;
    all.push({ value: value * 1_000 });
    stalls.push({ value: delay.max / 1e6 });
  }
  return [
    figureOf({ name, unit: 'ms', n: 1, runs: all }),
    figureOf({ name: `${name}-stall`, unit: 'ms', n: 1, runs: stalls }),
  ];
}
