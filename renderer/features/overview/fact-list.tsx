import { Badge, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './overview.module.css';

interface FactProps {
  readonly label: string;
  readonly value: ReactNode;
  readonly detail?: ReactNode;
  readonly badge?: string | undefined;
  /** Draws the value as one of the answers of the screen. */
  readonly large?: boolean;
}

/** One figure with its name: an entry of a description list. */
export function Fact({ label, value, detail, badge, large = false }: FactProps) {
  return (
    <div className={classes['fact']} data-large={large}>
      <dt className={classes['factLabel']}>
        {label}
        {badge === undefined ? null : (
          <Badge size="sm" variant="light" color="amber" ms={6}>
            {badge}
          </Badge>
        )}
      </dt>
      <dd className={classes['factValue']}>
        <span className={classes['factFigure']}>{value}</span>
        {detail === undefined || detail === null ? null : (
          <Text component="div" size="sm" c="dimmed" fw={400}>
            {detail}
          </Text>
        )}
      </dd>
    </div>
  );
}
