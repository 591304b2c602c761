import { Badge, Group, Skeleton, VisuallyHidden } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { HomeFigures } from '../../../shared/bridge/home-views.ts';
import { negate, noCredits, toApproximateNumber } from '../../../shared/kernel/credits.ts';
import type { HomeSort, Sorting } from '../../hooks/home-search.ts';
import {
  formatChance,
  formatCredits,
  formatDayOf,
  formatEstimate,
  formatShare,
  formatDayRange,
} from '../../ui/figures.tsx';
import { AnchorLink } from '../../ui/links.tsx';
import { MeterBar } from '../../ui/meter-bar.tsx';
import { isTight, paceOf, type Pace, type RunOut } from '../../ui/outlook.ts';
import { Section } from '../../ui/section.tsx';
import { syncStateOf } from '../../ui/sync-words.ts';
import { gaugeFor, runOutFor, sortedWorkspaces, type ListedWorkspace } from './home-model.ts';
import { Figure, HomeTable, type HomeColumn } from './home-table.tsx';
import { strings } from './strings.ts';

const text = strings.credits;

interface CreditsSectionProps {
  readonly rows: readonly ListedWorkspace[];
  readonly sorting: Sorting<HomeSort>;
  readonly onSort: (sorting: Sorting<HomeSort>) => void;
}

/** What is left, how fast it goes and when it runs out, of each workspace in the credits of its platform. */
export function CreditsSection({ rows, sorting, onSort }: CreditsSectionProps) {
  return (
    <Section title={text.title} description={text.hint}>
      <HomeTable
        label={text.title}
        columns={columns}
        rows={sortedWorkspaces(rows, sorting)}
        sorting={sorting}
        onSort={onSort}
      />
    </Section>
  );
}

const columns: readonly HomeColumn<HomeSort>[] = [
  { id: 'name', header: text.columns.name, cell: (row) => <WorkspaceName row={row} /> },
  { id: 'left', header: text.columns.left, cell: withFigures(Left) },
  { id: 'run-out', header: text.columns['run-out'], cell: withFigures(RunsOut) },
  { id: 'pace', header: text.columns.pace, cell: withFigures(PaceFigure) },
  { id: 'drift', header: text.columns.drift, cell: withFigures(Drift) },
  { id: 'alerts', header: text.columns.alerts, cell: withFigures(Alerts) },
  { id: 'sync', header: text.columns.sync, cell: (row) => <Sync row={row} /> },
];

export function WorkspaceName({ row }: { readonly row: ListedWorkspace }) {
  const { id, name, platformName, planName, sample, arriving, figures, timeZone } = row;
  const endedAt = figures === null || figures === 'failed' ? null : figures.planEndedAt;
  return (
    <Figure
      value={
        <Group gap={6} wrap="nowrap">
          <AnchorLink to="/w/$workspaceId/overview" params={{ workspaceId: id }} fw={600} miw={0} title={name}>
            <bdi>{name === '' ? text.arriving : name}</bdi>
          </AnchorLink>
          {sample ? (
            <Badge size="xs" variant="light" color="amber" flex="none">
              {text.sample}
            </Badge>
          ) : null}
        </Group>
      }
      hint={
        arriving
          ? text.arriving
          : endedAt === null
            ? `${platformName} · ${planName}`
            : `${platformName} · ${text.planEnded({ day: formatDayOf(endedAt, timeZone) })}`
      }
    />
  );
}

interface FiguresProps {
  readonly row: ListedWorkspace;
  readonly figures: HomeFigures;
}

/** A cell that waits for the figures of its line in a place of the same height. */
export function withFigures(Cell: (props: FiguresProps) => ReactNode): (row: ListedWorkspace) => ReactNode {
  return function cell(row) {
    if (row.arriving) return text.unknown;
    if (row.figures === 'failed') return <Figure look value={text.failed} hint={text.failedHint} />;
    if (row.figures === null) {
      return (
        <div aria-busy>
          <VisuallyHidden>{text.pending}</VisuallyHidden>
          <Skeleton height={14} width="70%" mb={6} />
          <Skeleton height={11} width="90%" />
        </div>
      );
    }
    return <Cell row={row} figures={row.figures} />;
  };
}

function Left({ row, figures }: FiguresProps) {
  const model = gaugeFor(figures);
  const capacity = Math.max(toApproximateNumber(model.capacity), 1e-6);
  const more = [
    ...(model.overage > noCredits ? [text.over({ credits: formatCredits(model.overage) })] : []),
    ...(model.held > noCredits ? [text.held({ credits: formatCredits(model.held) })] : []),
  ];
  return (
    <Figure
      look={model.overage > noCredits}
      value={text.left({ available: formatCredits(model.available), capacity: formatCredits(model.capacity) })}
      hint={
        <>
          <MeterBar
            label={text.meter({ name: row.name })}
            free={toApproximateNumber(model.available) / capacity}
            held={toApproximateNumber(model.held) / capacity}
          />
          {[text.unit({ platform: row.platformName }), ...more].join(' · ')}
        </>
      }
    />
  );
}

