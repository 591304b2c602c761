import { UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconArrowsSort } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactNode } from 'react';
import type { UsageSearch, UsageSort } from '../../../shared/analytics/view-link.ts';
import type { UsageListRow } from '../../../shared/bridge/usage-panel-views.ts';
import { formatCount, formatCredits, formatShare } from '../../ui/figures.tsx';
import { strings } from './strings.ts';
import classes from './usage-table.module.css';

const text = strings.list;

interface UsageTableProps {
  readonly label: string;
  readonly rows: readonly UsageListRow[];
  /** Rows in all, those not read yet included. */
  readonly count: number;
  readonly search: UsageSearch;
  readonly onChange: (search: UsageSearch) => void;
  readonly want: (index: number) => void;
  readonly nameOf: (row: UsageListRow) => ReactNode;
}

/** Rows of any number: only those in view are in the document, and the scroll bar is as long as all of them. */
export function UsageTable({ label, rows, count, search, onChange, want, nameOf }: UsageTableProps) {
  const viewport = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => viewport.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const items = virtualizer.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  useEffect(() => want(lastSeen), [want, lastSeen]);
  return (
    <div
      ref={viewport}
      className={classes['viewport']}
      // What scrolls must be reachable by keyboard.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      role="group"
      aria-label={text.rows}
    >
      <div role="table" aria-label={label} aria-rowcount={count + 1} className={classes['table']}>
        <div role="rowgroup" className={classes['head']}>
          <div role="row" aria-rowindex={1} className={classes['row']}>
            <Head sort="name" search={search} onChange={onChange} />
            <Head sort="credits" search={search} onChange={onChange} numeric />
            <div role="columnheader" className={classes['numeric']}>
              {text.columns.share}
            </div>
            <Head sort="transactions" search={search} onChange={onChange} numeric />
          </div>
        </div>
        <div role="rowgroup" className={classes['body']} style={{ height: virtualizer.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const row = rows[index];
            return (
              <div
                key={index}
                role="row"
                aria-rowindex={index + 2}
                className={`${classes['row']} ${classes['placed']}`}
                style={{ height: rowHeight, transform: `translateY(${start}px)` }}
              >
                <div role="cell" className={classes['name']} title={row?.name}>
                  {row === undefined ? text.loading : nameOf(row)}
                </div>
                <div role="cell" className={classes['numeric']}>
                  {row === undefined ? '' : formatCredits(row.credits)}
                </div>
                <div role="cell" className={classes['numeric']}>
                  {row === undefined ? '' : formatShare(Math.max(row.share, 0))}
                </div>
                <div role="cell" className={classes['numeric']}>
                  {row === undefined ? '' : formatCount(row.transactions)}
                </div>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface HeadProps {
  readonly sort: UsageSort;
  readonly search: UsageSearch;
  readonly onChange: (search: UsageSearch) => void;
  readonly numeric?: boolean;
}

/** Most first and names from A to Z; pressed again, the other way round. */
function Head({ sort, search, onChange, numeric = false }: HeadProps) {
  const isSorted = (search.sort ?? 'credits') === sort;
  const turned = isSorted && search.order === 'up';
  const ascending = (sort === 'name') !== turned;
  const Icon = !isSorted ? IconArrowsSort : ascending ? IconArrowUp : IconArrowDown;
  const press = () => {
    const { sort: _, order: __, ...rest } = search;
    onChange({
      ...rest,
      ...(sort === 'credits' ? {} : { sort }),
      ...(isSorted && !turned ? { order: 'up' as const } : {}),
    });
  };
  return (
    <div
      role="columnheader"
      aria-sort={isSorted ? (ascending ? 'ascending' : 'descending') : 'none'}
      className={numeric ? classes['numeric'] : classes['name']}
    >
      <UnstyledButton
        className={classes['sort'] ?? ''}
        onClick={press}
        aria-label={text.sortBy({ column: text.columns[sort] })}
      >
        {text.columns[sort]}
        <Icon size={14} aria-hidden />
      </UnstyledButton>
    </div>
  );
}

const rowHeight = 44;
