import { Badge, Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconTicket } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { ServerInviteView, ServerView } from '../../../shared/bridge/sync-views.ts';
import { bridge } from '../../app/bridge.ts';
import type { DataColumn } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatMoment } from '../../ui/figures.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { ListPanel } from './list-panel.tsx';
import { ownZone } from './own-zone.ts';
import { strings } from './strings.ts';
import { useAskAgain, useInvites } from './use-administration.ts';

const text = strings.invites;

/** Invites that were made, what became of each, and new ones. */
export function InvitesPanel({ server }: { readonly server: ServerView }) {
  const invites = useInvites(server.id);
  const askAgain = useAskAgain(server.id);
  const [making, setMaking] = useState(false);
  const withdrawing = useMutation({
    mutationFn: (inviteId: string) => bridge.administration.invites.withdraw({ serverId: server.id, inviteId }),
    onSuccess: () => {
      notifications.show({ color: 'petrol', message: text.withdrawn });
      return askAgain();
    },
  });
  const { mutate: withdraw } = withdrawing;
  const columns = useMemo(() => columnsOf(withdraw), [withdraw]);
  return (
    <>
      <ProblemAlert error={withdrawing.error} />
      <ListPanel
        title={strings.tabs.invites}
        hint={text.hint}
        actions={
          <Button size="xs" leftSection={<IconTicket size={16} aria-hidden />} onClick={() => setMaking(true)}>
            {text.create}
          </Button>
        }
        answer={invites}
        columns={columns}
        rowKey={({ id }) => id}
        nameOf={nameOf}
        initialSort={{ id: 'created', descending: true }}
        empty={
          <EmptyState icon={<IconTicket size={22} />} title={text.emptyTitle}>
            {text.emptyBody}
          </EmptyState>
        }
      />
      {making ? (
        <InviteDialog
          server={server}
          person={null}
          onClose={() => {
            setMaking(false);
            void askAgain();
          }}
        />
      ) : null}
    </>
  );
}

function nameOf({ personName }: ServerInviteView): string {
  return personName;
}

function columnsOf(onWithdraw: (inviteId: string) => void): readonly DataColumn<ServerInviteView>[] {
  return [
    { id: 'person', header: text.columns.person, sortBy: nameOf, cell: nameOf },
    {
      id: 'state',
      header: text.columns.state,
      width: 120,
      sortBy: ({ state }) => text.states[state],
      cell: ({ state }) => (
        <Badge size="sm" variant="light" color={state === 'open' ? 'petrol' : 'gray'}>
          {text.states[state]}
        </Badge>
      ),
    },
    {
      id: 'created',
      header: text.columns.created,
      width: 190,
      wideOnly: true,
      sortBy: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => formatMoment(createdAt, ownZone),
    },
    {
      id: 'expires',
      header: text.columns.expires,
      width: 190,
      wideOnly: true,
      sortBy: ({ expiresAt }) => expiresAt,
      cell: ({ expiresAt }) => formatMoment(expiresAt, ownZone),
    },
    {
      id: 'actions',
      header: strings.actions,
      headerHidden: true,
      width: 116,
      cell: ({ id, state, personName }) =>
        state === 'open' ? (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={text.withdrawNamed({ name: personName })}
            onClick={() => onWithdraw(id)}
          >
            {text.withdraw}
          </Button>
        ) : null,
    },
  ];
}
