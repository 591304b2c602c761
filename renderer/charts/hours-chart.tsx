import { ActionIcon, Text, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useMemo, type ReactNode } from 'react';
import type { HoursView } from '../../shared/bridge/views.ts';
import { formatDecimal, noCredits, sum, toApproximateNumber } from '../../shared/kernel/credits.ts';
import { ownCell } from '../../shared/kernel/csv.ts';
import { addDays, type LocalDate } from '../../shared/kernel/time-zone.ts';
import { formatCount, formatCredits, formatDay, formatHour } from '../ui/figures.tsx';
import { Loading } from '../ui/loading.tsx';
import { barCursor, barPlot } from './bar-plot.ts';
import { ChartSection } from './chart-section.tsx';
import { ChartTooltip } from './chart-tooltip.tsx';
import classes from './charts.module.css';
import { CompositePlot } from './plots.tsx';
import { strings } from './strings.ts';
import type { TwinColumn } from './table-twin.tsx';

const text = strings.hours;

interface HoursChartProps {
  readonly day: LocalDate;
  /** Undefined while it is being asked for. */
  readonly view: HoursView | undefined;
  readonly firstDay: LocalDate;
  readonly lastDay: LocalDate;
  readonly onDay: (day: LocalDate) => void;
}

interface HourBar {
  readonly label: string;
  readonly used: HoursView['hours'][number]['credits'];
  readonly transactions: number;
}

/** Use in each hour of one day as bars, with the way to the day before and the day after. */
export function HoursChart({ day, view, firstDay, lastDay, onDay }: HoursChartProps) {
  const bars = useMemo(() => (view === undefined ? [] : barsOf(view)), [view]);
  return (
    <ChartSection
      title={text.title}
      description={text.description({ day: formatDay(day), total: formatCredits(sum(bars.map(({ used }) => used))) })}
      period={formatDay(day)}
      spoken={spokenOf(day, bars)}
      compact
      controls={
        <>
          <DayStep label={text.before} to={addDays(day, -1)} disabled={day <= firstDay} onDay={onDay}>
            <IconChevronLeft size={16} aria-hidden />
          </DayStep>
          <DayStep label={text.after} to={addDays(day, 1)} disabled={day >= lastDay} onDay={onDay}>
            <IconChevronRight size={16} aria-hidden />
          </DayStep>
        </>
      }
      columns={columns}
      rows={bars}
      rowKey={({ label }) => label}
    >
      {view === undefined ? (
        <Loading blocks={[plotHeight]} />
      ) : bars.every(({ used }) => used === noCredits) ? (
        <Text size="sm" c="dimmed">
          {text.empty}
        </Text>
      ) : (
        <HoursPlot bars={bars} />
      )}
    </ChartSection>
  );
}

interface DayStepProps {
  readonly label: string;
  readonly to: LocalDate;
  readonly disabled: boolean;
  readonly onDay: (day: LocalDate) => void;
  readonly children: ReactNode;
}

function DayStep({ label, to, disabled, onDay, children }: DayStepProps) {
  return (
    <Tooltip label={label}>
      {/* It keeps the focus at the last day, so that the keyboard does not fall out of the panel. */}
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={label}
        {...(disabled ? { 'data-disabled': true } : {})}
        aria-disabled={disabled}
        onClick={() => {
          if (!disabled) onDay(to);
        }}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function HoursPlot({ bars }: { readonly bars: readonly HourBar[] }) {
  const data = useMemo(() => bars.map(({ label, used }) => ({ label, used: toApproximateNumber(used) })), [bars]);
  const barByLabel = useMemo(() => new Map(bars.map((bar) => [bar.label, bar])), [bars]);
  return (
    <CompositePlot
      {...barPlot(data)}
      data={data}
      className={classes['plot'] ?? ''}
      h={plotHeight}
      dataKey="label"
      maxBarWidth={20}
      xAxisProps={{ minTickGap: 20 }}
      composedChartProps={composedProps}
      tooltipProps={{
        cursor: barCursor,
        content: ({ active, label }) => {
          const bar = active ? barByLabel.get(String(label)) : undefined;
          return bar === undefined ? null : (
            <ChartTooltip
              day={text.from({ hour: bar.label })}
              lines={[
                { name: text.used, value: formatCredits(bar.used) },
                { name: strings.column.transactions, value: formatCount(bar.transactions) },
              ]}
            />
          );
        },
      }}
    />
  );
}

/** An hour is called by the clock on the wall; where it comes twice the zone's name tells the two apart. */
function barsOf({ hours, timeZone }: HoursView): readonly HourBar[] {
  const plain = hours.map(({ start }) => formatHour(start, timeZone));
  return hours.map(({ start, credits: used, transactions }, index) => {
    const label = plain[index] ?? '';
    const twice = plain.filter((other) => other === label).length > 1;
    return { label: twice ? formatHour(start, timeZone, 'with-zone') : label, used, transactions };
  });
}

function spokenOf(day: LocalDate, bars: readonly HourBar[]): string {
  const busiest = bars.reduce<HourBar | undefined>(
    (best, bar) => (best === undefined || bar.used > best.used ? bar : best),
    undefined,
  );
  if (busiest === undefined || busiest.used <= noCredits) return text.spokenNone({ day: formatDay(day) });
  const total = formatCredits(sum(bars.map(({ used }) => used)));
  return text.spoken({ day: formatDay(day), total, hour: busiest.label, most: formatCredits(busiest.used) });
}

const columns: readonly TwinColumn<HourBar>[] = [
  {
    key: 'hour',
    header: text.hour,
    oneLine: true,
    cell: ({ label }) => label,
    exact: ({ label }) => ownCell(label),
  },
  {
    key: 'used',
    header: text.used,
    numeric: true,
    unit: strings.file.credits,
    cell: ({ used }) => formatCredits(used),
    exact: ({ used }) => ownCell(formatDecimal(used)),
  },
  {
    key: 'transactions',
    header: strings.column.transactions,
    numeric: true,
    cell: ({ transactions }) => formatCount(transactions),
    exact: ({ transactions }) => ownCell(transactions),
  },
];

const plotHeight = 200;

// The surface takes the keyboard (arrow keys move along the hours), so it carries the chart's name.
const composedProps = { margin: { top: 8, right: 12, bottom: 4, left: 0 }, 'aria-label': text.title };
