import { Badge, Group, Text } from '@mantine/core';
import type { LeaseView } from '../../../shared/bridge/sync-views.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { formatCreditsWithUnit } from '../../ui/figures.tsx';
import { MeterBar } from '../../ui/meter-bar.tsx';
import { Section } from '../../ui/section.tsx';
import { strings } from './strings.ts';
import classes from './sync.module.css';

const text = strings.leases;

interface LeasesSectionProps {
  readonly leases: readonly LeaseView[];
  /** Nothing is sent any more: the server may have taken back what stands here. */
  readonly stopped: boolean;
}

/** What this computer may spend from a hard pool without asking, and until when. */
export function LeasesSection({ leases, stopped }: LeasesSectionProps) {
  const { limit } = useWorkspace();
  return (
    <Section title={text.section} description={limit === 'hard' ? text.hint : undefined}>
      {stopped && limit === 'hard' ? (
        <Text size="sm" mb={leases.length > 0 ? 'sm' : 0}>
          {text.stopped}
        </Text>
      ) : null}
      {leases.length > 0 ? (
        <ul className={classes['plainList']}>
          {leases.map((lease, place) => (
            <li key={`${lease.poolId}/${place}`}>
              <Lease lease={lease} />
            </li>
          ))}
        </ul>
      ) : (
        <Text size="sm">{limit === 'soft' ? text.soft : stopped ? '' : text.none}</Text>
      )}
    </Section>
  );
}

function Lease({ lease }: { readonly lease: LeaseView }) {
  const share = lease.amount === 0 ? 0 : lease.rest / lease.amount;
  const whose = lease.memberName ?? text.shared;
  return (
    <>
      <Group gap="xs" justify="space-between" mb={4}>
        <Text size="sm" flex="1 1 240px">
          {lease.sentence}
        </Text>
        {lease.standing === 'spendable' ? null : (
          <Badge size="sm" variant="light" color={lease.standing === 'suspended' ? 'amber' : 'gray'}>
            {text[lease.standing]}
          </Badge>
        )}
      </Group>
      <MeterBar label={text.meter({ whose })} free={share} />
      <Text size="xs" c="dimmed" mt={4}>
        {[
          text.of({ rest: formatCreditsWithUnit(lease.rest), amount: formatCreditsWithUnit(lease.amount) }),
          whose,
        ].join(' · ')}
      </Text>
    </>
  );
}
