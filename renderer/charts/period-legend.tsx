import classes from './charts.module.css';
import { ink } from './colors.ts';
import { bandEdgeOpacity, bandOpacity } from './palette.ts';
import { strings } from './strings.ts';

interface PeriodLegendProps {
  readonly hasForecast: boolean;
  readonly hasQuietDays: boolean;
}

/** What each stroke of the period chart means: they differ by form, not by colour alone. */
export function PeriodLegend({ hasForecast, hasQuietDays }: PeriodLegendProps) {
  return (
    <ul className={classes['legend']} aria-hidden>
      <li className={classes['legendItem']}>
        <svg width="20" height="10" focusable="false">
          <line x1="0" y1="5" x2="20" y2="5" style={{ stroke: ink }} strokeWidth="2.5" />
        </svg>
        {strings.total}
      </li>
      {hasForecast ? (
        <>
          <li className={classes['legendItem']}>
            <svg width="20" height="10" focusable="false">
              <line x1="0" y1="5" x2="20" y2="5" style={{ stroke: ink }} strokeWidth="1.5" strokeDasharray="5 4" />
            </svg>
            {strings.expected}
          </li>
          <li className={classes['legendItem']}>
            <svg width="20" height="10" focusable="false">
              <rect
                x="0.5"
                y="0.5"
                width="19"
                height="9"
                style={{ fill: ink, stroke: ink }}
                fillOpacity={bandOpacity}
                strokeOpacity={bandEdgeOpacity}
              />
            </svg>
            {strings.range}
          </li>
        </>
      ) : null}
      {hasQuietDays ? <QuietDaysItem /> : null}
    </ul>
  );
}

/** What the shaded days of a chart are. */
export function QuietDaysItem() {
  return (
    <li className={classes['legendItem']}>
      <svg width="20" height="10" focusable="false">
        <rect width="20" height="10" className={classes['quietDays']} />
      </svg>
      {strings.quietDays}
    </li>
  );
}
