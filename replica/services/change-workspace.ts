import type { z } from 'zod';
import type { workspaceChangeInput } from '../../shared/bridge/inputs.ts';
import { instant } from '../../shared/kernel/instant.ts';
import type { ChangeValue } from '../../shared/ledger/change.ts';
import { changeOf } from './dated-changes.ts';
import { actorOf } from './log-usage.ts';
import { readTimeZone } from './reading.ts';
import type { ReplicaState } from './replica-state.ts';

/**
 * Another name, time zone or first day of the week. What was last set holds for the whole history: days are a way of
 * looking. Allotment periods that have begun keep their bounds. [G12] [K3]
 *
 * The days of another zone are made beside those that count while everything else goes on, and take their place in the
 * transaction that writes the change: a program that is ended in between goes on with the old zone and its days.
 */
export async function changeWorkspace(
  state: ReplicaState,
  given: z.output<typeof workspaceChangeInput>,
): Promise<{ readonly changed: boolean }> {
  const { workspaceId } = given;
  const timeZone = given.timeZone === undefined ? undefined : readTimeZone(given.timeZone, 'timeZone');
  const { database } = state;
  const { rollup } = state.options;
  if (timeZone !== undefined && timeZone !== state.workspace(workspaceId).timeZone) {
    await rollup.prepareZone(database, workspaceId, timeZone);
  }
  const changed = await state.inTurn(async () => {
    const values = differing(state, { ...given, timeZone });
    // A clock that was set back must not let an earlier change hold on.
    const last = state.workspace(workspaceId).changes.filter(({ value }) => kinds.has(value.kind));
    const effectiveFrom = instant(Math.max(state.clock(), ...last.map((change) => change.effectiveFrom + 1)));
    const { reason } = given;
    const actor = actorOf(state, workspaceId);
    const changes = values.map((value) => changeOf(state, { workspaceId, effectiveFrom, value, reason }, actor));
    await state.appendChanges(workspaceId, changes);
    return changes.length > 0;
  });
  await rollup.clearAway(database);
  return { changed };
}

function differing(state: ReplicaState, given: z.output<typeof workspaceChangeInput>): readonly ChangeValue[] {
  const { name, timeZone, weekStart } = given;
  const now = state.workspace(given.workspaceId);
  const values: ChangeValue[] = [];
  if (name !== undefined && name !== now.name) values.push({ kind: 'name', name });
  if (timeZone !== undefined && timeZone !== now.timeZone) values.push({ kind: 'time-zone', timeZone });
  if (weekStart !== undefined && weekStart !== now.weekStart) values.push({ kind: 'week-start', weekStart });
  return values;
}

const kinds: ReadonlySet<ChangeValue['kind']> = new Set(['name', 'time-zone', 'week-start']);
