import { Stack, Text } from '@mantine/core';
import { IconArrowLeft, IconRulerMeasure } from '@tabler/icons-react';
import type { ReadingsView, ReadingView } from '../../../shared/bridge/reading-views.ts';
import { bridge } from '../../app/bridge.ts';
import { useLive } from '../../hooks/use-live.ts';
import { useDirectory, useWorkspace } from '../../hooks/use-workspace.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { CreditsText, formatMoment, Moment } from '../../ui/figures.tsx';
import { AnchorLink, ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { StackedTable, type Column } from '../../ui/stacked-table.tsx';
import { StateBadge } from './state-badge.tsx';
import { strings } from './strings.ts';

/** What the platform said, each time, beside the ledger. [G13] */
export function ReadingsScreen() {
  const { id: workspaceId } = useWorkspace();
  const { data, error, retry } = useLive(['readings', workspaceId], (signal) =>
    bridge.readings.live({ workspaceId }, { signal }),
  );
  return (
    <Page
      title={strings.title}
      description={strings.description}
      actions={
        <>
          <ButtonLink
            to="/w/$workspaceId/subscription"
            params={{ workspaceId }}
            variant="default"
            leftSection={<IconArrowLeft size={16} aria-hidden />}
          >
            {strings.back}
          </ButtonLink>
          <AddReading />
        </>
      }
    >
      {data === undefined ? (
        error === null ? (
          <Loading blocks={[220]} />
        ) : (
          <ProblemAlert error={error} onRetry={retry} />
        )
      ) : (
        <Readings view={data} />
      )}
    </Page>
  );
}

function AddReading() {
  const { id: workspaceId } = useWorkspace();
  const { isAdmin } = useDirectory();
  if (!isAdmin) return null;
  return (
    <ButtonLink to="/w/$workspaceId/subscription" params={{ workspaceId }} search={{ do: 'reading' }}>
      {strings.add}
    </ButtonLink>
  );
}

function Readings({ view }: { readonly view: ReadingsView }) {
  const { id: workspaceId, timeZone } = useWorkspace();
  const { list } = strings;
  if (view.readings.length === 0) {
    return (
      <EmptyState icon={<IconRulerMeasure size={22} />} title={strings.empty.title} action={<AddReading />}>
        {strings.empty.body}
      </EmptyState>
    );
  }
  const columns: readonly Column<ReadingView>[] = [
    {
      id: 'at',
      header: list.at,
      cell: ({ id, at }) => (
        <AnchorLink
          to="/w/$workspaceId/subscription/readings/$readingId"
          params={{ workspaceId, readingId: id }}
          aria-label={list.open({ moment: formatMoment(at, timeZone) })}
          size="sm"
        >
          <Moment at={at} zone={timeZone} />
        </AnchorLink>
      ),
    },
    { id: 'used', header: list.used, numeric: true, whole: true, cell: ({ used }) => <CreditsText value={used} /> },
    {
      id: 'ledger',
      header: list.ledger,
      numeric: true,
      whole: true,
      cell: (row) => <CreditsText value={row.ledger} />,
    },
    {
      id: 'drift',
      header: list.drift,
      numeric: true,
      whole: true,
      cell: ({ drift }) => <CreditsText value={drift} signed />,
    },
    { id: 'state', header: list.state, cell: (reading) => <StateBadge reading={reading} /> },
  ];
  return (
    <Section title={list.label} flush>
      <StackedTable label={list.label} columns={columns} rows={view.readings} rowKey={({ id }) => id} />
      {view.more === 0 ? null : (
        <Stack p="md" pt={0}>
          <Text size="sm" c="dimmed">
            {list.more({ count: view.more })}
          </Text>
        </Stack>
      )}
    </Section>
  );
}
