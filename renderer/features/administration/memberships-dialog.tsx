import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PersonView, ServerWorkspaceView } from '../../../shared/bridge/sync-views.ts';
import { bridge } from '../../app/bridge.ts';
import { FormModal } from '../../ui/form-modal.tsx';
import { Loading } from '../../ui/loading.tsx';
import { MemberSelect } from '../../ui/member-select.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { strings } from './strings.ts';
import { useServerWorkspaces } from './use-administration.ts';

const text = strings.people;

interface MembershipsDialogProps {
  readonly serverId: string;
  readonly person: PersonView;
  readonly onClose: () => void;
}

/** Which member of which workspace a person is. */
export function MembershipsDialog({ serverId, person, onClose }: MembershipsDialogProps) {
  const workspaces = useServerWorkspaces(serverId);
  const before = new Map(person.memberships.map(({ workspaceId, memberId }) => [workspaceId, memberId]));
  const [chosen, setChosen] = useState<ReadonlyMap<string, string | null>>(new Map());
  const changes = [...chosen].filter(([workspaceId, memberId]) => memberId !== (before.get(workspaceId) ?? null));
  const save = async () => {
    for (const [workspaceId, memberId] of changes) {
      await bridge.administration.people.setMembership({ serverId, personId: person.id, workspaceId, memberId });
    }
  };
  return (
    <FormModal
      title={text.membershipsTitle({ name: person.name })}
      description={person.role === 'company-admin' ? text.membershipsHintAdmin : text.membershipsHint}
      submitLabel={text.membershipsSubmit}
      submitDisabled={changes.length === 0}
      onClose={onClose}
      onSubmit={save}
    >
      {() =>
        workspaces.data === undefined ? (
          workspaces.error === null ? (
            <Loading blocks={[60]} />
          ) : (
            <ProblemAlert error={workspaces.error} onRetry={() => void workspaces.refetch()} />
          )
        ) : workspaces.data.length === 0 ? (
          <Text size="sm">{text.membershipsNone}</Text>
        ) : (
          <Stack gap="md">
            {workspaces.data.map((workspace) => (
              <MemberOf
                key={workspace.id}
                workspace={workspace}
                value={
                  chosen.get(workspace.id) ?? (chosen.has(workspace.id) ? null : (before.get(workspace.id) ?? null))
                }
                onChange={(memberId) => setChosen(new Map([...chosen, [workspace.id, memberId]]))}
              />
            ))}
          </Stack>
        )
      }
    </FormModal>
  );
}

interface MemberOfProps {
  readonly workspace: ServerWorkspaceView;
  readonly value: string | null;
  readonly onChange: (memberId: string | null) => void;
}

/** The members of a workspace are part of its history: they are known where it is. */
function MemberOf({ workspace, value, onChange }: MemberOfProps) {
  const { id: workspaceId, here } = workspace;
  const { data, error } = useQuery({
    queryKey: ['members-of', workspaceId],
    queryFn: ({ signal }) => bridge.workspaces.get({ workspaceId }, { signal }),
    enabled: here,
    staleTime: 0,
  });
  if (!here || error !== null) {
    return (
      <div>
        <Text size="sm" fw={500}>
          {workspace.name}
        </Text>
        <Text size="xs" c="dimmed">
          {text.notHere}
        </Text>
      </div>
    );
  }
  return (
    <MemberSelect
      label={workspace.name}
      placeholder={text.nobodyHere}
      people={(data?.members ?? [])
        .filter(({ active, id }) => active || id === value)
        .map(({ id, name, teamId }) => ({ id, name, detail: data?.teams.find((team) => team.id === teamId)?.name }))}
      value={data === undefined ? null : value}
      onChange={onChange}
    />
  );
}
