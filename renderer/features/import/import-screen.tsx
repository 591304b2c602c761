import { Alert, Button, Progress, Stack, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconAlertTriangle, IconCheck, IconFileTypeCsv } from '@tabler/icons-react';
import { useState } from 'react';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { personLocale } from '../../i18n/language.ts';
import { formatCount, formatShare } from '../../ui/figures.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import type { ImportState, Progress as ImportProgress } from './import-flow.ts';
import { ImportResult } from './import-summary.tsx';
import classes from './import.module.css';
import { MappingForm } from './mapping-form.tsx';
import { strings } from './strings.ts';
import { useImport, type Import } from './use-import.ts';

/** A file becomes transactions: chosen, read, checked without booking, and booked when the person says so. */
export function ImportScreen() {
  const workspace = useWorkspace();
  const run = useImport(workspace);
  return (
    <Page title={strings.title} description={strings.description}>
      <Steps step={run.state.step} />
      <Stack gap="md">
        <Body run={run} />
      </Stack>
    </Page>
  );
}

function Body({ run }: { readonly run: Import }) {
  const workspace = useWorkspace();
  const { state } = run;
  switch (state.step) {
    case 'choose':
      return <ChooseFile error={state.error} onChoose={run.choose} />;
    case 'uploading':
      return <Uploading fileName={state.fileName} progress={state.progress} onCancel={run.restart} />;
    case 'mapping':
      return <MappingForm state={state} zone={workspace.timeZone} onCheck={run.check} onRestart={run.restart} />;
    case 'checking':
      return (
        <Section title={strings.running.reading}>
          <Running label={strings.running.reading} progress={state.progress} />
        </Section>
      );
    case 'booking':
      return (
        <Section title={strings.running.booking} description={strings.running.stay}>
          <Running label={strings.running.booking} progress={state.progress} />
        </Section>
      );
    case 'summary':
    case 'done':
      return <ImportResult state={state} workspace={workspace} run={run} />;
  }
}

const stepOf: Readonly<Record<ImportState['step'], 0 | 1 | 2>> = {
  choose: 0,
  uploading: 0,
  mapping: 1,
  checking: 1,
  summary: 1,
  booking: 2,
  done: 2,
};

function Steps({ step }: { readonly step: ImportState['step'] }) {
  const current = stepOf[step];
  return (
    <ol className={classes['stepper']} aria-label={strings.stepsLabel}>
      {[strings.steps.choose, strings.steps.check, strings.steps.book].map((name, index) => (
        <li key={name} {...(index === current ? { 'aria-current': 'step' as const } : {})}>
          <span className={classes['number']} aria-hidden>
            {index < current || step === 'done' ? <IconCheck size={14} /> : formatCount(index + 1)}
          </span>
          {name}
        </li>
      ))}
    </ol>
  );
}

interface ChooseFileProps {
  readonly error: unknown;
  readonly onChoose: (file: File) => void;
}

function ChooseFile({ error, onChoose }: ChooseFileProps) {
  const [rejected, setRejected] = useState(false);
  return (
    <>
      <ProblemAlert error={error} />
      {rejected ? (
        <Alert role="alert" variant="light" color="amber" icon={<IconAlertTriangle aria-hidden />}>
          {strings.choose.oneFile}
        </Alert>
      ) : null}
      <Section title={strings.choose.title}>
        {/* The button inside is what the keyboard and screen readers meet; its click, like any inside, opens the dialog. */}
        <Dropzone
          multiple={false}
          activateOnKeyboard={false}
          enablePointerEvents
          inputProps={{ 'aria-hidden': true }}
          onReject={() => setRejected(true)}
          onDrop={([file]) => {
            if (file !== undefined) onChoose(file);
          }}
        >
          <Stack align="center" gap="xs" className={classes['drop'] ?? ''}>
            <IconFileTypeCsv size={40} stroke={1.3} aria-hidden />
            <Text fw={600}>{strings.choose.drop}</Text>
            <Button variant="default">{strings.choose.label}</Button>
            <Text size="sm" c="dimmed" maw={520}>
              {strings.choose.hint}
            </Text>
          </Stack>
        </Dropzone>
      </Section>
    </>
  );
}

interface UploadingProps {
  readonly fileName: string;
  readonly progress: ImportProgress;
  readonly onCancel: () => void;
}

function Uploading({ fileName, progress, onCancel }: UploadingProps) {
  const title = strings.upload.title({ file: fileName });
  const isSent = progress.done >= progress.total;
  return (
    <Section
      title={title}
      actions={
        <Button size="xs" variant="default" onClick={onCancel}>
          {strings.upload.cancel}
        </Button>
      }
    >
      <Bar label={title} progress={progress} />
      <Text size="sm" c="dimmed" mt={6}>
        {isSent
          ? strings.upload.inspecting
          : strings.upload.progress({ done: formatBytes(progress.done), total: formatBytes(progress.total) })}
      </Text>
    </Section>
  );
}

function Running({ label, progress }: { readonly label: string; readonly progress: ImportProgress }) {
  const { unit, done, total } = progress;
  return (
    <>
      <Bar label={label} progress={progress} />
      <Text size="sm" c="dimmed" mt={6}>
        {total === 0
          ? strings.running.starting
          : unit === 'bytes'
            ? strings.running.read({ share: formatShare(Math.min(1, done / total)) })
            : strings.running.progress({ done: formatCount(done), total: formatCount(total) })}
      </Text>
    </>
  );
}

function Bar({ label, progress }: { readonly label: string; readonly progress: ImportProgress }) {
  const share = progress.total > 0 ? Math.min(100, (progress.done / progress.total) * 100) : 0;
  return (
    <Progress.Root size="lg">
      <Progress.Section value={share} aria-label={label} />
    </Progress.Root>
  );
}

/** `1.2 MB`, in the person's locale. */
function formatBytes(bytes: number): string {
  const unit = bytes >= 1_000_000 ? ('megabyte' as const) : ('kilobyte' as const);
  return new Intl.NumberFormat(personLocale(), {
    style: 'unit',
    unit,
    maximumFractionDigits: unit === 'megabyte' ? 1 : 0,
  }).format(bytes / (unit === 'megabyte' ? 1_000_000 : 1_000));
}
