import { coverBy, restOfLease, type LeaseAnswer, type LeaseInHand } from '../../shared/entitlement/lease.ts';
import { noCredits, type Credits } from '../../shared/kernel/credits.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { planAt } from '../../shared/ledger/schedule.ts';
import { isBookedIn, linesUnder } from '../sync/lease-lines.ts';
import type { WorkspaceRecord } from '../sync/workspace-records.ts';
import type { ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/**
 * What this computer may spend of a pool by itself, at an instant: under its lease, where a workspace of a server has a
 * hard limit there. Undefined where none is needed. [B3] [E2]
 */
export function leaseAnswer(
  state: ReplicaState,
  workspace: Workspace,
  use: { readonly poolId: string; readonly amount: Credits; readonly at: Instant },
): LeaseAnswer | undefined {
  const record = state.sync.workspace(workspace.id);
  if (!record || !isHardAt(workspace, use.at)) return undefined;
  const reading = state.sync.clocks();
  if (record.mark === null) return { cover: { kind: 'uncovered', why: 'no-lease', rest: null }, rest: noCredits };
  const inHand = leasesInHand(state, record);
  const cover = coverBy(inHand, use, { mark: record.mark, reading });
  if (cover.kind === 'uncovered') return { cover, rest: cover.rest ?? noCredits };
  return { cover, rest: inHand.find(({ lease }) => lease.id === cover.leaseId)?.rest ?? noCredits };
}

/** The leases of a workspace, each with what its lines leave of it. [B1] [B2] */
export function leasesInHand({ database }: ReplicaState, record: WorkspaceRecord): readonly LeaseInHand[] {
  const isBooked = isBookedIn(database, record.key);
  return record.leases.map((lease) => ({
    lease,
    rest: restOfLease(lease, linesUnder(database, lease.id), isBooked).rest,
  }));
}

/** Whether a pool refuses what goes beyond its grants: by its plan, or since its plan has ended. [E4] */
export function isHardAt(workspace: Workspace, at: Instant): boolean {
  const { plan, ended } = planAt(workspace.index, at);
  return plan.limit.kind === 'hard' || ended;
}
