import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import type { CsvCell } from '../../shared/kernel/csv.ts';
import classes from './charts.module.css';
import { strings } from './strings.ts';

export interface TwinColumn<Row> {
  readonly key: string;
  readonly header: string;
  /** Figures stand at the end of the cell, in tabular digits. */
  readonly numeric?: boolean;
  /** For short cells, such as a day, that read badly in two lines. */
  readonly oneLine?: boolean;
  readonly cell: (row: Row) => ReactNode;
  /** In a file: a figure as an exact decimal, a day as `2026-03-12`, a name as it is. */
  readonly exact: (row: Row) => CsvCell;
  /** What the figures of a file are in; it stands behind the header. */
  readonly unit?: string;
}

interface TableTwinProps<Row> {
  readonly caption: string;
  readonly columns: readonly TwinColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
}

/** The table twin of a chart. It scrolls by keyboard when it is longer than its panel. */
export function TableTwin<Row>({ caption, columns, rows, rowKey }: TableTwinProps<Row>) {
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={classes['twin']} aria-label={strings.twinLabel({ title: caption })} tabIndex={0}>
      <Table stickyHeader verticalSpacing={6} horizontalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column.key} scope="col" ta={column.numeric ? 'end' : 'start'}>
                {column.header}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={rowKey(row)}>
              {columns.map((column, index) =>
                index === 0 ? (
                  <Table.Th
                    key={column.key}
                    scope="row"
                    fw={500}
                    className={column.oneLine ? classes['figures'] : undefined}
                  >
                    {column.cell(row)}
                  </Table.Th>
                ) : (
                  <Table.Td
                    key={column.key}
                    ta={column.numeric ? 'end' : 'start'}
                    className={column.numeric ? classes['figures'] : undefined}
                  >
                    {column.cell(row)}
                  </Table.Td>
                ),
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
