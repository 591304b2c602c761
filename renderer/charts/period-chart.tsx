import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { formatDecimal, noCredits, toApproximateNumber, type Credits } from '../../shared/kernel/credits.ts';
import { ownCell } from '../../shared/kernel/csv.ts';
import { daysBetween } from '../../shared/kernel/time-zone.ts';
import { formatCredits, formatDay, formatEstimate, formatShortDay, formatSpan } from '../ui/figures.tsx';
import {
  axisWidth,
  ceilingOf,
  periodDays,
  periodPoints,
  type BurnDay,
  type BurnInput,
  type Ceiling,
} from './burn-model.ts';
import { ChartSection } from './chart-section.tsx';
import { ChartTooltip } from './chart-tooltip.tsx';
import classes from './charts.module.css';
import { ink } from './colors.ts';
import { bandEdgeOpacity, bandOpacity } from './palette.ts';
import { PeriodLegend } from './period-legend.tsx';
import { CompositePlot } from './plots.tsx';
import { calendarColumn, quietDayAreas, unusualText } from './quiet-days.tsx';
import { strings } from './strings.ts';
import type { TwinColumn } from './table-twin.tsx';

interface PeriodChartProps {
  readonly burn: BurnInput;
  readonly allotted: Credits;
  /** All grants together: what they paid in the period, and what is left of them. */
  readonly capacity: Credits;
}

/** The total of the period by day, with the range in which it may go on, the allotment, today and the reset. */
export function PeriodChart({ burn, allotted: allottedOnce, capacity }: PeriodChartProps) {
  // An allotment that ended with its plan is no ceiling any more.
  const allotted = capacity < allottedOnce ? noCredits : allottedOnce;
  const days = useMemo(() => periodDays(burn), [burn]);
  const ceiling = useMemo(
    () => ceilingOf(periodPoints(days, burn.today), toApproximateNumber(allotted), toApproximateNumber(capacity)),
    [days, burn.today, allotted, capacity],
  );
  return (
    <ChartSection
      title={strings.periodTitle}
      description={strings.periodDescription}
      period={formatSpan(burn.periodFirstDay, burn.periodLastDay)}
      spoken={spokenOf(days, burn, allotted)}
      columns={days.some((day) => day.unusual !== null) ? [...columns, calendarColumn] : columns}
      rows={days}
      rowKey={(day) => day.date}
      footer={<Above ceiling={ceiling} allotted={allotted} capacity={capacity} />}
    >
      <PeriodPlot days={days} today={burn.today} ceiling={ceiling} allotted={allotted} capacity={capacity} />
      <PeriodLegend
        hasForecast={days.some((day) => day.forecast !== null)}
        hasQuietDays={days.some((day) => day.unusual !== null && day.unusual.percent < 100)}
      />
    </ChartSection>
  );
}

/** Closer together than this, the words *Today* and *Reset* would lie on each other. */
const labelledDaysApart = 5;

interface PeriodPlotProps {
  readonly days: readonly BurnDay[];
  readonly today: string;
  readonly ceiling: Ceiling;
  readonly allotted: Credits;
  readonly capacity: Credits;
}

function PeriodPlot({ days, today, ceiling, allotted, capacity }: PeriodPlotProps) {
  const points = useMemo(() => periodPoints(days, today), [days, today]);
  const dayByDate = useMemo(() => new Map(days.map((day) => [day.date, day])), [days]);
  const last = days.at(-1)?.date ?? today;
  const usedSoFar = Math.max(0, ...points.map((point) => point.total ?? 0));
  const limits = [
    ...(ceiling.showsAllotment
      ? [{ credits: allotted, label: strings.allotment({ credits: formatCredits(allotted) }), dashes: '2 3' }]
      : []),
    ...(ceiling.showsCapacity
      ? [{ credits: capacity, label: strings.capacity({ credits: formatCredits(capacity) }), dashes: '8 3' }]
      : []),
  ].map((limit) => ({ ...limit, crossed: toApproximateNumber(limit.credits) < usedSoFar }));
  return (
    <CompositePlot
      className={classes['plot'] ?? ''}
      h={280}
      data={[...points]}
      dataKey="date"
      series={[
        { name: 'band', type: 'area', color: ink },
        { name: 'expected', type: 'line', color: ink, strokeDasharray: '5 4' },
        { name: 'total', type: 'line', color: ink },
      ]}
      curveType="linear"
      withDots={false}
      connectNulls={false}
      strokeWidth={2.5}
      areaProps={{ strokeOpacity: bandEdgeOpacity, strokeWidth: 1, fillOpacity: bandOpacity }}
      lineProps={(series) => (series.name === 'expected' ? { strokeWidth: 1.5 } : {})}
      gridAxis="x"
      tickLine="none"
      xAxisProps={{
        tickFormatter: (date) => formatShortDay(String(date)),
        minTickGap: 28,
        padding: { left: 4, right: 4 },
      }}
      yAxisProps={{
        domain: [0, ceiling.ticks.at(-1) ?? 1],
        ticks: [...ceiling.ticks],
        width: axisWidth(ceiling.ticks.map((tick) => formatEstimate(tick))),
      }}
      valueFormatter={(value) => formatEstimate(value)}
      composedChartProps={composedProps}
      referenceLines={[
        ...limitLines(limits, ceiling.ticks.at(-1) ?? 1),
        { x: today, label: strings.today, color: 'var(--mantine-color-dimmed)', labelPosition: 'top' },
        ...(daysBetween(today, last) < labelledDaysApart
          ? []
          : [{ x: last, label: strings.reset, color: 'var(--mantine-color-dimmed)', labelPosition: 'top' as const }]),
      ]}
      tooltipProps={{
        content: ({ active, label }) => {
          const day = active ? dayByDate.get(String(label)) : undefined;
          return day === undefined ? null : <ChartTooltip day={formatDay(day.date)} lines={linesOf(day)} />;
        },
      }}
      quiet={quietDayAreas(days, 'line')}
    />
  );
}

