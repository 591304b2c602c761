import { Badge, Button, Group, Table, Text } from '@mantine/core';
import { IconCheck, IconClock, IconX } from '@tabler/icons-react';
import type { OrderView, SubscriptionView } from '../../../shared/bridge/views.ts';
import { useDirectory, useWorkspace } from '../../hooks/use-workspace.tsx';
import { CreditsText, formatMoment, formatMoney, Moment } from '../../ui/figures.tsx';
import { Section } from '../../ui/section.tsx';
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
  const { timeZone } = useWorkspace();
  const { isAdmin } = useDirectory();
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
              {text.by(order.requestedBy)}
            </Text>
          )}
        </div>
      </Table.Td>
      <Table.Td data-label={text.credits}>
        {order.credits === null ? '–' : <CreditsText value={order.credits} />}
      </Table.Td>
      <Table.Td data-label={text.price}>{order.price === null ? '–' : formatMoney(order.price)}</Table.Td>
      <Table.Td data-label={text.reference}>{order.reference ?? '–'}</Table.Td>
      <Table.Td>
        {open && isAdmin ? (
          <Group gap={4} justify="flex-end">
            <Button
              size="compact-xs"
              variant="light"
              aria-label={text.confirmLabel(order.packName)}
              onClick={() => onOpen({ kind: 'confirm-order', order })}
            >
              {text.confirm}
            </Button>
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              aria-label={text.cancelLabel(order.packName)}
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
      <Badge variant="light" color={color} leftSection={<StateIcon size={12} aria-hidden />}>
        {text.states[order.state]}
      </Badge>
      {order.decidedAt === null ? null : (
        <Text size="xs" c="dimmed">
          {text.decided(formatMoment(order.decidedAt, zone))}
        </Text>
      )}
    </div>
  );
}
