import type { Instant } from '../../shared/kernel/instant.ts';
import type { Change, ChangeValue } from '../../shared/ledger/change.ts';
import type { Actor, ReplicaState } from './replica-state.ts';

/** Makes the change that sets `value` from an instant on. [G12] */
export function changeOf(
  state: ReplicaState,
  given: {
    readonly workspaceId: string;
    readonly subject?: string;
    readonly effectiveFrom: Instant;
    readonly value: ChangeValue;
    readonly reason?: string | undefined;
  },
  actor: Actor,
): Change {
  return {
    id: state.ids.fresh(),
    workspaceId: given.workspaceId,
    subject: given.subject ?? '',
    effectiveFrom: given.effectiveFrom,
    recordedAt: state.clock(),
    authorId: actor.memberId,
    origin: actor.origin,
    reason: given.reason ?? null,
    value: given.value,
  };
}
