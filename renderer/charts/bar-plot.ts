import type { CompositeChartProps } from '@mantine/charts';
import { formatEstimate } from '../ui/figures.tsx';
import { axisTicks, axisWidth } from './burn-model.ts';
import { ink } from './colors.ts';

/** What plots of use as bars have in common: one series `used`, in credits, on an axis that begins at 0. */
export function barPlot(bars: readonly { readonly used: number }[]) {
  const figures = bars.map(({ used }) => used);
  const ticks = axisTicks(Math.min(0, ...figures), Math.max(0, ...figures));
  return {
    series: [{ name: 'used', type: 'bar', color: ink }],
    gridAxis: 'x',
    tickLine: 'none',
    yAxisProps: {
      domain: [ticks[0] ?? 0, ticks.at(-1) ?? 1],
      ticks: [...ticks],
      width: axisWidth(ticks.map((tick) => formatEstimate(tick))),
    },
    valueFormatter: (value: number) => formatEstimate(value),
    barProps: { radius: [2, 2, 0, 0] },
  } satisfies Partial<CompositeChartProps>;
}

export const barCursor = { fill: 'var(--mantine-color-default-hover)' };
