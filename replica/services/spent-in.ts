import type { Spender } from '../../shared/entitlement/caps.ts';
import { add, noCredits, type Credits } from '../../shared/kernel/credits.ts';
import type { Period } from '../../shared/kernel/period.ts';
import { addDays, dayOf, startOfDay } from '../../shared/kernel/time-zone.ts';
import { heldOf } from '../../shared/ledger/spends.ts';
import { useOf } from '../../shared/ledger/transaction.ts';
import { usedOn } from '../projections/usage-figures.ts';
import type { ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/**
 * Used and set aside by a member or a team in a window. Whole days come from the roll-up, so that a cap over a period
 * with many lines costs no more than one over a day; what is left at both ends is summed up line by line. [E3]
 */
export function spentIn(state: ReplicaState, workspace: Workspace, window: Period, spender: Spender): Credits {
  const whose = whoseOf(spender);
  const zone = workspace.timeZone;
  const firstDay = dayOf(window.start, zone);
  const from = startOfDay(firstDay, zone) === window.start ? firstDay : addDays(firstDay, 1);
  const to = dayOf(window.end, zone);
  const linesIn = (span: Period): Credits => usedInLines(state, workspace, span, whose);
  const held = heldIn(state, workspace, window, whose);
  if (from >= to) return add(held, linesIn(window));
  const wholeDays = { start: startOfDay(from, zone), end: startOfDay(to, zone) };
  const rolledUp = usedOn(state.database.connection, { workspaceId: workspace.id, from, to }, whose);
  const before = linesIn({ start: window.start, end: wholeDays.start });
  const after = linesIn({ start: wholeDays.end, end: window.end });
  return add(add(held, rolledUp), add(before, after));
}

type Whose = { readonly memberId: string } | { readonly teamId: string };

function whoseOf({ memberId, teamId }: Spender): Whose {
  return memberId === null ? { teamId: teamId ?? '' } : { memberId };
}

function columnOf(whose: Whose): { readonly column: string; readonly id: string } {
  return 'memberId' in whose ? { column: '"memberId"', id: whose.memberId } : { column: '"teamId"', id: whose.teamId };
}

function usedInLines(state: ReplicaState, workspace: Workspace, span: Period, whose: Whose): Credits {
  if (span.start >= span.end) return noCredits;
  const { column, id } = columnOf(whose);
  return state
    .linesWhere(`"workspaceId"=? AND "spentAt">=? AND "spentAt"<? AND ${column}=?`, [
      workspace.id,
      span.start,
      span.end,
      id,
    ])
    .reduce((total, line) => add(total, useOf(line)?.credits ?? noCredits), noCredits);
}

/** What holds of the window that nothing has settled still set aside; one that has timed out sets nothing aside. */
function heldIn(state: ReplicaState, workspace: Workspace, window: Period, whose: Whose): Credits {
  const { column, id } = columnOf(whose);
  const table = state.transactionsTable();
  const holds = state.linesWhere(
    `"workspaceId"=? AND "kind"='hold' AND "occurredAt">=? AND "occurredAt"<? AND ${column}=? AND NOT EXISTS (
       SELECT 1 FROM ${table} AS settled
       WHERE settled.deleted=0 AND settled."linkedId"=${table}.id AND settled."kind" IN ('capture','release'))`,
    [workspace.id, window.start, window.end, id],
  );
  return holds.reduce((total, line) => {
    if (line.kind !== 'hold') return total;
    const hold = state.poolNow(workspace, state.poolOfLine(line)).openHoldById.get(line.id);
    return hold ? add(total, heldOf(hold)) : total;
  }, noCredits);
}
