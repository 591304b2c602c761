import { Alert, Group, Text } from '@mantine/core';
import { IconCalendarOff, IconScale } from '@tabler/icons-react';
import type { OverviewView } from '../../../shared/bridge/views.ts';
import { negate } from '../../../shared/kernel/credits.ts';
import { formatCredits, formatDayOf, formatMoment } from '../../ui/figures.tsx';
import { AnchorLink, ButtonLink } from '../../ui/links.tsx';
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

/** Drift is shown, and booked as a correction only when a person confirms it, where its causes are looked at. [G13] */
function DriftNotice({ drift, workspaceId, zone }: DriftNoticeProps) {
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
        <ButtonLink
          to="/w/$workspaceId/subscription/readings/$readingId"
          params={{ workspaceId, readingId: drift.readingId }}
          size="xs"
          variant="default"
        >
          {strings.drift.explain}
        </ButtonLink>
      </Group>
    </Alert>
  );
}