interface LimitLine {
  readonly credits: Credits;
  readonly label: string;
  readonly dashes: string;
  /** The curve has climbed past it: its name stands on the right, below the curve, and else on the left, above it. */
  readonly crossed: boolean;
}

function limitLines(limits: readonly LimitLine[], top: number) {
  return limits.map(({ credits, label, dashes, crossed }) => {
    const y = toApproximateNumber(credits);
    const isCrowded = limits.some((other) => {
      const above = toApproximateNumber(other.credits) - y;
      return above > 0 && above < top * crowdedShare;
    });
    return {
      y,
      label,
      color: 'var(--mantine-color-text)',
      strokeDasharray: dashes,
      labelPosition: labelPositions[crossed ? 'right' : 'left'][isCrowded ? 'below' : 'above'],
    };
  });
}

/** Closer together than this, of the height of the chart, the name of the lower line stands below it. */
const crowdedShare = 0.1;
const labelPositions = {
  left: { above: 'insideBottomLeft', below: 'insideTopLeft' },
  right: { above: 'insideBottomRight', below: 'insideTopRight' },
} as const;

function linesOf(day: BurnDay): readonly { readonly name: string; readonly value: string }[] {
  const lines: { name: string; value: string }[] = [];
  if (day.total !== null) lines.push({ name: strings.tooltip.total, value: formatCredits(day.total) });
  if (day.used !== null) lines.push({ name: strings.tooltip.used, value: formatCredits(day.used) });
  const unusual = unusualText(day);
  if (unusual !== null) lines.push({ name: strings.unusual.label, value: unusual });
  if (day.forecast !== null) {
    lines.push({ name: strings.tooltip.forecast, value: formatEstimate(day.forecast.p50) });
    lines.push({
      name: strings.tooltip.range,
      value: strings.tooltip.between({ low: formatEstimate(day.forecast.p10), high: formatEstimate(day.forecast.p90) }),
    });
  }
  return lines;
}

function Above({ ceiling, allotted, capacity }: Omit<PeriodPlotProps, 'days' | 'today'>) {
  const said: string[] = [];
  if (!ceiling.showsAllotment && allotted > 0) said.push(strings.allotmentAbove({ credits: formatCredits(allotted) }));
  if (!ceiling.showsCapacity && capacity > allotted)
    said.push(strings.capacityAbove({ credits: formatCredits(capacity) }));
  return said.length === 0 ? null : (
    <Text size="xs" c="dimmed" mt="xs">
      {said.join(' ')}
    </Text>
  );
}

function spokenOf(days: readonly BurnDay[], burn: BurnInput, allotted: Credits): string {
  const last = days.at(-1);
  const forecast = last?.forecast ?? null;
  const end =
    last === undefined || forecast === null
      ? strings.periodNoForecast
      : strings.periodForecastSpoken({
          low: formatEstimate(forecast.p10),
          middle: formatEstimate(forecast.p50),
          high: formatEstimate(forecast.p90),
          day: formatDay(last.date),
        });
  return strings.periodSpoken({
    used: formatCredits(burn.used),
    allotment: formatCredits(allotted),
    today: formatDay(burn.today),
    end,
  });
}

const columns: readonly TwinColumn<BurnDay>[] = [
  {
    key: 'day',
    header: strings.column.day,
    oneLine: true,
    cell: (day) => formatDay(day.date),
    exact: (day) => ownCell(day.date),
  },
  {
    key: 'used',
    header: strings.column.used,
    numeric: true,
    unit: strings.file.credits,
    cell: (day) => (day.used === null ? strings.dayToCome : formatCredits(day.used)),
    exact: (day) => ownCell(day.used === null ? '' : formatDecimal(day.used)),
  },
  {
    key: 'total',
    header: strings.column.total,
    numeric: true,
    unit: strings.file.credits,
    cell: (day) => (day.total === null ? strings.dayToCome : formatCredits(day.total)),
    exact: (day) => ownCell(day.total === null ? '' : formatDecimal(day.total)),
  },
  ...(['p10', 'p50', 'p90'] as const).map((quantile): TwinColumn<BurnDay> => ({
    key: quantile,
    header: { p10: strings.column.low, p50: strings.column.middle, p90: strings.column.high }[quantile],
    numeric: true,
    unit: strings.file.credits,
    cell: (day) => (day.forecast === null ? '–' : formatEstimate(day.forecast[quantile])),
    exact: (day) => ownCell(day.forecast === null ? '' : day.forecast[quantile]),
  })),
];

// The surface takes the keyboard (arrow keys move along the days), so it carries the chart's name.
const composedProps = {
  margin: { top: 22, right: 12, bottom: 4, left: 0 },
  'aria-label': strings.periodTitle,
};
