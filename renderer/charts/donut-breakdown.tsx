import { DonutChart } from '@mantine/charts';
import { Group, Text } from '@mantine/core';
import { useMemo, type ReactNode } from 'react';
import type { BreakdownRow } from '../../shared/bridge/views.ts';
import { sum, toApproximateNumber } from '../../shared/kernel/credits.ts';
import { formatCount, formatCredits, formatShare } from '../ui/figures.tsx';
import { rankedRows, shareOf, type RankedRow } from './breakdown-model.ts';
import { ChartSection } from './chart-section.tsx';
import classes from './charts.module.css';
import { categoryInks, restInk } from './colors.ts';
import { strings } from './strings.ts';
import type { TwinColumn } from './table-twin.tsx';

interface DonutBreakdownProps {
  readonly title: string;
  readonly rows: readonly BreakdownRow[];
  readonly controls: ReactNode;
  /** Draws an item's name, as a link for example. */
  readonly renderName?: (row: RankedRow) => ReactNode;
}

/** A ring and the ranked list that names its parts: the top five, *Others*, *unattributed*. [A3] */
export function DonutBreakdown({ title, rows, controls, renderName }: DonutBreakdownProps) {
  const ranked = useMemo(() => inked(rankedRows(rows)), [rows]);
  const total = sum(ranked.map((row) => row.credits));
  const cells = ranked
    .filter((row) => row.credits > 0)
    .map((row) => ({ name: nameOf(row), value: toApproximateNumber(row.credits), color: row.ink }));
  return (
    <ChartSection
      title={title}
      spoken={ranked.map((row) => `${nameOf(row)}: ${formatCredits(row.credits)}`).join('; ')}
      controls={controls}
      compact
      columns={columnsFor(total)}
      rows={ranked}
      rowKey={(row) => row.key}
    >
      <Group align="center" gap="lg" wrap="wrap" justify="center">
        <div aria-hidden>
          <DonutChart
            data={cells}
            size={148}
            thickness={22}
            paddingAngle={cells.length > 1 ? 1.5 : 0}
            strokeWidth={0}
            withTooltip={false}
            chartLabel={formatCredits(total)}
            pieProps={{ isAnimationActive: false, rootTabIndex: -1 }}
            pieChartProps={{ accessibilityLayer: false }}
          />
        </div>
        <ol className={classes['keyed']}>
          {ranked.map((row) => (
            <li key={row.key} className={classes['keyedLine']}>
              <span className={classes['swatch']} style={{ background: row.ink }} aria-hidden />
              <span className={classes['breakdownName']}>
                {row.kind === 'item' && renderName ? renderName(row) : nameOf(row)}
              </span>
              <span className={classes['breakdownFigures']}>
                <Text span fw={600} size="sm">
                  {formatCredits(row.credits)}
                </Text>{' '}
                <Text span size="sm" c="dimmed">
                  {formatShare(shareOf(row, total))}
                </Text>
              </span>
            </li>
          ))}
        </ol>
      </Group>
    </ChartSection>
  );
}

type InkedRow = RankedRow & { readonly ink: string };

function inked(rows: readonly RankedRow[]): readonly InkedRow[] {
  let place = -1;
  return rows.map((row) => {
    if (row.kind !== 'item') return { ...row, ink: restInk };
    place += 1;
    return { ...row, ink: categoryInks[place % categoryInks.length] ?? restInk };
  });
}

function nameOf(row: RankedRow): string {
  switch (row.kind) {
    case 'item':
      return row.name;
    case 'others':
      return strings.others;
    case 'unattributed':
      return strings.unattributed;
  }
}

function columnsFor(total: ReturnType<typeof sum>): readonly TwinColumn<InkedRow>[] {
  return [
    { key: 'name', header: strings.column.name, cell: nameOf },
    { key: 'credits', header: strings.column.credits, numeric: true, cell: (row) => formatCredits(row.credits) },
    { key: 'share', header: strings.column.share, numeric: true, cell: (row) => formatShare(shareOf(row, total)) },
    {
      key: 'transactions',
      header: strings.column.transactions,
      numeric: true,
      cell: (row) => formatCount(row.transactions),
    },
  ];
}
