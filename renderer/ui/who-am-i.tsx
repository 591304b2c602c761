import { useMutation } from '@tanstack/react-query';
import { useMemo } from 'react';
import { bridge } from '../app/bridge.ts';
import { useDirectory, useWorkspace } from '../hooks/use-workspace.tsx';
import { MemberSelect } from './member-select.tsx';
import { ProblemAlert } from './problem-alert.tsx';
import { strings } from './strings.ts';

/** Chooses the person at this computer in this workspace: what is logged here is booked in that name. */
export function WhoAmI() {
  const workspace = useWorkspace();
  const { teamById } = useDirectory();
  const choosing = useMutation({
    mutationFn: (member: string | null) => bridge.workspaces.setMe({ workspaceId: workspace.id, member }),
  });
  const people = useMemo(
    () =>
      workspace.members
        .filter(({ active }) => active)
        .map(({ id, name, teamId }) => ({ id, name, detail: teamById.get(teamId ?? '')?.name })),
    [workspace.members, teamById],
  );
  return (
    <>
      <MemberSelect
        label={strings.whoAmI.label}
        description={strings.whoAmI.hint}
        placeholder={strings.whoAmI.nobody}
        maw={420}
        people={people}
        value={choosing.isPending ? choosing.variables : workspace.meId}
        onChange={(member) => choosing.mutate(member)}
      />
      <ProblemAlert error={choosing.error} />
    </>
  );
}
