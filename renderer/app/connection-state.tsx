import { Alert, Group, Text, Tooltip } from '@mantine/core';
import { IconDatabase, IconHourglass, IconPlugConnectedX, IconRefresh } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { replicaProcess } from './replica-process.ts';
import { strings } from './strings.ts';
import { transport } from './transport.ts';

/** Across the top of the content while the replica does not answer; nothing while it does. */
export function ConnectionBanner() {
  const look = looks[useLook()];
  if (!look.banner) return null;
  return (
    <Alert
      role="alert"
      variant="light"
      color="amber"
      mb="lg"
      maw={1280}
      mx="auto"
      title={look.label}
      icon={<look.icon aria-hidden />}
    >
      {look.hint}
    </Alert>
  );
}

/** The connection as a person is told of it: the desktop shell knows more than that nobody answers. */
function useLook(): keyof typeof looks {
  const connection = useSyncExternalStore(transport.onStateChange, transport.state);
  const process = useSyncExternalStore(replicaProcess.onChange, replicaProcess.state)?.state;
  if (connection === 'replaced') return connection;
  if (process === 'restarting') return process;
  if (connection === 'connected') return process === 'silent' ? 'silent' : connection;
  // A replica that was started again opens its data, which takes a moment.
  if (process === 'starting' || (process === 'running' && connection === 'connecting')) return 'connecting';
  return connection;
}

/** Whether the replica answers, in words and with a sign of its own for each state. */
export function ConnectionState() {
  const { icon: StateIcon, label, hint, color } = looks[useLook()];
  return (
    <Tooltip label={hint} multiline w={260} position="top-start">
      <Group gap={6} wrap="nowrap" role="status" tabIndex={0} c={color} px={4} miw={0}>
        <StateIcon size={15} style={{ flex: 'none' }} aria-hidden />
        <Text size="xs" truncate>
          {label}
        </Text>
      </Group>
    </Tooltip>
  );
}

const looks = {
  connecting: {
    icon: IconRefresh,
    label: strings.connection.connecting,
    hint: strings.connection.connecting,
    color: 'dimmed',
    banner: false,
  },
  connected: {
    icon: IconDatabase,
    label: strings.connection.connected,
    hint: strings.connection.connectedHint,
    color: 'dimmed',
    banner: false,
  },
  lost: {
    icon: IconPlugConnectedX,
    label: strings.connection.lost,
    hint: strings.connection.lostHint,
    color: 'var(--mantine-color-error)',
    banner: true,
  },
  restarting: {
    icon: IconRefresh,
    label: strings.connection.restarting,
    hint: strings.connection.restartingHint,
    color: 'var(--mantine-color-error)',
    banner: true,
  },
  silent: {
    icon: IconHourglass,
    label: strings.connection.silent,
    hint: strings.connection.silentHint,
    color: 'dimmed',
    banner: true,
  },
  replaced: {
    icon: IconPlugConnectedX,
    label: strings.connection.replaced,
    hint: strings.connection.replacedHint,
    color: 'var(--mantine-color-error)',
    banner: true,
  },
} as const;
