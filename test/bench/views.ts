/** What a person looks at, asked of a replica. */

import type { createRouterClient } from '@orpc/server';
import type { Replica } from '../../replica/main.ts';
import { everyDay } from '../../replica/services/forecast-view.ts';
import { addDays, dayOf, shiftWindow, windowStart } from '../../shared/kernel/time-zone.ts';

export type BenchClient = ReturnType<typeof createRouterClient<Replica['router'], Record<never, never>>>;

export async function overviewOnce(client: BenchClient, workspaceId: string): Promise<void> {
  for await (const view of await client.overview.live({ workspaceId })) {
    if (view.workspaceId !== workspaceId) throw new Error('That is another workspace');
    return;
  }
}

/** By feature, by team, by user, and every day of the quarter. */
export async function quarterViews(replica: Replica, client: BenchClient, workspaceId: string): Promise<void> {
  for (const by of ['feature', 'team', 'user'] as const) {
    const { rows } = await client.report.get({ workspaceId, by, period: 'quarter' });
    if (rows.length === 0) throw new Error('The quarter has use');
  }
  const { state } = replica;
  const workspace = state.workspace(workspaceId);
  const from = windowStart('quarter', dayOf(state.clock(), workspace.timeZone), workspace.weekStart);
  everyDay(state, workspace, { from, to: addDays(shiftWindow('quarter', from, 1), -1) });
}
