import { Badge, VisuallyHidden } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useLayoutEffect, useRef, useState, type CSSProperties, type KeyboardEvent } from 'react';
import type { LedgerRow } from '../../../shared/bridge/views.ts';
import { isKeyOf } from '../../hooks/shortcuts.ts';
import { formatMoment } from '../../ui/figures.tsx';
import {
  creditsOfLine,
  holdStateWords,
  kindWords,
  personOf,
  quantityOfLine,
  titleOfLine,
} from '../../ui/ledger-words.ts';
import { SyncMark } from '../../ui/sync-mark.tsx';
import { nextIndex } from './grid-keys.ts';
import { shiftOf } from './ledger-reader.ts';
import classes from './ledger.module.css';
import { strings } from './strings.ts';
import type { Ledger } from './use-ledger.ts';

interface LedgerGridProps {
  readonly ledger: Ledger;
  readonly zone: string;
  readonly onOpen: (row: LedgerRow) => void;
}

/** Browsers stop laying out beyond some 30 million pixels; this many lines stay well within. */
export const listedMax = 500_000;
/** The room in pixels from which on all columns fit; below it a line becomes a card. */
const wideFrom = 820;
const wideRowHeight = 44;
const narrowRowHeight = 60;
const columnCount = 6;

/** The lines as a grid: only those in view are in the document, and the scroll bar is as long as the ledger. */
export function LedgerGrid({ ledger, zone, onOpen }: LedgerGridProps) {
  const { ref: frame, width } = useElementSize<HTMLDivElement>();
  const narrow = width > 0 && width < wideFrom;
  const rowHeight = narrow ? narrowRowHeight : wideRowHeight;
  const viewport = useRef<HTMLDivElement>(null);
  const gridId = useId();
  const { rows } = ledger;
  const count = Math.min(ledger.total, listedMax);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => viewport.current,
    estimateSize: () => rowHeight,
    scrollMargin: 0,
    scrollPaddingStart: narrow ? 0 : 38,
    overscan: 12,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  const items = virtualizer.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  const { want } = ledger;
  useEffect(() => want(lastSeen), [want, lastSeen]);
  useSteadyScroll(viewport, rows, rowHeight);

  const { active, setActive, onKeyDown } = useActiveRow({
    count,
    perPage: Math.max(1, Math.floor((viewport.current?.clientHeight ?? rowHeight * 10) / rowHeight) - 1),
    reveal: (index) => virtualizer.scrollToIndex(index, { align: 'auto' }),
    open: (index) => {
      const row = rows[index];
      if (row !== undefined) onOpen(row);
    },
  });

  return (
    <div ref={frame} className={classes['frame']}>
      <div
        ref={viewport}
        className={classes['viewport']}
        role="grid"
        aria-label={strings.grid.label}
        aria-describedby={`${gridId}-hint`}
        aria-rowcount={count + 1}
        aria-colcount={narrow ? 1 : columnCount}
        aria-busy={ledger.pending}
        aria-activedescendant={items.some(({ index }) => index === active) ? `${gridId}-${active}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <VisuallyHidden id={`${gridId}-hint`}>{strings.grid.hint}</VisuallyHidden>
        {narrow ? null : <GridHead />}
        <div role="rowgroup" className={classes['rows']} style={{ height: virtualizer.getTotalSize() }}>
          {items.map(({ index, start }) => (
            <GridRow
              key={index}
              id={`${gridId}-${index}`}
              index={index}
              place={{ height: rowHeight, transform: `translateY(${start}px)` }}
              row={rows[index]}
              zone={zone}
              narrow={narrow}
              active={index === active}
              onOpen={(row) => {
                setActive(index);
                onOpen(row);
              }}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface GridRowProps {
  readonly id: string;
  readonly index: number;
  readonly place: CSSProperties;
  /** undefined while it is still being read. */
  readonly row: LedgerRow | undefined;
  readonly zone: string;
  readonly narrow: boolean;
  readonly active: boolean;
  readonly onOpen: (row: LedgerRow) => void;
}

function GridRow({ id, index, place, row, zone, narrow, active, onOpen }: GridRowProps) {
  const common = { id, 'aria-rowindex': index + 2, style: place } as const;
  if (row === undefined) {
    return (
      <div {...common} role="row" className={`${classes['line']} ${classes['row']} ${classes['loading']}`}>
        <div role="gridcell" className={classes['cell']}>
          {strings.grid.loading}
        </div>
      </div>
    );
  }
  return (
    // Keys are handled by the grid, which keeps the focus.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      {...common}
      role="row"
      tabIndex={-1}
      aria-selected={active}
      data-active={active}
      className={`${classes['line']} ${classes['row']} ${narrow ? classes['narrow'] : ''}`}
      onClick={() => onOpen(row)}
    >
      {narrow ? <NarrowCells row={row} zone={zone} /> : <WideCells row={row} zone={zone} />}
    </div>
  );
}

function GridHead() {
  return (
    <div role="rowgroup" className={classes['head']}>
      <div role="row" aria-rowindex={1} className={classes['line']} style={{ height: '100%' }}>
        {([['when'], ['what'], ['kind'], ['member'], ['team'], ['credits', classes['credits']]] as const).map(
          ([column, className]) => (
            <div key={column} role="columnheader" className={`${classes['cell']} ${className ?? ''}`}>
              {strings.grid[column]}
            </div>
          ),
        )}
      </div>
    </div>
  );
}

interface CellsProps {
  readonly row: LedgerRow;
  readonly zone: string;
}

function WideCells({ row, zone }: CellsProps) {
  const title = titleOfLine(row);
  const quantity = quantityOfLine(row);
  return (
    <>
      <div role="gridcell" className={classes['cell']}>
        {formatMoment(row.occurredAt, zone)}
      </div>
      <div role="gridcell" className={classes['what']} title={title}>
        <span className={classes['cell']}>
          {title}
          {quantity === '' ? null : <span className={classes['dim']}> · {quantity}</span>}
        </span>
        <Marks row={row} />
      </div>
      <div role="gridcell" className={classes['cell']}>
        {kindOf(row)}
      </div>
      <div role="gridcell" className={classes['cell']} title={row.memberName ?? undefined}>
        {who(row)}
      </div>
      <div role="gridcell" className={classes['cell']} title={row.teamName ?? undefined}>
        {row.teamName ?? '–'}
      </div>
      <div role="gridcell" className={`${classes['cell']} ${classes['credits']}`}>
        {creditsOfLine(row)}
      </div>
    </>
  );
}

function NarrowCells({ row, zone }: CellsProps) {
  return (
    <div role="gridcell" style={{ display: 'contents' }}>
      <div className={classes['what']}>
        <span className={classes['cell']}>{titleOfLine(row)}</span>
        <Marks row={row} />
      </div>
      <div className={`${classes['cell']} ${classes['credits']}`}>{creditsOfLine(row)}</div>
      <div className={`${classes['cell']} ${classes['dim']}`}>
        {[who(row), formatMoment(row.occurredAt, zone)].join(' · ')}
      </div>
      <div className={`${classes['cell']} ${classes['dim']}`}>{kindOf(row)}</div>
    </div>
  );
}

function Marks({ row }: { readonly row: LedgerRow }) {
  const marks = [
    ...(row.overage > 0 ? [strings.marks.overage] : []),
    ...(row.pricing === 'estimate' ? [strings.marks.estimate] : []),
  ];
  return (
    <>
      {marks.map((mark) => (
        <Badge key={mark} size="xs" flex="none" variant="light" color={mark === strings.marks.overage ? 'red' : 'gray'}>
          {mark}
        </Badge>
      ))}
      <SyncMark sync={row.sync} />
    </>
  );
}

function kindOf(row: LedgerRow): string {
  return row.holdState === null
    ? kindWords[row.kind]
    : strings.kindAndState({ kind: kindWords[row.kind], state: holdStateWords[row.holdState] });
}

function who(row: LedgerRow): string {
  return row.kind === 'grant' ? '–' : personOf(row);
}

/** When lines are put in above those in view, the view stays on the lines it showed; at the very top it follows. */
function useSteadyScroll(
  viewport: { readonly current: HTMLDivElement | null },
  rows: readonly LedgerRow[],
  rowHeight: number,
): void {
  const shown = useRef(rows);
  useLayoutEffect(() => {
    const before = shown.current;
    shown.current = rows;
    const element = viewport.current;
    if (element === null || before === rows || element.scrollTop < rowHeight) return;
    const shift = shiftOf(before, rows, Math.floor(element.scrollTop / rowHeight));
    if (shift !== 0) element.scrollTop += shift * rowHeight;
  }, [viewport, rows, rowHeight]);
}

interface ActiveRowOptions {
  readonly count: number;
  readonly perPage: number;
  readonly reveal: (index: number) => void;
  readonly open: (index: number) => void;
}

/** Which line the keyboard is on. */
function useActiveRow({ count, perPage, reveal, open }: ActiveRowOptions) {
  const [active, setActive] = useState(0);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (isKeyOf('line-open', event.key)) {
      event.preventDefault();
      open(active);
      return;
    }
    const next = nextIndex(event.key, { active, count, perPage });
    if (next === null) return;
    event.preventDefault();
    setActive(next);
    reveal(next);
  };
  return { active: Math.min(active, Math.max(0, count - 1)), setActive, onKeyDown };
}
