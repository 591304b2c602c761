import { Badge, Text } from '@mantine/core';
import { IconArrowsSplit } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { OutcomeRow, WhatIfView } from '../../../shared/bridge/advice-views.ts';
import type { CostGap } from '../../../shared/advice/cost.ts';
import type { Outcome, Prospect } from '../../../shared/advice/what-if.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import {
  formatChance,
  formatCredits,
  formatDayOf,
  formatDayRange,
  formatEstimate,
  formatList,
  formatMoney,
} from '../../ui/figures.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { AnchorLink } from '../../ui/links.tsx';
import { Section } from '../../ui/section.tsx';
import { comparedWith, runOutOf, shortOf } from './outcome-model.ts';
import { strings } from './strings.ts';
import classes from './what-if.module.css';

const text = strings.outcomes;

interface OutcomesProps {
  readonly view: WhatIfView;
  readonly stale: boolean;
}

/** Today and what would be, each a card with the same figures in the same places. */
export function Outcomes({ view, stale }: OutcomesProps) {
  const { poolScope } = useWorkspace();
  const today = view.rows.find(({ id }) => id === 'today')?.outcome ?? null;
  const tried = view.rows.length > 1;
  if (today?.quality === 'none') {
    return (
      <Section title={text.title}>
        <EmptyState icon={<IconArrowsSplit size={24} />} title={text.noUse}>
          {text.noUseHint}
        </EmptyState>
      </Section>
    );
  }
  // What was asked for stands beside today, and its parts follow.
  const rows = [...view.rows.slice(0, 1), ...view.rows.slice(1).toReversed()];
  return (
    <Section title={text.title} description={tried ? strings.hint : text.empty}>
      <ul className={classes['outcomes']} data-stale={stale} aria-busy={stale}>
        {rows.map((row) => (
          <Card key={row.id} row={row} view={view} today={today} />
        ))}
      </ul>
      <Text size="xs" c="dimmed" mt="md" maw={780}>
        {poolScope === 'member' ? `${text.perMember} ` : ''}
        {text.method}
      </Text>
    </Section>
  );
}

interface CardProps {
  readonly row: OutcomeRow;
  readonly view: WhatIfView;
  readonly today: Outcome | null;
}

function Card({ row, view, today }: CardProps) {
  const { outcome } = row;
  const several = view.rows.length > 2;
  const title = several ? text.rows[row.id] : text.only[row.id];
  const leading = row.id !== 'today' && row === view.rows.at(-1);
  return (
    <li className={classes['outcome']} data-leading={leading}>
      <Text fw={650} component="h3" m={0} size="md">
        {title}
        {outcome?.quality === 'early' ? (
          <Badge size="sm" variant="light" color="amber" ms={6}>
            {text.early}
          </Badge>
        ) : null}
      </Text>
      {outcome === null ? (
        <Text size="sm">{row.problem}</Text>
      ) : (
        <Figures outcome={outcome} view={view} today={row.id === 'today' ? null : today} />
      )}
    </li>
  );
}

interface FiguresProps {
  readonly outcome: Outcome;
  readonly view: WhatIfView;
  /** null on the card of today itself. */
  readonly today: Outcome | null;
}

function Figures({ outcome, view, today }: FiguresProps) {
  const { timeZone: zone } = useWorkspace();
  const [now, later] = outcome.prospects;
  const { limit } = view;
  const end = outcome.endOfPeriod;
  return (
    <dl className={classes['facts']}>
      <Fact
        label={text.lasts({ day: formatDayOf(now.resetAt, zone) })}
        {...chanceOf(now, today?.prospects[0] ?? null)}
      />
      <RunOutFact outcome={outcome} />
      <Fact
        label={text.use({ day: formatDayOf(now.resetAt, zone) })}
        value={end === null ? text.noDate : text.about({ credits: formatEstimate(end.p50) })}
        hint={
          end === null
            ? undefined
            : `${text.range({ low: formatEstimate(end.p10), high: formatEstimate(end.p90) })}, ${text.average({ credits: formatEstimate(end.mean) })}`
        }
      />
      <Fact label={text.short[limit]} {...shortText(now)} />
      <Fact
        label={text.lastsIn({ days: formatDayRange(later.from, later.resetAt, zone) })}
        {...chanceOf(later, today?.prospects[1] ?? null)}
      />
      <Fact label={text.allotted} value={formatCredits(later.allotted)} hint={countsFrom(outcome, zone)} />
      <Fact label={text.shortIn[limit]} {...shortText(later)} />
      <CostFact outcome={outcome} view={view} />
    </dl>
  );
}

