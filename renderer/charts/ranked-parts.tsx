import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatDecimal, type Credits } from '../../shared/kernel/credits.ts';
import { ownCell, textCell } from '../../shared/kernel/csv.ts';
import { formatCount, formatCredits, formatShare } from '../ui/figures.tsx';
import { shareOf, type RankedRow } from './breakdown-model.ts';
import classes from './charts.module.css';
import { strings } from './strings.ts';
import type { TwinColumn } from './table-twin.tsx';

/** What a row is called: its own name, *Others* or *unattributed*. */
export function rankedName(row: RankedRow): string {
  switch (row.kind) {
    case 'item':
      return row.name;
    case 'others':
      return strings.others;
    case 'unattributed':
      return strings.unattributed;
  }
}

/** Rows and their figures in one sentence, for whoever cannot see them. */
export function rankedSpoken(rows: readonly RankedRow[]): string {
  return rows.map((row) => `${rankedName(row)}: ${formatCredits(row.credits)}`).join('; ');
}

interface RankedTextProps {
  readonly row: RankedRow;
  readonly total: Credits;
  /** Draws an item's name, as a link for example; the name alone where it is absent. */
  readonly renderName?: ((row: RankedRow) => ReactNode) | undefined;
}

/** The name of a row and its figures, as two parts of a line. */
export function RankedText({ row, total, renderName }: RankedTextProps) {
  return (
    <>
      <span className={classes['breakdownName']}>
        {row.kind === 'item' && renderName ? renderName(row) : rankedName(row)}
      </span>
      <span className={classes['breakdownFigures']}>
        <Text span fw={600} size="sm">
          {formatCredits(row.credits)}
        </Text>{' '}
        <Text span size="sm" c="dimmed">
          {formatShare(shareOf(row, total))}
        </Text>
      </span>
    </>
  );
}

/** The columns of the table behind ranked rows. */
export function rankedColumns(total: Credits): readonly TwinColumn<RankedRow>[] {
  return [
    { key: 'name', header: strings.column.name, cell: rankedName, exact: (row) => textCell(rankedName(row)) },
    {
      key: 'credits',
      header: strings.column.credits,
      numeric: true,
      cell: (row) => formatCredits(row.credits),
      exact: (row) => ownCell(formatDecimal(row.credits)),
    },
    {
      key: 'share',
      header: strings.column.share,
      numeric: true,
      unit: strings.file.percent,
      cell: (row) => formatShare(shareOf(row, total)),
      exact: (row) => ownCell(percentOf(shareOf(row, total))),
    },
    {
      key: 'transactions',
      header: strings.column.transactions,
      numeric: true,
      cell: (row) => formatCount(row.transactions),
      exact: (row) => ownCell(row.transactions),
    },
  ];
}

/** A share of one in percent, for a file: 0.12345 is `12.345`. */
export function percentOf(share: number): number {
  return Math.round(share * 1e6) / 1e4;
}
