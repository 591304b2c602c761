import type { Change, ChangeValue } from '../../shared/ledger/change.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { planAt } from '../../shared/ledger/schedule.ts';
import { changeOf } from './dated-changes.ts';
import type { NewName } from './import-names.ts';
import type { ImportPlan } from './import-plan.ts';
import type { ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/** The changes that bring in the members, teams and features which a file names. [C5] */
export function importedChanges(
  state: ReplicaState,
  workspace: Workspace,
  given: { readonly plan: ImportPlan; readonly fileName: string; readonly authorId: string | null },
): readonly Change[] {
  const actor = { memberId: given.authorId, origin: 'import' } as const;
  const reason = `Import of ${given.fileName}`.slice(0, reasonCharactersMax);
  return given.plan.names.added().map((added) =>
    changeOf(
      state,
      {
        workspaceId: workspace.id,
        subject: added.id,
        effectiveFrom: added.since,
        value: valueOf(workspace, added, given.plan.unit),
        reason,
      },
      actor,
    ),
  );
}

function valueOf(workspace: Workspace, added: NewName, unit: string): ChangeValue {
  const { name, teamId } = added;
  switch (added.kind) {
    case 'team':
      return { kind: 'team', name, deleted: false };
    case 'feature':
      return { kind: 'feature', name, unit };
    case 'member': {
      const role = spendingRole(workspace, added.since);
      return { kind: 'member', member: { name, role, teamId, access: 'member', active: true } };
    }
  }
}

/** Whoever used credits may spend them: the plan's first role that does. */
function spendingRole(workspace: Workspace, at: Instant): string {
  const { roles } = planAt(workspace.index, at).plan;
  return (roles.find((role) => role.spends) ?? roles[0])?.id ?? '';
}

const reasonCharactersMax = 500;
