import { Stack } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import type { ReadingDetailView } from '../../../shared/bridge/reading-views.ts';
import { instant } from '../../../shared/kernel/instant.ts';
import { bridge } from '../../app/bridge.ts';
import { useLive } from '../../hooks/use-live.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { Facts, FigureStrip } from '../../ui/facts.tsx';
import { CreditsText, formatCredits, formatDayRange, formatMoment, Moment } from '../../ui/figures.tsx';
import { AnchorLink, ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { BookSection } from './book-section.tsx';
import { CausesSection } from './causes-section.tsx';
import { DaysSection } from './days-section.tsx';
import { FeaturesSection } from './features-section.tsx';
import { StateBadge } from './state-badge.tsx';
import { strings } from './strings.ts';

const text = strings.detail;

/** One reading: how far it is from the ledger, why, and what booking the difference would do. [G13] */
export function ReadingScreen() {
  const { id: workspaceId, timeZone } = useWorkspace();
  const { readingId } = useParams({ from: '/w/$workspaceId/subscription/readings/$readingId' });
  const { data, error, retry } = useLive(['reading', workspaceId, readingId], (signal) =>
    bridge.readings.explain({ workspaceId, readingId }, { signal }),
  );
  return (
    <Page
      title={data === undefined ? strings.title : text.title({ moment: formatMoment(data.at, timeZone) })}
      description={
        data === undefined
          ? undefined
          : text.period({ days: formatDayRange(data.period.start, instant(data.period.end - 1), timeZone) })
      }
      actions={
        <ButtonLink
          to="/w/$workspaceId/subscription/readings"
          params={{ workspaceId }}
          variant="default"
          leftSection={<IconArrowLeft size={16} aria-hidden />}
        >
          {strings.all}
        </ButtonLink>
      }
    >
      {data === undefined ? (
        error === null ? (
          <Loading blocks={[88, 260, 220]} />
        ) : (
          <ProblemAlert error={error} onRetry={retry} />
        )
      ) : (
        <Stack gap="md">
          <FigureStrip facts={figuresOf(data)} />
          <CausesSection view={data} />
          <BookSection key={data.id} view={data} />
          {data.booking === null ? null : <Booked booking={data.booking} />}
          <FeaturesSection view={data} />
          <DaysSection view={data} />
        </Stack>
      )}
    </Page>
  );
}

function figuresOf(view: ReadingDetailView) {
  const { drift } = view;
  const direction = drift === 0 ? 'none' : drift > 0 ? 'more' : 'less';
  return [
    { label: text.platform, value: <CreditsText value={view.used} /> },
    { label: text.ledger, value: <CreditsText value={view.ledger} /> },
    { label: text.difference, value: <CreditsText value={drift} signed />, hint: text.differenceHint[direction] },
    { label: text.state, value: <StateBadge reading={view} /> },
  ];
}

/** The entry of the audit trail: who, when, from what to what, and why. */
function Booked({ booking }: { readonly booking: NonNullable<ReadingDetailView['booking']> }) {
  const { id: workspaceId, timeZone } = useWorkspace();
  const { booked } = strings;
  return (
    <Section title={booked.section}>
      <Facts
        facts={[
          {
            label: booked.change,
            value: booked.fromTo({
              before: formatCredits(booking.usedBefore),
              after: formatCredits(booking.usedAfter),
            }),
          },
          { label: booked.when, value: <Moment at={booking.recordedAt} zone={timeZone} /> },
          { label: booked.who, value: booking.authorName ?? booked.nobody },
          { label: booked.reason, value: booking.reason },
        ]}
      />
      <AnchorLink
        to="/w/$workspaceId/ledger"
        params={{ workspaceId }}
        search={{ text: booking.transactionId }}
        size="sm"
        mt="sm"
        display="inline-block"
      >
        {booked.line}
      </AnchorLink>
    </Section>
  );
}
