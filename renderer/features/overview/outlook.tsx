import { Text } from '@mantine/core';
import type { OverviewView } from '../../../shared/bridge/views.ts';
import { toApproximateNumber } from '../../../shared/kernel/credits.ts';
import type { Instant } from '../../../shared/kernel/instant.ts';
import { gaugeOf } from '../../charts/gauge-model.ts';
import { formatCredits, formatDayOf, formatEstimate, formatShare } from '../../ui/figures.tsx';
import { Section } from '../../ui/section.tsx';
import { Fact } from './fact-list.tsx';
import { paceOf, runOutOf, shareOfPrevious, type Pace, type RunOut } from './overview-model.ts';
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
        <EndFact view={view} />
        <PaceFact view={view} />
        <PreviousFact view={view} />
      </dl>
      <Text size="xs" c="dimmed" mt="md">
        {strings.outlookNote}
      </Text>
    </Section>
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
      value={strings.pace.perDay(formatEstimate(pace.perDay))}
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
      return strings.pace.faster(formatShare(difference), bearable);
    case 'slower':
      return strings.pace.slower(formatShare(difference), bearable);
    case 'level':
      return strings.pace.level(bearable);
  }
}

function EndFact({ view }: { readonly view: OverviewView }) {
  const end = view.forecast.endOfPeriod;
  if (end === null) {
    return <Fact large label={strings.end.label} value={strings.end.none} detail={strings.end.noneDetail} />;
  }
  const over = end.p50 - toApproximateNumber(gaugeOf(view.balance).capacity);
  const details = [
    strings.end.range(formatEstimate(end.p10), formatEstimate(end.p90)),
    ...(over > 0.5 ? [strings.end.over(formatEstimate(over))] : []),
  ];
  return (
    <Fact
      large
      label={strings.end.label}
      value={strings.end.value(formatEstimate(end.p50))}
      detail={details.join('; ')}
      badge={view.forecast.quality === 'early' ? strings.runOut.early : undefined}
    />
  );
}

function RunOutFact({ view, zone }: OutlookProps) {
  const runOut = runOutOf(view.forecast, view.balance.available);
  const day = (at: Instant) => formatDayOf(at, zone);
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

type FormatInstant = (at: Instant) => string;

function runOutValue(runOut: RunOut, day: FormatInstant): string {
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
      if (runOut.middle !== null) return strings.runOut.around(day(runOut.middle));
      return runOut.to === null
        ? strings.runOut.fromOn(day(runOut.from))
        : strings.runOut.between(day(runOut.from), day(runOut.to));
  }
}

/** Range and probability, each a line of its own. */
function runOutDetail(runOut: RunOut, view: OverviewView, day: FormatInstant): readonly string[] {
  const chance = (probability: number) => strings.runOut.probability(formatShare(probability), day(view.resetAt));
  switch (runOut.kind) {
    case 'no-history':
      return [strings.runOut.noHistoryDetail];
    case 'used-up':
      return [view.limit === 'soft' ? strings.runOut.usedUpSoft : strings.runOut.usedUpHard(day(view.resetAt))];
    case 'pace-only':
      return [strings.runOut.paceOnlyDetail];
    case 'not-in-sight':
      return [strings.runOut.notInSightDetail, chance(runOut.probability)];
    case 'date': {
      if (runOut.to === null) return [strings.runOut.rangeOpenDetail(day(runOut.from)), chance(runOut.probability)];
      if (runOut.middle === null) return [chance(runOut.probability)];
      return [strings.runOut.rangeDetail(day(runOut.from), day(runOut.to)), chance(runOut.probability)];
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
      detail={share === null ? strings.previous.unused : strings.previous.share(formatShare(share))}
    />
  );
}
