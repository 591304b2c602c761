import { Badge, Stack, Text } from '@mantine/core';
import { IconScale } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { PlanComparison, PlatformComparison } from '../../../shared/bridge/advice-views.ts';
import { bridge } from '../../app/bridge.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import {
  formatCount,
  formatCredits,
  formatCreditsWithUnit,
  formatDay,
  formatList,
  formatMoney,
  formatShare,
} from '../../ui/figures.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { FeatureMatches } from './feature-matches.tsx';
import { PlanPrices } from './plan-prices.tsx';
import { Figure, StackedTable, type Column } from '../../ui/stacked-table.tsx';
import { strings } from './strings.ts';
import { useAdvice } from './use-advice.ts';
import classes from './what-if.module.css';

const text = strings.compare;

/** What was used lately, on every plan of this platform, and on others where features are matched. */
export function CompareSection() {
  const { id: workspaceId } = useWorkspace();
  const question = useMemo(() => ({ workspaceId }), [workspaceId]);
  const { view, stale, error, retry } = useAdvice('compare', question, bridge.advice.compare);
  if (view === undefined) {
    return error === null ? <Loading blocks={[300, 160]} /> : <ProblemAlert error={error} onRetry={retry} />;
  }
  if (view.used <= 0) {
    return (
      <Section title={text.title}>
        <EmptyState icon={<IconScale size={24} />} title={text.empty}>
          {text.emptyHint}
        </EmptyState>
      </Section>
    );
  }
  const days = `${formatDay(view.from)} – ${formatDay(view.to)}`;
  return (
    <Stack gap="md" className={stale ? (classes['stale'] ?? '') : ''} aria-busy={stale}>
      <Section
        title={text.title}
        description={text.description({ days, used: formatCreditsWithUnit(view.used) })}
        flush
      >
        <PlansTable platform={view.here} />
        <Text size="xs" c="dimmed" px="md" pb="md" pt="xs" maw={780}>
          {text.note}
        </Text>
      </Section>
      {view.others.map((platform) => (
        <Elsewhere key={platform.platform} platform={platform} />
      ))}
      <FeatureMatches view={view} />
      <PlanPrices platforms={[view.here, ...view.others]} own={view.here.platform} />
    </Stack>
  );
}

function Elsewhere({ platform }: { readonly platform: PlatformComparison }) {
  const { unpriced } = platform;
  return (
    <Section
      title={text.elsewhere({ platform: platform.platformName })}
      description={[
        text.covered({ share: formatShare(platform.covered) }),
        ...(unpriced.length === 0 ? [] : [text.unpriced({ names: formatList(unpriced) })]),
        text.otherUnit,
      ].join(' ')}
      flush
    >
      <PlansTable platform={platform} />
    </Section>
  );
}

function PlansTable({ platform }: { readonly platform: PlatformComparison }) {
  const isHere = platform.plans.some(({ present }) => present);
  const columns: readonly Column<PlanComparison>[] = [
    {
      id: 'plan',
      header: text.columns.plan,
      cell: (plan) => (
        <>
          <Text component="span" fw={600}>
            {plan.planName}
          </Text>
          {plan.present ? (
            <Badge size="sm" variant="light" ms={6}>
              {text.present}
            </Badge>
          ) : null}
          {plan.problem === null ? null : <div className={classes['cellHint']}>{plan.problem}</div>}
        </>
      ),
    },
    {
      id: 'allotted',
      header: text.columns.allotted,
      numeric: true,
      cell: ({ replay }) => (replay === null ? '–' : formatCredits(replay.allotted)),
    },
    ...(isHere
      ? []
      : [
          {
            id: 'used',
            header: text.columns.used,
            numeric: true,
            cell: ({ replay }: PlanComparison) => (replay === null ? '–' : formatCredits(replay.used)),
          },
        ]),
    { id: 'short', header: text.columns.short, numeric: true, cell: (plan) => <Short plan={plan} /> },
    { id: 'packs', header: text.columns.packs, cell: (plan) => <Packs plan={plan} /> },
    { id: 'cost', header: text.columns.cost, cell: (plan) => <PlanCost plan={plan} /> },
  ];
  const title = isHere ? text.title : text.elsewhere({ platform: platform.platformName });
  return <StackedTable label={title} columns={columns} rows={platform.plans} rowKey={({ planId }) => planId} />;
}

interface PlanProps {
  readonly plan: PlanComparison;
}

function Short({ plan: { replay, limit } }: PlanProps) {
  if (replay === null) return '–';
  if (replay.short <= 0) return <Figure value={text.nothing} />;
  const periods = text.inPeriods({
    some: formatCount(replay.shortPeriods),
    all: text.periods({ count: replay.periods }),
  });
  const unattributed =
    replay.unattributed > 0 ? `; ${text.unattributed({ credits: formatCredits(replay.unattributed) })}` : '';
  return <Figure value={formatCredits(replay.short)} hint={`${text[limit]}, ${periods}${unattributed}`} />;
}

function Packs({ plan: { replay, packs } }: PlanProps) {
  if (replay === null) return '–';
  if (replay.short <= 0) return text.nothing;
  if (!replay.packs.ok) return <span className={classes['cellHint']}>{text.packProblems[replay.packs.error]}</span>;
  return (
    <Figure
      value={formatList(packs.map(({ packName, count }) => text.pack({ count: formatCount(count), name: packName })))}
      hint={formatCreditsWithUnit(replay.packs.value.credits)}
    />
  );
}

function PlanCost({ plan: { replay, limit } }: PlanProps) {
  if (replay === null) return '–';
  const packs = replay.packs.ok ? replay.packs.value : null;
  const known = [
    ...(replay.planCost === null ? [] : [text.plan({ money: formatMoney(replay.planCost) })]),
    ...(packs === null || packs.price === null ? [] : [text.packCost({ money: formatMoney(packs.price) })]),
  ];
  const unknown = [
    ...(replay.planCost === null ? [text.planOpen] : []),
    ...(replay.short > 0 && (packs === null || packs.price === null)
      ? [limit === 'soft' ? text.overageOpen : text.packsOpen]
      : []),
  ];
  return <Figure value={known.length === 0 ? '–' : formatList(known)} hint={unknown.join('; ')} />;
}
