import { Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import type { ChangeView, SubscriptionView } from '../../../shared/bridge/views.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { DataTable, type DataColumn } from '../../ui/data-table.tsx';
import { formatMoment, Moment } from '../../ui/figures.tsx';
import { Section } from '../../ui/section.tsx';
import { strings } from './strings.ts';

const text = strings.history;

/** Who changed what, when, from what to what, and why. */
export function HistorySection({ view }: { readonly view: SubscriptionView }) {
  const { timeZone } = useWorkspace();
  const changes = useMemo(
    () =>
      [...view.changes, ...view.bookedReadings, ...view.alertChanges].toSorted(
        (left, right) => right.recordedAt - left.recordedAt,
      ),
    [view.changes, view.bookedReadings, view.alertChanges],
  );
  const columns = useMemo<readonly DataColumn<ChangeView>[]>(
    () => [
      {
        id: 'when',
        header: text.when,
        width: 170,
        sortBy: ({ effectiveFrom }) => effectiveFrom,
        cell: (change) => (
          <span title={text.recorded({ moment: formatMoment(change.recordedAt, timeZone) })}>
            <Moment at={change.effectiveFrom} zone={timeZone} />
          </span>
        ),
      },
      { id: 'what', header: text.what, cell: (change) => <Summary change={change} /> },
      {
        id: 'who',
        header: text.who,
        width: '18%',
        wideOnly: true,
        sortBy: ({ authorName }) => authorName ?? '',
        cell: ({ authorName }) => authorName ?? text.nobody,
      },
      { id: 'reason', header: text.reason, width: '24%', wideOnly: true, cell: ({ reason }) => reason ?? '–' },
    ],
    [timeZone],
  );
  return (
    <Section title={text.section} description={text.hint} flush={changes.length > 0}>
      {changes.length === 0 ? (
        <Text size="sm" c="dimmed">
          {text.empty}
        </Text>
      ) : (
        <Stack gap={0}>
          <DataTable label={text.section} columns={columns} rows={changes} rowKey={({ id }) => id} heightMax={420} />
        </Stack>
      )}
    </Section>
  );
}

/** Where the window is narrow, who and why stand below what. */
function Summary({ change }: { readonly change: ChangeView }) {
  const details = [change.authorName ?? text.nobody, ...(change.reason === null ? [] : [change.reason])].join(' · ');
  return (
    <>
      {change.summary}
      <Text size="xs" c="dimmed" hiddenFrom="md">
        {details}
      </Text>
    </>
  );
}
