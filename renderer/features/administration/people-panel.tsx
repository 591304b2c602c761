import { ActionIcon, Badge, Button, Group, Menu, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDots, IconUserPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { PersonView, ServerView } from '../../../shared/bridge/sync-views.ts';
import { bridge } from '../../app/bridge.ts';
import type { DataColumn } from '../../ui/data-table.tsx';
import { formatCount, formatList } from '../../ui/figures.tsx';
import { readProblem } from '../../ui/problem.ts';
import { strings as words } from '../../ui/sync-strings.ts';
import { DeactivateDialog } from './deactivate-dialog.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { ListPanel } from './list-panel.tsx';
import { MembershipsDialog } from './memberships-dialog.tsx';
import { PersonDialog } from './person-dialog.tsx';
import { strings } from './strings.ts';
import { useAskAgain, usePeople, useServerWorkspaces } from './use-administration.ts';

const text = strings.people;

type OpenDialog =
  | { readonly kind: 'add' }
  | { readonly kind: 'edit' | 'memberships' | 'deactivate'; readonly person: PersonView }
  | { readonly kind: 'invite'; readonly personId: string; readonly name: string };

/** Everybody who may connect devices. */
export function PeoplePanel({ server }: { readonly server: ServerView }) {
  const people = usePeople(server.id);
  const workspaces = useServerWorkspaces(server.id).data;
  const askAgain = useAskAgain(server.id);
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const columns = useMemo(() => {
    const nameById = new Map((workspaces ?? []).map(({ id, name }) => [id, name]));
    const reactivate = async (person: PersonView) => {
      try {
        await bridge.administration.people.change({ serverId: server.id, personId: person.id, active: true });
        notifications.show({ color: 'petrol', message: text.reactivated({ name: person.name }) });
        await askAgain();
      } catch (error) {
        const { message, todo } = readProblem(error);
        notifications.show({ color: 'red', title: message, message: todo });
      }
    };
    return columnsOf({
      nameById,
      ownId: server.personId,
      onOpen: setDialog,
      onReactivate: (person) => void reactivate(person),
    });
  }, [workspaces, server.id, server.personId, askAgain]);
  const close = () => {
    // Adding somebody leads on to their invite.
    setDialog((open) => (open?.kind === 'invite' && dialog?.kind === 'add' ? open : null));
    void askAgain();
  };
  return (
    <>
      <ListPanel
        title={strings.tabs.people}
        hint={text.hint}
        actions={
          <Button
            size="xs"
            leftSection={<IconUserPlus size={16} aria-hidden />}
            onClick={() => setDialog({ kind: 'add' })}
          >
            {text.add}
          </Button>
        }
        answer={people}
        columns={columns}
        rowKey={({ id }) => id}
        nameOf={nameOf}
        initialSort={{ id: 'name' }}
        empty={null}
      />
      {dialog?.kind === 'add' ? (
        <PersonDialog
          serverId={server.id}
          person={null}
          onAdded={(personId, name) => setDialog({ kind: 'invite', personId, name })}
          onClose={close}
        />
      ) : dialog?.kind === 'edit' ? (
        <PersonDialog serverId={server.id} person={dialog.person} onClose={close} />
      ) : dialog?.kind === 'memberships' ? (
        <MembershipsDialog serverId={server.id} person={dialog.person} onClose={close} />
      ) : dialog?.kind === 'deactivate' ? (
        <DeactivateDialog serverId={server.id} person={dialog.person} onClose={close} />
      ) : dialog?.kind === 'invite' ? (
        <InviteDialog server={server} person={{ id: dialog.personId, name: dialog.name }} onClose={close} />
      ) : null}
    </>
  );
}

function nameOf({ name }: PersonView): string {
  return name;
}

interface ColumnOptions {
  readonly nameById: ReadonlyMap<string, string>;
  readonly ownId: string;
  readonly onOpen: (dialog: OpenDialog) => void;
  readonly onReactivate: (person: PersonView) => void;
}

function columnsOf({ nameById, ownId, onOpen, onReactivate }: ColumnOptions): readonly DataColumn<PersonView>[] {
  const workspacesOf = ({ role, memberships }: PersonView): string =>
    role === 'company-admin'
      ? text.allWorkspaces
      : memberships.length === 0
        ? text.noWorkspaces
        : formatList(memberships.map(({ workspaceId }) => nameById.get(workspaceId) ?? workspaceId));
  return [
    {
      id: 'name',
      header: text.columns.name,
      sortBy: nameOf,
      cell: (person) => (
        <Group gap={8}>
          <Text inherit fw={600}>
            {person.name}
          </Text>
          {person.id === ownId ? (
            <Badge size="xs" variant="light">
              {strings.you}
            </Badge>
          ) : null}
          {person.active ? null : (
            <Badge size="xs" variant="light" color="gray">
              {text.inactive}
            </Badge>
          )}
        </Group>
      ),
    },
    {
      id: 'role',
      header: text.columns.role,
      width: 140,
      sortBy: ({ role }) => words.roles[role],
      cell: ({ role }) => words.roles[role],
    },
    { id: 'workspaces', header: text.columns.workspaces, cell: workspacesOf, sortBy: workspacesOf, wideOnly: true },
    {
      id: 'devices',
      header: text.columns.devices,
      width: 90,
      numeric: true,
      wideOnly: true,
      sortBy: ({ devices }) => devices,
      cell: ({ devices }) => formatCount(devices),
    },
    {
      id: 'actions',
      header: strings.actions,
      headerHidden: true,
      width: 64,
      cell: (person) => (
        <PersonMenu person={person} isOwn={person.id === ownId} onOpen={onOpen} onReactivate={onReactivate} />
      ),
    },
  ];
}

interface PersonMenuProps extends Pick<ColumnOptions, 'onOpen' | 'onReactivate'> {
  readonly person: PersonView;
  readonly isOwn: boolean;
}

function PersonMenu({ person, isOwn, onOpen, onReactivate }: PersonMenuProps) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={strings.actionsOf({ name: person.name })}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {person.active ? (
          <Menu.Item onClick={() => onOpen({ kind: 'invite', personId: person.id, name: person.name })}>
            {text.invite}
          </Menu.Item>
        ) : null}
        <Menu.Item onClick={() => onOpen({ kind: 'edit', person })}>{text.edit}</Menu.Item>
        <Menu.Item onClick={() => onOpen({ kind: 'memberships', person })}>{text.memberships}</Menu.Item>
        {person.active ? (
          isOwn ? null : (
            <Menu.Item color="red" onClick={() => onOpen({ kind: 'deactivate', person })}>
              {text.deactivate}
            </Menu.Item>
          )
        ) : (
          <Menu.Item onClick={() => onReactivate(person)}>{text.reactivate}</Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
