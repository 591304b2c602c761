import { Button, Group, List, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { CalendarView, OwnDaysView } from '../../../shared/bridge/calendar-views.ts';
import { bridge } from '../../app/bridge.ts';
import { useLive } from '../../hooks/use-live.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { Facts } from '../../ui/facts.tsx';
import { formatDay, formatList, formatShare } from '../../ui/figures.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { OwnDaysDialog, RemoveOwnDays, WorkWeekDialog } from './calendar-dialogs.tsx';
import { strings as text } from './calendar-strings.ts';

type Asking =
  | { readonly kind: 'week' }
  | { readonly kind: 'own'; readonly days: OwnDaysView | null }
  | { readonly kind: 'remove'; readonly days: OwnDaysView };

/** How the team works, as its forecasts count it: the week, public holidays, and days of its own. */
export function CalendarSection() {
  const { id: workspaceId } = useWorkspace();
  const { data, error, retry } = useLive(['calendar', workspaceId], (signal) =>
    bridge.calendar.live({ workspaceId }, { signal }),
  );
  const [asking, setAsking] = useState<Asking | null>(null);
  const close = (): void => setAsking(null);
  return (
    <Section
      title={text.section}
      description={text.hint}
      actions={
        <Button
          variant="default"
          size="compact-sm"
          aria-label={text.change}
          disabled={data === undefined}
          onClick={() => setAsking({ kind: 'week' })}
        >
          {text.changeShort}
        </Button>
      }
    >
      <ProblemAlert error={error} onRetry={retry} />
      {data === undefined ? (
        error === null ? (
          <Loading blocks={[120]} />
        ) : null
      ) : (
        <Stack gap="md">
          <CalendarFacts calendar={data} />
          <OwnDays days={data.ownDays} onAsk={setAsking} />
          <Upcoming calendar={data} />
        </Stack>
      )}
      {asking?.kind === 'week' && data !== undefined ? <WorkWeekDialog calendar={data} onClose={close} /> : null}
      {asking?.kind === 'own' ? <OwnDaysDialog days={asking.days} onClose={close} /> : null}
      {asking?.kind === 'remove' ? <RemoveOwnDays days={asking.days} onClose={close} /> : null}
    </Section>
  );
}

function CalendarFacts({ calendar }: { readonly calendar: CalendarView }) {
  const { weekdayPercents, country, countryName, regionName, holidayPercent, closedShare } = calendar;
  const place = [countryName, regionName].filter((name) => name !== null).join(', ');
  return (
    <Facts
      facts={[
        { label: text.week, value: weekSentence(weekdayPercents) },
        {
          label: text.holidays,
          value: country === null ? text.noHolidays : text.holidaysOf({ place, left: workOf(holidayPercent) }),
          ...(country === null ? {} : { hint: text.source }),
        },
        ...(closedShare !== null && closedShare >= noticedShare
          ? [
              {
                label: text.closedShare,
                value: text.closedShareValue({ share: formatShare(closedShare) }),
                hint: text.closedShareHint,
              },
            ]
          : []),
      ]}
    />
  );
}

/** Less than this is a slip, and says nothing about how the team works. */
const noticedShare = 0.02;

function weekSentence(percents: readonly number[]): string {
  const days = percents.map((percent, index) => ({ percent, name: text.weekdays[index] ?? '' }));
  const closed = days.filter(({ percent }) => percent === 0).map(({ name }) => name);
  const parts = days
    .filter(({ percent }) => percent > 0 && percent < 100)
    .map(({ name, percent }) => text.partDay({ day: name, percent: workOf(percent) }));
  const open =
    closed.length === 0 ? text.everyDay : `${text.everyDay}, ${text.closedDays({ days: formatList(closed) })}`;
  return [open, ...parts].join('; ');
}

/** How much work a day holds, in words. */
function workOf(percent: number): string {
  if (percent === 0) return text.closed;
  return percent === 100 ? text.asUsual : text.ofUsual({ percent: formatShare(percent / 100) });
}

interface OwnDaysProps {
  readonly days: readonly OwnDaysView[];
  readonly onAsk: (asking: Asking) => void;
}

function OwnDays({ days, onAsk }: OwnDaysProps) {
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Title order={3} size="h5">
          {text.own.title}
        </Title>
        <Button variant="default" size="compact-sm" onClick={() => onAsk({ kind: 'own', days: null })}>
          {text.own.add}
        </Button>
      </Group>
      {days.length === 0 ? (
        <Text size="sm" c="dimmed">
          {text.own.none}
        </Text>
      ) : (
        <List size="sm" listStyleType="none" spacing={6}>
          {days.map((entry) => (
            <List.Item key={entry.id} styles={{ itemWrapper: { width: '100%' }, itemLabel: { width: '100%' } }}>
              <Group justify="space-between" gap="xs">
                <Text size="sm" component="span">
                  <strong>{entry.name}</strong>, {daysText(entry)}: {workOf(entry.percent)}
                </Text>
                <Group gap={4} wrap="nowrap">
                  <Button
                    variant="subtle"
                    color="gray"
                    size="compact-sm"
                    aria-label={text.own.edit({ name: entry.name })}
                    onClick={() => onAsk({ kind: 'own', days: entry })}
                  >
                    {text.changeShort}
                  </Button>
                  <Button
                    variant="subtle"
                    color="red"
                    size="compact-sm"
                    aria-label={text.own.remove({ name: entry.name })}
                    onClick={() => onAsk({ kind: 'remove', days: entry })}
                  >
                    {text.own.removeConfirm}
                  </Button>
                </Group>
              </Group>
            </List.Item>
          ))}
        </List>
      )}
    </Stack>
  );
}

function daysText({ first, last }: OwnDaysView): string {
  return first === last ? formatDay(first) : `${formatDay(first)} – ${formatDay(last)}`;
}

function Upcoming({ calendar }: { readonly calendar: CalendarView }) {
  const { upcoming, country, ownDays } = calendar;
  if (country === null && ownDays.length === 0) return null;
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {text.upcoming.title}
      </Title>
      {upcoming.length === 0 ? (
        <Text size="sm" c="dimmed">
          {text.upcoming.none}
        </Text>
      ) : (
        <List size="sm" listStyleType="none" spacing={2}>
          {upcoming.slice(0, shownMax).map((day) => (
            <List.Item key={day.date}>
              {formatDay(day.date)}: {day.name}, {workOf(day.percent)}
            </List.Item>
          ))}
        </List>
      )}
    </Stack>
  );
}

const shownMax = 8;
