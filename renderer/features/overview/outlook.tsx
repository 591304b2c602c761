import { Group, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { OverviewView } from '../../../shared/bridge/views.ts';
import { sum, toApproximateNumber } from '../../../shared/kernel/credits.ts';
import type { Instant } from '../../../shared/kernel/instant.ts';
import { dayOf } from '../../../shared/kernel/time-zone.ts';
import { bridge } from '../../app/bridge.ts';
import { gaugeOf } from '../../charts/gauge-model.ts';
import {
  formatCount,
  formatCredits,
  formatDayOf,
  formatEstimate,
  formatDayRange,
  formatMoney,
  formatShare,
  formatChance,
} from '../../ui/figures.tsx';
import { AnchorLink } from '../../ui/links.tsx';
import { isTight, paceOf, runOutOf, type Pace, type RunOut } from '../../ui/outlook.ts';
import { Section } from '../../ui/section.tsx';
import { Fact } from './fact-list.tsx';
import { shareOfPrevious } from './overview-model.ts';
import classes from './overview.module.css';
import { strings } from './strings.ts';

interface OutlookProps {
  readonly view: OverviewView;
  readonly zone: string;
}

/** How fast it goes, where it ends, when it runs out, and how that compares: each as far as the history bears. */
export function Outlook({ view, zone }: OutlookProps) {
  return (
    <Section title={strings.outlookTitle}>
      <dl className={classes['answers']}>
        <RunOutFact view={view} zone={zone} />
        <LastsFact view={view} />
        <EndFact view={view} />
        <PaceFact view={view} />
        <PreviousFact view={view} />
      </dl>
      <OutlookNote view={view} zone={zone} />
      {isTight(view.forecast, view.balance) ? <NextSteps view={view} /> : null}
    </Section>
  );
}

/** What the outlook rests on, and how often it was right. */
function OutlookNote({ view, zone }: OutlookProps) {
  const { workspaceId } = view;
  // Once a day, when another day is over, and when what was used on earlier ones becomes another.
  const today = dayOf(view.asOf, zone);
  const usedBefore = sum(view.days.filter(({ date }) => date < today).map((day) => day.credits));
  const record = useQuery({
    queryKey: ['forecast-record', workspaceId, today, usedBefore],
    queryFn: () => bridge.forecast.record({ workspaceId }),
    enabled: view.forecast.quality === 'full',
    placeholderData: keepPreviousData,
  });
  const [toReset] = record.data?.lines ?? [];
  return (
    <Text size="xs" c="dimmed" mt="md" component="div">
      {strings.outlookNote}{' '}
      {toReset === undefined || record.data === undefined
        ? null
        : toReset.count >= record.data.needed
          ? strings.record({
              inside: formatCount(toReset.inside),
              count: formatCount(toReset.count),
              share: formatShare(toReset.inside / toReset.count),
            })
          : strings.recordSoon({ count: formatCount(toReset.count), needed: formatCount(record.data.needed) })}
      <div>
        <AnchorLink to="/w/$workspaceId/forecast" params={{ workspaceId }} size="xs">
          {strings.how}
        </AnchorLink>
      </div>
    </Text>
  );
}

/** Whether the credits last until the reset, and what it means where they do not. */
function LastsFact({ view }: { readonly view: OverviewView }) {
  const { runOut, shortfall, quality } = view.forecast;
  const { label } = strings.lasts;
  if (runOut === null || shortfall === null) {
    return <Fact large label={label} value={strings.lasts.none} detail={strings.lasts.noneDetail} />;
  }
  return (
    <Fact
      large
      label={label}
      value={strings.lasts.chance({ share: formatChance(1 - runOut.probability) })}
      detail={shortLines(shortfall, view.limit).map((line) => (
        <div key={line}>{line}</div>
      ))}
      badge={quality === 'early' ? strings.runOut.early : undefined}
    />
  );
}

function shortLines(
  { mean, p90, pack }: NonNullable<OverviewView['forecast']['shortfall']>,
  limit: OverviewView['limit'],
): readonly string[] {
  const text = strings.lasts[limit];
  if (mean < 1) return [text.nothing];
  const about = formatEstimate(mean);
  if (p90 < 1) return [text.seldom({ mean: about })];
  return [
    text.short({ mean: about, most: formatEstimate(Math.max(mean, p90)) }),
    text.means,
    ...(pack === null
      ? []
      : [
          strings.lasts.pack({ name: pack.name, credits: formatCredits(pack.credits), price: formatMoney(pack.price) }),
        ]),
  ];
}

/** What can be done about credits that do not last: more of them, or a word with who uses them. */
function NextSteps({ view }: { readonly view: OverviewView }) {
  const { workspaceId } = view;
  return (
    <Group gap="md" mt="xs">
      <AnchorLink to="/w/$workspaceId/subscription" params={{ workspaceId }} size="sm">
        {strings.next.packs}
      </AnchorLink>
      <AnchorLink to="/w/$workspaceId/credits-usage" params={{ workspaceId }} search={{ period: 'month' }} size="sm">
        {strings.next.who}
      </AnchorLink>
    </Group>
  );
}

function PaceFact({ view }: { readonly view: OverviewView }) {
  const pace = paceOf(view.forecast, view.balance.available);
  if (pace === null) {
    return <Fact large label={strings.pace.label} value={strings.pace.none} detail={strings.pace.noneDetail} />;
  }
  return (
    <Fact
      large
      label={strings.pace.label}
      value={strings.pace.perDay({ credits: formatEstimate(pace.perDay) })}
      detail={paceDetail(pace)}
    />
  );
}

function paceDetail({ verdict, difference, sustainable }: Pace): string {
  if (sustainable === null || verdict === 'unknown') return strings.pace.unknown;
  if (sustainable === 0) return strings.pace.nothingLeft;
  const bearable = formatEstimate(sustainable);
  switch (verdict) {
    case 'faster':
      if (difference >= 1)
        return strings.pace.timesFaster({ times: formatEstimate(1 + difference), sustainable: bearable });
      return strings.pace.faster({ share: formatShare(difference), sustainable: bearable });
    case 'slower':
      return strings.pace.slower({ share: formatShare(difference), sustainable: bearable });
    case 'level':
      return strings.pace.level({ sustainable: bearable });
  }
}

function EndFact({ view }: { readonly view: OverviewView }) {
  const end = view.forecast.endOfPeriod;
  if (end === null) {
    return <Fact large label={strings.end.label} value={strings.end.none} detail={strings.end.noneDetail} />;
  }
  const over = end.p50 - toApproximateNumber(gaugeOf(view.balance).capacity);
  const early = view.forecast.quality === 'early';
  const [low, high] = [formatEstimate(end.p10), formatEstimate(end.p90)];
  const details = [
    early ? strings.end.spanDetail : strings.end.range({ low, high }),
    // Bursts pull the mean away from the middle: it is the figure to plan the cost with.
    ...(Math.abs(end.mean - end.p50) > 0.02 * end.p50 ? [strings.end.mean({ credits: formatEstimate(end.mean) })] : []),
    ...(over > 0.5 ? [strings.end.over({ credits: formatEstimate(over) })] : []),
  ];
  return (
    <Fact
      large
      label={strings.end.label}
      value={early ? strings.end.span({ low, high }) : strings.end.value({ credits: formatEstimate(end.p50) })}
      detail={details.join('; ')}
      badge={early ? strings.runOut.early : undefined}
    />
  );
}

function RunOutFact({ view, zone }: OutlookProps) {
  const runOut = runOutOf(view.forecast, view.balance.available);
  const day = {
    of: (at: Instant) => formatDayOf(at, zone),
    range: (from: Instant, to: Instant) => formatDayRange(from, to, zone),
  };
  const early = (runOut.kind === 'date' || runOut.kind === 'not-in-sight') && runOut.early;
  return (
    <Fact
      large
      label={strings.runOut.label}
      value={runOutValue(runOut, day)}
      detail={runOutDetail(runOut, view, day).map((line) => (
        <div key={line}>{line}</div>
      ))}
      badge={early ? strings.runOut.early : undefined}
    />
  );
}

interface FormatDays {
  readonly of: (at: Instant) => string;
  readonly range: (from: Instant, to: Instant) => string;
}

function runOutValue(runOut: RunOut, day: FormatDays): string {
  switch (runOut.kind) {
    case 'no-history':
      return strings.runOut.noHistory;
    case 'used-up':
      return strings.runOut.usedUp;
    case 'pace-only':
      return strings.runOut.paceOnly;
    case 'not-in-sight':
      return strings.runOut.notInSight;
    case 'date':
      if (runOut.middle !== null) return strings.runOut.around({ day: day.of(runOut.middle) });
      return runOut.to === null
        ? strings.runOut.fromOn({ from: day.of(runOut.from) })
        : day.range(runOut.from, runOut.to);
  }
}

/** The range, and what it counts on; the chance stands beside it. */
function runOutDetail(runOut: RunOut, view: OverviewView, day: FormatDays): readonly string[] {
  switch (runOut.kind) {
    case 'no-history':
      return [strings.runOut.noHistoryDetail];
    case 'used-up':
      return [
        view.limit === 'soft' ? strings.runOut.usedUpSoft : strings.runOut.usedUpHard({ reset: day.of(view.resetAt) }),
      ];
    case 'pace-only':
      return [strings.runOut.paceOnlyDetail];
    case 'not-in-sight':
      return [strings.runOut.notInSightDetail];
    case 'date': {
      // A plan that ended has no allotment to come.
      const counts = view.planEndedAt === null && (runOut.middle ?? runOut.from) >= view.resetAt;
      const after = counts ? [strings.runOut.afterReset] : [];
      const range =
        runOut.to === null
          ? [strings.runOut.rangeOpenDetail({ from: day.of(runOut.from) })]
          : runOut.middle === null
            ? []
            : [strings.runOut.rangeDetail({ range: day.range(runOut.from, runOut.to) })];
      return [...range, ...after];
    }
  }
}

function PreviousFact({ view }: { readonly view: OverviewView }) {
  const { previousPeriodUsed } = view;
  if (previousPeriodUsed === null) {
    return (
      <Fact large label={strings.previous.label} value={strings.previous.none} detail={strings.previous.noneDetail} />
    );
  }
  const share = shareOfPrevious(view.balance.used, previousPeriodUsed);
  return (
    <Fact
      large
      label={strings.previous.label}
      value={formatCredits(previousPeriodUsed)}
      detail={share === null ? strings.previous.unused : strings.previous.share({ share: formatShare(share) })}
    />
  );
}
