import { DonutChart } from '@mantine/charts';
import { Group } from '@mantine/core';
import { useMemo, type ReactNode } from 'react';
import type { BreakdownRow } from '../../shared/bridge/views.ts';
import { sum, toApproximateNumber } from '../../shared/kernel/credits.ts';
import { formatCredits } from '../ui/figures.tsx';
import { rankedRows, type RankedRow } from './breakdown-model.ts';
import { ChartSection } from './chart-section.tsx';
import classes from './charts.module.css';
import { categoryInks, restInk } from './colors.ts';
import { rankedColumns, rankedName, rankedSpoken, RankedText } from './ranked-parts.tsx';

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
    .map((row) => ({ name: rankedName(row), value: toApproximateNumber(row.credits), color: row.ink }));
  return (
    <ChartSection
      title={title}
      spoken={rankedSpoken(ranked)}
      controls={controls}
      compact
      columns={rankedColumns(total)}
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
              <RankedText row={row} total={total} renderName={renderName} />
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
