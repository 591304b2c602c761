import { Stack, Text } from '@mantine/core';
import { IconGauge } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { PaceRow } from '../../../shared/bridge/advice-views.ts';
import { bridge } from '../../app/bridge.ts';
import { useDirectory, useWorkspace } from '../../hooks/use-workspace.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import {
  formatChance,
  formatCount,
  formatCredits,
  formatCreditsWithUnit,
  formatDayOf,
  formatDayRange,
  formatEstimate,
  formatShare,
} from '../../ui/figures.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { Figure, StackedTable, type Column } from '../../ui/stacked-table.tsx';
import { strings } from './strings.ts';
import { useAdvice } from './use-advice.ts';
import classes from './what-if.module.css';

const text = strings.caps;

/** Teams and people: how fast they go, and when they reach their caps. */
export function CapsSection() {
  const { id: workspaceId, teams } = useWorkspace();
  const hasTeams = teams.some(({ deleted }) => !deleted);
  const question = useMemo(() => ({ workspaceId }), [workspaceId]);
  const { view, stale, error, retry } = useAdvice('pace', question, bridge.advice.pace);
  if (view === undefined) {
    return error === null ? <Loading blocks={[200, 300]} /> : <ProblemAlert error={error} onRetry={retry} />;
  }
  return (
    <Stack gap="md" className={stale ? (classes['stale'] ?? '') : ''} aria-busy={stale}>
      <Section title={text.people} description={text.shown[view.shown]} flush actions={<SetCap />}>
        {view.people.length === 0 ? (
          <EmptyState icon={<IconGauge size={24} />} title={text.empty[view.shown]}>
            {text.emptyHint}
          </EmptyState>
        ) : (
          <PaceTable label={text.people} rows={view.people} />
        )}
        {view.more > 0 ? (
          <Text size="sm" c="dimmed" px="md" py="xs">
            {text.more({ count: formatCount(view.more) })}
          </Text>
        ) : null}
      </Section>
      <Section
        title={text.teams}
        description={view.teams.length > 0 ? text.teamsHint : hasTeams ? text.smallTeams : text.noTeams}
        flush
      >
        {view.teams.length === 0 ? null : <PaceTable label={text.teams} rows={view.teams} />}
      </Section>
    </Stack>
  );
}

function SetCap() {
  const { id: workspaceId } = useWorkspace();
  const { isAdmin, isLead } = useDirectory();
  if (!isAdmin && !isLead) return null;
  return (
    <ButtonLink
      to="/w/$workspaceId/subscription"
      params={{ workspaceId }}
      search={{ do: 'cap' }}
      size="xs"
      variant="default"
    >
      {text.set}
    </ButtonLink>
  );
}

interface PaceTableProps {
  readonly label: string;
  readonly rows: readonly PaceRow[];
}

function PaceTable({ label, rows }: PaceTableProps) {
  const columns: readonly Column<PaceRow>[] = [
    {
      id: 'name',
      header: text.name,
      cell: ({ name }) => (
        <Text component="span" fw={600}>
          {name}
        </Text>
      ),
    },
    {
      id: 'cap',
      header: text.cap,
      whole: true,
      cell: ({ cap }) =>
        cap === null ? (
          <span className={classes['cellHint']}>{text.noCap}</span>
        ) : (
          <Figure value={formatCreditsWithUnit(cap.credits)} hint={text.per[cap.per]} />
        ),
    },
    {
      id: 'used',
      header: text.used,
      numeric: true,
      whole: true,
      cell: ({ used, cap }) => (
        <Figure
          value={formatCredits(used)}
          hint={
            cap === null
              ? text.inPeriod
              : cap.credits > 0
                ? text.usedOf({ share: formatShare(used / cap.credits) })
                : undefined
          }
        />
      ),
    },
    {
      id: 'pace',
      header: text.pace,
      numeric: true,
      whole: true,
      cell: ({ pacePerDay }) =>
        pacePerDay === null ? text.noPace : text.perDay({ credits: formatEstimate(pacePerDay) }),
    },
    { id: 'reaches', header: text.reaches, cell: (row) => <Reach row={row} /> },
  ];
  return (
    <StackedTable
      label={label}
      columns={columns}
      rows={rows}
      rowKey={({ id, cap }) => `${id}/${cap === null ? '' : cap.per}`}
    />
  );
}

/** Below two weeks of use a range and no day; below one, nothing. */
function Reach({ row: { cap, used, reach, quality } }: { readonly row: PaceRow }) {
  const { timeZone: zone } = useWorkspace();
  if (cap === null) return text.nothing;
  if (used >= cap.credits) return <Figure value={text.reached} />;
  if (reach === null) return <Figure value={text.noDate} hint={text.noDateHint} />;
  const likely = text.likely({ share: formatChance(reach.probability) });
  const from = reach.p10 ?? reach.p50;
  if (from === null) return <Figure value={text.never} hint={likely} />;
  const range =
    reach.p90 === null ? text.from({ day: formatDayOf(from, zone) }) : formatDayRange(from, reach.p90, zone);
  if (quality === 'early' || reach.p50 === null) return <Figure value={range} hint={likely} />;
  return <Figure value={text.around({ day: formatDayOf(reach.p50, zone) })} hint={`${range}; ${likely}`} />;
}
