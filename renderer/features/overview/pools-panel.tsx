import { Button, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { PoolOutlookView } from '../../../shared/bridge/forecast-views.ts';
import type { PoolView } from '../../../shared/bridge/views.ts';
import { formatDecimal, subtract, sum, toApproximateNumber } from '../../../shared/kernel/credits.ts';
import { ownCell, textCell } from '../../../shared/kernel/csv.ts';
import { bridge } from '../../app/bridge.ts';
import { ChartSection } from '../../charts/chart-section.tsx';
import { gaugeOf } from '../../charts/gauge-model.ts';
import type { TwinColumn } from '../../charts/table-twin.tsx';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { formatChance, formatCount, formatCredits } from '../../ui/figures.tsx';
import { tightestFirst } from './overview-model.ts';
import classes from './overview.module.css';
import { strings } from './strings.ts';

const shownAtFirst = 9;

interface PoolsPanelProps {
  readonly pools: readonly PoolView[];
  readonly period: string;
}

/** Where every member has a pool of their own: all of them, the tightest first. */
export function PoolsPanel({ pools, period }: PoolsPanelProps) {
  const [all, setAll] = useState(false);
  const ranked = tightestFirst(pools);
  const shown = all ? ranked : ranked.slice(0, shownAtFirst);
  const count = formatCount(ranked.length);
  const tightest = ranked[0];
  const outlookOf = useOutlooks(pools);
  const columns = useMemo(() => columnsWith(outlookOf), [outlookOf]);
  return (
    <ChartSection
      title={strings.pools.title({ count })}
      description={strings.pools.description}
      period={period}
      spoken={strings.pools.spoken({ count, tightest: tightest === undefined ? '' : nameOf(tightest) })}
      columns={columns}
      rows={ranked}
      rowKey={(pool) => pool.poolId}
    >
      <ul className={classes['pools']}>
        {shown.map((pool) => (
          <li key={pool.poolId}>
            <PoolBar pool={pool} outlook={outlookOf.get(pool.poolId)} />
          </li>
        ))}
      </ul>
      {ranked.length > shownAtFirst ? (
        <Button mt="md" size="compact-sm" variant="default" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? strings.pools.showFewer : strings.pools.showAll({ count })}
        </Button>
      ) : null}
    </ChartSection>
  );
}

type Outlooks = ReadonlyMap<string, PoolOutlookView>;

/** Worked out beside the overview, which does not wait for it; anew when anything was used. */
function useOutlooks(pools: readonly PoolView[]): Outlooks {
  const { id: workspaceId } = useWorkspace();
  const used = sum(pools.map(({ balance }) => balance.usedEver));
  const available = sum(pools.map(({ balance }) => balance.available));
  const { data } = useQuery({
    queryKey: ['pool-outlooks', workspaceId, used, available],
    queryFn: () => bridge.forecast.pools({ workspaceId }),
    placeholderData: keepPreviousData,
  });
  return useMemo(() => new Map((data ?? []).map((outlook) => [outlook.poolId, outlook])), [data]);
}

/** How likely the credits last until the reset; null where too little is known. */
function lastsText(outlook: PoolOutlookView | undefined): string | null {
  return outlook === undefined || outlook.probability === null ? null : formatChance(1 - outlook.probability);
}

interface PoolBarProps {
  readonly pool: PoolView;
  readonly outlook: PoolOutlookView | undefined;
}

function PoolBar({ pool, outlook }: PoolBarProps) {
  const lasts = lastsText(outlook);
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
          ? strings.pools.over({
              used: formatCredits(model.used),
              capacity: formatCredits(model.capacity),
              over: formatCredits(model.overage),
            })
          : strings.pools.left({ left: formatCredits(model.available), capacity: formatCredits(model.capacity) })}
        {lasts === null ? null : strings.pools.lasts({ share: lasts })}
      </Text>
    </>
  );
}

function nameOf(pool: PoolView): string {
  return pool.memberName ?? strings.pools.shared;
}

const columnsWith = (outlooks: Outlooks): readonly TwinColumn<PoolView>[] => [
  { key: 'member', header: strings.pools.column.member, cell: nameOf, exact: (pool) => textCell(nameOf(pool)) },
  ...(['available', 'used', 'held', 'overage'] as const).map((figure): TwinColumn<PoolView> => ({
    key: figure,
    header: {
      available: strings.pools.column.left,
      used: strings.pools.column.used,
      held: strings.pools.column.held,
      overage: strings.pools.column.over,
    }[figure],
    numeric: true,
    unit: strings.pools.unit,
    cell: (pool) => formatCredits(pool.balance[figure]),
    exact: (pool) => ownCell(formatDecimal(pool.balance[figure])),
  })),
  {
    key: 'capacity',
    header: strings.pools.column.capacity,
    numeric: true,
    unit: strings.pools.unit,
    cell: (pool) => formatCredits(gaugeOf(pool.balance).capacity),
    exact: (pool) => ownCell(formatDecimal(gaugeOf(pool.balance).capacity)),
  },
  {
    key: 'lasts',
    header: strings.pools.column.lasts,
    numeric: true,
    cell: (pool) => lastsText(outlooks.get(pool.poolId)) ?? strings.pools.unknown,
    exact: (pool) => ownCell(lastsText(outlooks.get(pool.poolId)) ?? ''),
  },
];
