import type { LeaseView } from '../../shared/bridge/sync-views.ts';
import { advanceMark, standingOf, type LeaseInHand } from '../../shared/entitlement/lease.ts';
import { instant } from '../../shared/kernel/instant.ts';
import type { WorkspaceRecord } from '../sync/workspace-records.ts';
import { leasesInHand } from './lease-cover.ts';
import { wordingFor } from './log-usage.ts';
import type { ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/** What this computer may spend without asking, pool by pool. */
export function leaseViews(state: ReplicaState, workspace: Workspace, record: WorkspaceRecord): readonly LeaseView[] {
  return leasesInHand(state, record).map((inHand) => leaseView(state, workspace, { mark: record.mark, ...inHand }));
}

function leaseView(
  state: ReplicaState,
  workspace: Workspace,
  { lease, rest, mark: kept }: LeaseInHand & Pick<WorkspaceRecord, 'mark'>,
): LeaseView {
  const reading = state.sync.clocks();
  const standing = standingOf(lease, kept ?? advanceMark(null, reading), reading);
  const endsAt = instant(lease.from.wall + lease.spendableForMs);
  const owner = state.everyPoolOf(workspace).find(({ id }) => id === lease.poolId)?.memberId ?? null;
  const member = owner === null ? undefined : workspace.index.members.get(owner)?.at(-1)?.value.member;
  const isLater = standing.kind === 'spendable' && reading.wall < lease.period.start;
  const wording = wordingFor(workspace);
  const until = wording.moment(endsAt);
  return {
    poolId: lease.poolId,
    memberName: member?.name ?? null,
    amount: lease.amount,
    rest,
    standing: isLater ? 'later' : standing.kind,
    until: endsAt,
    sentence: isLater
      ? `From ${wording.moment(lease.period.start)} on this computer may spend ${wording.credits(rest)} offline until ${until}.`
      : standing.kind === 'spendable'
        ? `This computer may spend ${wording.credits(rest)} offline until ${until}.`
        : standing.kind === 'ended'
          ? 'What this computer might spend offline is over: it asks for more at the next sync.'
          : `The clock of this computer was set back: it may spend offline again from ${wording.moment(standing.until)} on, or after a sync.`,
  };
}
