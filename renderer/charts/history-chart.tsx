import { Anchor } from '@mantine/core';
import { useMemo, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { formatDecimal, toApproximateNumber, type Credits } from '../../shared/kernel/credits.ts';
import { ownCell, textCell } from '../../shared/kernel/csv.ts';
import { formatCredits } from '../ui/figures.tsx';
import { barCursor, barPlot } from './bar-plot.ts';
import { ChartSection } from './chart-section.tsx';
import { ChartTooltip } from './chart-tooltip.tsx';
import classes from './charts.module.css';
import { CompositePlot } from './plots.tsx';
import { strings } from './strings.ts';
import type { TwinColumn } from './table-twin.tsx';

/** One bar: an hour, a day or a week. */
export interface HistoryBar {
  readonly key: string;
  /** Under the axis. */
  readonly label: string;
  /** When it begins, for a file: a day, or an instant where it is an hour. */
  readonly begins: string;
  /** In full. */
  readonly name: string;
  readonly used: Credits;
  /** What may explain it, in words. */
  readonly events: readonly string[];
}

interface HistoryChartProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly period: string;
  readonly spoken: string;
  readonly controls?: ReactNode;
  readonly bars: readonly HistoryBar[];
  readonly usedName: string;
  readonly whenName: string;
  readonly openName: (bar: HistoryBar) => string;
  readonly onOpen: (bar: HistoryBar) => void;
  readonly footer?: ReactNode;
}

/** Use over a window as bars that can be opened, marked where something happened that explains them. */
export function HistoryChart(props: HistoryChartProps) {
  const { title, description, period, spoken, controls, bars, footer } = props;
  return (
    <ChartSection
      title={title}
      description={description}
      period={period}
      spoken={spoken}
      controls={controls}
      columns={columnsOf(props)}
      rows={bars}
      rowKey={({ key }) => key}
      footer={footer}
    >
      <HistoryPlot {...props} />
      {bars.some(({ events }) => events.length > 0) ? (
        <ul className={classes['legend']} aria-hidden>
          <li className={classes['legendItem']}>
            <span>◆</span> {strings.eventsMark}
          </li>
        </ul>
      ) : null}
    </ChartSection>
  );
}

function HistoryPlot({ title, bars, usedName, onOpen }: HistoryChartProps) {
  const data = useMemo(() => bars.map(({ key, used }) => ({ key, used: toApproximateNumber(used) })), [bars]);
  const barByKey = useMemo(() => new Map(bars.map((bar) => [bar.key, bar])), [bars]);
  // The bar that the arrow keys stand on: the chart tells it by its tooltip alone.
  const pointed = useRef<string | null>(null);
  // The surface takes the keyboard (arrow keys move along the bars), so it carries the chart's name.
  const surface = {
    margin: { top: 22, right: 12, bottom: 4, left: 0 },
    'aria-label': title,
    onClick: ({ activeLabel }: { readonly activeLabel?: string | number | undefined }) => {
      const bar = barByKey.get(String(activeLabel));
      if (bar !== undefined) onOpen(bar);
    },
  };
  const openPointed = (event: KeyboardEvent) => {
    const bar = event.key === 'Enter' ? barByKey.get(pointed.current ?? '') : undefined;
    if (bar === undefined) return;
    // What is opened may take the focus, and must not take this key for a press of its own.
    event.preventDefault();
    onOpen(bar);
  };
  const marked = bars.filter(({ events }) => events.length > 0).slice(0, marksMax);
  return (
    <CompositePlot
      {...barPlot(data)}
      data={data}
      className={`${classes['plot']} ${classes['pressable']}`}
      h={260}
      dataKey="key"
      maxBarWidth={36}
      xAxisProps={{ tickFormatter: (key) => barByKey.get(String(key))?.label ?? '', minTickGap: 20 }}
      composedChartProps={surface}
      onKeyDown={openPointed}
      referenceLines={marked.map(({ key, events }) => ({
        x: key,
        label: events.length === 1 ? '◆' : `◆ ${events.length}`,
        color: 'var(--mantine-color-dimmed)',
        labelPosition: 'top',
      }))}
      tooltipProps={{
        cursor: barCursor,
        content: ({ active, label }) => {
          const bar = active ? barByKey.get(String(label)) : undefined;
          pointed.current = bar?.key ?? null;
          return bar === undefined ? null : (
            <ChartTooltip
              day={bar.name}
              lines={[
                { name: usedName, value: formatCredits(bar.used) },
                ...(bar.events.length === 0 ? [] : [{ name: strings.events, value: bar.events.join(', ') }]),
              ]}
            />
          );
        },
      }}
    />
  );
}

function columnsOf({
  whenName,
  usedName,
  openName,
  onOpen,
}: Pick<HistoryChartProps, 'whenName' | 'usedName' | 'openName' | 'onOpen'>): readonly TwinColumn<HistoryBar>[] {
  return [
    {
      key: 'when',
      header: whenName,
      oneLine: true,
      cell: (bar) => (
        <Anchor
          component="button"
          type="button"
          size="sm"
          c="inherit"
          aria-label={openName(bar)}
          onClick={() => onOpen(bar)}
        >
          {bar.name}
        </Anchor>
      ),
      exact: ({ begins }) => ownCell(begins),
    },
    {
      key: 'used',
      header: usedName,
      numeric: true,
      unit: strings.file.credits,
      cell: ({ used }) => formatCredits(used),
      exact: ({ used }) => ownCell(formatDecimal(used)),
    },
    {
      key: 'events',
      header: strings.events,
      cell: ({ events }) => events.join(', '),
      exact: ({ events }) => textCell(events.join(', ')),
    },
  ];
}

const marksMax = 30;
