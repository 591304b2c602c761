import type { ServerView, SyncView } from '../../shared/bridge/sync-views.ts';
import { bridge } from '../app/bridge.ts';
import { sharedIn, type SharedWorkspace } from './shared-workspace.ts';
import { useLive, type Live } from './use-live.ts';

/** The servers of this computer and the workspaces that it shares through them, live. */
export function useSync(): Live<SyncView> {
  return useLive(['sync'], (signal) => bridge.sync.live(undefined, { signal }));
}

/** How one workspace stands; null for a workspace of this computer alone, and until something was heard. */
export function useSharedWorkspace(workspaceId: string): SharedWorkspace | null {
  return sharedIn(useSync().data, workspaceId);
}

/** The server that the person at this computer administers: that of the open workspace, else the first one. */
export function administeredServer(view: SyncView | undefined, workspaceId: string): ServerView | null {
  const own = (view?.servers ?? []).filter(({ role }) => role === 'company-admin');
  const here = sharedIn(view, workspaceId)?.server.id;
  return own.find(({ id }) => id === here) ?? own[0] ?? null;
}
