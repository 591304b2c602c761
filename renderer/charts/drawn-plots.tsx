// The plots with the library that draws them: a part of the app that is fetched when the first of them is drawn.
import { CompositeChart, DonutChart, type CompositeChartProps, type DonutChartProps } from '@mantine/charts';
import { ReferenceArea } from 'recharts';
import classes from './charts.module.css';
import type { QuietArea } from './quiet-days.tsx';

export interface CompositePlotProps extends CompositeChartProps {
  readonly h: number;
  /** Days that are worked less than usual, shaded. */
  readonly quiet?: readonly QuietArea[];
}

export function DrawnComposite({ quiet = [], ...props }: CompositePlotProps) {
  return (
    <CompositeChart {...props}>
      {quiet.map(({ from, to }) => (
        <ReferenceArea
          key={from}
          x1={from}
          x2={to}
          className={classes['quietDays'] ?? ''}
          fill="currentColor"
          fillOpacity={1}
          ifOverflow="hidden"
          zIndex={0}
        />
      ))}
    </CompositeChart>
  );
}

export interface DonutPlotProps extends DonutChartProps {
  readonly size: number;
}

export function DrawnDonut(props: DonutPlotProps) {
  return <DonutChart {...props} />;
}
