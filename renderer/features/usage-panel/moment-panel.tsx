import { CloseButton, Group, List, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { searchOfLedger, type UsageSearch } from '../../../shared/analytics/view-link.ts';
import type { UsageMomentView } from '../../../shared/bridge/usage-panel-views.ts';
import type { BreakdownRow } from '../../../shared/bridge/views.ts';
import type { Credits } from '../../../shared/kernel/credits.ts';
import { bridge } from '../../app/bridge.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { formatCredits, formatMoment } from '../../ui/figures.tsx';
import { creditsOfLine, personOf, titleOfLine } from '../../ui/ledger-words.ts';
import { ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { eventText } from './event-text.ts';
import { nameOfBucket } from './history-panel.tsx';
import { strings } from './strings.ts';
import { windowGiven } from './usage-state.ts';

interface MomentPanelProps {
  readonly workspaceId: string;
  readonly search: UsageSearch;
  /** The first instant of the bar. */
  readonly start: number;
  /** Of the whole window: when it moves, this is asked for again. */
  readonly credits: Credits;
  readonly onClose: () => void;
}

/** What happened within one bar: what explains a spike. */
export function MomentPanel({ workspaceId, search, start, credits, onClose }: MomentPanelProps) {
  const { timeZone } = useWorkspace();
  const given = { workspaceId, ...windowGiven(search), start };
  const { data, error, refetch } = useQuery({
    queryKey: ['usage-moment', given, credits],
    queryFn: () => bridge.usagePanel.moment(given),
    placeholderData: (before) => (before?.bucket.start === start ? before : undefined),
  });
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => close.current?.focus(), []);
  return (
    <Section
      title={
        data === undefined ? strings.history.title : strings.moment.title({ when: nameOfBucket(data.bucket, timeZone) })
      }
      description={data === undefined ? undefined : factsOf(data)}
      actions={<CloseButton ref={close} aria-label={strings.moment.close} onClick={onClose} />}
    >
      <ProblemAlert error={error} onRetry={() => void refetch()} />
      {data === undefined ? error === null ? <Loading blocks={[160]} /> : null : <Moment view={data} />}
    </Section>
  );
}

function factsOf({ bucket, lines }: UsageMomentView): string {
  return `${formatCredits(bucket.credits)} · ${strings.moment.lines({ count: lines })}`;
}

function Moment({ view }: { readonly view: UsageMomentView }) {
  const { id: workspaceId, timeZone } = useWorkspace();
  const { bucket, events, largest } = view;
  return (
    <Stack gap="md">
      {events.length === 0 ? null : (
        <Part title={strings.moment.events}>
          <List size="sm" listStyleType="disc">
            {events.map((event) => (
              <List.Item key={`${event.kind}/${event.at}/${eventText(event)}`}>
                {`${formatMoment(event.at, timeZone)}: ${eventText(event)}`}
              </List.Item>
            ))}
          </List>
        </Part>
      )}
      {view.byFeature.length === 0 ? <Text size="sm">{strings.moment.none}</Text> : null}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }} spacing="md">
        <Rows title={strings.moment.features} rows={view.byFeature} />
        <Rows title={strings.moment.teams} rows={view.byTeam} />
        {view.byUser === null ? null : <Rows title={strings.moment.users} rows={view.byUser} />}
        {largest.length === 0 ? null : (
          <Part title={strings.moment.largest}>
            <Stack gap={4}>
              {largest.map((row) => (
                <Line
                  key={row.id}
                  name={`${titleOfLine(row)} · ${personOf(row)}`}
                  hint={formatMoment(row.occurredAt, timeZone)}
                  figure={creditsOfLine(row)}
                />
              ))}
            </Stack>
          </Part>
        )}
      </SimpleGrid>
      <Group>
        <ButtonLink
          to="/w/$workspaceId/ledger"
          params={{ workspaceId }}
          search={searchOfLedger({ from: bucket.firstDay, to: bucket.lastDay })}
          variant="default"
          size="compact-sm"
        >
          {strings.moment.inLedger}
        </ButtonLink>
      </Group>
    </Stack>
  );
}

function Rows({ title, rows }: { readonly title: string; readonly rows: readonly BreakdownRow[] }) {
  if (rows.length === 0) return null;
  return (
    <Part title={title}>
      <Stack gap={4}>
        {rows.map((row) => (
          <Line key={row.id ?? ''} name={row.name} figure={formatCredits(row.credits)} />
        ))}
      </Stack>
    </Part>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <Title order={3} size="sm" mb={6}>
        {title}
      </Title>
      {children}
    </div>
  );
}

interface LineProps {
  readonly name: string;
  readonly hint?: string;
  readonly figure: string;
}

function Line({ name, hint, figure }: LineProps) {
  return (
    <Group justify="space-between" gap="sm" wrap="nowrap" align="baseline">
      <Text size="sm" style={{ overflowWrap: 'anywhere', minWidth: 0 }}>
        {name}
        {hint === undefined ? null : (
          <Text span display="block" size="xs" c="dimmed">
            {hint}
          </Text>
        )}
      </Text>
      <Text size="sm" fw={600} style={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}>
        {figure}
      </Text>
    </Group>
  );
}
