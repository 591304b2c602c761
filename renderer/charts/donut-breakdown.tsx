import { Group } from '@mantine/core';
import { useMemo, type ReactNode } from 'react';
import type { BreakdownRow } from '../../shared/bridge/views.ts';
import { sum, toApproximateNumber, type Credits } from '../../shared/kernel/credits.ts';
import { formatCount, formatCredits, formatShare } from '../ui/figures.tsx';
import { rankedRows, shareOf, type RankedRow } from './breakdown-model.ts';
import { ChartSection } from './chart-section.tsx';
import { ChartTooltip } from './chart-tooltip.tsx';
import classes from './charts.module.css';
import { categoryInks, othersInk, unattributedInk } from './colors.ts';
import { DonutPlot } from './plots.tsx';
import { rankedColumns, rankedName, rankedSpoken, RankedText } from './ranked-parts.tsx';
import { strings } from './strings.ts';

interface DonutBreakdownProps {
  readonly title: string;
  readonly period: string;
  readonly rows: readonly BreakdownRow[];
  readonly controls: ReactNode;
  /** Draws an item's name, as a link for example. */
  readonly renderName?: (row: RankedRow) => ReactNode;
}

/** A ring and the ranked list that names its parts: the top five, *Others*, *unattributed*. [A3] */
export function DonutBreakdown({ title, period, rows, controls, renderName }: DonutBreakdownProps) {
  const ranked = useMemo(() => inked(rankedRows(rows)), [rows]);
  const total = sum(ranked.map((row) => row.credits));
  const cells = ranked
    .filter((row) => row.credits > 0)
    .map((row) => ({ name: rankedName(row), value: toApproximateNumber(row.credits), color: row.ink }));
  // The surface takes the keyboard (arrow keys move along the ring), so it carries the chart's name.
  const surface = { accessibilityLayer: true, 'aria-label': title };
  return (
    <ChartSection
      title={title}
      period={period}
      spoken={rankedSpoken(ranked)}
      controls={controls}
      compact
      columns={rankedColumns(total)}
      rows={ranked}
      rowKey={(row) => row.key}
    >
      <Group align="center" gap="lg" wrap="wrap" justify="center">
        <div className={classes['plot']}>
          <DonutPlot
            data={cells}
            size={148}
            thickness={22}
            paddingAngle={cells.length > 1 ? 1.5 : 0}
            strokeWidth={0}
            tooltipDataSource="segment"
            chartLabel={formatCredits(total)}
            pieProps={{ isAnimationActive: false, rootTabIndex: -1 }}
            pieChartProps={surface}
            tooltipProps={{
              // Above or below the ring, so that it covers none of it.
              allowEscapeViewBox: { x: false, y: true },
              content: ({ active, payload }) => {
                const name: unknown = active ? payload?.[0]?.name : undefined;
                const row = ranked.find((one) => rankedName(one) === name);
                return row === undefined ? null : <ChartTooltip day={rankedName(row)} lines={linesOf(row, total)} />;
              },
            }}
          />
        </div>
        <ol className={classes['keyed']}>
          {ranked.map((row) => (
            <li key={row.key} className={classes['keyedLine']}>
              <span className={classes['swatch']} style={{ background: row.ink }} aria-hidden />
              <RankedText row={row} total={total} renderName={renderName} />
            </li>
          ))}
        </ol>
      </Group>
    </ChartSection>
  );
}

function linesOf(row: RankedRow, total: Credits): readonly { readonly name: string; readonly value: string }[] {
  return [
    { name: strings.column.credits, value: formatCredits(row.credits) },
    { name: strings.column.share, value: formatShare(shareOf(row, total)) },
    { name: strings.column.transactions, value: formatCount(row.transactions) },
  ];
}

type InkedRow = RankedRow & { readonly ink: string };

function inked(rows: readonly RankedRow[]): readonly InkedRow[] {
  let place = -1;
  return rows.map((row) => {
    if (row.kind !== 'item') return { ...row, ink: row.kind === 'others' ? othersInk : unattributedInk };
    place += 1;
    return { ...row, ink: categoryInks[place % categoryInks.length] ?? othersInk };
  });
}
