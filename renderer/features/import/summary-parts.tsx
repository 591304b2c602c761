import { Table, Text } from '@mantine/core';
import type { ImportSummary } from '../../../shared/bridge/import-views.ts';
import type { WorkspaceView } from '../../../shared/bridge/views.ts';
import { DataTable, type DataColumn } from '../../ui/data-table.tsx';
import { formatCount, formatCredits } from '../../ui/figures.tsx';
import { Section } from '../../ui/section.tsx';
import classes from './import.module.css';
import { strings } from './strings.ts';

const namesShownMax = 300;

/** The members, features and teams that the file names and the workspace does not know yet. */
export function NewNames({ summary, done }: { readonly summary: ImportSummary; readonly done: boolean }) {
  const groups = [
    { kind: 'members' as const, names: summary.newMembers },
    { kind: 'features' as const, names: summary.newFeatures },
    { kind: 'teams' as const, names: summary.newTeams },
  ].filter(({ names }) => names.length > 0);
  if (groups.length === 0) return null;
  return (
    <div>
      <Text fw={600} size="sm" component="h3" m={0}>
        {done ? strings.summary.newTitleDone : strings.summary.newTitle}
      </Text>
      {groups.map(({ kind, names }) => (
        <details key={kind} className={classes['names']}>
          <summary>{strings.summary.newNames[kind]({ count: names.length })}</summary>
          {names.slice(0, namesShownMax).join(', ')}
          {names.length > namesShownMax
            ? ` ${strings.summary.moreNames({ count: formatCount(names.length - namesShownMax) })}`
            : ''}
        </details>
      ))}
    </div>
  );
}

interface PriceGapsProps {
  readonly summary: ImportSummary;
  readonly workspace: WorkspaceView;
}

/** Features whose metered credits are far from the catalogue's price. [C6] */
export function PriceGaps({ summary, workspace }: PriceGapsProps) {
  const words = strings.summary.gaps;
  const nameById = new Map(workspace.features.map((feature) => [feature.id, feature.name]));
  return (
    <Section title={words.title} description={words.body} flush>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{words.feature}</Table.Th>
            <Table.Th scope="col" ta="end">
              {words.metered}
            </Table.Th>
            <Table.Th scope="col" ta="end">
              {words.listed}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {summary.priceGaps.map((gap) => (
            <Table.Tr key={gap.featureId}>
              <Table.Th scope="row" fw={500}>
                {nameById.get(gap.featureId) ?? gap.featureId}
              </Table.Th>
              <Table.Td ta="end">{formatCredits(gap.metered)}</Table.Td>
              <Table.Td ta="end">{formatCredits(gap.listed)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}

type Rejected = ImportSummary['rejected'][number];

/** Every row that is left out, with its line, its column and what is wrong. */
export function RejectedRows({ summary }: { readonly summary: ImportSummary }) {
  const words = strings.summary.rejected;
  const isCut = summary.rejectedTotal > summary.rejected.length;
  return (
    <Section
      title={words.title({ count: formatCount(summary.rejectedTotal) })}
      description={isCut ? `${words.body} ${words.first({ count: formatCount(summary.rejected.length) })}` : words.body}
      flush
    >
      <DataTable
        label={words.title({ count: formatCount(summary.rejectedTotal) })}
        columns={rejectedColumns}
        rows={summary.rejected}
        rowKey={(row) => `${row.line}/${row.column}/${row.message}`}
        initialSort={{ id: 'line' }}
        heightMax={420}
      />
    </Section>
  );
}

const rejectedColumns: readonly DataColumn<Rejected>[] = [
  {
    id: 'line',
    header: strings.summary.rejected.line,
    width: 90,
    numeric: true,
    sortBy: (row) => row.line,
    cell: (row) => formatCount(row.line),
  },
  {
    id: 'column',
    header: strings.summary.rejected.column,
    width: 170,
    sortBy: (row) => row.column,
    cell: (row) => row.column,
  },
  { id: 'message', header: strings.summary.rejected.message, cell: (row) => row.message },
];
