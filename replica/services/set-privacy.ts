import type { z } from 'zod';
import type { privacySetInput } from '../../shared/bridge/inputs.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { changeOf } from './dated-changes.ts';
import { actorOf } from './log-usage.ts';
import { accessOf, privacyOf } from './people.ts';
import { problem } from './problems.ts';
import type { ReplicaState } from './replica-state.ts';

/** Leaves the activity of specific people out of everything that is shown, or takes that back. [V1] [V2] */
export async function setPrivacy(
  state: ReplicaState,
  given: z.output<typeof privacySetInput>,
): Promise<{ readonly changed: boolean }> {
  const { workspaceId, hidesPeople, reason } = given;
  const workspace = state.workspace(workspaceId);
  if (accessOf(state, workspace) !== 'company-admin') {
    throw problem('refused', 'Only a company admin decides whose activity is shown.', {
      todo: 'Ask a company admin of this workspace.',
    });
  }
  const before = privacyOf(workspace);
  const teamMin = given.teamMin ?? before.teamMin;
  if (before.hidesPeople === hidesPeople && before.teamMin === teamMin) return { changed: false };
  // A clock that was set back must not let an earlier change hold on.
  const last = workspace.index.privacy.at(-1)?.from;
  const effectiveFrom = instant(Math.max(state.clock(), last === undefined ? 0 : last + 1));
  const value = { kind: 'privacy', hidesPeople, teamMin } as const;
  const change = changeOf(state, { workspaceId, effectiveFrom, value, reason }, actorOf(state, workspaceId));
  await state.appendChanges(workspaceId, [change]);
  return { changed: true };
}
