import { ActionIcon, Group, Select, Table, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconArrowsSort } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Sorting } from '../../hooks/home-search.ts';
import classes from './home.module.css';
import type { ListedWorkspace } from './home-model.ts';
import { strings } from './strings.ts';

export interface HomeColumn<By extends string> {
  readonly id: By;
  readonly header: string;
  readonly cell: (row: ListedWorkspace) => ReactNode;
  readonly numeric?: boolean;
  /** Takes a line of its own where it is narrow. */
  readonly wide?: boolean;
}

interface HomeTableProps<By extends string> {
  readonly label: string;
  readonly columns: readonly HomeColumn<By>[];
  readonly rows: readonly ListedWorkspace[];
  readonly sorting: Sorting<By>;
  readonly onSort: (sorting: Sorting<By>) => void;
  /** Rows of sums below. */
  readonly foot?: ReactNode;
}

/** Workspaces by lines; where it is narrow each line is a card, and what it is sorted by is chosen above. */
export function HomeTable<By extends string>(props: HomeTableProps<By>) {
  const { label, columns, rows, sorting, onSort, foot } = props;
  const sortBy = (by: By) => onSort({ by, descending: sorting.by === by ? !sorting.descending : false });
  const Direction = sorting.descending ? IconArrowDown : IconArrowUp;
  return (
    <>
      <Group gap="xs" align="flex-end" wrap="nowrap" className={classes['sortBy'] ?? ''}>
        <Select
          label={strings.credits.sortBy}
          data={columns.map(({ id, header }) => ({ value: id, label: header }))}
          value={sorting.by}
          allowDeselect={false}
          onChange={(chosen) => {
            const column = columns.find(({ id }) => id === chosen);
            if (column !== undefined && column.id !== sorting.by) sortBy(column.id);
          }}
          flex={1}
        />
        <ActionIcon
          variant="default"
          size={36}
          aria-label={strings.credits.turn}
          title={strings.credits.turn}
          onClick={() => sortBy(sorting.by)}
        >
          <Direction size={16} aria-hidden />
        </ActionIcon>
      </Group>
      <Table aria-label={label} className={classes['table'] ?? ''}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Header key={column.id} column={column} sorting={sorting} onSort={() => sortBy(column.id)} />
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.id}>
              {columns.map(({ id, header, cell, numeric, wide }, place) =>
                place === 0 ? (
                  <Table.Th key={id} scope="row" fw={400}>
                    {cell(row)}
                  </Table.Th>
                ) : (
                  <Table.Td key={id} data-numeric={numeric} data-wide={wide} data-label={header}>
                    {cell(row)}
                  </Table.Td>
                ),
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
        {foot}
      </Table>
    </>
  );
}

interface HeaderProps<By extends string> {
  readonly column: HomeColumn<By>;
  readonly sorting: Sorting<By>;
  readonly onSort: () => void;
}

function Header<By extends string>({ column: { id, header, numeric }, sorting, onSort }: HeaderProps<By>) {
  const isSorted = sorting.by === id;
  const SortIcon = !isSorted ? IconArrowsSort : sorting.descending ? IconArrowDown : IconArrowUp;
  return (
    <Table.Th
      scope="col"
      data-numeric={numeric}
      aria-sort={isSorted ? (sorting.descending ? 'descending' : 'ascending') : undefined}
    >
      <UnstyledButton className={classes['sort'] ?? ''} onClick={onSort}>
        {header}
        <SortIcon size={13} aria-hidden data-quiet={!isSorted} />
      </UnstyledButton>
    </Table.Th>
  );
}

/** A figure with what explains it below. */
export function Figure({
  value,
  hint,
  look = false,
  quiet = false,
}: {
  readonly value: ReactNode;
  readonly hint?: ReactNode;
  /** It wants a look. */
  readonly look?: boolean;
  /** There is nothing to tell. */
  readonly quiet?: boolean;
}) {
  return (
    <div className={classes['figure']} data-look={look} data-quiet={quiet}>
      <div className={classes['value']}>{value}</div>
      {hint === undefined || hint === null || hint === '' ? null : <div className={classes['hint']}>{hint}</div>}
    </div>
  );
}