function PaceFigure({ figures }: FiguresProps) {
  const pace = paceOf(figures.forecast, figures.balance.available);
  if (pace === null) return <Figure quiet value={strings.pace.none} hint={strings.pace.noneHint} />;
  return <Figure value={strings.pace.perDay({ credits: formatEstimate(pace.perDay) })} hint={paceHint(pace)} />;
}

function paceHint({ verdict, difference, sustainable }: Pace): string {
  if (sustainable === null || verdict === 'unknown') return strings.pace.unknown;
  if (sustainable === 0) return strings.pace.nothingLeft;
  if (verdict === 'level') return strings.pace.level;
  if (verdict === 'slower') return strings.pace.slower({ share: formatShare(difference) });
  return difference >= 1
    ? strings.pace.timesFaster({ times: formatEstimate(1 + difference) })
    : strings.pace.faster({ share: formatShare(difference) });
}

function RunsOut({ row, figures }: FiguresProps) {
  const { forecast, balance, limit, planEndedAt } = figures;
  const runOut = runOutFor(figures);
  const resetOn = formatDayOf(forecast.resetAt, row.timeZone);
  const tight = isTight(forecast, balance);
  const early = (runOut.kind === 'date' || runOut.kind === 'not-in-sight') && runOut.early;
  return (
    <Figure
      look={tight}
      quiet={runOut.kind === 'no-history' || runOut.kind === 'pace-only'}
      value={
        <>
          {tight ? (
            <IconAlertTriangle size={14} aria-hidden style={{ verticalAlign: '-2px', marginInlineEnd: 4 }} />
          ) : null}
          {runOutValue(runOut, row.timeZone)}
        </>
      }
      hint={
        <>
          {runOutHint(runOut, { limit, resetOn, hasReset: planEndedAt === null })}
          {early ? <div>{strings.runOut.early}</div> : null}
        </>
      }
    />
  );
}

function runOutValue(runOut: RunOut, zone: string): string {
  const words = strings.runOut;
  switch (runOut.kind) {
    case 'no-history':
      return words.noHistory;
    case 'used-up':
      return words.usedUp;
    case 'pace-only':
      return words.paceOnly;
    case 'not-in-sight':
      return words.notInSight;
    case 'date':
      if (runOut.middle !== null) return words.around({ day: formatDayOf(runOut.middle, zone) });
      if (runOut.to === null) return words.fromOn({ day: formatDayOf(runOut.from, zone) });
      return formatDayRange(runOut.from, runOut.to, zone);
  }
}

function runOutHint(
  runOut: RunOut,
  given: { readonly limit: HomeFigures['limit']; readonly resetOn: string; readonly hasReset: boolean },
): string {
  const words = strings.runOut;
  switch (runOut.kind) {
    case 'no-history':
      return words.noHistoryHint;
    case 'used-up':
      return given.limit === 'soft' ? words.usedUpSoft : words.usedUpHard({ day: given.resetOn });
    case 'pace-only':
      return words.paceOnlyHint;
    case 'not-in-sight':
    case 'date':
      return given.hasReset ? words.lasts({ share: formatChance(1 - runOut.probability), day: given.resetOn }) : '';
  }
}

function Drift({ row, figures }: FiguresProps) {
  const words = strings.drift;
  const { drift } = figures;
  if (drift === null) return <Figure quiet value={words.none} />;
  const at = words.at({ day: formatDayOf(drift.at, row.timeZone) });
  if (drift.credits === noCredits) return <Figure quiet value={words.agrees} hint={at} />;
  const amount =
    drift.credits > noCredits
      ? words.more({ credits: formatCredits(drift.credits) })
      : words.less({ credits: formatCredits(negate(drift.credits)) });
  return (
    <Figure
      look
      value={
        <AnchorLink to="/w/$workspaceId/subscription" params={{ workspaceId: row.id }} c="inherit">
          {amount}
        </AnchorLink>
      }
      hint={at}
    />
  );
}

function Alerts({ row, figures: { alerts } }: FiguresProps) {
  if (alerts === 0) return <Figure quiet value={strings.alerts.none} />;
  return (
    <AnchorLink
      to="/w/$workspaceId/alerts"
      params={{ workspaceId: row.id }}
      aria-label={strings.alerts.of({ count: alerts, name: row.name })}
      fw={600}
    >
      {strings.alerts.new({ count: alerts })}
    </AnchorLink>
  );
}

function Sync({ row }: { readonly row: ListedWorkspace }) {
  const { shared, timeZone, name } = row;
  if (shared === null) return <Figure quiet value={strings.sync.local} />;
  const { label, mood } = syncStateOf({
    sync: shared.sync,
    serverName: shared.server.organisationName,
    zone: timeZone,
  });
  return (
    <Figure
      look={mood === 'stopped' || mood === 'look'}
      value={
        <AnchorLink
          to="/w/$workspaceId/sync"
          params={{ workspaceId: row.id }}
          aria-label={strings.sync.of({ state: label, name })}
          c="inherit"
        >
          {label}
        </AnchorLink>
      }
    />
  );
}
