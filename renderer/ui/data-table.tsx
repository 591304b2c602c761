import { Table, UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconArrowDown, IconArrowUp, IconArrowsSort } from '@tabler/icons-react';
import {
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
  type RowData,
  type SortingState,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState, type ReactNode } from 'react';
import { personLocale } from '../i18n/language.ts';
import classes from './data-table.module.css';

export interface DataColumn<Row extends RowData> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** What the column is sorted by; without it the column cannot be sorted. */
  readonly sortBy?: (row: Row) => string | number;
  /** Any CSS width; columns without one share what is left. */
  readonly width?: number | string;
  /** Figures stand at the end of the cell. */
  readonly numeric?: boolean;
  /** Left out where the window is narrow. */
  readonly wideOnly?: boolean;
  /** The header is for screen readers alone, as over a column of buttons. */
  readonly headerHidden?: boolean;
}

interface DataTableProps<Row extends RowData> {
  /** What the table holds, for screen readers. */
  readonly label: string;
  readonly columns: readonly DataColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly initialSort?: { readonly id: string; readonly descending?: boolean };
  /** The table scrolls by itself beyond this height, in pixels. */
  readonly heightMax?: number;
  /** In the place of the rows when there are none. */
  readonly empty?: ReactNode;
}

const rowHeight = 44;
/** Drawn beyond either end of what is in view. */
const rowsBeyond = 6;
const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
type Features = typeof features;

/** A table of any length: sorted by its headers, and only the rows in view are in the document. */
export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const { label, rows, rowKey, initialSort, heightMax = 560, empty } = props;
  const narrow = useMediaQuery('(max-width: 61.99em)', false, { getInitialValueInEffect: false });
  const columns = useMemo(
    () => (narrow ? props.columns.filter(({ wideOnly }) => wideOnly !== true) : props.columns),
    [props.columns, narrow],
  );
  const [sorting, setSorting] = useState<SortingState>(
    initialSort === undefined ? [] : [{ id: initialSort.id, desc: initialSort.descending ?? false }],
  );
  const columnDefs = useMemo(() => columns.map(columnDefOf), [columns]);
  const table = useTable<Features, Row>({
    features,
    columns: columnDefs,
    data: rows,
    getRowId: rowKey,
    state: { sorting },
    onSortingChange: setSorting,
    enableSortingRemoval: false,
  });
  const sorted = table.getRowModel().rows;

  const viewport = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => sorted[index]?.id ?? index,
    overscan: rowsBeyond,
    // The first rows are drawn with everything else, before the table was measured.
    initialRect: { width: 0, height: heightMax },
  });
  const items = virtualizer.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  const sortedBy = sorting[0];

  return (
    <div
      ref={viewport}
      className={classes['viewport']}
      style={{ maxHeight: heightMax }}
      // What scrolls must be reachable by keyboard.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      role="group"
      aria-label={label}
    >
      <Table className={classes['table'] ?? ''} aria-label={label} aria-rowcount={sorted.length + 1} stickyHeader>
        <Table.Thead>
          <Table.Tr aria-rowindex={1}>
            {columns.map((column) => (
              <ColumnHeader
                key={column.id}
                column={column}
                direction={sortedBy?.id === column.id ? (sortedBy.desc ? 'descending' : 'ascending') : undefined}
                onSort={() => table.getColumn(column.id)?.toggleSorting()}
              />
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Spacer height={before} columns={columns.length} />
          {items.map((item) => {
            const row = sorted[item.index];
            return row === undefined ? null : (
              <BodyRow
                key={row.id}
                original={row.original}
                columns={columns}
                index={item.index}
                measure={virtualizer.measureElement}
              />
            );
          })}
          <Spacer height={after} columns={columns.length} />
        </Table.Tbody>
      </Table>
      {sorted.length === 0 ? empty : null}
    </div>
  );
}

interface ColumnHeaderProps<Row extends RowData> {
  readonly column: DataColumn<Row>;
  readonly direction: 'ascending' | 'descending' | undefined;
  readonly onSort: () => void;
}

function ColumnHeader<Row extends RowData>({ column, direction, onSort }: ColumnHeaderProps<Row>) {
  const SortIcon = direction === undefined ? IconArrowsSort : direction === 'ascending' ? IconArrowUp : IconArrowDown;
  return (
    <Table.Th
      scope="col"
      w={column.width}
      aria-sort={direction}
      data-numeric={column.numeric}
      className={classes['header'] ?? ''}
    >
      {column.sortBy === undefined ? (
        <span className={column.headerHidden ? classes['hidden'] : undefined}>{column.header}</span>
      ) : (
        <UnstyledButton className={classes['sort'] ?? ''} onClick={onSort}>
          {column.header}
          <SortIcon size={13} aria-hidden data-quiet={direction === undefined} />
        </UnstyledButton>
      )}
    </Table.Th>
  );
}

interface BodyRowProps<Row extends RowData> {
  readonly original: Row;
  readonly columns: readonly DataColumn<Row>[];
  readonly index: number;
  readonly measure: (element: HTMLTableRowElement | null) => void;
}

function BodyRow<Row extends RowData>({ original, columns, index, measure }: BodyRowProps<Row>) {
  // What is in a row is drawn again when it is another row, and not with every step of the scroll.
  const cells = useMemo(
    () =>
      columns.map((column) => (
        <Table.Td key={column.id} data-numeric={column.numeric} className={classes['cell'] ?? ''}>
          {column.cell(original)}
        </Table.Td>
      )),
    [columns, original],
  );
  return (
    <Table.Tr ref={measure} data-index={index} aria-rowindex={index + 2}>
      {cells}
    </Table.Tr>
  );
}

/** Takes the room of the rows that are out of view. */
function Spacer({ height, columns }: { readonly height: number; readonly columns: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden className={classes['spacer']}>
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}

function columnDefOf<Row extends RowData>(column: DataColumn<Row>): ColumnDef<Features, Row> {
  const { id, sortBy } = column;
  if (sortBy === undefined) return { id, enableSorting: false };
  return {
    id,
    accessorFn: sortBy,
    sortDescFirst: column.numeric ?? false,
    sortFn: (left, right) => compare(sortBy(left.original), sortBy(right.original)),
  };
}

const collator = new Intl.Collator(personLocale(), { numeric: true, sensitivity: 'base' });

function compare(left: string | number, right: string | number): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return collator.compare(String(left), String(right));
}
