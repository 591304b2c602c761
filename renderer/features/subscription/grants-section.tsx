import { Button, Group, Table, Text } from '@mantine/core';
import { IconStack2 } from '@tabler/icons-react';
import type { SubscriptionView } from '../../../shared/bridge/views.ts';
import type { GrantState } from '../../../shared/ledger/balance.ts';
import { useDirectory, useWorkspace } from '../../hooks/use-workspace.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatCredits, Moment } from '../../ui/figures.tsx';
import { MeterBar } from '../../ui/meter-bar.tsx';
import { Section } from '../../ui/section.tsx';
import type { OpenDialog } from './dialog.ts';
import { grantName } from './grant-name.ts';
import { strings } from './strings.ts';
import classes from './subscription.module.css';

const text = strings.grants;

interface GrantsSectionProps {
  readonly view: SubscriptionView;
  readonly onOpen: OpenDialog;
}

/** Which grant pays first, what remains of each, and when it lapses. */
export function GrantsSection({ view, onOpen }: GrantsSectionProps) {
  return (
    <Section title={text.section} description={text.hint} flush>
      <GrantTable view={view} grants={view.balance.grants} onOpen={onOpen} />
    </Section>
  );
}

interface GrantTableProps extends GrantsSectionProps {
  readonly grants: readonly GrantState[];
}

export function GrantTable({ view, grants, onOpen }: GrantTableProps) {
  if (grants.length === 0) {
    return (
      <EmptyState icon={<IconStack2 size={22} />} title={text.emptyTitle}>
        {text.emptyBody}
      </EmptyState>
    );
  }
  return (
    <Table aria-label={text.section} className={classes['stacked'] ?? ''}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col" w={48}>
            {text.order}
          </Table.Th>
          <Table.Th scope="col">{text.grant}</Table.Th>
          <Table.Th scope="col" w="38%">
            {text.remaining}
          </Table.Th>
          <Table.Th scope="col">{text.lapses}</Table.Th>
          <Table.Th scope="col" w={90}>
            <span className={classes['hidden']}>{text.actions}</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {grants.map((grant, index) => (
          <GrantRow key={grant.id} view={view} grant={grant} place={index + 1} onOpen={onOpen} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

interface GrantRowProps extends GrantsSectionProps {
  readonly grant: GrantState;
  readonly place: number;
}

function GrantRow({ view, grant, place, onOpen }: GrantRowProps) {
  const { timeZone } = useWorkspace();
  const { isAdmin } = useDirectory();
  const name = grantName(grant, view.packs);
  const share = (part: number) => (grant.amount === 0 ? 0 : part / grant.amount);
  const figures = text.of({ remaining: formatCredits(grant.remaining), amount: formatCredits(grant.amount) });
  return (
    <Table.Tr>
      <Table.Td data-label={text.order}>{place}</Table.Td>
      <Table.Td data-label={text.grant}>
        <div>
          <Text fw={600} size="sm" className={classes['breakable'] ?? ''}>
            {name}
          </Text>
          <Text size="xs" c="dimmed">
            {text.from} <Moment at={grant.effectiveFrom} zone={timeZone} dayOnly />
          </Text>
        </div>
      </Table.Td>
      <Table.Td data-label={text.remaining}>
        <div>
          <Group justify="space-between" gap={6} mb={4}>
            <span>{figures}</span>
            {grant.held > 0 ? (
              <Text size="xs" c="dimmed">
                {text.held({ held: formatCredits(grant.held) })}
              </Text>
            ) : null}
          </Group>
          <MeterBar label={text.meter({ name })} free={share(grant.remaining - grant.held)} held={share(grant.held)} />
        </div>
      </Table.Td>
      <Table.Td data-label={text.lapses}>
        {grant.expiresAt === null ? text.never : <Moment at={grant.expiresAt} zone={timeZone} />}
      </Table.Td>
      <Table.Td>
        {grant.kind === 'allotment' || !isAdmin ? null : (
          <Button
            size="compact-xs"
            variant="subtle"
            color="red"
            aria-label={text.voidLabel({ name })}
            onClick={() => onOpen({ kind: 'void-grant', grant })}
          >
            {text.void}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
