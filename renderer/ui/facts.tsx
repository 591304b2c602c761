import type { ReactNode } from 'react';
import classes from './facts.module.css';

export interface Fact {
  readonly label: string;
  readonly value: ReactNode;
  /** A line below the value that explains it. */
  readonly hint?: ReactNode;
}

/** Names and values side by side; one below the other where it is narrow. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className={classes['facts']}>
      {facts.map((fact) => (
        <div key={fact.label} className={classes['fact']}>
          <dt>{fact.label}</dt>
          <dd>
            {fact.value}
            {fact.hint === undefined ? null : <div className={classes['hint']}>{fact.hint}</div>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A row of figures that are read at a glance. */
export function FigureStrip({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className={classes['strip']}>
      {facts.map((fact) => (
        <div key={fact.label} className={classes['figure']}>
          <dt>{fact.label}</dt>
          <dd>
            <span className={classes['value']}>{fact.value}</span>
            {fact.hint === undefined ? null : <div className={classes['hint']}>{fact.hint}</div>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
