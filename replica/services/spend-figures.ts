import { noCredits, type Credits } from '../../shared/kernel/credits.ts';
import { heldOf, sharesOf, usedOf, type SpendState } from '../../shared/ledger/spends.ts';
import type { Hold, Usage } from '../../shared/ledger/transaction.ts';
import { toColumnText } from '../storage-sqlite/column-text.ts';
import type { ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/** What a use or a hold amounts to now. */
export interface SpendFigures {
  readonly used: Credits;
  readonly held: Credits;
  /** The part of it that no grant pays. */
  readonly overage: Credits;
  readonly resolution: SpendState['resolution'];
}

/** What has become of a use or a hold; null before it begins. [G3] */
export function spendFigures(state: ReplicaState, workspace: Workspace, line: Usage | Hold): SpendFigures | null {
  if (line.kind === 'usage' && isPlainlyPaid(state, workspace, line)) {
    return { used: line.credits, held: noCredits, overage: noCredits, resolution: null };
  }
  const spend = state.spendOf(workspace, line);
  if (!spend) return null;
  const overage = sharesOf(spend).find((share) => share.grantId === null)?.credits ?? noCredits;
  return { used: usedOf(spend), held: heldOf(spend), overage, resolution: spend.resolution };
}

/**
 * Whether a use is used in full and paid by grants, as can be told without a fold: no line speaks of it, none takes from
 * the latest uses up to it or later, and in its period there is no overage, of which its own would be a part.
 */
function isPlainlyPaid(state: ReplicaState, workspace: Workspace, line: Usage): boolean {
  if (line.occurredAt > state.clock()) return false;
  const pool = state.poolOfLine(line);
  const { start } = state.scheduleOf(workspace, pool).periodAt(line.occurredAt);
  const totals = state.poolNow(workspace, pool).totalsByPeriodStart.get(start);
  if (!totals || totals.overage !== 0) return false;
  const isReached = state.pools
    .driftsIn(line)
    .some((drift) => drift >= line.occurredAt && state.scheduleOf(workspace, pool).periodAt(drift).start === start);
  if (isReached) return false;
  const linked = `SELECT 1 FROM ${state.transactionsTable()} WHERE deleted=0 AND "linkedId"=? LIMIT 1`;
  return state.database.connection.prepare(linked).get(toColumnText(line.id)) === undefined;
}
