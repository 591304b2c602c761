import { Button, Group, Paper, Stack } from '@mantine/core';
import { IconDeviceDesktop } from '@tabler/icons-react';
import { useState } from 'react';
import type { SyncView } from '../../../shared/bridge/sync-views.ts';
import { sharedIn } from '../../hooks/shared-workspace.ts';
import { useSync } from '../../hooks/use-sync.ts';
import { useWorkspace } from '../../hooks/use-workspace.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { LeasesSection } from './leases-section.tsx';
import { OutboxSection } from './outbox-section.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import { ServersSection } from './servers-section.tsx';
import { StateSection } from './state-section.tsx';
import { strings } from './strings.ts';

/** The open workspace and its server: what is shared, what waits, what may be spent offline, and the ways in and out. */
export function SyncScreen() {
  const { id: workspaceId } = useWorkspace();
  const { data, error, retry } = useSync();
  const shared = sharedIn(data, workspaceId);
  return (
    <Page title={strings.title} description={strings.description}>
      {data === undefined ? (
        error === null ? (
          <Loading blocks={[220, 120, 200]} />
        ) : (
          <ProblemAlert error={error} onRetry={retry} />
        )
      ) : (
        <Stack gap="md">
          {shared === null ? (
            <LocalOnly view={data} />
          ) : (
            <>
              <StateSection shared={shared} secrets={data.secrets} />
              <LeasesSection leases={shared.sync.leases} stopped={shared.sync.state === 'stopped'} />
              <OutboxSection sync={shared.sync} asOf={shared.asOf} />
            </>
          )}
          <ServersSection view={data} shownId={shared?.server.id ?? null} />
        </Stack>
      )}
    </Page>
  );
}

function LocalOnly({ view }: { readonly view: SyncView }) {
  const { sample } = useWorkspace();
  const [publishing, setPublishing] = useState(false);
  const ready = view.servers.filter(({ state }) => state === 'ready' || state === 'offline');
  const text = strings.local;
  const [first] = ready;
  return (
    <Paper withBorder>
      <EmptyState
        icon={<IconDeviceDesktop size={22} />}
        title={text.title}
        action={
          sample ? undefined : (
            <Group gap="xs" mt="xs" justify="center">
              {first === undefined ? (
                <ButtonLink to="/connect">{text.connect}</ButtonLink>
              ) : (
                <Button onClick={() => setPublishing(true)}>{text.publish({ server: first.organisationName })}</Button>
              )}
            </Group>
          )
        }
      >
        {sample ? text.sample : text.body}
      </EmptyState>
      {publishing ? <PublishDialog servers={ready} onClose={() => setPublishing(false)} /> : null}
    </Paper>
  );
}
