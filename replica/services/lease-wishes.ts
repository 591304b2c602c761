import { expectedLeaseUse } from '../../shared/forecast/lease-use.ts';
import { leftOfDay } from '../../shared/forecast/workspace-forecast.ts';
import { balanceOf } from '../../shared/ledger/balance-of.ts';
import { planAt } from '../../shared/ledger/schedule.ts';
import { credits, greatest, microPerUnit, noCredits, type Credits } from '../../shared/kernel/credits.ts';
import { hashText } from '../../shared/kernel/hash.ts';
import { dayOf } from '../../shared/kernel/time-zone.ts';
import type { LeaseRequest } from '../../shared/protocol/lease-messages.ts';
import { recordedUse } from './forecast-view.ts';
import { linesUnder } from '../sync/lease-lines.ts';
import type { WorkspaceRecord } from '../sync/workspace-records.ts';
import { isHardAt, leasesInHand } from './lease-cover.ts';
import type { Pool, ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/**
 * What to ask of leases at a sync: for each hard pool that the person of this computer may spend from, what this computer
 * is likely to use in the next days. null where no lease is needed. [B7]
 */
export function leaseWishes(state: ReplicaState, workspaceId: string): LeaseRequest | null {
  const workspace = state.workspaces().find(({ id }) => id === workspaceId);
  const record = state.sync.workspace(workspaceId);
  if (!workspace || !record) return null;
  const now = state.clock();
  if (!isHardAt(workspace, now)) return null;
  const { memberId } = record.body;
  const { plan } = planAt(workspace.index, now);
  if (plan.poolScope === 'member' && memberId === null) return null;
  const pool = state.poolOf(workspace, memberId, now);
  const expected = expectedUse(state, workspace, pool);
  const leaseIds = unusedLeases(state, record, { poolId: pool.id, expected });
  if (leaseIds.length > 0) return { kind: 'return', leaseIds: [...leaseIds] };
  return { kind: 'renew', expectedByPool: [{ poolId: pool.id, expected }] };
}

/** Leases that hold much more than is likely to be used, and were not spent from for a day. [B9] */
function unusedLeases(
  state: ReplicaState,
  record: WorkspaceRecord,
  { poolId, expected }: { readonly poolId: string; readonly expected: Credits },
): readonly string[] {
  const before = state.clock() - dayMs;
  const restsById = new Map(leasesInHand(state, record).map(({ lease, rest }) => [lease.id, rest]));
  return record.leases.flatMap(({ id, grownAt, ...lease }) => {
    const isMuch = (restsById.get(id) ?? noCredits) > 2 * expected;
    if (lease.poolId !== poolId || !isMuch || grownAt === undefined || grownAt > before) return [];
    return linesUnder(state.database, id).every((line) => line.recordedAt <= before) ? [id] : [];
  });
}

/** The P90 of what this computer is likely to use; a tenth of what is left where nothing tells yet. */
function expectedUse(state: ReplicaState, workspace: Workspace, pool: Pool): Credits {
  const now = state.clock();
  const today = dayOf(now, workspace.timeZone);
  const { available } = balanceOf(state.poolNow(workspace, pool), now);
  const { first: _first, ...use } = recordedUse(state, workspace, { today, daysMax: historyDays, horizonDays: 4 });
  const expected = expectedLeaseUse({
    ...use,
    todayFractionLeft: leftOfDay(today, now, workspace.timeZone),
    seed: hashText(`${pool.id}/${today}`),
    share: shareOfThisComputer(state, workspace),
  });
  if (expected !== null) return credits(Math.ceil(expected * microPerUnit));
  return greatest(credits(Math.floor(available / 10)), noCredits);
}

/** Of the latest uses, how many were written down here: between one of a hundred and all. */
function shareOfThisComputer({ database, sync }: ReplicaState, workspace: Workspace): number {
  const record = sync.workspace(workspace.id);
  if (!record) return 1;
  const table = database.connection.tableOf('transactions');
  if (!table) return 1;
  const row = database.connection
    .prepare(
      `SELECT count(*) AS n, coalesce(sum(device.id=?), 0) AS own FROM (
         SELECT id FROM ${table.quotedName} WHERE deleted=0 AND +"workspaceId"=? ORDER BY sequence DESC LIMIT 500
       ) AS line JOIN sync_row ON sync_row.workspace=? AND sync_row.id=line.id
       JOIN sync_device AS device ON device.key=sync_row.device`,
    )
    .get(record.body.deviceId, workspace.id, record.key);
  const lines = Number(row?.['n'] ?? 0);
  return lines === 0 ? 1 : Math.max(Number(row?.['own'] ?? 0) / lines, 0.01);
}

const historyDays = 120;
const dayMs = 86_400_000;
