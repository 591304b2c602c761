import { List, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ForecastRecordView, RecordLine } from '../../../shared/bridge/forecast-views.ts';
import { bridge } from '../../app/bridge.ts';
import { RecordChart } from '../../charts/record-chart.tsx';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FigureStrip } from '../../ui/facts.tsx';
import { formatCount, formatShare } from '../../ui/figures.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { strings } from './strings.ts';

const text = strings.record;

/** How the forecast comes about, and how often it was right. */
export function ForecastScreen() {
  const { id: workspaceId } = useWorkspace();
  const record = useQuery({
    queryKey: ['forecast-record', workspaceId],
    queryFn: () => bridge.forecast.record({ workspaceId }),
    // What was booked meanwhile may be about earlier days.
    refetchOnMount: 'always',
  });
  return (
    <Page
      title={strings.title}
      description={strings.description}
      actions={
        <ButtonLink to="/w/$workspaceId/settings" params={{ workspaceId }} variant="default">
          {strings.openSettings}
        </ButtonLink>
      }
    >
      <Stack gap="md">
        {record.data === undefined ? (
          record.error === null ? (
            <Loading blocks={[160, 320]} />
          ) : (
            <ProblemAlert error={record.error} onRetry={() => void record.refetch()} />
          )
        ) : (
          <Record record={record.data} />
        )}
        <How />
      </Stack>
    </Page>
  );
}

function Record({ record }: { readonly record: ForecastRecordView }) {
  const most = record.lines.reduce((best, line) => Math.max(best, line.count), 0);
  const [toReset] = record.lines;
  return (
    <>
      <Section title={text.title} description={text.description}>
        {most === 0 || toReset === undefined ? (
          <EmptyState title={text.tooLittle}>
            {text.tooLittleBody({ count: formatCount(most), needed: formatCount(record.needed) })}
          </EmptyState>
        ) : (
          <Stack gap="md">
            {toReset.count >= record.needed ? (
              <Figures line={toReset} />
            ) : (
              <Text size="sm">
                {text.tooLittleBody({ count: formatCount(toReset.count), needed: formatCount(record.needed) })}
              </Text>
            )}
            <Lines record={record} />
          </Stack>
        )}
      </Section>
      {record.forecasts.length === 0 ? null : <RecordChart forecasts={record.forecasts} />}
    </>
  );
}

function Figures({ line }: { readonly line: RecordLine }) {
  const { count, inside, below, above, miss, plainMiss } = line;
  return (
    <FigureStrip
      facts={[
        {
          label: text.held,
          value: text.heldValue({ inside: formatCount(inside), count: formatCount(count) }),
          hint: text.heldShare({ share: formatShare(inside / count) }),
        },
        { label: text.below, value: formatCount(below), hint: text.ofForecasts },
        { label: text.above, value: formatCount(above), hint: text.ofForecasts },
        { label: text.miss, value: miss === null ? text.none : formatShare(miss), hint: text.missHint },
        {
          label: text.plainMiss,
          value: plainMiss === null ? text.none : formatShare(plainMiss),
          hint: text.plainMissHint,
        },
      ]}
    />
  );
}

/** The same by how far the forecasts reached. */
function Lines({ record }: { readonly record: ForecastRecordView }) {
  return (
    <Table.ScrollContainer minWidth={520} scrollAreaProps={{ tabIndex: 0 }}>
      <Table verticalSpacing={6} horizontalSpacing="xs" aria-label={text.short.title}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{text.short.span}</Table.Th>
            {(['count', 'held', 'below', 'above', 'miss', 'plainMiss'] as const).map((key) => (
              <Table.Th key={key} scope="col" ta="end">
                {text.short[key]}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {record.lines.map((line) => (
            <Table.Tr key={line.days ?? 'reset'}>
              <Table.Th scope="row" fw={500}>
                {line.days === null ? text.short.reset : text.short.days({ days: formatCount(line.days) })}
              </Table.Th>
              <Table.Td ta="end">{formatCount(line.count)}</Table.Td>
              <Table.Td ta="end">{heldText(line, record.needed)}</Table.Td>
              <Table.Td ta="end">{formatCount(line.below)}</Table.Td>
              <Table.Td ta="end">{formatCount(line.above)}</Table.Td>
              <Table.Td ta="end">{line.miss === null ? text.none : formatShare(line.miss)}</Table.Td>
              <Table.Td ta="end">{line.plainMiss === null ? text.none : formatShare(line.plainMiss)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** A share of a few is no share. */
function heldText({ inside, count }: RecordLine, needed: number): string {
  if (count === 0) return text.none;
  const held = text.heldValue({ inside: formatCount(inside), count: formatCount(count) });
  return count < needed ? held : `${held} (${formatShare(inside / count)})`;
}

function How() {
  const { how } = strings;
  return (
    <Section title={how.title}>
      <Stack gap="md" maw={720}>
        <List type="ordered" spacing="xs" size="sm">
          {how.steps.map((step) => (
            <List.Item key={step.name}>
              <strong>{step.name}.</strong> {step.body}
            </List.Item>
          ))}
        </List>
        {[how.thresholds, how.limits].map(({ title, lines }) => (
          <Stack key={title} gap={4}>
            <Title order={3} size="h5">
              {title}
            </Title>
            <List spacing={2} size="sm">
              {lines.map((line) => (
                <List.Item key={line}>{line}</List.Item>
              ))}
            </List>
          </Stack>
        ))}
        <Text size="sm" c="dimmed">
          {how.same}
        </Text>
      </Stack>
    </Section>
  );
}
