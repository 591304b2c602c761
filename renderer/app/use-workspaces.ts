import type { WorkspaceSummary } from '../../shared/bridge/views.ts';
import { useLive, type Live } from '../hooks/use-live.ts';
import { bridge } from './bridge.ts';

/** All workspaces of this computer, live. */
export function useWorkspaces(): Live<readonly WorkspaceSummary[]> {
  return useLive(['workspaces'], (signal) => bridge.workspaces.listLive(undefined, { signal }));
}

const lastWorkspaceKey = 'fuelgauge-last-workspace';

/** The workspace that was open last in this window's profile; null at the first start. */
export function readLastWorkspaceId(): string | null {
  return localStorage.getItem(lastWorkspaceKey);
}

export function rememberLastWorkspaceId(workspaceId: string): void {
  localStorage.setItem(lastWorkspaceKey, workspaceId);
}
