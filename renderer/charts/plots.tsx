import { lazy } from 'react';
import { Later } from '../ui/later.tsx';
import type { CompositePlotProps, DonutPlotProps } from './drawn-plots.tsx';

const DrawnComposite = lazy(async () => ({ default: (await import('./drawn-plots.tsx')).DrawnComposite }));
const DrawnDonut = lazy(async () => ({ default: (await import('./drawn-plots.tsx')).DrawnDonut }));

/** Lines, areas and bars over one axis. The figures around it are there before it is. */
export function CompositePlot(props: CompositePlotProps) {
  return (
    <Later height={props.h}>
      <DrawnComposite {...props} />
    </Later>
  );
}

/** Shares of a whole. */
export function DonutPlot(props: DonutPlotProps) {
  return (
    <Later height={props.size}>
      <DrawnDonut {...props} />
    </Later>
  );
}
