import type { z } from 'zod';
import type { holdInput, usageInput } from '../../shared/bridge/inputs.ts';
import type { LogAnswer, PreviewView } from '../../shared/bridge/views.ts';
import { explain, type Wording } from '../../shared/entitlement/explain.ts';
import {
  credits,
  formatDecimal,
  microPerUnit,
  noCredits,
  subtract,
  type Credits,
} from '../../shared/kernel/credits.ts';
import { holdingAt } from '../../shared/ledger/change.ts';
import { planAt } from '../../shared/ledger/schedule.ts';
import type { Share, Transaction, Usage } from '../../shared/ledger/transaction.ts';
import { correctUse } from '../../shared/usage/settle.ts';
import { askPool } from '../../shared/ledger/what-if.ts';
import {
  considerUsage,
  holdLine,
  usageLine,
  type UsageAnswer,
  type UsageRequest,
  type UsageSurroundings,
} from '../../shared/usage/log-usage.ts';
import { appendRecords } from '../database/append.ts';
import { checkCountable } from './countable.ts';
import { leaseAnswer } from './lease-cover.ts';
import { notFound, problem, wrongField } from './problems.ts';
import { readInstant, readMoment, readQuantity } from './reading.ts';
import type { Actor, Pool, ReplicaState } from './replica-state.ts';
import { whoAmI } from './settings.ts';
import { spentIn } from './spent-in.ts';
import type { Workspace } from './workspace.ts';

type UsageGiven = z.output<typeof usageInput>;

/** What a use would cost, who would pay, and whether it may be. Writes nothing. */
export function previewUsage(state: ReplicaState, given: UsageGiven): PreviewView {
  const considered = consider(state, given);
  const { workspace, answer, pool } = considered;
  const { price, decision } = answer;
  const wording = wordingFor(workspace);
  const left = subtract(poolHeadroom(decision), decision.credits);
  return {
    unitRate: price.ok ? price.value.unitRate : null,
    pricing: price.ok ? price.value.pricing : null,
    catalogueVersion: price.ok ? price.value.catalogueVersion : null,
    decision,
    sentences: explain(decision, wording),
    split: decision.split.map((share) => ({ ...share, label: labelOf(state, workspace, pool, share) })),
    availableAfter: price.ok ? (left < noCredits ? noCredits : left) : null,
  };
}

/** Authorises and books a use, or records one that already happened. [E6] */
export async function logUsage(state: ReplicaState, given: UsageGiven, actor: Actor): Promise<LogAnswer> {
  const considered = consider(state, given);
  const { workspace, request, answer, pool } = considered;
  const externalKey = given.externalId === undefined ? null : `log:${given.externalId}`;
  const id = externalKey === null ? state.ids.fresh() : state.ids.ofName(`usage/${workspace.id}/${externalKey}`);
  if (externalKey !== null) {
    const known = state.line(id);
    if (known) return loggedBefore(state, { considered, known, note: given.note ?? null }, actor);
  }
  if (!answer.price.ok || answer.decision.outcome === 'refused') return refuse(state, considered, actor);
  checkCountable(state, workspace, { pool, amount: answer.price.value.credits, path: 'quantity' });
  const line = usageLine(
    request,
    { ...answer, price: answer.price.value },
    {
      id,
      workspaceId: workspace.id,
      poolId: pool.id,
      recordedAt: state.clock(),
      authorId: actor.memberId,
      origin: actor.origin,
      note: given.note ?? null,
      externalKey,
    },
  );
  await state.appendLines(workspace.id, [line]);
  return answerOf(workspace, answer, line.id);
}

/** Sets credits aside before a long action. A hold is always authorised. [H1] */
export async function holdUsage(
  state: ReplicaState,
  given: z.output<typeof holdInput>,
  actor: Actor,
): Promise<LogAnswer> {
  const { expires, ...usage } = given;
  const considered = consider(state, usage);
  const { workspace, request, answer, pool } = considered;
  const expiresAt = expires === undefined ? null : readInstant(expires, 'expires', workspace.timeZone);
  if (expiresAt !== null && expiresAt <= request.at) throw wrongField('expires', 'is not after the start of the hold');
  if (!answer.price.ok || answer.decision.outcome === 'refused') return refuse(state, considered, actor);
  if (answer.decision.credits === noCredits) {
    throw wrongField('feature', 'costs no credits, so there is nothing to hold; log it instead');
  }
  checkCountable(state, workspace, { pool, amount: answer.price.value.credits, path: 'quantity' });
  const line = holdLine(
    request,
    { ...answer, price: answer.price.value },
    {
      id: state.ids.fresh(),
      workspaceId: workspace.id,
      poolId: pool.id,
      recordedAt: state.clock(),
      authorId: actor.memberId,
      origin: actor.origin,
      note: given.note ?? null,
      expiresAt,
    },
  );
  await state.appendLines(workspace.id, [line]);
  return answerOf(workspace, answer, line.id);
}

