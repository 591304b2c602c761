import classes from './charts.module.css';

interface ChartTooltipProps {
  readonly day: string;
  readonly lines: readonly { readonly name: string; readonly value: string }[];
}

/** What a chart says about the day under the pointer or the keyboard's cursor. */
export function ChartTooltip({ day, lines }: ChartTooltipProps) {
  return (
    <div className={classes['tooltip']}>
      <div className={classes['tooltipDay']}>{day}</div>
      {lines.map((line) => (
        <div key={line.name} className={classes['tooltipLine']}>
          <span>{line.name}</span>
          <span className={classes['figures']}>{line.value}</span>
        </div>
      ))}
    </div>
  );
}
