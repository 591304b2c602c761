import type { z } from 'zod';
import type { correctInput, refundInput, settleInput, voidInput } from '../../shared/bridge/inputs.ts';
import type { SettleAnswer } from '../../shared/bridge/views.ts';
import { explain } from '../../shared/entitlement/explain.ts';
import { formatDecimal, noCredits } from '../../shared/kernel/credits.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import type { Result } from '../../shared/kernel/result.ts';
import { capsBinding } from '../../shared/entitlement/caps.ts';
import { decide } from '../../shared/entitlement/decide.ts';
import { holdingAt } from '../../shared/ledger/change.ts';
import { planAt } from '../../shared/ledger/schedule.ts';
import type { PoolState } from '../../shared/ledger/pool-state.ts';
import type { Hold, Transaction, Usage } from '../../shared/ledger/transaction.ts';
import {
  captureHold,
  correctUse,
  refundUse,
  releaseHold,
  voidUse,
  type SettleDetails,
  type SettleProblem,
} from '../../shared/usage/settle.ts';
import { addOnsOn } from '../../shared/usage/log-usage.ts';
import { actorOf, surroundingsOf, wordingFor, type LeaseShort } from './log-usage.ts';
import { checkCountable } from './countable.ts';
import { leaseAnswer } from './lease-cover.ts';
import { notFound, problem, wrongField } from './problems.ts';
import { readCredits, readMoment, readQuantity } from './reading.ts';
import type { Actor, Pool, ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/** Spends a hold, in whole or in part; more than was held needs a new decision on the difference. [H2] [H3] */
export async function captureUsage(
  state: ReplicaState,
  given: z.output<typeof settleInput>,
  actor: Actor,
): Promise<SettleAnswer> {
  const settled = open(state, given, actor);
  const amount = given.credits === undefined ? null : readCredits(given.credits, 'credits', 'positive');
  const first = captureHold(settled.pool, settled.base, amount, { ...settled.details, differenceAllowed: false });
  if (first.ok || first.error.code !== 'more-than-was-held') {
    return book(state, settled, first, (line) => line.credits);
  }
  const { leaseId } = decideOnDifference(state, settled, first.error.difference);
  const result = captureHold(settled.pool, settled.base, amount, {
    ...settled.details,
    differenceAllowed: true,
    leaseId,
  });
  return book(state, settled, result, (line) => line.credits);
}

/** What a capture takes beyond its hold, where this computer may not spend it by itself; else null. */
export function leaseShortOfCapture(state: ReplicaState, given: z.output<typeof settleInput>): LeaseShort | null {
  if (given.credits === undefined) return null;
  const { workspace, poolOf, pool, base, details } = open(state, given, actorOf(state, ''));
  const amount = readCredits(given.credits, 'credits', 'positive');
  const tried = captureHold(pool, base, amount, { ...details, differenceAllowed: false });
  if (tried.ok || tried.error.code !== 'more-than-was-held') return null;
  const needed = tried.error.difference;
  const lease = leaseAnswer(state, workspace, { poolId: poolOf.id, amount: needed, at: details.at });
  return lease?.cover.kind === 'uncovered' ? { workspaceId: workspace.id, poolId: poolOf.id, needed } : null;
}

export async function releaseUsage(
  state: ReplicaState,
  given: Omit<z.output<typeof settleInput>, 'credits'>,
  actor: Actor,
): Promise<SettleAnswer> {
  const settled = open(state, given, actor);
  const result = releaseHold(settled.pool, settled.base, settled.details);
  return book(state, settled, result, () => settled.base.credits);
}

/** Gives captured credits back. [H7] */
export async function refundUsage(
  state: ReplicaState,
  given: z.output<typeof refundInput>,
  actor: Actor,
): Promise<SettleAnswer> {
  const settled = open(state, given, actor);
  const amount = given.credits === undefined ? null : readCredits(given.credits, 'credits', 'positive');
  const result = refundUse(settled.pool, settled.base, amount, { ...settled.details, reason: given.reason ?? null });
  return book(state, settled, result, (line) => line.credits);
}

/** Takes an entry back; an open hold is released. [L3] [L4] */
export async function voidUsage(
  state: ReplicaState,
  given: z.output<typeof voidInput>,
  actor: Actor,
): Promise<SettleAnswer> {
  const settled = open(state, given, actor);
  const spend = settled.pool.spendById.get(settled.base.id, settled.base.occurredAt);
  if (settled.base.kind === 'hold' && spend?.resolution === null) {
    const released = releaseHold(settled.pool, settled.base, settled.details);
    const noted: typeof released = released.ok
      ? { ok: true, value: { ...released.value, note: given.reason } }
      : released;
    return book(state, settled, noted, () => settled.base.credits);
  }
  if (isVoided(state, settled.base)) {
    throw problem('conflict', 'This entry was taken back already.', { todo: 'There is nothing left to take back.' });
  }
  const result = voidUse(settled.pool, settled.base, { ...settled.details, reason: given.reason });
  return book(state, settled, result, (line) => line.credits);
}

/** Brings an entry to another quantity. [L3] [L4] */
export async function correctUsage(
  state: ReplicaState,
  given: z.output<typeof correctInput>,
  actor: Actor,
): Promise<SettleAnswer> {
  const settled = open(state, given, actor);
  const quantity = readQuantity(given.quantity, 'quantity');
  const result = correctUse(settled.pool, settled.base, quantity, { ...settled.details, reason: given.reason });
  return book(state, settled, result, (line) => line.credits);
}

interface Settled {
  readonly workspace: Workspace;
  readonly poolOf: Pool;
  /** The pool at the instant of the settlement. */
  readonly pool: PoolState;
  readonly base: Hold | Usage;
  readonly details: SettleDetails;
}

/** Finds the use behind an id: that of the use itself, or of a line that follows from it. */
function open(
  state: ReplicaState,
  given: { readonly id: string; readonly at?: string | undefined },
  actor: Actor,
): Settled {
  const named = state.line(given.id);
  const base = named && 'linkedId' in named && named.linkedId !== null ? state.line(named.linkedId) : named;
  if (!base || (base.kind !== 'usage' && base.kind !== 'hold')) throw notFound('use or hold', given.id);
  const workspace = state.workspace(base.workspaceId);
  const now = state.clock();
  // What is dated ahead is settled no earlier than it begins.
  const moment = base.occurredAt > now ? base.occurredAt : now;
  const at: Instant =
    given.at === undefined ? moment : readMoment(given.at, 'at', { zone: workspace.timeZone, now: state.clock() });
  const poolOf = state.poolOfLine(base);
  // A settlement in the past must still see what was settled later: a hold resolves once.
  const pool = state.poolSince(workspace, poolOf, { from: base.occurredAt, asOf: at >= now ? at : now });
  const details: SettleDetails = {
    id: state.ids.fresh(),
    at,
    recordedAt: now,
    authorId: actor.memberId,
    origin: actor.origin,
  };
  return { workspace, poolOf, pool, base, details };
}

/** Decides on what a capture takes beyond its hold; throws where it is refused. Answers which lease bears it. [H3] */
function decideOnDifference(
  state: ReplicaState,
  { workspace, poolOf, base, details }: Settled,
  difference: Hold['credits'],
): { readonly leaseId: string | undefined } {
  const { plan, ended } = planAt(workspace.index, details.at);
  const surroundings = surroundingsOf(state, workspace, poolOf);
  const lease = leaseAnswer(state, workspace, { poolId: poolOf.id, amount: difference, at: details.at });
  const decision = decide({
    plan,
    planEnded: ended,
    price: {
      ok: true,
      value: {
        credits: difference,
        unitRate: base.unitRate ?? noCredits,
        catalogueVersion: base.catalogueVersion ?? '',
        pricing: 'listed',
        featureName: base.featureId,
        unit: '',
      },
    },
    feature: base.featureId,
    role:
      base.memberId === null
        ? null
        : (holdingAt(workspace.index.members.get(base.memberId), details.at)?.member.role ?? null),
    addOnsOn: addOnsOn(workspace.index, plan, details.at),
    needsAddOn: null,
    caps: capsBinding(workspace.index, base, details.at, workspace.weekStart).map((cap) => ({
      ...cap,
      used: surroundings.spentIn(cap.window, cap),
    })),
    pool: surroundings.askPool(difference, details.at),
    lease,
    happened: false,
  });
  if (decision.outcome !== 'refused') {
    return { leaseId: lease?.cover.kind === 'covered' ? lease.cover.leaseId : undefined };
  }
  const [headline = 'The difference is refused.'] = explain(decision, wordingFor(workspace));
  throw problem('refused', `More is captured than was held, and the difference is refused. ${headline}`, {
    kept: 'The hold stays open.',
    todo: 'Capture at most what is held, or log the rest as already happened.',
  });
}

async function book<Line extends Transaction>(
  state: ReplicaState,
  settled: Settled,
  result: Result<Line, SettleProblem>,
  creditsOf: (line: Line) => Hold['credits'],
): Promise<SettleAnswer> {
  if (!result.ok) throw settleProblem(result.error);
  const amount = creditsOf(result.value);
  if (amount > noCredits) checkCountable(state, settled.workspace, { pool: settled.poolOf, amount, path: 'credits' });
  await state.appendLines(settled.workspace.id, [result.value]);
  return { transactionId: result.value.id, credits: amount };
}

function isVoided(state: ReplicaState, base: Hold | Usage): boolean {
  return state.linesWhere('"linkedId"=?', [base.id]).some((line) => line.kind === 'void');
}

function settleProblem(error: SettleProblem) {
  const todo = 'Look at the entry in the ledger.';
  switch (error.code) {
    case 'not-a-hold':
      return problem('conflict', 'This entry is no hold.', { todo });
    case 'already-resolved': {
      const by = error.by === null ? '' : ` by ${error.by}`;
      const what = error.how === 'expired' ? 'has already expired' : `was already ${error.how}${by}`;
      return problem('refused', `This hold ${what}.`, { todo });
    }
    case 'before-it-began':
      return wrongField('at', 'is before the entry began');
    case 'not-positive':
      return wrongField('credits', 'must be more than 0; release the hold to give everything back');
    case 'nothing-to-give-back':
      return problem('conflict', 'Nothing of this entry is used, so nothing can be given back.', { todo });
    case 'more-than-was-used':
      return wrongField('credits', `is more than what is used of this entry (${formatDecimal(error.used)})`);
    case 'metered':
      return problem('conflict', 'The platform metered this entry, so it follows the report that it came from.', {
        todo: 'Import the corrected report, or take the entry back with a reason.',
      });
    case 'unchanged':
      return wrongField('quantity', 'is what is booked already');
    case 'more-than-was-held':
      return wrongField('credits', `is more than the hold has set aside (${formatDecimal(error.held)})`);
  }
}
