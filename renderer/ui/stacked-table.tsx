import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './stacked-table.module.css';

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  readonly numeric?: boolean;
  /** Its figures stay on one line where there is room. */
  readonly whole?: boolean;
}

interface StackedTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
}

/** A short table; where it is narrow, its rows stand one below the other with the names of their figures. */
export function StackedTable<Row>({ label, columns, rows, rowKey }: StackedTableProps<Row>) {
  return (
    <Table aria-label={label} className={classes['table'] ?? ''}>
      <Table.Thead>
        <Table.Tr>
          {columns.map(({ id, header, numeric }) => (
            <Table.Th key={id} scope="col" data-numeric={numeric}>
              {header}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={rowKey(row)}>
            {columns.map(({ id, header, cell, numeric, whole }, place) => (
              <Table.Td
                key={id}
                data-numeric={numeric}
                data-whole={whole}
                data-label={place === 0 ? undefined : header}
              >
                {cell(row)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** A figure with what explains it below. */
export function Figure({ value, hint }: { readonly value: ReactNode; readonly hint?: ReactNode }) {
  return (
    <>
      <div className={classes['value']}>{value}</div>
      {hint === undefined || hint === null || hint === '' ? null : <div className={classes['hint']}>{hint}</div>}
    </>
  );
}
