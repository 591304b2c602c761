import { Badge, Button, Group, Table, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCheck, IconClock, IconX } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { OrderView, SubscriptionView } from '../../../shared/bridge/views.ts';
import { bridge } from '../../app/bridge.ts';
import { useSharedWorkspace } from '../../hooks/use-sync.ts';
import { useDirectory, useWorkspace } from '../../hooks/use-workspace.tsx';
import { CreditsText, formatMoment, formatMoney, Moment } from '../../ui/figures.tsx';
import { readProblem } from '../../ui/problem.ts';
import { Section } from '../../ui/section.tsx';
import { SyncMark } from '../../ui/sync-mark.tsx';
import type { OpenDialog } from './dialog.ts';
import { strings } from './strings.ts';
import classes from './subscription.module.css';

const text = strings.orders;

interface OrdersSectionProps {
  readonly view: SubscriptionView;
  readonly onOpen: OpenDialog;
}

/** Every order of a pack, from the request to the grant or its refusal. */
export function OrdersSection({ view, onOpen }: OrdersSectionProps) {
  return (
    <Section title={text.section} flush>
      <Table aria-label={text.section} className={classes['stacked'] ?? ''}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{text.pack}</Table.Th>
            <Table.Th scope="col">{text.state}</Table.Th>
            <Table.Th scope="col">{text.requested}</Table.Th>
            <Table.Th scope="col">{text.credits}</Table.Th>
            <Table.Th scope="col">{text.price}</Table.Th>
            <Table.Th scope="col">{text.reference}</Table.Th>
            <Table.Th scope="col">
              <span className={classes['hidden']}>{text.actions}</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {view.orders.map((order) => (
            <OrderRow key={order.id} order={order} onOpen={onOpen} />
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}

interface OrderRowProps {
  readonly order: OrderView;
  readonly onOpen: OpenDialog;
}

function OrderRow({ order, onOpen }: OrderRowProps) {
  const { id: workspaceId, timeZone } = useWorkspace();
  const { isAdmin } = useDirectory();
  // Where one person orders and buys, nobody has to agree.
  const isShared = useSharedWorkspace(workspaceId) !== null;
  const open = order.state === 'requested' || order.state === 'approved';
  return (
    <Table.Tr>
      <Table.Td data-label={text.pack}>
        <div>
          {order.packName}
          {order.note === null || order.note === '' ? null : (
            <Text size="xs" c="dimmed">
              {order.note}
            </Text>
          )}
        </div>
      </Table.Td>
      <Table.Td data-label={text.state}>
        <OrderState order={order} zone={timeZone} />
      </Table.Td>
      <Table.Td data-label={text.requested}>
        <div>
          <Moment at={order.requestedAt} zone={timeZone} dayOnly />
          {order.requestedBy === null ? null : (
            <Text size="xs" c="dimmed">
              {text.by({ name: order.requestedBy })}
            </Text>
          )}
        </div>
      </Table.Td>
      <Table.Td data-label={text.credits}>
        {order.credits === null ? '–' : <CreditsText value={order.credits} />}
      </Table.Td>
      <Table.Td data-label={text.price} className={classes['money'] ?? ''}>
        {order.price === null ? '–' : formatMoney(order.price)}
      </Table.Td>
      <Table.Td data-label={text.reference}>{order.reference ?? '–'}</Table.Td>
      <Table.Td>
        {open && (isAdmin || order.isOwn) ? (
          <Group gap={4} justify="flex-end">
            {isAdmin && isShared && order.state === 'requested' ? <Approve order={order} /> : null}
            {isAdmin ? (
              <Button
                size="compact-xs"
                variant="light"
                aria-label={text.confirmLabel({ pack: order.packName })}
                onClick={() => onOpen({ kind: 'confirm-order', order })}
              >
                {text.confirm}
              </Button>
            ) : null}
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              aria-label={text.cancelLabel({ pack: order.packName })}
              onClick={() => onOpen({ kind: 'close-order', order })}
            >
              {text.close}
            </Button>
          </Group>
        ) : null}
      </Table.Td>
    </Table.Tr>
  );
}

function Approve({ order }: { readonly order: OrderView }) {
  const approving = useMutation({
    mutationFn: () => bridge.orders.approve({ orderId: order.id }),
    onError: (error) => {
      const { message, todo } = readProblem(error);
      notifications.show({ color: 'red', title: message, message: todo });
    },
  });
  return (
    <Button
      size="compact-xs"
      variant="light"
      loading={approving.isPending}
      aria-label={text.approveLabel({ pack: order.packName })}
      onClick={() => approving.mutate()}
    >
      {text.approve}
    </Button>
  );
}

const looks = {
  requested: { color: 'amber', icon: IconClock },
  approved: { color: 'amber', icon: IconClock },
  granted: { color: 'petrol', icon: IconCheck },
  refused: { color: 'red', icon: IconX },
  cancelled: { color: 'gray', icon: IconX },
} as const;

function OrderState({ order, zone }: { readonly order: OrderView; readonly zone: string }) {
  const { color, icon: StateIcon } = looks[order.state];
  return (
    <div>
      <Group gap={6}>
        <Badge variant="light" color={color} leftSection={<StateIcon size={12} aria-hidden />}>
          {text.states[order.state]}
        </Badge>
        <SyncMark sync={order.sync} />
      </Group>
      {order.sync === undefined || order.sync.todo === '' ? null : (
        <Text size="xs">{`${order.sync.message} ${order.sync.todo}`}</Text>
      )}
      {order.decidedAt === null ? null : (
        <Text size="xs" c="dimmed">
          {text.decided({ moment: formatMoment(order.decidedAt, zone) })}
        </Text>
      )}
    </div>
  );
}
