// What both shells need to know of the replica: a router, and how to close what is behind it.
import type { RPCHandler } from '@orpc/server/ws';
import type { Problem } from '../../shared/bridge/problem.ts';

/** Any oRPC router that needs nothing from its caller: what its procedures work on is bound when it is made. */
export type ServedRouter = ConstructorParameters<typeof RPCHandler<Record<never, never>>>[0];

/** An open replica as its shell sees it. */
export interface ServedReplica {
  readonly router: ServedRouter;
  /** What keeps the data from being open as usual; the page offers ways on. Without it, nothing does. */
  readonly status?: () => { readonly mode: string; readonly problem: Problem | null };
  /** Finishes what is being written and closes the data. */
  close(): Promise<void>;
}
