import { Alert, Badge, Button, Loader, Stack, Text } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { RecoveryReason, RecoveryView, RecoveryWay } from '../../../shared/bridge/recovery.ts';
import { bridge } from '../../app/bridge.ts';
import { CopyPath } from '../../ui/copy-path.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { backupsQuery, RestoreWay } from './restore-way.tsx';
import { SalvageWay } from './salvage-way.tsx';
import { strings } from './strings.ts';

interface RecoveryScreenProps {
  readonly recovery: RecoveryView;
  /** Back to data that is open for reading. */
  readonly onBack: (() => void) | undefined;
}

/** In the place of the whole app while its data is not open: what happened, what is safe, and the ways on. */
export function RecoveryScreen({ recovery, onBack }: RecoveryScreenProps) {
  const { reason, busy, mode } = recovery;
  const backups = useQuery(backupsQuery);
  const ways = proposed(recovery.ways, backups.data?.backups.length === 0);
  return (
    <Page
      title={mode === 'read-only' ? strings.readOnlyTitle : strings.title}
      width="form"
      actions={
        onBack === undefined ? undefined : (
          <Button variant="default" onClick={onBack}>
            {strings.back}
          </Button>
        )
      }
    >
      <Stack gap="md">
        <Text size="md">
          {reason === null ? null : strings.reasons[reason]} {reason === 'newer' ? strings.update : null}
        </Text>
        <Alert variant="light" color="petrol" icon={<IconShieldCheck aria-hidden />}>
          {strings.safe}
        </Alert>
        {busy === null ? null : (
          <Alert variant="light" color="amber" role="status" icon={<Loader size="xs" color="amber" aria-hidden />}>
            {strings.busy[busy]}
          </Alert>
        )}
        {ways.map((way, index) => (
          <Way key={way} way={way} file={recovery.file} reason={reason} recommended={index === 0} />
        ))}
        <Details recovery={recovery} />
      </Stack>
    </Page>
  );
}

/** Where there is no backup to restore, salvaging comes first: it is what leads on. */
function proposed(ways: readonly RecoveryWay[], withoutBackups: boolean): readonly RecoveryWay[] {
  if (!withoutBackups || ways[0] !== 'restore' || !ways.includes('salvage')) return ways;
  return ['salvage', 'restore', ...ways.filter((way) => way !== 'salvage' && way !== 'restore')];
}

interface WayProps {
  readonly file: string;
  readonly reason: RecoveryReason | null;
  /** The first one is what we would do. */
  readonly recommended: boolean;
}

function Way({ way, file, reason, recommended }: WayProps & { readonly way: RecoveryWay }) {
  switch (way) {
    case 'restore':
      return (
        <WaySection title={strings.restore.title} body={strings.restore.body} recommended={recommended}>
          <RestoreWay recommended={recommended} />
        </WaySection>
      );
    case 'salvage':
      return (
        <WaySection title={strings.salvage.title} body={strings.salvage.body} recommended={recommended}>
          <SalvageWay file={file} recommended={recommended} />
        </WaySection>
      );
    case 'open-read-only':
      return <OpenReadOnly recommended={recommended} />;
    case 'try-again':
      return <TryAgain reason={reason} recommended={recommended} />;
  }
}

interface WaySectionProps {
  readonly title: string;
  readonly body: string;
  readonly recommended: boolean;
  readonly children: ReactNode;
}

function WaySection({ title, body, recommended, children }: WaySectionProps) {
  return (
    <Section
      title={title}
      description={body}
      actions={
        recommended ? (
          <Badge variant="light" color="petrol">
            {strings.recommended}
          </Badge>
        ) : undefined
      }
    >
      {children}
    </Section>
  );
}

function OpenReadOnly({ recommended }: { readonly recommended: boolean }) {
  const opening = useMutation({ mutationFn: () => bridge.recovery.openReadOnly() });
  const text = strings.readOnly;
  return (
    <WaySection title={text.title} body={text.body} recommended={recommended}>
      <Stack gap="sm" align="flex-start">
        <Button
          variant={recommended ? 'filled' : 'default'}
          loading={opening.isPending}
          onClick={() => opening.mutate()}
        >
          {text.action}
        </Button>
        {opening.data?.mode === 'unopened' ? <StillUnopened /> : null}
        <ProblemAlert error={opening.error} />
      </Stack>
    </WaySection>
  );
}

function TryAgain({ reason, recommended }: Omit<WayProps, 'file'>) {
  const trying = useMutation({ mutationFn: () => bridge.recovery.tryAgain() });
  const text = strings.tryAgain;
  const body =
    reason === 'newer' || reason === 'disk-full' || reason === 'busy' ? text.body[reason] : text.body.default;
  return (
    <WaySection title={text.title} body={body} recommended={recommended}>
      <Stack gap="sm" align="flex-start">
        <Button variant={recommended ? 'filled' : 'default'} loading={trying.isPending} onClick={() => trying.mutate()}>
          {text.action}
        </Button>
        {trying.data?.mode === 'unopened' ? <StillUnopened /> : null}
        <ProblemAlert error={trying.error} />
      </Stack>
    </WaySection>
  );
}

function StillUnopened() {
  return (
    <Text size="sm" role="status">
      {strings.tryAgain.still}
    </Text>
  );
}

function Details({ recovery }: { readonly recovery: RecoveryView }) {
  const text = strings.details;
  const { file, dataDirectory, problem, version } = recovery;
  return (
    <Section title={text.title}>
      <Facts
        facts={[
          { label: text.folder, value: <CopyPath path={dataDirectory} />, hint: text.folderHint },
          { label: text.file, value: <CopyPath path={file} /> },
          ...(problem === null
            ? []
            : [
                {
                  label: text.message,
                  value: (
                    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                      {problem.message}
                    </Text>
                  ),
                },
              ]),
          { label: text.version, value: version },
        ]}
      />
    </Section>
  );
}
