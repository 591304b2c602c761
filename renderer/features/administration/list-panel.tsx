import { Box, Button, TextInput } from '@mantine/core';
import { IconRefresh, IconSearch } from '@tabler/icons-react';
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useState, type ReactNode } from 'react';
import type { RowData } from '@tanstack/react-table';
import { DataTable, type DataColumn } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { strings } from './strings.ts';

interface ListPanelProps<Row extends RowData> {
  readonly title: string;
  readonly hint: string;
  readonly actions?: ReactNode;
  /** What the server answered, is still to answer, or why it did not. */
  readonly answer: {
    readonly data: readonly Row[] | undefined;
    readonly error: unknown;
    readonly isFetching: boolean;
    readonly refetch: () => unknown;
  };
  readonly columns: readonly DataColumn<Row>[];
  readonly rowKey: (row: Row) => string;
  /** What a search looks in. */
  readonly nameOf: (row: Row) => string;
  readonly initialSort: { readonly id: string; readonly descending?: boolean };
  /** In the place of the table while there is nothing at all. */
  readonly empty: ReactNode;
  /** Between the heading and the table. */
  readonly above?: ReactNode;
}

/** One list of a server: loading, failed, empty, searched, and of any length. */
export function ListPanel<Row extends RowData>(props: ListPanelProps<Row>) {
  const { title, hint, actions, answer, columns, rowKey, nameOf, initialSort, empty, above } = props;
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed.trim().toLocaleLowerCase(), 120);
  const shown = useMemo(
    () => (answer.data ?? []).filter((row) => nameOf(row).toLocaleLowerCase().includes(text)),
    [answer.data, nameOf, text],
  );
  return (
    <Section
      title={title}
      description={hint}
      flush
      actions={
        <>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={16} aria-hidden />}
            loading={answer.isFetching}
            onClick={() => void answer.refetch()}
          >
            {strings.again}
          </Button>
          {actions}
        </>
      }
    >
      {answer.error === null ? null : (
        <Box px="md" pb="md">
          <ProblemAlert error={answer.error} />
        </Box>
      )}
      {answer.data === undefined ? (
        answer.error === null ? (
          <Box p="md">
            <Loading blocks={[180]} />
          </Box>
        ) : null
      ) : answer.data.length === 0 ? (
        empty
      ) : (
        <>
          <Box px="md" pb="xs">
            {above}
            {answer.data.length < searchedFrom ? null : (
              <TextInput
                type="search"
                maw={320}
                aria-label={strings.search}
                placeholder={strings.search}
                leftSection={<IconSearch size={16} aria-hidden />}
                value={typed}
                onChange={(event) => setTyped(event.currentTarget.value)}
              />
            )}
          </Box>
          <DataTable
            label={title}
            columns={columns}
            rows={shown}
            rowKey={rowKey}
            initialSort={initialSort}
            empty={<EmptyState title={strings.people.nobody} />}
          />
        </>
      )}
    </Section>
  );
}

/** Fewer are seen at a glance. */
const searchedFrom = 8;
