import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import type { PoolView } from '../../../shared/bridge/views.ts';
import { subtract, toApproximateNumber } from '../../../shared/kernel/credits.ts';
import { ChartSection } from '../../charts/chart-section.tsx';
import { gaugeOf } from '../../charts/gauge-model.ts';
import type { TwinColumn } from '../../charts/table-twin.tsx';
import { formatCount, formatCredits } from '../../ui/figures.tsx';
import { tightestFirst } from './overview-model.ts';
import classes from './overview.module.css';
import { strings } from './strings.ts';

const shownAtFirst = 9;

/** Where every member has a pool of their own: all of them, the tightest first. */
export function PoolsPanel({ pools }: { readonly pools: readonly PoolView[] }) {
  const [all, setAll] = useState(false);
  const ranked = tightestFirst(pools);
  const shown = all ? ranked : ranked.slice(0, shownAtFirst);
  const count = formatCount(ranked.length);
  const tightest = ranked[0];
  return (
    <ChartSection
      title={strings.pools.title(count)}
      description={strings.pools.description}
      spoken={strings.pools.spoken(count, tightest === undefined ? '' : nameOf(tightest))}
      columns={columns}
      rows={ranked}
      rowKey={(pool) => pool.poolId}
    >
      <ul className={classes['pools']}>
        {shown.map((pool) => (
          <li key={pool.poolId}>
            <PoolBar pool={pool} />
          </li>
        ))}
      </ul>
      {ranked.length > shownAtFirst ? (
        <Button mt="md" size="compact-sm" variant="default" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? strings.pools.showFewer : strings.pools.showAll(count)}
        </Button>
      ) : null}
    </ChartSection>
  );
}

function PoolBar({ pool }: { readonly pool: PoolView }) {
  const model = gaugeOf(pool.balance);
  const scale = model.scaleMax > 0 ? 100 / model.scaleMax : 0;
  const usedWithin = toApproximateNumber(subtract(model.used, model.overage)) * scale;
  const over = toApproximateNumber(model.overage) * scale;
  return (
    <>
      <div className={classes['poolLine']}>
        <Text fw={500} className={classes['lineWhat'] ?? ''}>
          {nameOf(pool)}
        </Text>
      </div>
      <div className={classes['poolTrack']} aria-hidden>
        <div className={classes['poolUsed']} style={{ width: `${usedWithin}%` }} />
        {over > 0 ? (
          <div className={classes['poolOver']} style={{ width: `${over}%`, marginInlineStart: 'auto' }} />
        ) : null}
      </div>
      <Text size="sm" c="dimmed" mt={2}>
        {model.overage > 0
          ? strings.pools.over(formatCredits(model.used), formatCredits(model.capacity), formatCredits(model.overage))
          : strings.pools.left(formatCredits(model.available), formatCredits(model.capacity))}
      </Text>
    </>
  );
}

function nameOf(pool: PoolView): string {
  return pool.memberName ?? strings.pools.shared;
}

const columns: readonly TwinColumn<PoolView>[] = [
  { key: 'member', header: strings.pools.column.member, cell: nameOf },
  ...(['available', 'used', 'held', 'overage'] as const).map((figure): TwinColumn<PoolView> => ({
    key: figure,
    header: {
      available: strings.pools.column.left,
      used: strings.pools.column.used,
      held: strings.pools.column.held,
      overage: strings.pools.column.over,
    }[figure],
    numeric: true,
    cell: (pool) => formatCredits(pool.balance[figure]),
  })),
  {
    key: 'capacity',
    header: strings.pools.column.capacity,
    numeric: true,
    cell: (pool) => formatCredits(gaugeOf(pool.balance).capacity),
  },
];
