import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReadingDetailView } from '../../../shared/bridge/reading-views.ts';
import { noCredits, subtract, type Credits } from '../../../shared/kernel/credits.ts';
import { useDirectory } from '../../hooks/use-workspace.tsx';
import { CreditsText } from '../../ui/figures.tsx';
import { Section } from '../../ui/section.tsx';
import { Figure, StackedTable, type Column } from '../../ui/stacked-table.tsx';
import { StatedDialog } from './stated-dialog.tsx';
import { strings } from './strings.ts';

const text = strings.features;

interface Row {
  readonly id: string;
  readonly name: string;
  readonly hint?: string;
  readonly ledger: Credits | null;
  readonly stated: Credits | null;
  readonly difference: Credits | null;
}

/** The ledger by feature, beside what the platform says of each where somebody has entered it. */
export function FeaturesSection({ view }: { readonly view: ReadingDetailView }) {
  const { isAdmin } = useDirectory();
  const [opened, setOpened] = useState(false);
  const compared = view.restOfFeatures !== null;
  const rows = rowsOf(view);
  return (
    <Section
      title={text.section}
      description={text.hint}
      flush={rows.length > 0}
      actions={
        <Button
          size="xs"
          variant="default"
          disabled={!isAdmin}
          title={isAdmin ? undefined : strings.adminOnly}
          onClick={() => setOpened(true)}
        >
          {compared ? text.change : text.enter}
        </Button>
      }
    >
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          {text.empty}
        </Text>
      ) : (
        <StackedTable
          label={text.section}
          columns={compared ? [...columns, ...comparing] : columns}
          rows={rows}
          rowKey={({ id }) => id}
        />
      )}
      {opened ? <StatedDialog view={view} onClose={() => setOpened(false)} /> : null}
    </Section>
  );
}

function rowsOf({ byFeature, restOfFeatures, used }: ReadingDetailView): readonly Row[] {
  const named = byFeature.map(({ featureId, featureName, ledger, stated, difference }): Row => ({
    id: featureId ?? '',
    name: featureName ?? text.none,
    ledger,
    stated,
    difference,
  }));
  if (restOfFeatures === null) return named;
  const said = named.reduce((total, row) => subtract(total, row.stated ?? noCredits), used);
  const rest = { id: '~rest', name: text.rest, hint: text.restHint, ledger: null };
  return [...named, { ...rest, stated: said, difference: restOfFeatures }];
}

const columns: readonly Column<Row>[] = [
  { id: 'feature', header: text.feature, cell: ({ name, hint }) => <Figure value={name} hint={hint} /> },
  {
    id: 'ledger',
    header: strings.list.ledger,
    numeric: true,
    cell: ({ ledger }) => (ledger === null ? '–' : <CreditsText value={ledger} />),
  },
];

const comparing: readonly Column<Row>[] = [
  {
    id: 'stated',
    header: strings.list.used,
    numeric: true,
    cell: ({ stated }) => (stated === null ? '–' : <CreditsText value={stated} />),
  },
  {
    id: 'difference',
    header: strings.list.drift,
    numeric: true,
    cell: ({ difference }) => (difference === null ? '–' : <CreditsText value={difference} signed />),
  },
];
