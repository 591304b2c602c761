import type { ServerView, SyncView, WorkspaceSyncView } from '../../shared/bridge/sync-views.ts';
import { bridge } from '../app/bridge.ts';
import { useLive, type Live } from './use-live.ts';

/** The servers of this computer and the workspaces that it shares through them, live. */
export function useSync(): Live<SyncView> {
  return useLive(['sync'], (signal) => bridge.sync.live(undefined, { signal }));
}

/** A workspace that lives on a server too. */
export interface SharedWorkspace {
  readonly sync: WorkspaceSyncView;
  readonly server: ServerView;
  readonly asOf: SyncView['asOf'];
}

/** How one workspace stands; null for a workspace of this computer alone, and until something was heard. */
export function useSharedWorkspace(workspaceId: string): SharedWorkspace | null {
  return sharedIn(useSync().data, workspaceId);
}

export function sharedIn(view: SyncView | undefined, workspaceId: string): SharedWorkspace | null {
  const sync = view?.workspaces.find((known) => known.workspaceId === workspaceId);
  const server = view?.servers.find(({ id }) => id === sync?.serverId);
  return view === undefined || sync === undefined || server === undefined ? null : { sync, server, asOf: view.asOf };
}

/** The server that the person at this computer administers: that of the open workspace, else the first one. */
export function administeredServer(view: SyncView | undefined, workspaceId: string): ServerView | null {
  const own = (view?.servers ?? []).filter(({ role }) => role === 'company-admin');
  const here = sharedIn(view, workspaceId)?.server.id;
  return own.find(({ id }) => id === here) ?? own[0] ?? null;
}
