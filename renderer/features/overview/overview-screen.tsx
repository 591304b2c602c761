import { Badge, Group, Stack, Text } from '@mantine/core';
import { IconArrowDownToArc, IconArrowRight, IconArrowsSplit, IconGauge, IconPencilPlus } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { OverviewView, WorkspaceView } from '../../../shared/bridge/views.ts';
import { dayOf } from '../../../shared/kernel/time-zone.ts';
import { bridge } from '../../app/bridge.ts';
import { BreakdownChart } from '../../charts/breakdown-chart.tsx';
import type { BurnInput } from '../../charts/burn-model.ts';
import { gaugeOf } from '../../charts/gauge-model.ts';
import { PeriodChart } from '../../charts/period-chart.tsx';
import { useLive } from '../../hooks/use-live.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatCount, formatCredits, formatDayOf, formatMoment, formatSpan } from '../../ui/figures.tsx';
import { AnchorLink, ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { isFlagged, OpenHolds } from '../../ui/open-holds.tsx';
import { strings as holdStrings } from '../../ui/open-holds-strings.ts';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { BalancePanel } from './balance-panel.tsx';
import { Notices } from './notices.tsx';
import { Outlook } from './outlook.tsx';
import { isFirstUse } from './overview-model.ts';
import classes from './overview.module.css';
import { PoolsPanel } from './pools-panel.tsx';
import { RecentActivity } from './recent-activity.tsx';
import { strings } from './strings.ts';
import { UseByDay } from './use-by-day.tsx';

/** One glance: what is left, how fast it goes, when it runs out, what used it, and what waits for an answer. */
export function OverviewScreen() {
  const workspace = useWorkspace();
  const workspaceId = workspace.id;
  const { data, error, retry } = useLive(['overview', workspaceId], (signal) =>
    bridge.overview.live({ workspaceId }, { signal }),
  );
  return (
    <Page
      title={strings.title}
      description={data === undefined ? undefined : <Subtitle view={data} workspace={workspace} />}
      actions={
        <>
          <ButtonLink
            to="/w/$workspaceId/what-if"
            params={{ workspaceId }}
            variant="default"
            leftSection={<IconArrowsSplit size={16} aria-hidden />}
          >
            {strings.whatIf}
          </ButtonLink>
          <Actions workspaceId={workspaceId} />
        </>
      }
    >
      <ProblemAlert error={error} onRetry={retry} />
      {data === undefined ? (
        error === null || error === undefined ? (
          <Loading blocks={[260, 320, 220]} />
        ) : null
      ) : (
        <OverviewBody view={data} workspace={workspace} />
      )}
    </Page>
  );
}

interface OverviewProps {
  readonly view: OverviewView;
  readonly workspace: WorkspaceView;
}

function Subtitle({ view, workspace }: OverviewProps) {
  const plan = `${workspace.platformName}, ${view.planName}`;
  return (
    <Group gap="xs">
      <span>
        {view.lastUpdatedAt === null
          ? strings.descriptionEmpty({ plan })
          : strings.description({ plan, updated: formatMoment(view.lastUpdatedAt, workspace.timeZone) })}
      </span>
      {workspace.sample ? (
        <Badge variant="light" color="amber">
          {strings.sample}
        </Badge>
      ) : null}
    </Group>
  );
}

function Actions({ workspaceId }: { readonly workspaceId: string }) {
  return (
    <>
      <ButtonLink
        to="/w/$workspaceId/import"
        params={{ workspaceId }}
        variant="default"
        leftSection={<IconArrowDownToArc size={16} aria-hidden />}
      >
        {strings.importFile}
      </ButtonLink>
      <ButtonLink
        to="/w/$workspaceId/log"
        params={{ workspaceId }}
        leftSection={<IconPencilPlus size={16} aria-hidden />}
      >
        {strings.logUsage}
      </ButtonLink>
    </>
  );
}

function OverviewBody({ view, workspace }: OverviewProps) {
  const zone = workspace.timeZone;
  const workspaceId = workspace.id;
  const first = isFirstUse(view);
  return (
    <Stack gap="md" className={classes['body'] ?? ''}>
      <Notices view={view} workspaceId={workspaceId} zone={zone} />
      {first ? <FirstUse view={view} workspaceId={workspaceId} /> : null}
      <div className={classes['top']}>
        <BalancePanel view={view} workspaceId={workspaceId} zone={zone} />
        <Outlook view={view} zone={zone} />
      </div>
      {view.openHolds.length > 0 ? <HoldsPanel view={view} zone={zone} /> : null}
      {view.pools.length > 1 ? (
        <PoolsPanel pools={view.pools} period={formatSpan(view.periodFirstDay, view.periodLastDay)} />
      ) : null}
      {first ? null : <History view={view} workspace={workspace} />}
    </Stack>
  );
}

function History({ view, workspace }: OverviewProps) {
  const zone = workspace.timeZone;
  const workspaceId = workspace.id;
  const burn = useMemo(
    (): BurnInput => ({
      days: view.days,
      periodFirstDay: view.periodFirstDay,
      periodLastDay: view.periodLastDay,
      today: dayOf(view.asOf, zone),
      used: view.balance.used,
      // Too short a history bears no projection, in figures or drawn.
      band: view.forecast.endOfPeriod === null ? [] : view.forecast.band,
      unusualDays: view.unusualDays,
    }),
    [view, zone],
  );
  return (
    <>
      <div className={classes['wide']}>
        <PeriodChart burn={burn} allotted={view.balance.allotted} capacity={gaugeOf(view.balance).capacity} />
        <BreakdownChart
          title={strings.features.title}
          description={strings.features.description}
          period={formatSpan(view.periodFirstDay, view.periodLastDay)}
          rows={view.topFeatures}
          controls={
            <ButtonLink
              to="/w/$workspaceId/credits-usage"
              params={{ workspaceId }}
              size="compact-sm"
              variant="subtle"
              rightSection={<IconArrowRight size={16} aria-hidden />}
            >
              {strings.features.all}
            </ButtonLink>
          }
          empty={
            <Text size="sm" c="dimmed">
              {strings.features.empty}
            </Text>
          }
          renderName={(row) => (
            <AnchorLink
              to="/w/$workspaceId/ledger"
              params={{ workspaceId }}
              search={{
                ...(row.id === null ? {} : { feature: row.id }),
                from: view.periodFirstDay,
                to: view.periodLastDay,
              }}
              size="sm"
              c="inherit"
            >
              {row.name}
            </AnchorLink>
          )}
        />
      </div>
      <div className={classes['wide']}>
        <UseByDay burn={burn} older={<OlderUse view={view} workspace={workspace} />} />
        <RecentActivity rows={view.recent} workspaceId={workspaceId} zone={zone} />
      </div>
    </>
  );
}

/** Where the charts have no day with use, the way to the last one there was. */
function OlderUse({ view, workspace }: OverviewProps) {
  const last = view.recent.find((row) => row.kind !== 'grant');
  if (last === undefined || view.days.some((day) => day.credits !== 0)) return null;
  return (
    <AnchorLink to="/w/$workspaceId/ledger" params={{ workspaceId: workspace.id }} size="sm">
      {strings.older({ day: formatDayOf(last.occurredAt, workspace.timeZone) })}
    </AnchorLink>
  );
}

function HoldsPanel({ view, zone }: { readonly view: OverviewView; readonly zone: string }) {
  const flagged = view.openHolds.filter((hold) => isFlagged(hold, view.asOf)).length;
  return (
    <Section
      title={holdStrings.title({ count: formatCount(view.openHolds.length) })}
      description={flagged > 0 ? strings.holdsFlagged({ count: formatCount(flagged) }) : holdStrings.description}
    >
      <OpenHolds holds={view.openHolds} asOf={view.asOf} zone={zone} />
    </Section>
  );
}

function FirstUse({ view, workspaceId }: { readonly view: OverviewView; readonly workspaceId: string }) {
  const { available } = view.balance;
  return (
    <Section title={strings.first.title}>
      <EmptyState
        icon={<IconGauge size={24} />}
        title={available > 0 ? strings.first.left({ credits: formatCredits(available) }) : strings.first.noGrants}
        action={
          <Group gap="xs" mt="xs" justify="center">
            {available > 0 ? null : (
              <ButtonLink to="/w/$workspaceId/subscription" params={{ workspaceId }} variant="light">
                {strings.first.openSubscription}
              </ButtonLink>
            )}
            <Actions workspaceId={workspaceId} />
          </Group>
        }
      >
        {available > 0 ? strings.first.body : strings.first.noGrantsBody}
      </EmptyState>
    </Section>
  );
}
