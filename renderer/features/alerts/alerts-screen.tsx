import { Badge, Button, Group, Stack, Text, ThemeIcon } from '@mantine/core';
import {
  IconBell,
  IconCalendarWeek,
  IconCloudOff,
  IconGauge,
  IconHourglass,
  IconPackage,
  IconRefresh,
  IconTrendingDown,
  type Icon,
} from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { AlertsView, AlertView } from '../../../shared/bridge/alert-views.ts';
import { bridge } from '../../app/bridge.ts';
import { useLive } from '../../hooks/use-live.ts';
import { useDirectory, useWorkspace } from '../../hooks/use-workspace.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatMoment, Moment } from '../../ui/figures.tsx';
import { AnchorLink, ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { alertWords } from './alert-words.ts';
import { strings } from './strings.ts';

/** The alert centre of a workspace: what is new, and everything that was told before. */
export function AlertsScreen() {
  const { id: workspaceId } = useWorkspace();
  const { data, error, retry } = useLive(['alerts', workspaceId], (signal) =>
    bridge.alerts.live({ workspaceId }, { signal }),
  );
  const seeing = useMutation({
    mutationFn: (ids: string[] | undefined) =>
      bridge.alerts.dismiss({ workspaceId, ...(ids === undefined ? {} : { ids }) }),
  });
  return (
    <Page
      title={strings.title}
      description={strings.description}
      width="form"
      actions={
        <>
          <ButtonLink to="/w/$workspaceId/settings" params={{ workspaceId }} variant="default" size="sm">
            {strings.settings}
          </ButtonLink>
          <Button
            size="sm"
            disabled={data === undefined || data.unseen === 0}
            loading={seeing.isPending && seeing.variables === undefined}
            onClick={() => seeing.mutate(undefined)}
          >
            {strings.seeAll}
          </Button>
        </>
      }
    >
      <Stack gap="md">
        <ProblemAlert error={seeing.error} />
        {data === undefined ? (
          error === null ? (
            <Loading blocks={[120, 240]} />
          ) : (
            <ProblemAlert error={error} onRetry={retry} />
          )
        ) : (
          <AlertLists alerts={data.alerts} since={data.since} onSee={(id) => seeing.mutate([id])} />
        )}
      </Stack>
    </Page>
  );
}

interface AlertListProps {
  readonly alerts: readonly AlertView[];
  readonly onSee: (id: string) => void;
}

function AlertLists({ alerts, since, onSee }: AlertListProps & { readonly since: AlertsView['since'] }) {
  const { timeZone } = useWorkspace();
  if (alerts.length === 0) {
    return (
      <EmptyState icon={<IconBell size={22} />} title={strings.emptyTitle}>
        {strings.emptyBody} {since === null ? null : strings.since({ moment: formatMoment(since, timeZone) })}
      </EmptyState>
    );
  }
  const fresh = alerts.filter(isNew);
  const earlier = alerts.filter((alert) => !isNew(alert));
  return (
    <>
      <Section title={strings.fresh}>
        {fresh.length === 0 ? (
          <Text size="sm" c="dimmed">
            {strings.nothingNew}
          </Text>
        ) : (
          <AlertList alerts={fresh} label={strings.fresh} onSee={onSee} />
        )}
      </Section>
      {earlier.length === 0 ? null : (
        <Section title={strings.history}>
          <AlertList alerts={earlier} label={strings.history} onSee={onSee} />
        </Section>
      )}
    </>
  );
}

function isNew({ seen, told }: AlertView): boolean {
  return !seen && told === 'told';
}

function AlertList({ alerts, label, onSee }: AlertListProps & { readonly label: string }) {
  return (
    <Stack component="ul" aria-label={label} gap="md" m={0} p={0} style={{ listStyle: 'none' }}>
      {alerts.map((alert) => (
        <AlertRow key={alert.id} alert={alert} onSee={onSee} />
      ))}
    </Stack>
  );
}

function AlertRow({ alert, onSee }: { readonly alert: AlertView; readonly onSee: (id: string) => void }) {
  const { id: workspaceId, timeZone } = useWorkspace();
  const { memberById } = useDirectory();
  const { id, at, fact, told, place } = alert;
  const { headline, detail } = alertWords(fact, {
    zone: timeZone,
    nameOf: (memberId) => memberById.get(memberId)?.name ?? memberId,
  });
  const KindIcon = icons[fact.kind];
  return (
    <Group component="li" gap="sm" align="flex-start" wrap="nowrap">
      <ThemeIcon variant="light" color={isNew(alert) ? 'petrol' : 'gray'} size={32} radius="xl" aria-hidden>
        <KindIcon size={18} stroke={1.6} />
      </ThemeIcon>
      <Stack gap={2} flex={1} miw={0} style={{ overflowWrap: 'anywhere' }}>
        <Text size="sm" fw={600}>
          {headline}
        </Text>
        <Text size="sm">{detail}</Text>
        <Group gap="sm">
          <Text size="xs" c="dimmed">
            <Moment at={at} zone={timeZone} />
          </Text>
          <AnchorLink
            to={`/w/$workspaceId/${place}`}
            params={{ workspaceId }}
            size="xs"
            aria-label={strings.placeOf({ place: strings.places[place], headline })}
          >
            {strings.places[place]}
          </AnchorLink>
          {told === 'told' ? null : (
            <Badge variant="light" color="gray" size="sm" tt="none">
              {strings[told]}
            </Badge>
          )}
          {isNew(alert) ? (
            <Button
              size="compact-xs"
              variant="default"
              aria-label={strings.seeOne({ headline })}
              onClick={() => onSee(id)}
            >
              {strings.see}
            </Button>
          ) : null}
        </Group>
      </Stack>
    </Group>
  );
}

const icons: Readonly<Record<AlertView['fact']['kind'], Icon>> = {
  threshold: IconGauge,
  'run-out': IconTrendingDown,
  reset: IconRefresh,
  'hold-expiring': IconHourglass,
  'hold-open': IconHourglass,
  'order-decided': IconPackage,
  'sync-stuck': IconCloudOff,
  digest: IconCalendarWeek,
};
