import type { ServerView, SyncView, WorkspaceSyncView } from '../../shared/bridge/sync-views.ts';

/** A workspace that lives on a server too. */
export interface SharedWorkspace {
  readonly sync: WorkspaceSyncView;
  readonly server: ServerView;
  readonly asOf: SyncView['asOf'];
}

/** How a workspace stands in what is known of sync; null for one of this computer alone. */
export function sharedIn(view: SyncView | undefined, workspaceId: string): SharedWorkspace | null {
  const sync = view?.workspaces.find((known) => known.workspaceId === workspaceId);
  const server = view?.servers.find(({ id }) => id === sync?.serverId);
  return view === undefined || sync === undefined || server === undefined ? null : { sync, server, asOf: view.asOf };
}
