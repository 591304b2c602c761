// What the server tells by itself: it looks soon after every booking and every minute, and sends what there is to tell.
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { Result } from '../../shared/kernel/result.ts';
import type { Database } from '../database/database.ts';
import type { WorkspaceOf } from '../history/counter.ts';
import { TermsCache } from '../history/history-terms.ts';
import { every } from '../history/keeper.ts';
import { DayUses } from './day-uses.ts';
import { deliverDue, tryWebhook } from './delivery.ts';
import type { SendOptions, SendProblem } from './send.ts';
import { lookAt, organisationsOf, watchedWorkspaces } from './watching.ts';

export interface Alerts {
  /** Where webhooks may lead. */
  readonly sending: SendOptions;
  /** After the commit of what was written in a workspace. */
  readonly written: (workspace: WorkspaceOf) => void;
  /** Looks at all workspaces of an organisation, so that what was before is never told, or what was missed is told now. */
  readonly lookAtAll: (organisationId: string) => Promise<void>;
  /** Null where there is no webhook. */
  readonly tryNow: (organisationId: string) => Promise<Result<null, SendProblem> | null>;
  readonly close: () => Promise<void>;
}

export interface AlertsOptions {
  readonly database: Database;
  readonly sending: SendOptions;
  /** A workspace is forecast no more often than this. */
  readonly forecastMsMin: number;
  /** What was done in the background and failed; it is tried again. */
  readonly onFailure: (error: unknown) => void;
}

/** Bookings that come one after the other are looked at once: each of them is a step of what is seen. */
const gatherMs = 200;
const everyMs = 60_000;
const sendEveryMs = 5_000;

export function openAlerts({ database, sending, forecastMsMin, onFailure }: AlertsOptions): Alerts {
  const cache = new TermsCache(200);
  const dayUses = new DayUses();
  const stopping = new AbortController();
  const delivery = { database, sending, stopSignal: stopping.signal };
  const waiting = new Map<string, WorkspaceOf>();
  let gathering: Promise<void> | null = null;
  const lookAtEach = async (workspaces: readonly WorkspaceOf[]): Promise<void> => {
    for (const workspace of workspaces) {
      if (stopping.signal.aborted) return;
      // One workspace that cannot be read must not keep the others from being told.
      await lookAt({ database, cache, dayUses, forecastMsMin }, workspace).catch(onFailure);
      // A forecast is some milliseconds of work: whoever pushes meanwhile is answered between two of them.
      await nextTurn();
    }
  };
  const lookAtWaiting = async (): Promise<void> => {
    await wait(gatherMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    const workspaces = [...waiting.values()];
    waiting.clear();
    gathering = null;
    await lookAtEach(workspaces);
    for (const organisationId of new Set(workspaces.map((workspace) => workspace.organisationId))) {
      if (!stopping.signal.aborted) await deliverDue(delivery, organisationId);
    }
  };
  const stopLooking = every(everyMs, async () => lookAtEach(await watchedWorkspaces(database)), onFailure);
  const stopSending = every(
    sendEveryMs,
    async () => {
      for (const organisationId of await organisationsOf(database)) {
        if (!stopping.signal.aborted) await deliverDue(delivery, organisationId);
      }
    },
    onFailure,
  );
  return {
    sending,
    written: (workspace) => {
      if (stopping.signal.aborted) return;
      waiting.set(workspace.workspaceId, workspace);
      gathering ??= lookAtWaiting().catch(onFailure);
    },
    lookAtAll: async (organisationId) => {
      const workspaces = await watchedWorkspaces(database);
      await lookAtEach(workspaces.filter((workspace) => workspace.organisationId === organisationId));
    },
    tryNow: (organisationId) => tryWebhook(delivery, organisationId),
    close: async () => {
      stopping.abort();
      await gathering;
      await Promise.all([stopLooking(), stopSending()]);
    },
  };
}
