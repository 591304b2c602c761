// The histories of all workspaces as the rest of the server sees them: push, pull, leases, segments and streams.
import { holdingAt, type AccessRole } from '../../shared/ledger/change.ts';
import type { LeaseRequest, WireLease } from '../../shared/protocol/lease-messages.ts';
import type { PullRequest } from '../../shared/protocol/pull.ts';
import type { PushAnswer, ReceivedPush } from '../../shared/protocol/push.ts';
import type { Database, Transaction } from '../database/database.ts';
import { indexOf } from '../review/terms.ts';
import { readCounter, type WorkspaceOf } from './counter.ts';
import { TermsCache } from './history-terms.ts';
import { closeRevoked, every, reclaimDue } from './keeper.ts';
import { leasesFor } from './lending.ts';
import { openNotices } from './notices.ts';
import { answerPull, lookUntilSeen, type PullReply } from './pull.ts';
import { acceptFrom } from './push.ts';
import { termsAtLeast } from './read-terms.ts';
import { SegmentStore, type Segment } from './segments.ts';
import { StreamHub, type Outlet } from './stream.ts';
import type { Viewer } from './views.ts';

/** Who asks for what: from the token and the path. */
export interface Asking {
  readonly workspace: WorkspaceOf;
  readonly viewer: Viewer;
}

export interface Histories {
  readonly push: (asking: Asking, request: ReceivedPush) => Promise<PushAnswer>;
  readonly pull: (asking: Asking, request: PullRequest) => Promise<PullReply>;
  readonly leases: (asking: Asking, request: LeaseRequest) => Promise<readonly WireLease[]>;
  /** null where there is no such segment, or not any more, or its reader does not see all of it. */
  readonly segment: (asking: Asking, name: string) => Promise<Segment | null>;
  /** Tells the device what is new until `leave`; null where there are as many streams as the server can serve. */
  readonly listen: (
    asking: Asking,
    stream: { readonly outlet: Outlet; readonly again: () => Promise<Viewer | null> },
  ) => Promise<(() => void) | null>;
  /** A person's role, workspaces or devices changed: streams are looked at again, leases of revoked devices closed. */
  readonly standingChanged: (of: { readonly organisationId: string; readonly personId: string }) => Promise<void>;
  /** The access that members have in their workspaces now. */
  readonly accessIn: (
    transaction: Pick<Transaction, 'query'>,
    memberships: readonly { readonly workspaceId: string; readonly memberId: string }[],
  ) => Promise<ReadonlyMap<string, AccessRole>>;
  /** For the metrics. */
  readonly streams: () => number;
  readonly close: () => Promise<void>;
}

export interface HistoriesOptions {
  readonly database: Database;
  /** What was done in the background and failed; it is tried again. */
  readonly onFailure: (error: unknown) => void;
  /** After the commit of what a device pushed. */
  readonly onWritten?: (workspace: WorkspaceOf) => void;
  readonly streamsMax?: number;
}

const reclaimEveryMs = 60_000;

export async function openHistories({
  database,
  onFailure,
  onWritten,
  streamsMax,
}: HistoriesOptions): Promise<Histories> {
  const cache = new TermsCache();
  const segments = new SegmentStore(database);
  const hub = new StreamHub({ database, cache, onFailure, ...(streamsMax !== undefined && { streamsMax }) });
  const notices = await openNotices(database, hub, onFailure);
  const stopReclaiming = every(reclaimEveryMs, () => reclaimDue({ database, cache }), onFailure);
  const lookFor = ({ workspace, viewer }: Asking) => ({ database, cache, workspace, viewer });
  return {
    push: async (asking, request) => {
      const { workspace, viewer } = asking;
      const given = { database, cache, workspace, standing: viewer };
      const { answer } = await acceptFrom(given, { request, deviceId: viewer.deviceId });
      if (answer.kind === 'pushed') {
        notices.written(workspace.workspaceId);
        onWritten?.(workspace);
        return answer;
      }
      const { view } = await lookUntilSeen(lookFor(asking));
      return { ...answer, view };
    },
    pull: (asking, request) => answerPull(lookFor(asking), request),
    leases: ({ workspace, viewer }, request) =>
      leasesFor({ database, cache, workspace, standing: viewer }, { request, deviceId: viewer.deviceId }),
    segment: async (asking, name) => {
      const { grounds } = await lookUntilSeen(lookFor(asking));
      return grounds.kind === 'clear' ? segments.find(asking.workspace, name) : null;
    },
    listen: ({ workspace, viewer }, stream) => hub.join({ workspace, viewer, ...stream }),
    standingChanged: async (of) => {
      await closeRevoked({ database, cache }, of);
      await hub.standingChanged(of.personId);
    },
    accessIn: async (transaction, memberships) => {
      const access = new Map<string, AccessRole>();
      for (const { workspaceId, memberId } of memberships) {
        const counter = await readCounter(transaction, workspaceId);
        const terms = counter && (await termsAtLeast(transaction, { cache, workspaceId, counter }));
        const member = terms && holdingAt(indexOf(terms)?.members.get(memberId), counter.now)?.member;
        if (member?.active === true) access.set(workspaceId, member.access);
      }
      return access;
    },
    streams: () => hub.count,
    close: async () => {
      hub.close();
      await notices.close();
      await stopReclaiming();
    },
  };
}
