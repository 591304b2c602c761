import { Badge, Button, Text } from '@mantine/core';
import { IconBuildingWarehouse } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { ServerView, ServerWorkspaceView } from '../../../shared/bridge/sync-views.ts';
import { bridge } from '../../app/bridge.ts';
import type { DataColumn } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatCount, formatMoment } from '../../ui/figures.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { ListPanel } from './list-panel.tsx';
import { ownZone } from './own-zone.ts';
import { strings } from './strings.ts';
import { useServerWorkspaces } from './use-administration.ts';

const text = strings.workspaces;

/** All histories of the organisation; each may be brought here. */
export function WorkspacesPanel({ server }: { readonly server: ServerView }) {
  const workspaces = useServerWorkspaces(server.id);
  const navigate = useNavigate();
  const bringing = useMutation({
    mutationFn: (workspaceId: string) => bridge.sync.open({ serverId: server.id, workspaceId }),
    onSuccess: ({ workspaceId }) => navigate({ to: '/w/$workspaceId/overview', params: { workspaceId } }),
  });
  const { mutate: bring } = bringing;
  const columns = useMemo(() => columnsOf(bring), [bring]);
  return (
    <>
      <ProblemAlert error={bringing.error} />
      <ListPanel
        title={strings.tabs.workspaces}
        hint={text.hint}
        answer={workspaces}
        columns={columns}
        rowKey={({ id }) => id}
        nameOf={nameOf}
        initialSort={{ id: 'name' }}
        empty={
          <EmptyState
            icon={<IconBuildingWarehouse size={22} />}
            title={text.emptyTitle}
            action={
              <ButtonLink to="/new" mt="xs">
                {text.start}
              </ButtonLink>
            }
          >
            {text.emptyBody}
          </EmptyState>
        }
      />
    </>
  );
}

function nameOf({ name }: ServerWorkspaceView): string {
  return name;
}

function columnsOf(onBring: (workspaceId: string) => void): readonly DataColumn<ServerWorkspaceView>[] {
  return [
    {
      id: 'name',
      header: text.columns.name,
      sortBy: nameOf,
      cell: ({ name }) => (
        <Text inherit fw={600}>
          {name}
        </Text>
      ),
    },
    {
      id: 'people',
      header: text.columns.people,
      width: 100,
      numeric: true,
      sortBy: ({ members }) => members,
      cell: ({ members }) => formatCount(members),
    },
    {
      id: 'created',
      header: text.columns.created,
      width: 200,
      wideOnly: true,
      sortBy: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => formatMoment(createdAt, ownZone),
    },
    {
      id: 'here',
      header: text.columns.here,
      width: 130,
      wideOnly: true,
      cell: ({ here }) => (
        <Badge size="sm" variant="light" color={here ? 'petrol' : 'gray'}>
          {here ? text.here : text.notHere}
        </Badge>
      ),
    },
    {
      id: 'actions',
      header: strings.actions,
      headerHidden: true,
      width: 140,
      cell: ({ id, name, here }) =>
        here ? (
          <ButtonLink
            to="/w/$workspaceId/overview"
            params={{ workspaceId: id }}
            size="compact-sm"
            variant="light"
            aria-label={text.openNamed({ name })}
          >
            {text.open}
          </ButtonLink>
        ) : (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={text.bringNamed({ name })}
            onClick={() => onBring(id)}
          >
            {text.bring}
          </Button>
        ),
    },
  ];
}
