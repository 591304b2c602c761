import { implement } from '@orpc/server';
import { administrationContract, syncContract } from '../shared/bridge/sync-contract.ts';
import { everyWorkspace } from './services/change-signal.ts';
import { dismiss, outboxPage } from './services/outbox-view.ts';
import type { ReplicaState } from './services/replica-state.ts';
import * as administration from './services/server-administration.ts';
import {
  connectServer,
  forgetServer,
  leaveServer,
  lookAtInvite,
  openServerWorkspace,
  publishWorkspace,
  refreshServer,
} from './services/servers.ts';
import { lookAtServer, signIn } from './services/sign-in.ts';
import { syncView } from './services/sync-view.ts';

/** How the router makes live views, and problems of what is thrown. */
interface RouterParts {
  readonly live: <View>(workspaceId: string, view: () => View, signal: AbortSignal | undefined) => AsyncGenerator<View>;
  readonly failureOf: (error: unknown, file: string) => unknown;
}

/** The part of the contract that is about servers. Nothing here waits for a turn: a network may be slow. */
export function serverProcedures(state: ReplicaState, { live, failureOf }: RouterParts) {
  const contract = implement({ sync: syncContract, administration: administrationContract });
  const to = contract.use(async ({ next }) => {
    try {
      return await next();
    } catch (error) {
      throw failureOf(error, state.database.connection.file);
    }
  });
  const { sync } = state;
  const view = () => syncView(state, sync);
  return {
    sync: {
      live: to.sync.live.handler(({ signal }) => live(everyWorkspace, view, signal)),
      status: to.sync.status.handler(view),
      lookAtInvite: to.sync.lookAtInvite.handler(({ input }) => lookAtInvite(sync, input)),
      connect: to.sync.connect.handler(({ input }) => connectServer(sync, input)),
      lookAtServer: to.sync.lookAtServer.handler(({ input }) => lookAtServer(sync, input)),
      signIn: to.sync.signIn.handler(({ input }) => signIn(sync, input)),
      endSignIn: to.sync.endSignIn.handler(() => ({ ended: sync.signIn.end() })),
      refresh: to.sync.refresh.handler(async ({ input }) => {
        await refreshServer(sync, input.serverId);
        return view();
      }),
      open: to.sync.open.handler(({ input }) => openServerWorkspace(sync, input)),
      publish: to.sync.publish.handler(({ input }) => publishWorkspace(state, input)),
      leave: to.sync.leave.handler(({ input }) => leaveServer(sync, input.workspaceId)),
      forget: to.sync.forget.handler(({ input }) => forgetServer(sync, input.serverId)),
      now: to.sync.now.handler(async ({ input }) => {
        await sync.now(input.workspaceId);
        return view();
      }),
      outbox: to.sync.outbox.handler(({ input }) => outboxPage(state, sync, input)),
      dismiss: to.sync.dismiss.handler(({ input }) => dismiss(state, sync, input)),
    },
    administration: {
      signIn: to.administration.signIn.handler(({ input }) => administration.signIn(sync, input.serverId)),
      people: {
        list: to.administration.people.list.handler(({ input }) => administration.people(sync, input.serverId)),
        add: to.administration.people.add.handler(({ input }) => administration.addPerson(sync, input)),
        change: to.administration.people.change.handler(({ input }) => administration.changePerson(sync, input)),
        setMembership: to.administration.people.setMembership.handler(({ input }) =>
          administration.setMembership(sync, input),
        ),
      },
      invites: {
        list: to.administration.invites.list.handler(({ input }) => administration.invites(sync, input.serverId)),
        create: to.administration.invites.create.handler(({ input }) => administration.createInvite(sync, input)),
        withdraw: to.administration.invites.withdraw.handler(({ input }) => administration.withdrawInvite(sync, input)),
      },
      devices: {
        list: to.administration.devices.list.handler(({ input }) => administration.devices(sync, input.serverId)),
        revoke: to.administration.devices.revoke.handler(({ input }) => administration.revokeDevice(sync, input)),
      },
      webhook: {
        get: to.administration.webhook.get.handler(({ input }) => administration.webhook(sync, input.serverId)),
        set: to.administration.webhook.set.handler(({ input }) => administration.setWebhook(sync, input)),
        remove: to.administration.webhook.remove.handler(({ input }) =>
          administration.removeWebhook(sync, input.serverId),
        ),
        tryNow: to.administration.webhook.tryNow.handler(({ input }) =>
          administration.tryWebhook(sync, input.serverId),
        ),
      },
      workspaces: {
        list: to.administration.workspaces.list.handler(({ input }) =>
          administration.serverWorkspaces(sync, input.serverId),
        ),
      },
    },
  };
}
