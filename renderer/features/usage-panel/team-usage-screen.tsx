import { Badge, Group, Stack, Text } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { UsageSearch } from '../../../shared/analytics/view-link.ts';
import type { TeamUsageView } from '../../../shared/bridge/usage-panel-views.ts';
import { bridge } from '../../app/bridge.ts';
import { BreakdownChart } from '../../charts/breakdown-chart.tsx';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { formatCredits, formatShare, formatSpan } from '../../ui/figures.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { strings } from './strings.ts';
import { windowGiven } from './usage-state.ts';
import { CopyLink, Updated, WindowControls } from './window-controls.tsx';

const route = '/w/$workspaceId/credits-usage/teams/$teamId';
const text = strings.team;

/** A team by itself, one that was deleted too. [A5] */
export function TeamUsageScreen() {
  const { id: workspaceId } = useWorkspace();
  const { teamId } = useParams({ from: route });
  const search = useSearch({ from: route });
  const navigate = useNavigate({ from: route });
  const given = { workspaceId, team: teamId, ...windowGiven(search) };
  const { data, error, refetch } = useQuery({
    queryKey: ['usage-team', given],
    queryFn: () => bridge.usagePanel.team(given),
    placeholderData: (before) => (before?.id === teamId ? before : undefined),
  });
  return (
    <Page
      title={data?.name ?? strings.breakdown.team}
      description={data === undefined ? undefined : <Updated at={data.lastUpdatedAt} />}
      actions={
        <>
          <CopyLink page={`teams/${teamId}`} search={search} />
          <ButtonLink
            to="/w/$workspaceId/credits-usage/teams"
            params={{ workspaceId }}
            search={search}
            variant="default"
            leftSection={<IconArrowLeft size={16} aria-hidden />}
          >
            {strings.breakdown.all.team}
          </ButtonLink>
        </>
      }
    >
      <Stack gap="md">
        <WindowControls
          search={search}
          window={data?.window}
          onChange={(next: UsageSearch) => void navigate({ search: next, replace: true })}
        />
        <ProblemAlert error={error} onRetry={() => void refetch()} />
        {data === undefined ? error === null ? <Loading blocks={[220]} /> : null : <Team view={data} />}
      </Stack>
    </Page>
  );
}

function Team({ view }: { readonly view: TeamUsageView }) {
  const period = formatSpan(view.window.first, view.window.last);
  return (
    <>
      <Group gap="sm">
        <Text size="xl" fw={700}>
          {formatCredits(view.total)}
        </Text>
        <Text size="sm" c="dimmed">
          {`${strings.total} · ${text.share({ share: formatShare(Math.max(view.share, 0)) })} · ${text.people({ count: view.people })}`}
        </Text>
        {view.deleted ? (
          <Badge variant="light" color="gray">
            {strings.list.deleted}
          </Badge>
        ) : null}
      </Group>
      {view.deleted ? <Text size="sm">{text.deleted}</Text> : null}
      <BreakdownChart
        title={text.features}
        period={period}
        rows={view.byFeature}
        empty={<Text size="sm">{strings.empty}</Text>}
      />
      {view.byUser === null ? null : (
        <BreakdownChart
          title={text.peopleTitle}
          description={text.peopleHint}
          period={period}
          rows={view.byUser}
          empty={<Text size="sm">{text.peopleNone}</Text>}
        />
      )}
    </>
  );
}
