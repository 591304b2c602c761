import type { z } from 'zod';
import type { projectionsInput } from '../../shared/bridge/inputs.ts';
import type { ProjectionsCheck, ProjectionsRebuilt } from '../../shared/bridge/views.ts';
import { differencesFromRebuild } from '../projections/check.ts';
import { poolBalancesName } from '../projections/pool-balances.ts';
import { differencesOfPools } from './check-pools.ts';
import type { ReplicaState } from './replica-state.ts';

/**
 * Counts everything anew from the ledger that is kept beside it: of one workspace, or of all. What is large is counted in
 * pieces, and everything else goes on meanwhile.
 */
export async function rebuildProjections(
  state: ReplicaState,
  given: z.output<typeof projectionsInput>,
): Promise<ProjectionsRebuilt> {
  const { database } = state;
  const workspaceIds = workspacesOf(state, given);
  const rebuilt: string[] = [];
  for (const projection of state.options.projections) {
    if (projection.beside) {
      for (const workspaceId of workspaceIds) await projection.beside.rebuild(database, workspaceId);
    } else await state.inTurn(async () => projection.rebuild(database, given.workspaceId));
    rebuilt.push(projection.name);
  }
  // What was folded so far is read anew too.
  state.pools.clear();
  for (const workspaceId of workspaceIds) state.signal.changed(workspaceId);
  return { rebuilt, workspaces: workspaceIds.length };
}

/** Compares what is kept with what counting anew finds; changes nothing. */
export async function checkProjections(
  state: ReplicaState,
  given: z.output<typeof projectionsInput>,
): Promise<ProjectionsCheck> {
  const { database } = state;
  const workspaceIds = workspacesOf(state, given);
  const differences: ProjectionsCheck['differences'][number][] = [];
  for (const { name, ...projection } of state.options.projections) {
    if (projection.beside) {
      for (const workspaceId of workspaceIds) {
        const found = await projection.beside.check(database, workspaceId);
        differences.push(...found.map((difference) => ({ projection: name, workspaceId, ...difference })));
      }
    } else {
      const found = await state.inTurn(async () => differencesFromRebuild(database, { name, ...projection }));
      differences.push(...found.map((difference) => ({ projection: name, workspaceId: null, ...difference })));
    }
  }
  // Checkpoints are compared with a fold, which follows the terms of the workspace; those are no matter of the file.
  for (const workspaceId of workspaceIds) {
    const found = await differencesOfPools(state, workspaceId);
    differences.push(...found.map((difference) => ({ projection: poolBalancesName, workspaceId, ...difference })));
  }
  return { checked: state.options.projections.map(({ name }) => name), differences };
}

function workspacesOf(state: ReplicaState, given: z.output<typeof projectionsInput>): readonly string[] {
  if (given.workspaceId !== undefined) return [state.workspace(given.workspaceId).id];
  return state.workspaces().map(({ id }) => id);
}
