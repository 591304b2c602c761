import { SimpleGrid, Stack, Text, Tooltip } from '@mantine/core';
import { IconArrowRight, IconChartDonut, IconEyeOff } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { UsageListName, UsageSearch } from '../../../shared/analytics/view-link.ts';
import type { UsagePanelView } from '../../../shared/bridge/usage-panel-views.ts';
import type { BreakdownRow } from '../../../shared/bridge/views.ts';
import { bridge } from '../../app/bridge.ts';
import { DonutBreakdown } from '../../charts/donut-breakdown.tsx';
import { useLive } from '../../hooks/use-live.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatSpan } from '../../ui/figures.tsx';
import { AnchorLink, ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { HistoryPanel } from './history-panel.tsx';
import { MomentPanel } from './moment-panel.tsx';
import { strings } from './strings.ts';
import { windowGiven } from './usage-state.ts';
import { CopyLink, Updated, WindowControls } from './window-controls.tsx';

const route = '/w/$workspaceId/credits-usage';

/** Who and what used credits in a day, week, month or quarter. [A2] [A3] */
export function UsagePanelScreen() {
  const { id: workspaceId } = useWorkspace();
  const search = useSearch({ from: route });
  const navigate = useNavigate({ from: route });
  const given = { workspaceId, ...windowGiven(search) };
  const { data, error, retry } = useLive(['usage-panel', given], (signal) => bridge.usagePanel.live(given, { signal }));
  const change = (next: UsageSearch) => void navigate({ search: next, replace: true });
  return (
    <Page
      title={strings.title}
      description={data === undefined ? strings.description : <Updated at={data.lastUpdatedAt} />}
      actions={
        <>
          <CopyLink page="" search={search} />
          <ButtonLink to="/w/$workspaceId/subscription" params={{ workspaceId }} variant="default">
            {strings.openSubscription}
          </ButtonLink>
        </>
      }
    >
      <Stack gap="md">
        <WindowControls search={search} window={data?.window} onChange={change} />
        <ProblemAlert error={error} onRetry={retry} />
        {data === undefined ? error ? null : <Loading blocks={[340, 240]} /> : <Panel view={data} search={search} />}
      </Stack>
    </Page>
  );
}

interface PanelProps {
  readonly view: UsagePanelView;
  readonly search: UsageSearch;
}

function Panel({ view, search }: PanelProps) {
  const { workspaceId, window } = view;
  const period = formatSpan(window.first, window.last);
  const windowKey = `${window.period}/${window.first}`;
  // What was opened belongs to its window; in another one nothing is open.
  const [opened, setOpened] = useState<{ readonly windowKey: string; readonly start: number } | null>(null);
  const start = opened?.windowKey === windowKey ? opened.start : null;
  if (view.transactions === 0 && view.byFeature.length === 0) {
    return (
      <Section title={strings.history.title}>
        <EmptyState
          icon={<IconChartDonut size={22} />}
          title={strings.empty}
          action={
            <ButtonLink to="/w/$workspaceId/log" params={{ workspaceId }} variant="default">
              {strings.logUsage}
            </ButtonLink>
          }
        >
          {strings.emptyHint}
        </EmptyState>
      </Section>
    );
  }
  return (
    <>
      <HistoryPanel view={view} onOpen={(at) => setOpened({ windowKey, start: at })} />
      {start === null ? null : (
        <MomentPanel
          key={start}
          workspaceId={workspaceId}
          search={search}
          start={start}
          credits={view.total}
          onClose={() => setOpened(null)}
        />
      )}
      <SimpleGrid cols={{ base: 1, lg: 2, xl: 3 }} spacing="md">
        <Breakdown kind="feature" rows={view.byFeature} period={period} search={search} workspaceId={workspaceId} />
        <Breakdown kind="team" rows={view.byTeam} period={period} search={search} workspaceId={workspaceId} />
        {view.byUser === null ? (
          <Section title={strings.breakdown.user}>
            <EmptyState
              icon={<IconEyeOff size={22} />}
              title={view.noUsers === 'left-out' ? strings.breakdown.leftOut : strings.breakdown.role}
            />
          </Section>
        ) : (
          <Breakdown kind="user" rows={view.byUser} period={period} search={search} workspaceId={workspaceId} />
        )}
      </SimpleGrid>
    </>
  );
}

interface BreakdownProps {
  readonly kind: 'feature' | 'team' | 'user';
  readonly rows: readonly BreakdownRow[];
  readonly period: string;
  readonly search: UsageSearch;
  readonly workspaceId: string;
}

function Breakdown({ kind, rows, period, search, workspaceId }: BreakdownProps) {
  const { q: _, sort: __, order: ___, ...window } = search;
  const all = strings.breakdown.all[kind];
  return (
    <DonutBreakdown
      title={strings.breakdown[kind]}
      period={period}
      rows={rows}
      controls={
        <Tooltip label={all}>
          <ButtonLink
            to={`/w/$workspaceId/credits-usage/${listOf[kind]}`}
            params={{ workspaceId }}
            search={window}
            size="compact-sm"
            variant="subtle"
            rightSection={<IconArrowRight size={16} aria-hidden />}
          >
            {all}
          </ButtonLink>
        </Tooltip>
      }
      renderName={(row) =>
        kind === 'team' && row.id !== null && !row.id.startsWith('~') ? (
          <AnchorLink
            to="/w/$workspaceId/credits-usage/teams/$teamId"
            params={{ workspaceId, teamId: row.id }}
            search={window}
            size="sm"
          >
            {row.name}
          </AnchorLink>
        ) : (
          <Text span size="sm">
            {row.name}
          </Text>
        )
      }
    />
  );
}

const listOf: Readonly<Record<BreakdownProps['kind'], UsageListName>> = {
  feature: 'features',
  team: 'teams',
  user: 'users',
};
