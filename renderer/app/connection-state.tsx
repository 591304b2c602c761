import { Alert, Group, Text, Tooltip } from '@mantine/core';
import { IconDatabase, IconPlugConnectedX, IconRefresh } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { strings } from './strings.ts';
import { transport } from './transport.ts';

/** Across the top of the content while the replica does not answer; nothing while it does. */
export function ConnectionBanner() {
  const state = useSyncExternalStore(transport.onStateChange, transport.state);
  if (state !== 'lost' && state !== 'replaced') return null;
  return (
    <Alert
      role="alert"
      variant="light"
      color="amber"
      mb="lg"
      maw={1280}
      mx="auto"
      title={looks[state].label}
      icon={<IconPlugConnectedX aria-hidden />}
    >
      {looks[state].hint}
    </Alert>
  );
}

/** Whether the replica answers, in words and with a sign of its own for each state. */
export function ConnectionState() {
  const state = useSyncExternalStore(transport.onStateChange, transport.state);
  const { icon: StateIcon, label, hint, color } = looks[state];
  return (
    <Tooltip label={hint} multiline w={260} position="top-start">
      <Group gap={6} wrap="nowrap" role="status" tabIndex={0} c={color} px={4}>
        <StateIcon size={15} aria-hidden />
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
  },
  connected: {
    icon: IconDatabase,
    label: strings.connection.connected,
    hint: strings.connection.connectedHint,
    color: 'dimmed',
  },
  lost: {
    icon: IconPlugConnectedX,
    label: strings.connection.lost,
    hint: strings.connection.lostHint,
    color: 'var(--mantine-color-error)',
  },
  replaced: {
    icon: IconPlugConnectedX,
    label: strings.connection.replaced,
    hint: strings.connection.replacedHint,
    color: 'var(--mantine-color-error)',
  },
} as const;
