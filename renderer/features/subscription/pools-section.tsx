import { Button, Modal } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { PoolView, SubscriptionView } from '../../../shared/bridge/views.ts';
import { DataTable, type DataColumn } from '../../ui/data-table.tsx';
import { CreditsText, formatCredits } from '../../ui/figures.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { MeterBar } from '../../ui/meter-bar.tsx';
import { Section } from '../../ui/section.tsx';
import { strings as shared } from '../../ui/strings.ts';
import type { OpenDialog } from './dialog.ts';
import { GrantTable } from './grants-section.tsx';
import { strings } from './strings.ts';

const text = strings.pools;

interface PoolsSectionProps {
  readonly view: SubscriptionView;
  readonly onOpen: OpenDialog;
}

/** Each member's own credits, where the plan does not share them. */
export function PoolsSection({ view, onOpen }: PoolsSectionProps) {
  const [openedId, setOpenedId] = useState<string | null>(null);
  const opened = view.pools.find(({ poolId }) => poolId === openedId);
  const columns = useMemo(() => columnsOf(setOpenedId), []);
  return (
    <Section title={text.section} description={text.hint} flush>
      <DataTable
        label={text.section}
        columns={columns}
        rows={view.pools}
        rowKey={({ poolId }) => poolId}
        initialSort={{ id: 'member' }}
        heightMax={440}
        empty={<EmptyState title={text.empty} />}
      />
      {opened === undefined ? null : (
        <Modal
          opened
          size="xl"
          onClose={() => setOpenedId(null)}
          title={`${opened.memberName ?? text.unassigned}: ${strings.grants.section}`}
          closeButtonProps={{ 'aria-label': shared.close }}
        >
          <GrantTable
            view={view}
            grants={opened.balance.grants}
            onOpen={(dialog) => {
              setOpenedId(null);
              onOpen(dialog);
            }}
          />
        </Modal>
      )}
    </Section>
  );
}

function columnsOf(onOpenPool: (poolId: string) => void): readonly DataColumn<PoolView>[] {
  return [
    {
      id: 'member',
      header: text.member,
      sortBy: ({ memberName }) => memberName ?? '\uffff',
      cell: ({ poolId, memberName }) => (
        <Button size="compact-sm" variant="subtle" px={0} onClick={() => onOpenPool(poolId)}>
          {memberName ?? text.unassigned}
        </Button>
      ),
    },
    {
      id: 'meter',
      header: text.left,
      headerHidden: true,
      width: '18%',
      wideOnly: true,
      cell: ({ memberName, balance }) => (
        <MeterBar
          label={strings.grants.meter({ name: memberName ?? text.unassigned })}
          free={balance.available === 0 ? 0 : balance.available / (balance.used + balance.held + balance.available)}
          held={balance.held === 0 ? 0 : balance.held / (balance.used + balance.held + balance.available)}
        />
      ),
    },
    {
      id: 'allotted',
      header: text.allotted,
      numeric: true,
      wideOnly: true,
      width: 105,
      sortBy: ({ balance }) => balance.allotted,
      cell: ({ balance }) => formatCredits(balance.allotted),
    },
    {
      id: 'used',
      header: text.used,
      numeric: true,
      width: 95,
      sortBy: ({ balance }) => balance.used,
      cell: ({ balance }) => <CreditsText value={balance.used} />,
    },
    {
      id: 'available',
      header: text.available,
      numeric: true,
      width: 105,
      sortBy: ({ balance }) => balance.available,
      cell: ({ balance }) => <CreditsText value={balance.available} fw={600} />,
    },
    {
      id: 'overage',
      header: text.overage,
      numeric: true,
      wideOnly: true,
      width: 95,
      sortBy: ({ balance }) => balance.overage,
      cell: ({ balance }) => formatCredits(balance.overage),
    },
  ];
}
