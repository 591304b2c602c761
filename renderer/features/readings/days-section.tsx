import { Badge, Group, Text } from '@mantine/core';
import { useMemo } from 'react';
import type { ReadingDetailView } from '../../../shared/bridge/reading-views.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { DataTable, type DataColumn } from '../../ui/data-table.tsx';
import { CreditsText, formatCount, formatDay, formatSignedCredits } from '../../ui/figures.tsx';
import { AnchorLink } from '../../ui/links.tsx';
import { Section } from '../../ui/section.tsx';
import { strings } from './strings.ts';

const text = strings.days;
type Day = ReadingDetailView['byDay'][number];

/** The ledger by day, beside an imported report where one covers the day, with what was noticed. */
export function DaysSection({ view }: { readonly view: ReadingDetailView }) {
  const { id: workspaceId } = useWorkspace();
  const reported = view.restOfDays !== null;
  const columns = useMemo<readonly DataColumn<Day>[]>(
    () => [
      {
        id: 'day',
        header: text.day,
        sortBy: ({ day }) => day,
        cell: ({ day }) => (
          <AnchorLink to="/w/$workspaceId/ledger" params={{ workspaceId }} search={{ from: day, to: day }} size="sm">
            {formatDay(day)}
          </AnchorLink>
        ),
      },
      {
        id: 'ledger',
        header: text.ledger,
        numeric: true,
        sortBy: ({ ledger }) => ledger,
        cell: ({ ledger }) => <CreditsText value={ledger} />,
      },
      {
        id: 'entries',
        header: text.entries,
        numeric: true,
        wideOnly: true,
        sortBy: ({ entries }) => entries,
        cell: ({ entries }) => formatCount(entries),
      },
      ...(reported ? reportColumns : []),
      { id: 'marks', header: text.marks, cell: ({ causes }) => <Marks causes={causes} /> },
    ],
    [workspaceId, reported],
  );
  return (
    <Section title={text.section} description={text.hint} flush>
      <DataTable
        label={text.section}
        columns={columns}
        rows={view.byDay}
        rowKey={({ day }) => day}
        initialSort={{ id: 'day', descending: true }}
        heightMax={420}
      />
      {view.restOfDays === null || view.restOfDays === 0 ? null : (
        <Text size="sm" c="dimmed" p="md">
          {text.rest({ credits: formatSignedCredits(view.restOfDays) })}
        </Text>
      )}
    </Section>
  );
}

const reportColumns: readonly DataColumn<Day>[] = [
  {
    id: 'report',
    header: text.report,
    numeric: true,
    wideOnly: true,
    cell: ({ stated }) => (stated === null ? '–' : <CreditsText value={stated} />),
  },
  {
    id: 'difference',
    header: text.difference,
    numeric: true,
    cell: ({ difference }) => (difference === null ? '–' : <CreditsText value={difference} signed />),
  },
];

function Marks({ causes }: { readonly causes: Day['causes'] }) {
  return (
    <Group gap={4}>
      {causes.map((cause) => (
        <Badge key={cause} variant="light" color="amber" size="sm" tt="none">
          {strings.causes.marks[cause]}
        </Badge>
      ))}
    </Group>
  );
}
