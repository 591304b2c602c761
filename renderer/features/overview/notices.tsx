import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconCalendarOff, IconScale } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import type { OverviewView } from '../../../shared/bridge/views.ts';
import { negate } from '../../../shared/kernel/credits.ts';
import { bridge } from '../../app/bridge.ts';
import { formatCredits, formatDayOf, formatMoment } from '../../ui/figures.tsx';
import { AnchorLink } from '../../ui/links.tsx';
import { issuesByPath, ProblemAlert } from '../../ui/problem-alert.tsx';
import { ReasonField } from '../../ui/fields.tsx';
import { strings as shared } from '../../ui/strings.ts';
import { strings } from './strings.ts';

interface NoticesProps {
  readonly view: OverviewView;
  readonly workspaceId: string;
  readonly zone: string;
}

/** What must be known before the figures are read: an ended plan, and a difference to what the platform says. */
export function Notices({ view, workspaceId, zone }: NoticesProps) {
  const { planEndedAt, drift } = view;
  return (
    <>
      {planEndedAt === null ? null : (
        <Alert
          variant="light"
          color="amber"
          icon={<IconCalendarOff aria-hidden />}
          title={strings.planEnded.title({ day: formatDayOf(planEndedAt, zone) })}
        >
          {strings.planEnded.body}{' '}
          <AnchorLink to="/w/$workspaceId/subscription" params={{ workspaceId }} size="sm">
            {strings.planEnded.open}
          </AnchorLink>
        </Alert>
      )}
      {drift === null || drift.credits === 0 ? null : (
        <DriftNotice drift={drift} workspaceId={workspaceId} zone={zone} />
      )}
    </>
  );
}

interface DriftNoticeProps {
  readonly drift: NonNullable<OverviewView['drift']>;
  readonly workspaceId: string;
  readonly zone: string;
}

/** Drift is shown, and booked as a correction only when a person confirms it. [G13] */
function DriftNotice({ drift, workspaceId, zone }: DriftNoticeProps) {
  const [opened, { open, close }] = useDisclosure(false);
  const title =
    drift.credits > 0
      ? strings.drift.title({ credits: formatCredits(drift.credits) })
      : strings.drift.titleLess({ credits: formatCredits(negate(drift.credits)) });
  return (
    <Alert variant="light" color="amber" icon={<IconScale aria-hidden />} title={title}>
      <Group justify="space-between" align="flex-end" gap="sm">
        <Text size="sm" flex="1 1 280px">
          {strings.drift.body({ at: formatMoment(drift.at, zone) })}
        </Text>
        <Button size="xs" variant="default" onClick={open}>
          {strings.drift.book}
        </Button>
      </Group>
      <Modal opened={opened} onClose={close} title={strings.drift.bookTitle}>
        <DriftForm workspaceId={workspaceId} readingId={drift.readingId} onDone={close} />
      </Modal>
    </Alert>
  );
}

interface DriftFormProps {
  readonly workspaceId: string;
  readonly readingId: string;
  readonly onDone: () => void;
}

function DriftForm({ workspaceId, readingId, onDone }: DriftFormProps) {
  const [reason, setReason] = useState<string>(strings.drift.reasonDefault);
  const booking = useMutation({
    mutationFn: () => bridge.readings.confirmDrift({ workspaceId, readingId, reason }),
    onSuccess: () => {
      notifications.show({ color: 'petrol', message: strings.drift.booked });
      onDone();
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    booking.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <ReasonField value={reason} onChange={setReason} error={issuesByPath(booking.error)['reason']} data-autofocus />
        <ProblemAlert error={booking.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            {shared.cancel}
          </Button>
          <Button type="submit" loading={booking.isPending}>
            {strings.drift.confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
