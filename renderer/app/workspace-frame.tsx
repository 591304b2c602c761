import { useEffect, useRef, type ReactNode } from 'react';
import { useLive } from '../hooks/use-live.ts';
import { useSharedWorkspace } from '../hooks/use-sync.ts';
import { WorkspaceProvider } from '../hooks/use-workspace.tsx';
import { Loading } from '../ui/loading.tsx';
import { AppShell } from './app-shell.tsx';
import { bridge } from './bridge.ts';
import { ErrorScreen } from './error-screens.tsx';
import { SampleBanner } from './sample-banner.tsx';
import { strings } from './strings.ts';
import { FirstPullScreen, SyncBanner } from './sync-state.tsx';
import { rememberLastWorkspaceId } from './use-workspaces.ts';

interface WorkspaceFrameProps {
  readonly workspaceId: string;
  readonly children: ReactNode;
}

/** Opens the workspace of the address and gives it to the screens inside the app's frame. */
export function WorkspaceFrame({ workspaceId, children }: WorkspaceFrameProps) {
  const { data, error, retry } = useLive(['workspace', workspaceId], (signal) =>
    bridge.workspaces.live({ workspaceId }, { signal }),
  );
  const shared = useSharedWorkspace(workspaceId);
  // Before its plan and people are here, the replica knows no such workspace.
  const isArriving = shared !== null && (shared.sync.state === 'first-pull' || shared.sync.lastSuccessAt === null);
  const wasArriving = useRef(false);
  useEffect(() => {
    if (wasArriving.current && !isArriving) retry();
    wasArriving.current = isArriving;
  }, [isArriving, retry]);
  const openedId = data?.id;
  useEffect(() => {
    if (openedId !== undefined) rememberLastWorkspaceId(openedId);
  }, [openedId]);

  return (
    <AppShell workspaceId={workspaceId}>
      {data === undefined ? (
        isArriving ? (
          <FirstPullScreen sync={shared.sync} />
        ) : error === null ? (
          <Loading />
        ) : (
          <ErrorScreen title={strings.error.workspaceTitle} error={error} onRetry={retry} />
        )
      ) : (
        <WorkspaceProvider workspace={data}>
          <SyncBanner workspaceId={workspaceId} />
          {data.sample ? <SampleBanner workspaceId={data.id} /> : null}
          {children}
        </WorkspaceProvider>
      )}
    </AppShell>
  );
}
