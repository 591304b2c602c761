import type { ServerView, SyncView, WorkspaceSyncView } from '../../shared/bridge/sync-views.ts';
import type { Problem } from '../../shared/bridge/problem.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { isOffline, nameFailure } from '../sync/name-failure.ts';
import { outboxSummary } from '../sync/outbox.ts';
import type { ServerRecord } from '../sync/server-records.ts';
import type { SyncCenter } from '../sync/sync-center.ts';
import type { WorkspaceRecord } from '../sync/workspace-records.ts';
import { leaseViews } from './lease-view.ts';
import type { ReplicaState } from './replica-state.ts';
import { signInView } from './sign-in.ts';

/** Everything about servers and sync that a person sees. */
export function syncView(state: ReplicaState, sync: SyncCenter): SyncView {
  const workspaces = sync.workspaces();
  return {
    asOf: state.clock(),
    servers: sync.servers().map((server) => serverView(sync, server, workspaces)),
    workspaces: workspaces.map((record) => workspaceSyncView(state, sync, record)),
    signIn: sync.signIn.standing === null ? null : signInView(sync.signIn.standing),
    secrets: sync.secretStanding,
  };
}

function serverView(sync: SyncCenter, server: ServerRecord, here: readonly WorkspaceRecord[]): ServerView {
  const { id, address, fingerprint, organisation, person, deviceId, deviceName, standing, workspaces } = server;
  const own = here.filter((record) => record.serverId === id);
  const failure = sync.failureOf(id);
  const copied = own.some(({ body }) => body.forked);
  return {
    id,
    address,
    fingerprint,
    organisationName: organisation.name,
    personId: person.id,
    personName: person.name,
    role: person.role,
    deviceId,
    deviceName,
    state: copied
      ? 'copied'
      : standing === 'signed-out'
        ? 'signed-out'
        : failure !== null && isOffline(failure)
          ? 'offline'
          : 'ready',
    problem: failure === null ? null : nameFailure(failure, address),
    workspaces: workspaces.map(({ id: workspaceId, name, access }) => ({
      id: workspaceId,
      name,
      access,
      here: own.some((record) => record.workspaceId === workspaceId),
    })),
  };
}

function workspaceSyncView(state: ReplicaState, sync: SyncCenter, record: WorkspaceRecord): WorkspaceSyncView {
  const { workspaceId, serverId, body } = record;
  const standing = sync.standingOf(workspaceId);
  const outbox = outboxSummary(state.database, record);
  const server = sync.server(serverId);
  const workspace = state.workspaces().find(({ id }) => id === workspaceId);
  const problem = problemOf(sync, record);
  return {
    workspaceId,
    name: workspace?.name ?? server?.workspaces.find(({ id }) => id === workspaceId)?.name ?? '',
    serverId,
    access: body.access,
    state: stateOf(sync, record, { waits: outbox.waiting > 0, now: state.clock() }),
    progress: body.pulled ? null : (standing?.progress ?? null),
    live: standing?.live ?? false,
    outbox: { ...outbox, oldestAt: outbox.oldestAt === null ? null : instant(outbox.oldestAt) },
    lastSuccessAt: body.lastSuccessAt,
    lastTriedAt: standing?.lastTriedAt ?? null,
    nextTryAt: standing?.nextTryAt ?? null,
    problem,
    leases: workspace ? leaseViews(state, workspace, record) : [],
  };
}

function stateOf(
  sync: SyncCenter,
  { workspaceId, body }: WorkspaceRecord,
  { waits, now }: { readonly waits: boolean; readonly now: Instant },
): WorkspaceSyncView['state'] {
  const standing = sync.standingOf(workspaceId);
  if (body.forked || standing?.phase === 'stopped') return 'stopped';
  const failure = standing?.failure ?? null;
  if (failure !== null && isOffline(failure)) return 'offline';
  if (!body.pulled && failure === null) return 'first-pull';
  switch (standing?.phase) {
    case 'syncing': {
      // A round that only looks whether there is news, right after one that found all in step, is nothing to tell of.
      const inStep = !waits && body.lastSuccessAt !== null && now - body.lastSuccessAt < inStepForMs;
      return inStep ? 'up-to-date' : 'syncing';
    }
    case 'resting':
      return waits ? 'waiting' : 'up-to-date';
    case 'waiting':
    case undefined:
      return 'waiting';
  }
}

function problemOf(sync: SyncCenter, { workspaceId, serverId, body }: WorkspaceRecord): Problem | null {
  const address = sync.server(serverId)?.address ?? '';
  if (body.forked) return nameFailure({ kind: 'forked' }, address);
  const failure = sync.standingOf(workspaceId)?.failure ?? null;
  return failure === null ? null : nameFailure(failure, address);
}

const inStepForMs = 60_000;