/** A use that its pool covers, and that goes beyond what this computer may spend of it by itself. */
export interface LeaseShort {
  readonly workspaceId: string;
  readonly poolId: string;
  readonly needed: Credits;
}

/** null where more from the server would not help, or is not needed. */
export function leaseShortOf(state: ReplicaState, given: UsageGiven): LeaseShort | null {
  const { workspace, pool, answer } = consider(state, given);
  const { outcome, reasons, credits: needed } = answer.decision;
  const isOnlyLease =
    outcome === 'refused' && reasons.every(({ rule, effect }) => rule === 'lease' || effect !== 'refused');
  return isOnlyLease ? { workspaceId: workspace.id, poolId: pool.id, needed } : null;
}

/** What the rules ask of a workspace. */
export function surroundingsOf(state: ReplicaState, workspace: Workspace, pool: Pool): UsageSurroundings {
  return {
    index: workspace.index,
    weekStart: workspace.weekStart,
    askPool: (amount, at) => {
      const now = state.clock();
      return askPool({ ledger: state.ledgerOf(workspace, pool, at < now ? at : now), amount, at, now });
    },
    spentIn: (window, spender) => spentIn(state, workspace, window, spender),
    coverBy: (amount, at) => leaseAnswer(state, workspace, { poolId: pool.id, amount, at }),
  };
}

