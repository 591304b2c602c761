import type { z } from 'zod';
import type { grantAddInput, grantVoidInput } from '../../shared/bridge/inputs.ts';
import { noCredits } from '../../shared/kernel/credits.ts';
import { planAt } from '../../shared/ledger/schedule.ts';
import { defaultPriority, type Grant, type Void } from '../../shared/ledger/transaction.ts';
import { checkCountable } from './countable.ts';
import { notFound, problem, wrongField } from './problems.ts';
import { readCredits, readInstant } from './reading.ts';
import type { Actor, ReplicaState } from './replica-state.ts';

/** Enters credits by hand. [G1] [G4] */
export async function addGrant(
  state: ReplicaState,
  given: z.output<typeof grantAddInput>,
  actor: Actor,
): Promise<{ readonly grantId: string }> {
  const workspace = state.workspace(given.workspaceId);
  const now = state.clock();
  const from = given.from === undefined ? now : readInstant(given.from, 'from', workspace.timeZone);
  const expiresAt = given.expires === undefined ? null : readInstant(given.expires, 'expires', workspace.timeZone);
  if (expiresAt !== null && expiresAt <= from) throw wrongField('expires', 'is not after the start of the grant');
  const memberId = given.member ?? null;
  if (memberId !== null && !workspace.index.members.has(memberId)) throw notFound('member', memberId);
  if (memberId !== null && planAt(workspace.index, from).plan.poolScope !== 'member') {
    throw wrongField('member', 'all members share one pool here; leave the member out');
  }
  if (planAt(workspace.index, from).plan.poolScope === 'member' && memberId === null) {
    throw wrongField('member', 'each member has credits of their own here; say whose grant it is');
  }
  const amount = readCredits(given.amount, 'amount', 'positive');
  const pool = state.poolOf(workspace, memberId, from);
  checkCountable(state, workspace, { pool, amount, path: 'amount' });
  const grant: Grant = {
    kind: 'grant',
    id: state.ids.fresh(),
    workspaceId: workspace.id,
    poolId: pool.id,
    occurredAt: from,
    recordedAt: now,
    authorId: actor.memberId,
    origin: actor.origin,
    grantKind: 'adjustment',
    amount,
    priority: given.priority ?? defaultPriority.adjustment,
    expiresAt,
    packId: null,
    orderId: null,
    ...(given.note === undefined ? {} : { note: given.note }),
  };
  await state.appendLines(workspace.id, [grant]);
  return { grantId: grant.id };
}

/** Stops a grant at an instant; what it paid before stays paid. [G1] */
export async function voidGrant(
  state: ReplicaState,
  given: z.output<typeof grantVoidInput>,
  actor: Actor,
): Promise<{ readonly transactionId: string }> {
  const grant = state.line(given.id);
  if (!grant || grant.kind !== 'grant') throw notFound('grant', given.id);
  const workspace = state.workspace(grant.workspaceId);
  const now = state.clock();
  const at =
    given.at === undefined
      ? grant.occurredAt > now
        ? grant.occurredAt
        : now
      : readInstant(given.at, 'at', workspace.timeZone);
  if (at < grant.occurredAt) throw wrongField('at', 'is before the grant became effective');
  if (state.linesWhere('"linkedId"=?', [grant.id]).some((line) => line.kind === 'void')) {
    throw problem('conflict', 'This grant was voided already.', { todo: 'There is nothing left to void.' });
  }
  const line: Void = {
    kind: 'void',
    of: 'grant',
    id: state.ids.fresh(),
    workspaceId: workspace.id,
    poolId: grant.poolId,
    occurredAt: at,
    recordedAt: now,
    spentAt: at,
    authorId: actor.memberId,
    origin: actor.origin,
    memberId: null,
    teamId: null,
    featureId: null,
    variant: null,
    linkedId: grant.id,
    credits: noCredits,
    reason: given.reason ?? 'Grant voided',
  };
  await state.appendLines(workspace.id, [line]);
  return { transactionId: line.id };
}
