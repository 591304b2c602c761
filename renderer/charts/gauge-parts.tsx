import { formatCredits } from '../ui/figures.tsx';
import { subtract, type Credits } from '../../shared/kernel/credits.ts';
import classes from './charts.module.css';
import { ink, overInk } from './colors.ts';
import type { GaugeModel } from './gauge-model.ts';
import { strings } from './strings.ts';

/** Hatches for the parts that must differ without colour; `id` keeps two gauges on one page apart. */
export function HatchPatterns({ id }: { readonly id: string }) {
  return (
    <svg className={classes['hatches']} aria-hidden focusable="false">
      <defs>
        <Hatch id={`held-${id}`} color={ink} angle={45} />
        <Hatch id={`over-${id}`} color={overInk} angle={-45} />
      </defs>
    </svg>
  );
}

function Hatch({ id, color, angle }: { readonly id: string; readonly color: string; readonly angle: number }) {
  return (
    <pattern id={id} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform={`rotate(${angle})`}>
      <rect width="7" height="7" style={{ fill: color }} opacity="0.28" />
      <rect width="3.5" height="7" style={{ fill: color }} />
    </pattern>
  );
}

/** Names each part of the arc with its figure. */
export function GaugeLegend({ model, id }: { readonly model: GaugeModel; readonly id: string }) {
  const parts: { readonly name: string; readonly credits: Credits; readonly fill: string }[] = [
    {
      name: strings.gaugeLegend.used,
      credits: subtract(model.used, model.overage),
      fill: ink,
    },
    { name: strings.gaugeLegend.held, credits: model.held, fill: `url(#held-${id})` },
    { name: strings.gaugeLegend.over, credits: model.overage, fill: `url(#over-${id})` },
  ];
  const shown = parts.filter((part) => part.credits > 0);
  if (shown.length < 2) return null;
  return (
    <ul className={classes['legend']}>
      {shown.map((part) => (
        <li key={part.name} className={classes['legendItem']}>
          <svg width="12" height="12" aria-hidden focusable="false">
            <rect width="12" height="12" rx="2" style={{ fill: part.fill }} />
          </svg>
          {part.name} {formatCredits(part.credits)}
        </li>
      ))}
    </ul>
  );
}