/** Figures and instants as a person reads them, in the workspace's zone. */
export function wordingFor(workspace: Workspace): Wording {
  const moments = new Intl.DateTimeFormat('en-GB', {
    timeZone: workspace.timeZone,
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  return {
    credits: (value) => `${figures.format(formatDecimal(value))} ${value === microPerUnit ? 'credit' : 'credits'}`,
    moment: (at) => `${moments.format(at)} (${workspace.timeZone})`,
  };
}

const figures = new Intl.NumberFormat('en', { maximumFractionDigits: 6 });

interface Considered {
  readonly workspace: Workspace;
  readonly pool: Pool;
  readonly request: UsageRequest;
  readonly answer: UsageAnswer;
}

function consider(state: ReplicaState, given: UsageGiven): Considered {
  const workspace = state.workspace(given.workspaceId);
  const at =
    given.at === undefined
      ? state.clock()
      : readMoment(given.at, 'at', { zone: workspace.timeZone, now: state.clock() });
  const quantity = readQuantity(given.quantity, 'quantity');
  const memberId = given.member ?? null;
  const member = memberId === null ? undefined : holdingAt(workspace.index.members.get(memberId), at)?.member;
  if (memberId !== null && !member) throw notFound('member', memberId);
  if (member && !member.active && given.happened !== true) {
    throw wrongField('member', `${member.name} is inactive; make them active again, or log it as already happened`);
  }
  const { plan } = planAt(workspace.index, at);
  if (plan.poolScope === 'member' && memberId === null) {
    throw wrongField('member', `${plan.name} gives each member credits of their own; say who used them`);
  }
  const teamId = given.team ?? member?.teamId ?? null;
  if (given.team !== undefined && !workspace.index.teams.has(given.team)) throw notFound('team', given.team);
  const pool = state.poolOf(workspace, memberId, at);
  const request: UsageRequest = {
    feature: given.feature,
    variant: given.variant ?? null,
    quantity,
    at,
    happened: given.happened ?? false,
    memberId,
    teamId,
  };
  const answer = considerUsage(request, surroundingsOf(state, workspace, pool));
  return { workspace, pool, request, answer };
}

/** Refusals go to a log beside the ledger. [E6] */
async function refuse(state: ReplicaState, considered: Considered, actor: Actor): Promise<LogAnswer> {
  const { workspace, request, answer } = considered;
  const { at, feature, variant, quantity, memberId, teamId } = request;
  const body = {
    at,
    feature,
    variant,
    quantity,
    memberId,
    teamId,
    recordedAt: state.clock(),
    authorId: actor.memberId,
    credits: answer.decision.credits,
    reasons: answer.decision.reasons,
  };
  await appendRecords(state.database, 'refusals', [{ id: state.ids.fresh(), workspaceId: workspace.id, body }]);
  return { ...answerOf(workspace, answer, null), outcome: 'refused' };
}

function answerOf(workspace: Workspace, answer: UsageAnswer, transactionId: string | null): LogAnswer {
  const { outcome, credits: amount, split, reasons } = answer.decision;
  const sentences = explain(answer.decision, wordingFor(workspace));
  return { outcome, credits: amount, split, reasons, sentences, transactionId, duplicate: false };
}

/**
 * The same external id again: the same content is a duplicate, another quantity a restatement whose difference is
 * booked, and anything else a conflict. [L2]
 */
async function loggedBefore(
  state: ReplicaState,
  again: { readonly considered: Considered; readonly known: Transaction; readonly note: string | null },
  actor: Actor,
): Promise<LogAnswer> {
  const { known } = again;
  const { workspace, request, pool } = again.considered;
  if (known.kind !== 'usage' || !sameUse(known, request)) {
    const message = 'was logged before with other content; correct that entry instead';
    throw problem('conflict', `externalId: ${message}`, {
      issues: [{ path: 'externalId', message }],
      todo: 'Correct the entry in the ledger, or use another external id.',
    });
  }
  const answer = {
    outcome: known.receipt.some((share) => share.grantId === null) ? 'allowed-overage' : 'allowed',
    credits: known.credits,
    split: known.receipt,
    reasons: [],
    sentences: [`This was logged already in ${workspace.name}; nothing was booked.`],
    transactionId: known.id,
    duplicate: true,
  } as const;
  const linked = state.linesWhere('"linkedId"=? ORDER BY sequence', [known.id]);
  const last = linked.findLast((line) => line.kind === 'correction' && line.restatedQuantity !== undefined);
  const stated = last?.kind === 'correction' ? last.restatedQuantity : known.quantity;
  if (stated === request.quantity || linked.some((line) => line.kind === 'void')) return answer;
  const now = state.clock();
  const details = {
    id: state.ids.ofName(`restatement/${last?.id ?? known.id}/${request.quantity}`),
    // What is dated ahead is restated no earlier than it begins.
    at: known.occurredAt > now ? known.occurredAt : now,
    recordedAt: now,
    authorId: actor.memberId,
    origin: actor.origin,
    reason: again.note ?? 'Logged again with another quantity',
  };
  const folded = state.poolSince(workspace, pool, { from: known.occurredAt, asOf: details.at });
  const correction = correctUse(folded, known, request.quantity, details);
  if (!correction.ok) {
    if (correction.error.code === 'unchanged') return answer;
    throw problem('conflict', 'This was logged before with another quantity, and nothing of it is used any more.', {
      todo: 'Log it under another external id if it was used again.',
    });
  }
  await state.appendLines(workspace.id, [correction.value]);
  const sentence = `This was logged before with another quantity in ${workspace.name}; the difference was booked.`;
  const { credits: difference, id: transactionId } = correction.value;
  return { ...answer, credits: difference, split: [], sentences: [sentence], transactionId, duplicate: false };
}

function sameUse(known: Usage, request: UsageRequest): boolean {
  return (
    known.featureId === request.feature && known.variant === request.variant && known.memberId === request.memberId
  );
}

function poolHeadroom(decision: UsageAnswer['decision']): Credits {
  return decision.headrooms.find((entry) => entry.rule === 'pool')?.headroom ?? credits(0);
}

/** What a person calls a part of what pays. */
export function labelOf(state: ReplicaState, workspace: Workspace, pool: Pool, share: Share): string {
  if (share.kind === 'overage') return 'Overage';
  if (share.kind === 'allotment') return 'Allotment of this period';
  const slot = state.poolNow(workspace, pool).slots.find((known) => known.id === share.grantId);
  if (share.kind === 'adjustment') return 'Adjustment';
  const packs = workspace.catalogue.versions.flatMap((version) => version.packs);
  const pack = packs.findLast((known) => known.id === slot?.packId);
  return pack ? `Pack ${pack.name}` : `Pack of ${slot ? formatDecimal(slot.amount) : '?'}`;
}

/** The person at this computer. */
export function actorOf(state: ReplicaState, workspaceId: string): Actor {
  return {
    memberId: whoAmI(state, workspaceId),
    origin: state.options.shell === 'command-line' ? 'command-line' : 'app',
  };
}
