import { Anchor, SegmentedControl, Text } from '@mantine/core';
import { useMemo, useState, type ReactNode } from 'react';
import { formatDecimal, noCredits, sum, toApproximateNumber } from '../../shared/kernel/credits.ts';
import { ownCell } from '../../shared/kernel/csv.ts';
import { formatCredits, formatDay, formatShortDay, formatSpan } from '../ui/figures.tsx';
import { barCursor, barPlot } from './bar-plot.ts';
import { dailyDays, type BurnDay, type BurnInput, type DailyRange } from './burn-model.ts';
import { ChartSection } from './chart-section.tsx';
import { ChartTooltip } from './chart-tooltip.tsx';
import classes from './charts.module.css';
import { QuietDaysItem } from './period-legend.tsx';
import { CompositePlot } from './plots.tsx';
import { calendarColumn, quietDayAreas, unusualText } from './quiet-days.tsx';
import { strings } from './strings.ts';
import type { TwinColumn } from './table-twin.tsx';

interface DailyChartProps {
  readonly burn: BurnInput;
  /** Leads to use before the days that can be shown; it stands where none of them has any. */
  readonly older?: ReactNode;
  /** A day was pressed, in the chart or in its table. */
  readonly onDay: (date: string) => void;
  readonly footer: ReactNode;
}

/** Use per day as bars, over a range of its own; days without use are drawn as nothing and listed as 0. [A1] */
export function DailyChart({ burn, older, onDay, footer }: DailyChartProps) {
  const [range, setRange] = useState<DailyRange>('month');
  const days = useMemo(() => dailyDays(burn, range), [burn, range]);
  const withCalendar = days.some((day) => day.unusual !== null);
  const columns = useMemo(() => columnsWith(onDay, withCalendar), [onDay, withCalendar]);
  return (
    <ChartSection
      title={strings.dailyTitle}
      period={spanOf(days)}
      spoken={spokenOf(days)}
      controls={
        <SegmentedControl<DailyRange>
          size="xs"
          aria-label={strings.dailyRange}
          value={range}
          onChange={setRange}
          data={[
            { value: 'period', label: strings.dailyRanges.period },
            { value: 'month', label: strings.dailyRanges.month },
            { value: 'quarter', label: strings.dailyRanges.quarter },
          ]}
        />
      }
      columns={columns}
      rows={days}
      rowKey={(day) => day.date}
      footer={footer}
    >
      {days.every((day) => (day.used ?? noCredits) === noCredits) ? (
        <Text size="sm" c="dimmed">
          {strings.dailyEmpty} {older}
        </Text>
      ) : (
        <>
          <DailyPlot days={days} periodFirstDay={burn.periodFirstDay} onDay={onDay} />
          {days.some((day) => day.unusual !== null && day.unusual.percent < 100) ? (
            <ul className={classes['legend']} aria-hidden>
              <QuietDaysItem />
            </ul>
          ) : null}
        </>
      )}
    </ChartSection>
  );
}

interface DailyPlotProps {
  readonly days: readonly BurnDay[];
  readonly periodFirstDay: string;
  readonly onDay: (date: string) => void;
}

function DailyPlot({ days, periodFirstDay, onDay }: DailyPlotProps) {
  const data = useMemo(
    () => days.map((day) => ({ date: day.date, used: toApproximateNumber(day.used ?? noCredits) })),
    [days],
  );
  const dayByDate = useMemo(() => new Map(days.map((day) => [day.date, day])), [days]);
  const startsWithin = days.length > 0 && days[0]?.date !== periodFirstDay && dayByDate.has(periodFirstDay);
  return (
    <CompositePlot
      {...barPlot(data)}
      data={data}
      className={`${classes['plot']} ${classes['pressable']}`}
      h={310}
      dataKey="date"
      maxBarWidth={28}
      xAxisProps={{ tickFormatter: (date) => formatShortDay(String(date)), minTickGap: 28 }}
      composedChartProps={{
        ...composedProps,
        onClick: ({ activeLabel }) => {
          if (dayByDate.has(String(activeLabel))) onDay(String(activeLabel));
        },
      }}
      referenceLines={
        startsWithin
          ? [
              {
                x: periodFirstDay,
                label: strings.periodStart,
                color: 'var(--mantine-color-dimmed)',
                labelPosition: 'top',
              },
            ]
          : []
      }
      tooltipProps={{
        cursor: barCursor,
        content: ({ active, label }) => {
          const day = active ? dayByDate.get(String(label)) : undefined;
          return day === undefined ? null : <ChartTooltip day={formatDay(day.date)} lines={linesOf(day)} />;
        },
      }}
      quiet={quietDayAreas(days, 'bars')}
    />
  );
}

function linesOf(day: BurnDay): readonly { readonly name: string; readonly value: string }[] {
  const unusual = unusualText(day);
  return [
    { name: strings.tooltip.used, value: formatCredits(day.used ?? noCredits) },
    ...(unusual === null ? [] : [{ name: strings.unusual.label, value: unusual }]),
  ];
}

function spanOf(days: readonly BurnDay[]): string {
  const [first] = days;
  const last = days.at(-1);
  return first === undefined || last === undefined ? '' : formatSpan(first.date, last.date);
}

function spokenOf(days: readonly BurnDay[]): string {
  const first = days[0];
  const last = days.at(-1);
  if (first === undefined || last === undefined) return strings.dailyNone;
  const total = sum(days.map((day) => day.used ?? noCredits));
  const busiest = days.reduce((best, day) => ((day.used ?? 0) > (best.used ?? 0) ? day : best), first);
  const busiestUsed = busiest.used ?? noCredits;
  const said =
    busiestUsed > 0
      ? strings.dailyBusiest({ credits: formatCredits(busiestUsed), day: formatDay(busiest.date) })
      : strings.dailyNone;
  return strings.dailySpoken({
    from: formatDay(first.date),
    to: formatDay(last.date),
    total: formatCredits(total),
    busiest: said,
  });
}

const columnsWith = (onDay: (date: string) => void, withCalendar: boolean): readonly TwinColumn<BurnDay>[] => [
  {
    key: 'day',
    header: strings.column.day,
    oneLine: true,
    cell: (day) => (
      <Anchor component="button" type="button" size="sm" c="inherit" onClick={() => onDay(day.date)}>
        {formatDay(day.date)}
      </Anchor>
    ),
    exact: (day) => ownCell(day.date),
  },
  {
    key: 'used',
    header: strings.column.used,
    numeric: true,
    unit: strings.file.credits,
    cell: (day) => formatCredits(day.used ?? noCredits),
    exact: (day) => ownCell(formatDecimal(day.used ?? noCredits)),
  },
  ...(withCalendar ? [calendarColumn] : []),
];

// The surface takes the keyboard (arrow keys move along the days), so it carries the chart's name.
const composedProps = {
  margin: { top: 22, right: 12, bottom: 4, left: 0 },
  'aria-label': strings.dailyTitle,
};