interface FactProps {
  readonly label: string;
  readonly value: ReactNode;
  readonly hint?: ReactNode;
}

function Fact({ label, value, hint }: FactProps) {
  return (
    <div className={classes['fact']}>
      <dt>{label}</dt>
      <dd>
        <span className={classes['value']}>{value}</span>
        {hint === undefined || hint === '' ? null : <div className={classes['hint']}>{hint}</div>}
      </dd>
    </div>
  );
}

function chanceOf(prospect: Prospect, today: Prospect | null): Pick<FactProps, 'value' | 'hint'> {
  if (prospect.lasts === null) return { value: text.noDate, hint: text.noDateHint };
  const value = text.chance({ share: formatChance(prospect.lasts) });
  if (today === null || today.lasts === null) return { value };
  const compared = comparedWith(today.lasts, prospect.lasts);
  if (compared === 'same' || compared === 'unknown') return { value, hint: text.same };
  return { value, hint: `${text[compared]}, ${text.today({ share: formatChance(today.lasts) })}` };
}

function RunOutFact({ outcome }: { readonly outcome: Outcome }) {
  const { timeZone: zone } = useWorkspace();
  const runOut = runOutOf(outcome);
  switch (runOut.kind) {
    case 'no-history':
    case 'pace-only':
      return <Fact label={text.runsOut} value={text.noDate} hint={text.noDateHint} />;
    case 'not-in-sight':
      return <Fact label={text.runsOut} value={text.notInSight} />;
    case 'date': {
      const range =
        runOut.to === null
          ? text.fromOn({ day: formatDayOf(runOut.from, zone) })
          : formatDayRange(runOut.from, runOut.to, zone);
      if (runOut.middle === null) return <Fact label={text.runsOut} value={range} />;
      return (
        <Fact
          label={text.runsOut}
          value={text.around({ day: formatDayOf(runOut.middle, zone) })}
          hint={runOut.to === null ? range : text.between({ days: range })}
        />
      );
    }
  }
}

function shortText(prospect: Prospect): Pick<FactProps, 'value' | 'hint'> {
  const short = shortOf(prospect);
  switch (short.kind) {
    case 'unknown':
      return { value: text.noDate };
    case 'none':
      return { value: text.none };
    case 'perhaps':
    case 'likely': {
      const most = text.orMore({ most: formatEstimate(short.upTo) });
      return {
        value: text.expected({ credits: formatEstimate(short.mean) }),
        hint: short.kind === 'perhaps' ? text.mostlyNone({ most }) : most,
      };
    }
  }
}

function countsFrom({ planFrom, seatsFrom }: Outcome, zone: string): string | undefined {
  const parts = [
    ...(planFrom === null ? [] : [text.counts({ what: text.thePlan, day: formatDayOf(planFrom, zone) })]),
    ...(seatsFrom === null ? [] : [text.counts({ what: text.theSeats, day: formatDayOf(seatsFrom, zone) })]),
  ];
  return parts.length === 0 ? undefined : parts.join('; ');
}

function CostFact({ outcome, view }: Pick<FiguresProps, 'outcome' | 'view'>) {
  const { id: workspaceId } = useWorkspace();
  const { once, perPeriod, unknown } = outcome.cost;
  const known = [
    ...once.map((amount) => text.once({ money: formatMoney(amount) })),
    ...perPeriod.map((amount) => text.perPeriod({ money: formatMoney(amount) })),
  ];
  const gaps = unknown.map((gap) => gapText(gap, view));
  return (
    <Fact
      label={text.cost}
      value={known.length === 0 ? text.costNothing : formatList(known)}
      hint={
        gaps.length === 0 ? undefined : (
          <>
            {gaps.join('; ')}
            {unknown.some(({ kind }) => kind === 'plan-price') ? (
              <>
                {' · '}
                <AnchorLink
                  to="/w/$workspaceId/what-if"
                  params={{ workspaceId }}
                  search={{ tab: 'plans' }}
                  size="sm"
                  underline="always"
                >
                  {text.enterPrice}
                </AnchorLink>
              </>
            ) : null}
          </>
        )
      }
    />
  );
}

function gapText(gap: CostGap, { choices }: WhatIfView): string {
  switch (gap.kind) {
    case 'pack-price':
      return text.unknown['pack-price']({
        name: choices.packs.find(({ id }) => id === gap.packId)?.name ?? gap.packId,
      });
    case 'plan-price':
      return text.unknown['plan-price']({
        name: choices.plans.find(({ id }) => id === gap.planId)?.name ?? gap.planId,
      });
    case 'credits-price':
      return text.unknown['credits-price'];
    case 'overage-price':
      return text.unknown['overage-price'];
  }
}
