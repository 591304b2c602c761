import { Alert, Group, Progress, Stack, Text, VisuallyHidden } from '@mantine/core';
import { IconAlertTriangle, IconCloudCheck, IconCloudOff, IconCloudUp, IconCloudX } from '@tabler/icons-react';
import { useLocation } from '@tanstack/react-router';
import type { WorkspaceSyncView } from '../../shared/bridge/sync-views.ts';
import { useSharedWorkspace } from '../hooks/use-sync.ts';
import { AnchorLink, ButtonLink } from '../ui/links.tsx';
import { Page } from '../ui/page.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { firstPullWords, shareOf, syncStateOf, type SyncMood } from '../ui/sync-words.ts';
import classes from './app-shell.module.css';
import { strings } from './strings.ts';

const text = strings.sync;

/** Where the frame has no workspace yet, the zone of the person is the one they read times in. */
const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** How the open workspace stands with its server, as a link to more; nothing for a workspace of this computer alone. */
export function SyncState({ workspaceId }: { readonly workspaceId: string }) {
  const shared = useSharedWorkspace(workspaceId);
  if (shared === null) return null;
  const { mood, label } = syncStateOf({
    sync: shared.sync,
    serverName: shared.server.organisationName,
    zone: ownZone,
  });
  const { icon: MoodIcon, color } = looks[mood];
  return (
    <div role="status">
      <AnchorLink
        to="/w/$workspaceId/sync"
        params={{ workspaceId }}
        className={classes['sync'] ?? ''}
        underline="never"
        c={color}
      >
        <MoodIcon size={15} aria-hidden style={{ flex: 'none' }} />
        <Text component="span" size="xs" className={classes['syncLabel'] ?? ''}>
          <VisuallyHidden component="span">{text.label}</VisuallyHidden>
          {label}
        </Text>
      </AnchorLink>
    </div>
  );
}

const looks: Readonly<Record<SyncMood, { readonly icon: typeof IconCloudCheck; readonly color: string }>> = {
  fine: { icon: IconCloudCheck, color: 'dimmed' },
  busy: { icon: IconCloudUp, color: 'dimmed' },
  away: { icon: IconCloudOff, color: 'dimmed' },
  look: { icon: IconAlertTriangle, color: 'var(--mantine-color-amber-light-color)' },
  stopped: { icon: IconCloudX, color: 'var(--mantine-color-error)' },
};

/** Across the top of the content when somebody has to do something before anything is sent again; and at the first pull. */
export function SyncBanner({ workspaceId }: { readonly workspaceId: string }) {
  const shared = useSharedWorkspace(workspaceId);
  const { pathname } = useLocation();
  // The screen of sync says it itself, with more.
  if (shared === null || pathname.endsWith('/sync')) return null;
  const { sync } = shared;
  if (sync.state === 'first-pull') {
    return (
      <Alert variant="light" color="petrol" mb="lg" py="xs" maw={1280} mx="auto" icon={<IconCloudUp aria-hidden />}>
        <FirstPullProgress sync={sync} />
        <Text size="sm">{text.firstPullGoOn}</Text>
      </Alert>
    );
  }
  if (sync.state !== 'stopped' || sync.problem === null) return null;
  const { message, kept, todo } = sync.problem;
  return (
    <Alert
      role="alert"
      variant="light"
      color="red"
      mb="lg"
      maw={1280}
      mx="auto"
      title={message}
      icon={<IconCloudX aria-hidden />}
    >
      <Group justify="space-between" gap="xs" align="flex-start">
        <Text size="sm" flex="1 1 260px">
          {`${kept} ${todo}`}
        </Text>
        <ButtonLink to="/w/$workspaceId/sync" params={{ workspaceId }} size="xs" variant="default">
          {text.look}
        </ButtonLink>
      </Group>
    </Alert>
  );
}

/** In the place of a workspace of which nothing is here yet. */
export function FirstPullScreen({ sync }: { readonly sync: WorkspaceSyncView }) {
  return (
    <Page title={sync.name === '' ? text.firstPullTitle : sync.name} width="form">
      <Stack gap="md">
        {sync.problem === null ? null : <ProblemAlert error={{ code: 'PROBLEM', data: sync.problem }} />}
        <FirstPullProgress sync={sync} />
        <Text size="sm" c="dimmed">
          {text.firstPullWait}
        </Text>
        <Group>
          <ButtonLink to="/welcome" variant="default" size="xs">
            {strings.switcher.welcome}
          </ButtonLink>
        </Group>
      </Stack>
    </Page>
  );
}

function FirstPullProgress({ sync }: { readonly sync: WorkspaceSyncView }) {
  const share = shareOf(sync.progress);
  const label = firstPullWords(sync.progress);
  return (
    <Stack gap={6} mb={4}>
      <Text size="sm" fw={600} role="status">
        {label}
      </Text>
      <Progress.Root size="sm">
        <Progress.Section value={(share ?? 1) * 100} animated={share === null} aria-label={label} />
      </Progress.Root>
    </Stack>
  );
}
