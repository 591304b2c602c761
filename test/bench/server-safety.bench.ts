/** What must not happen under concurrency, counted, beside the ways of doing it in which it does. */

import { figureOf, type Figure } from './figure.ts';
import { historyLog, missedRows, sequenceLog } from '../support/cursor-logs.ts';
import { published, serveWorkspace } from '../support/served-workspace.ts';
import { cr } from '../support/ledger-lines.ts';
import { member } from '../support/workspace-terms.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { serveCluster, type ServedCluster } from './served.ts';

const RUNS = 3;
const writing = { writers: 8, writes: 40, rows: 5 } as const;
const ASKERS = 40;

export async function safetyFigures(): Promise<readonly Figure[]> {
  const cluster = await serveCluster({ connectionsMax: 12 });
  try {
    return [await missed(cluster), await overshoot(cluster)];
  } finally {
    await cluster.close();
  }
}

/** Rows that a reader never saw while eight devices pushed to one workspace. */
async function missed({ database, ownerUrl }: ServedCluster): Promise<Figure> {
  const planted = await sequenceLog(ownerUrl);
  const runs: { readonly value: number; readonly baseline: number }[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const workspace = await serveWorkspace(database);
    const from = instant(Date.UTC(2025, 0, 1));
    const plan = { platform: 'miro', plan: 'enterprise', seats: { member: 50 }, from } as const;
    await workspace.admin.push(...published(workspace.workspaceId, plan));
    const value = await missedRows(historyLog(workspace), writing);
    runs.push({ value, baseline: await missedRows(planted, writing) });
  }
  await planted.close();
  const n = writing.writers * writing.writes * writing.rows;
  return figureOf({ name: 'server.missed-rows', unit: 'rows', n, runs });
}

/** Credits that were set aside beyond what a pool has, while forty devices asked at once. */
async function overshoot({ database }: ServedCluster): Promise<Figure> {
  const runs: { readonly value: number }[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const workspace = await serveWorkspace(database);
    const { workspaceId, poolId, organisationId } = workspace;
    const from = instant(Date.UTC(2025, 0, 1));
    const changes = [{ value: member(), subject: 'ada' }];
    const plan = { platform: 'piktochart', plan: 'pro', seats: { member: 1 }, from, changes } as const;
    await workspace.admin.push(...published(workspaceId, plan));
    const devices = Array.from({ length: ASKERS }, () => workspace.device({ role: 'member', memberId: 'ada' }));
    await Promise.all(devices.map((device) => device.leases({ kind: 'top-up', poolId, needed: cr(37) })));
    const { rows } = await database.inOrganisation(organisationId, ({ query }) =>
      query<{ readonly leased: number }>(
        'SELECT coalesce(sum(amount), 0)::float8 AS leased FROM lease WHERE workspace_id = $1',
        [workspaceId],
      ),
    );
    runs.push({ value: Math.max((rows[0]?.leased ?? 0) - cr(500), 0) / 1_000_000 });
  }
  return figureOf({ name: 'server.lease-overshoot', unit: 'credits', n: ASKERS, runs });
}
