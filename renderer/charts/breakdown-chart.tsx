import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { BreakdownRow } from '../../shared/bridge/views.ts';
import { sum, type Credits } from '../../shared/kernel/credits.ts';
import { formatCount, formatCredits, formatShare } from '../ui/figures.tsx';
import { rankedRows, shareOf, type RankedRow } from './breakdown-model.ts';
import { ChartSection } from './chart-section.tsx';
import classes from './charts.module.css';
import { strings } from './strings.ts';
import type { TwinColumn } from './table-twin.tsx';

interface BreakdownChartProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly controls?: ReactNode;
  readonly rows: readonly BreakdownRow[];
  /** Draws an item's name, as a link for example; the name alone where it is absent. */
  readonly renderName?: (row: RankedRow) => ReactNode;
  /** In the place of the chart when there are no rows. */
  readonly empty: ReactNode;
}

/** A ranked list with bars: the top five, *Others*, *unattributed*. [A3] */
export function BreakdownChart({ title, description, controls, rows, renderName, empty }: BreakdownChartProps) {
  const ranked = rankedRows(rows);
  const total = sum(ranked.map((row) => row.credits));
  const largest = Math.max(1, ...ranked.map((row) => row.credits));
  return (
    <ChartSection
      title={title}
      description={description}
      spoken={ranked.map((row) => `${nameOf(row)}: ${formatCredits(row.credits)}`).join('; ')}
      controls={controls}
      compact
      columns={columnsFor(total)}
      rows={ranked}
      rowKey={(row) => row.key}
    >
      {ranked.length === 0 ? (
        empty
      ) : (
        <ol className={classes['breakdown']}>
          {ranked.map((row) => (
            <li key={row.key}>
              <div className={classes['breakdownLine']}>
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
              </div>
              <div className={classes['bar']} aria-hidden>
                <div
                  className={classes['barFill']}
                  data-kind={row.kind}
                  style={{ width: `${Math.max(0, (row.credits / largest) * 100)}%` }}
                />
              </div>
            </li>
          ))}
        </ol>
      )}
    </ChartSection>
  );
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

function columnsFor(total: Credits): readonly TwinColumn<RankedRow>[] {
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
