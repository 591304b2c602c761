/** How long a forecast takes, and whether two hundred of them keep others waiting. */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { openReplica } from '../../replica/main.ts';
import { forecast } from '../../shared/forecast/forecast.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { seededRandom } from '../../shared/kernel/random.ts';
import { addDays, dayOf } from '../../shared/kernel/time-zone.ts';
import { seconds } from './both.ts';
import { figureOf, type Figure } from './figure.ts';
import { useAt } from './team-file.ts';

const RUNS = 5;
const FORECASTS = 300;
const POOLS = 200;
const HISTORY_DAYS = 400;
const DAY_MS = 86_400_000;
/** As far ahead as the app asks. */
const HORIZON_DAYS = 120;

export async function forecastFigures(): Promise<readonly Figure[]> {
  return [pureFigure(), ...(await poolFigures())];
}

/** The slowest of twenty, over histories of every length. */
function pureFigure(): Figure {
  const runs = Array.from({ length: RUNS }, (_, run) => {
    const random = seededRandom(run);
    const times = Array.from({ length: FORECASTS }, (_each, index) => {
      const length = 7 + ((index * 37) % (HISTORY_DAYS - 7));
      const history = Array.from({ length }, () => (random() < 0.3 ? 0 : Math.round(200 * random())));
      const started = performance.now();
      forecast({
        history,
        horizonDays: HORIZON_DAYS,
        daysUntilReset: 20,
        todayFractionLeft: 0.5,
        usedThisPeriod: 500,
        availableNow: 1500,
        replenish: [{ dayOffset: 20, setTo: 2000 }],
        weekdayOfFirstHistoryDay: index % 7,
        seed: index,
      });
      return performance.now() - started;
    });
    return { value: times.toSorted((left, right) => left - right)[Math.floor(0.95 * FORECASTS)] ?? Number.NaN };
  });
  return figureOf({ name: 'forecast.pool-p95', unit: 'ms', n: FORECASTS, runs });
}

/** A workspace with a pool for each of two hundred members, a year of use each. */
async function poolFigures(): Promise<readonly Figure[]> {
  const dataDir = join(mkdtempSync(join(tmpdir(), 'forecast-bench-')), 'data');
  mkdirSync(dataDir);
  const replica = await openReplica({ dataDir, shell: 'command-line' });
  const client = createRouterClient(replica.router, { context: {} });
  try {
    const { workspaceId } = await client.workspaces.create({
      platform: 'visily',
      plan: 'pro',
      seats: { editor: POOLS },
      anchor: addDays(dayOf(replica.state.clock(), 'UTC'), -HISTORY_DAYS),
      timeZone: 'UTC',
      members: Array.from({ length: POOLS }, (_, index) => ({
        id: `m${index}`,
        name: `Member ${index}`,
        role: 'editor',
      })),
    });
    await book(replica, workspaceId);
    // Once before: the pools are read, and what is measured is the forecasts.
    await client.forecast.pools({ workspaceId });
    const all = [];
    const waits = [];
    for (let run = 0; run < RUNS; run += 1) {
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      const value = await seconds(async () => {
        const outlooks = await client.forecast.pools({ workspaceId });
        if (outlooks.length !== POOLS) throw new Error(`There are ${outlooks.length} pools`);
      });
      delay.disable();
      all.push({ value: value * 1_000 });
      waits.push({ value: delay.max / 1e6 });
    }
    return [
      figureOf({ name: 'forecast.200-pools', unit: 'ms', n: POOLS, runs: all }),
      figureOf({ name: 'forecast.200-pools-stall', unit: 'ms', n: POOLS, runs: waits }),
    ];
  } finally {
    await replica.close();
    rmSync(join(dataDir, '..'), { recursive: true, force: true });
  }
}

async function book(replica: Awaited<ReturnType<typeof openReplica>>, workspaceId: string): Promise<void> {
  const { state } = replica;
  const workspace = state.workspace(workspaceId);
  const random = seededRandom(1);
  const now = state.clock();
  for (let member = 0; member < POOLS; member += 1) {
    const { id: poolId } = state.poolOf(workspace, `m${member}`, now);
    const lines = Array.from({ length: HISTORY_DAYS / 2 }, (_, number) => {
      const at = instant(Math.floor(now - (number * 2 + random()) * DAY_MS));
      const used = useAt({ workspaceId, poolId, at, number, random });
      return { ...used, memberId: `m${member}`, teamId: null, featureId: 'screen' };
    });
    await state.appendLines(workspaceId, lines);
  }
}
