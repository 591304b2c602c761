import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import type { ImportSummary } from '../../../shared/bridge/import-views.ts';
import type { WorkspaceView } from '../../../shared/bridge/views.ts';
import { dayOf } from '../../../shared/kernel/time-zone.ts';
import { formatCount, formatCredits, formatDay } from '../../ui/figures.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import type { ImportState, MappingChoice } from './import-flow.ts';
import classes from './import.module.css';
import { strings } from './strings.ts';
import { NewNames, PriceGaps, RejectedRows } from './summary-parts.tsx';
import type { Import } from './use-import.ts';

interface ImportResultProps {
  readonly state: ImportState & { readonly step: 'summary' | 'done' };
  readonly workspace: WorkspaceView;
  readonly run: Import;
}

/** What a dry run found, or what was booked: every figure, every name that is made, every row that is left out. */
export function ImportResult({ state, workspace, run }: ImportResultProps) {
  const { summary, upload, choice } = state;
  const done = state.step === 'done';
  return (
    <>
      {state.step === 'summary' ? <ProblemAlert error={state.error} /> : null}
      <Section
        title={done ? strings.summary.titleDone : strings.summary.title}
        description={strings.summary.mapping({ file: upload.fileName, mapping: nameOf(choice) })}
      >
        <Stack gap="lg">
          <Verdict summary={summary} done={done} />
          <Facts summary={summary} done={done} zone={workspace.timeZone} />
          <NewNames summary={summary} done={done} />
          {done ? (
            <AfterBooking summary={summary} workspace={workspace} onRestart={run.restart} />
          ) : (
            <BeforeBooking summary={summary} workspace={workspace} run={run} />
          )}
        </Stack>
      </Section>
      {summary.priceGaps.length > 0 ? <PriceGaps summary={summary} workspace={workspace} /> : null}
      {summary.rejectedTotal > 0 ? <RejectedRows summary={summary} /> : null}
    </>
  );
}

interface SummaryProps {
  readonly summary: ImportSummary;
  readonly done: boolean;
}

function Verdict({ summary, done }: SummaryProps) {
  const rows = (count: number) => strings.summary.rows({ count });
  if (done) {
    return (
      <Alert
        variant="light"
        color="petrol"
        role="status"
        icon={<IconCircleCheck aria-hidden />}
        title={strings.summary.doneTitle({ rows: rows(summary.booked + summary.restated) })}
      />
    );
  }
  if (summary.booked + summary.restated > 0) return null;
  return summary.duplicates > 0 ? (
    <Alert
      variant="light"
      color="petrol"
      role="status"
      icon={<IconInfoCircle aria-hidden />}
      title={strings.summary.again({ there: formatCount(summary.duplicates) })}
    >
      {strings.summary.againBody}
    </Alert>
  ) : (
    <Alert
      variant="light"
      color="amber"
      role="status"
      icon={<IconInfoCircle aria-hidden />}
      title={strings.summary.nothing}
    >
      {strings.summary.nothingBody}
    </Alert>
  );
}

function Facts({ summary, done, zone }: SummaryProps & { readonly zone: string }) {
  const { fact, detail } = strings.summary;
  const span =
    summary.from === null || summary.to === null
      ? null
      : detail.span({ from: formatDay(dayOf(summary.from, zone)), to: formatDay(dayOf(summary.to, zone)) });
  const counted = (name: string, count: number, note: string) =>
    count > 0 ? <Fact name={name} figure={formatCount(count)} note={note} /> : null;
  return (
    <dl className={classes['facts']}>
      <Fact name={fact.rows} figure={formatCount(summary.rows)} />
      <Fact name={done ? fact.booked : fact.toBook} figure={formatCount(summary.booked)} />
      <Fact name={fact.credits} figure={formatCredits(summary.credits)} />
      <Fact name={fact.span} figure={formatCount(summary.days)} note={span} />
      <Fact name={fact.members} figure={formatCount(summary.members)} />
      <Fact name={fact.features} figure={formatCount(summary.features)} />
      {counted(fact.duplicates, summary.duplicates, detail.duplicates)}
      {counted(fact.restated, summary.restated, detail.restated)}
      {counted(fact.rejected, summary.rejectedTotal, detail.rejected)}
      {counted(fact.unattributed, summary.unattributedRows, detail.unattributed)}
      {counted(fact.rounded, summary.roundedRows, detail.rounded)}
    </dl>
  );
}

interface FactProps {
  readonly name: string;
  readonly figure: string;
  readonly note?: string | null;
}

function Fact({ name, figure, note }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span className={classes['figure']}>{figure}</span>
        {note === undefined || note === null ? null : (
          <Text size="xs" c="dimmed">
            {note}
          </Text>
        )}
      </dd>
    </div>
  );
}

interface BeforeBookingProps {
  readonly summary: ImportSummary;
  readonly workspace: WorkspaceView;
  readonly run: Import;
}

function BeforeBooking({ summary, workspace, run }: BeforeBookingProps) {
  const count = summary.booked + summary.restated;
  return (
    <Group gap="xs">
      {count > 0 ? (
        <Button onClick={run.book} data-autofocus autoFocus>
          {strings.summary.book({ rows: strings.summary.rows({ count }) })}
        </Button>
      ) : summary.duplicates > 0 ? (
        <LedgerLink summary={summary} workspace={workspace} />
      ) : null}
      <Button variant="default" onClick={run.reopenMapping}>
        {strings.changeMapping}
      </Button>
      <Button variant="default" onClick={run.restart}>
        {strings.otherFile}
      </Button>
    </Group>
  );
}

interface AfterBookingProps {
  readonly summary: ImportSummary;
  readonly workspace: WorkspaceView;
  readonly onRestart: () => void;
}

function AfterBooking({ summary, workspace, onRestart }: AfterBookingProps) {
  return (
    <Group gap="xs">
      <LedgerLink summary={summary} workspace={workspace} />
      <ButtonLink to="/w/$workspaceId/overview" params={{ workspaceId: workspace.id }} variant="default">
        {strings.summary.toOverview}
      </ButtonLink>
      <Button variant="default" onClick={onRestart}>
        {strings.summary.another}
      </Button>
    </Group>
  );
}

interface LedgerLinkProps {
  readonly summary: ImportSummary;
  readonly workspace: WorkspaceView;
}

/** The ledger on the days that the file covers. */
function LedgerLink({ summary, workspace }: LedgerLinkProps) {
  const zone = workspace.timeZone;
  return (
    <ButtonLink
      to="/w/$workspaceId/ledger"
      params={{ workspaceId: workspace.id }}
      search={{
        ...(summary.from === null ? {} : { from: dayOf(summary.from, zone) }),
        ...(summary.to === null ? {} : { to: dayOf(summary.to, zone) }),
      }}
    >
      {strings.summary.toLedger}
    </ButtonLink>
  );
}

function nameOf(choice: MappingChoice): string {
  return choice.kind === 'ready' ? choice.name : strings.mapping.ownName;
}
