import type { ReactNode } from 'react';
import type { BreakdownRow } from '../../shared/bridge/views.ts';
import { sum } from '../../shared/kernel/credits.ts';
import { rankedRows, type RankedRow } from './breakdown-model.ts';
import { ChartSection } from './chart-section.tsx';
import classes from './charts.module.css';
import { rankedColumns, rankedSpoken, RankedText } from './ranked-parts.tsx';

interface BreakdownChartProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly period: string;
  readonly controls?: ReactNode;
  readonly rows: readonly BreakdownRow[];
  /** Draws an item's name, as a link for example; the name alone where it is absent. */
  readonly renderName?: (row: RankedRow) => ReactNode;
  /** In the place of the chart when there are no rows. */
  readonly empty: ReactNode;
}

/** A ranked list with bars: the top five, *Others*, *unattributed*. [A3] */
export function BreakdownChart({ title, description, period, controls, rows, renderName, empty }: BreakdownChartProps) {
  const ranked = rankedRows(rows);
  const total = sum(ranked.map((row) => row.credits));
  const largest = Math.max(1, ...ranked.map((row) => row.credits));
  return (
    <ChartSection
      title={title}
      description={description}
      period={period}
      spoken={rankedSpoken(ranked)}
      controls={controls}
      compact
      columns={rankedColumns(total)}
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
                <RankedText row={row} total={total} renderName={renderName} />
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
