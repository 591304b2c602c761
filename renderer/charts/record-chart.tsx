import { CompositeChart } from '@mantine/charts';
import { useMemo } from 'react';
import { Line } from 'recharts';
import type { PastForecastView } from '../../shared/bridge/forecast-views.ts';
import { ownCell } from '../../shared/kernel/csv.ts';
import { formatDay, formatEstimate, formatShortDay, formatSpan } from '../ui/figures.tsx';
import { Later } from '../ui/later.tsx';
import { axisTicks, axisWidth } from './burn-model.ts';
import { ChartSection } from './chart-section.tsx';
import { ChartTooltip } from './chart-tooltip.tsx';
import classes from './charts.module.css';
import { ink, overInk } from './colors.ts';
import { bandEdgeOpacity, bandOpacity } from './palette.ts';
import { strings } from './strings.ts';
import type { TwinColumn } from './table-twin.tsx';

const text = strings.record;

/** Past forecasts as bars from the low to the high end of their range, and a mark for what was used. */
export function RecordChart({ forecasts }: { readonly forecasts: readonly PastForecastView[] }) {
  const held = forecasts.filter(({ outcome }) => outcome === 'inside').length;
  return (
    <ChartSection
      title={text.title}
      description={text.description}
      period={spanOf(forecasts)}
      spoken={text.spoken({ count: String(forecasts.length), held: String(held) })}
      columns={columns}
      rows={forecasts}
      rowKey={(one) => one.madeOn}
    >
      <Later height={plotHeight}>
        <RecordPlot forecasts={forecasts} />
      </Later>
      <RecordLegend />
    </ChartSection>
  );
}

function RecordPlot({ forecasts }: { readonly forecasts: readonly PastForecastView[] }) {
  const data = useMemo(
    () =>
      forecasts.map(({ madeOn, p10, p50, p90, actual, outcome }) => ({
        date: madeOn,
        range: [p10, p90],
        middle: p50,
        actual,
        outcome,
      })),
    [forecasts],
  );
  const byDate = useMemo(() => new Map(forecasts.map((one) => [one.madeOn, one])), [forecasts]);
  const ticks = axisTicks(0, Math.max(0, ...forecasts.map(({ p90, actual }) => Math.max(p90, actual))));
  return (
    <CompositeChart
      className={classes['plot'] ?? ''}
      h={plotHeight}
      data={data}
      dataKey="date"
      series={[{ name: 'range', type: 'bar', color: ink }]}
      maxBarWidth={18}
      gridAxis="x"
      tickLine="none"
      xAxisProps={{ tickFormatter: (date) => formatShortDay(String(date)), minTickGap: 28 }}
      yAxisProps={{
        domain: [0, ticks.at(-1) ?? 1],
        ticks: [...ticks],
        width: axisWidth(ticks.map((tick) => formatEstimate(tick))),
      }}
      valueFormatter={(value) => formatEstimate(value)}
      barProps={{ fillOpacity: bandOpacity, stroke: ink, strokeOpacity: bandEdgeOpacity, radius: 2 }}
      composedChartProps={composedProps}
      tooltipProps={{
        cursor: { fill: 'var(--mantine-color-default-hover)' },
        content: ({ active, label }) => {
          const one = active ? byDate.get(String(label)) : undefined;
          return one === undefined ? null : (
            <ChartTooltip day={text.madeOn({ day: formatDay(one.madeOn) })} lines={linesOf(one)} />
          );
        },
      }}
    >
      <Line
        dataKey="actual"
        stroke="none"
        isAnimationActive={false}
        activeDot={false}
        dot={({ cx, cy, index }: DotPlace) => {
          const missed = forecasts[index ?? -1]?.outcome !== 'inside';
          return cx === undefined || cy === undefined ? (
            <g key={index} />
          ) : (
            <Mark key={index} x={cx} y={cy} missed={missed} />
          );
        }}
      />
    </CompositeChart>
  );
}

interface DotPlace {
  readonly cx?: number;
  readonly cy?: number;
  readonly index?: number;
}

/** A dot where the range held, a cross where it did not: they differ by form, not by colour alone. */
function Mark({ x, y, missed }: { readonly x: number; readonly y: number; readonly missed: boolean }) {
  return missed ? (
    <path
      d={`M${x - 4},${y - 4} L${x + 4},${y + 4} M${x - 4},${y + 4} L${x + 4},${y - 4}`}
      style={{ stroke: overInk }}
      strokeWidth={2.5}
    />
  ) : (
    <circle cx={x} cy={y} r={3.5} style={{ fill: ink }} />
  );
}

function RecordLegend() {
  return (
    <ul className={classes['legend']} aria-hidden>
      <li className={classes['legendItem']}>
        <svg width="20" height="12" focusable="false">
          <rect
            x="0.5"
            y="0.5"
            width="19"
            height="11"
            style={{ fill: ink, stroke: ink }}
            fillOpacity={bandOpacity}
            strokeOpacity={bandEdgeOpacity}
          />
        </svg>
        {text.range}
      </li>
      <li className={classes['legendItem']}>
        <svg width="12" height="12" focusable="false">
          <Mark x={6} y={6} missed={false} />
        </svg>
        {text.inside}
      </li>
      <li className={classes['legendItem']}>
        <svg width="12" height="12" focusable="false">
          <Mark x={6} y={6} missed />
        </svg>
        {text.outside}
      </li>
    </ul>
  );
}

function linesOf(one: PastForecastView): readonly { readonly name: string; readonly value: string }[] {
  return [
    { name: text.column.until, value: formatDay(one.until) },
    { name: text.column.range, value: text.between({ low: formatEstimate(one.p10), high: formatEstimate(one.p90) }) },
    { name: text.column.middle, value: formatEstimate(one.p50) },
    { name: text.column.actual, value: formatEstimate(one.actual) },
    { name: text.column.outcome, value: text.outcomes[one.outcome] },
  ];
}

function figureColumn(
  key: 'low' | 'middle' | 'high' | 'actual',
  figure: (one: PastForecastView) => number,
): TwinColumn<PastForecastView> {
  return {
    key,
    header: text.column[key],
    numeric: true,
    unit: strings.file.credits,
    cell: (one) => formatEstimate(figure(one)),
    exact: (one) => ownCell(figure(one)),
  };
}

function spanOf(forecasts: readonly PastForecastView[]): string {
  const [first] = forecasts;
  const last = forecasts.at(-1);
  return first === undefined || last === undefined ? '' : formatSpan(first.madeOn, last.until);
}

const columns: readonly TwinColumn<PastForecastView>[] = [
  {
    key: 'madeOn',
    header: text.column.madeOn,
    oneLine: true,
    cell: (one) => formatDay(one.madeOn),
    exact: (one) => ownCell(one.madeOn),
  },
  { key: 'until', header: text.column.until, cell: (one) => formatDay(one.until), exact: (one) => ownCell(one.until) },
  figureColumn('low', ({ p10 }) => p10),
  figureColumn('middle', ({ p50 }) => p50),
  figureColumn('high', ({ p90 }) => p90),
  figureColumn('actual', ({ actual }) => actual),
  {
    key: 'outcome',
    header: text.column.outcome,
    cell: (one) => text.outcomes[one.outcome],
    exact: (one) => ownCell(text.outcomes[one.outcome]),
  },
];

const plotHeight = 300;

// The surface takes the keyboard (arrow keys move along the forecasts), so it carries the chart's name.
const composedProps = {
  margin: { top: 12, right: 12, bottom: 4, left: 0 },
  'aria-label': text.title,
};
