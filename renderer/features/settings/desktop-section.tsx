import { Button, Group, List, Select, Stack, Switch, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { DesktopChange, DesktopShortcut, DesktopView, UpdateChannel } from '../../../shared/bridge/desktop.ts';
import { bridge } from '../../app/bridge.ts';
import { useLive } from '../../hooks/use-live.ts';
import { personLocale } from '../../i18n/language.ts';
import { Facts } from '../../ui/facts.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { Section } from '../../ui/section.tsx';
import { strings } from './strings.ts';

const text = strings.desktop;

/** What only the desktop app can do, as it was chosen for this computer; in a browser, what is missing there. */
export function DesktopSection() {
  const { data, error, pending, retry } = useLive(['desktop'], (signal) => bridge.desktop.live(undefined, { signal }));
  return (
    <Section title={text.section} description={data === null ? undefined : text.hint}>
      {pending ? (
        <Loading blocks={[180]} />
      ) : data === undefined ? (
        <ProblemAlert error={error} onRetry={retry} />
      ) : data === null ? (
        <DesktopOnly />
      ) : (
        <DesktopChoices view={data} />
      )}
    </Section>
  );
}

function DesktopOnly() {
  return (
    <Facts
      facts={[
        {
          label: text.only,
          value: text.onlyHint,
          hint: (
            <List size="sm" listStyleType="disc" mt={4}>
              {text.features.map((feature) => (
                <List.Item key={feature}>{feature}</List.Item>
              ))}
            </List>
          ),
        },
      ]}
    />
  );
}

function DesktopChoices({ view }: { readonly view: DesktopView }) {
  const { settings } = view;
  const saving = useMutation({ mutationFn: (change: DesktopChange) => bridge.desktop.setSettings(change) });
  const change = (given: DesktopChange) => saving.mutate(given);
  return (
    <Stack gap="md">
      <Switch
        label={text.notifications}
        description={notificationsHint(view)}
        disabled={view.notifications === 'unsupported'}
        checked={settings.notifications}
        onChange={(event) => change({ notifications: event.currentTarget.checked })}
      />
      <Switch
        label={text.closeToTray}
        description={view.tray === 'missing' ? text.noTray : text.closeToTrayHint}
        disabled={view.tray === 'missing'}
        checked={settings.closeToTray && view.tray === 'shown'}
        onChange={(event) => change({ closeToTray: event.currentTarget.checked })}
      />
      <Switch
        label={text.launch}
        description={text.launchHint}
        error={view.launchAtLogin === 'refused' ? text.launchRefused : undefined}
        checked={view.launchAtLogin === 'on'}
        onChange={(event) => change({ launchAtLogin: event.currentTarget.checked })}
      />
      <Select
        label={text.shortcut}
        description={text.shortcutHint}
        error={view.shortcut === 'taken' ? text.shortcutTaken : undefined}
        maw={360}
        allowDeselect={false}
        data={[{ value: '', label: text.noShortcut }, ...shortcutChoices]}
        value={settings.shortcut ?? ''}
        onChange={(value) =>
          change({ shortcut: shortcutChoices.find((known) => known.value === value)?.value ?? null })
        }
      />
      <Updates view={view} onChannel={(updates) => change({ updates })} />
      <ProblemAlert error={saving.error} />
      <Facts facts={[{ label: text.secrets, value: text.secretsStanding[view.secrets] }]} />
    </Stack>
  );
}

interface UpdatesProps {
  readonly view: DesktopView;
  readonly onChannel: (channel: UpdateChannel) => void;
}

function Updates({ view, onChannel }: UpdatesProps) {
  const asking = useMutation({ mutationFn: (what: 'check' | 'install') => bridge.desktop.update({ do: what }) });
  const { update, settings } = view;
  return (
    <Stack gap="xs">
      <Select
        label={text.updates}
        description={text.updatesHint}
        maw={360}
        allowDeselect={false}
        data={channelChoices}
        value={settings.updates}
        onChange={(value) => onChannel(channelChoices.find((known) => known.value === value)?.value ?? 'off')}
      />
      {settings.updates === 'off' ? null : (
        <Group gap="sm">
          <Text size="sm" role="status" flex="1 1 200px" style={{ overflowWrap: 'anywhere' }}>
            {updateText(update)}
          </Text>
          {update.kind === 'ready' ? (
            <Button size="xs" loading={asking.isPending} onClick={() => asking.mutate('install')}>
              {text.install}
            </Button>
          ) : (
            <Button
              size="xs"
              variant="default"
              loading={asking.isPending || update.kind === 'checking'}
              onClick={() => asking.mutate('check')}
            >
              {text.check}
            </Button>
          )}
        </Group>
      )}
      <ProblemAlert error={asking.error} />
    </Stack>
  );
}

function updateText(update: DesktopView['update']): string {
  switch (update.kind) {
    case 'downloading':
    case 'ready':
      return text.update[update.kind]({ version: update.version });
    case 'failed':
      return text.update.failed({ message: update.message });
    default:
      return text.update[update.kind];
  }
}

function notificationsHint({ notifications, pausedUntil }: DesktopView): string {
  if (notifications === 'unsupported') return text.notificationsUnsupported;
  if (pausedUntil === null) return text.notificationsHint;
  const time = new Intl.DateTimeFormat(personLocale(), { weekday: 'short', hour: '2-digit', minute: '2-digit' });
  return text.paused({ time: time.format(pausedUntil) });
}

const shortcutChoices: readonly { readonly value: DesktopShortcut; readonly label: string }[] = [
  { value: 'CommandOrControl+Shift+U', label: text.shortcuts['CommandOrControl+Shift+U'] },
  { value: 'CommandOrControl+Alt+U', label: text.shortcuts['CommandOrControl+Alt+U'] },
  { value: 'CommandOrControl+Shift+F9', label: text.shortcuts['CommandOrControl+Shift+F9'] },
];

const channelChoices: readonly { readonly value: UpdateChannel; readonly label: string }[] = [
  { value: 'off', label: text.channels.off },
  { value: 'stable', label: text.channels.stable },
  { value: 'beta', label: text.channels.beta },
];
