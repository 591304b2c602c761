import type { z } from 'zod';
import type {
  orderApproveInput,
  orderCloseInput,
  orderConfirmInput,
  orderCreateInput,
} from '../../shared/bridge/inputs.ts';
import type { OrderView } from '../../shared/bridge/views.ts';
import { findPack, versionInForce } from '../../shared/catalogue/lookup.ts';
import { figure } from '../../shared/catalogue/figure.ts';
import { formatDecimal, microPerUnit, parseCredits, type Credits } from '../../shared/kernel/credits.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { money, type Money } from '../../shared/kernel/money.ts';
import { addMonths, dayOf, startOfDay } from '../../shared/kernel/time-zone.ts';
import { balanceOf } from '../../shared/ledger/balance-of.ts';
import { orderStates, orderStepId, type OrderStep } from '../../shared/ledger/order-step.ts';
import { planAt } from '../../shared/ledger/schedule.ts';
import { defaultPriority, type Grant } from '../../shared/ledger/transaction.ts';
import { orderStepSchema } from '../../shared/protocol/records.ts';
import { appendRecords } from '../database/append.ts';
import type { RecordDocument } from '../database/collections.ts';
import { readRecords } from '../database/stored-rows.ts';
import { checkCountable } from './countable.ts';
import { actorOf } from './log-usage.ts';
import { notFound, problem, wrongField } from './problems.ts';
import { readCredits, readInstant } from './reading.ts';
import type { Actor, Pool, ReplicaState } from './replica-state.ts';
import { rowSyncOf } from './row-sync.ts';
import { whoAmI } from './settings.ts';
import type { Workspace } from './workspace.ts';

/** Notes the intent to buy a pack. Credits appear when the purchase is confirmed, not before. [P2] [P4] */
export async function createOrder(
  state: ReplicaState,
  given: z.output<typeof orderCreateInput>,
  actor: Actor,
): Promise<{ readonly orderId: string }> {
  const workspace = state.workspace(given.workspaceId);
  const at = given.at === undefined ? state.clock() : readInstant(given.at, 'at', workspace.timeZone);
  const { version } = versionInForce(workspace.catalogue, at);
  const { plan, ended } = planAt(workspace.index, at);
  const pack = plan.packs.ids.includes(given.pack) ? findPack(version, given.pack) : undefined;
  if (!pack) {
    const known = plan.packs.ids.join(', ') || 'no packs';
    throw wrongField('pack', `“${given.pack}” is no pack of ${plan.name}; it has ${known}`);
  }
  const memberId = given.member ?? null;
  if (memberId !== null && !workspace.index.members.has(memberId)) throw notFound('member', memberId);
  if (plan.poolScope === 'member' && memberId === null) {
    throw wrongField('member', 'each member has credits of their own here; say whose pack it is');
  }
  if (plan.packs.onlyWhenUsedUp && !ended) {
    const pool = state.poolOf(workspace, memberId, at);
    const folded = given.at === undefined ? state.poolNow(workspace, pool) : state.poolAt(workspace, pool, at);
    if (balanceOf(folded, at).available > 0) {
      throw problem('refused', `${workspace.catalogue.name} sells more credits only once the period's are used up.`, {
        todo: 'Order when nothing is left, or enter what was bought as a grant.',
      });
    }
  }
  const orderId = state.ids.fresh();
  await writeStep(state, workspace, {
    orderId,
    state: 'requested',
    packId: pack.id,
    memberId,
    at,
    recordedAt: state.clock(),
    authorId: actor.memberId,
    credits: pack.credits === null ? null : figure(pack.credits),
    price: pack.price === null ? null : money(pack.price.minorUnits, pack.price.currency),
    reference: null,
    note: given.note ?? null,
  });
  return { orderId };
}

/** Confirms that the platform sold the pack: the grant is booked once, with the order's id. [G0] [P1] [P4] */
export async function confirmOrder(state: ReplicaState, given: z.output<typeof orderConfirmInput>) {
  const { workspace, order, actor } = openOrder(state, given.orderId);
  refuseUnlessAdmin(state, workspace, 'confirm');
  const at = given.at === undefined ? state.clock() : readInstant(given.at, 'at', workspace.timeZone);
  const amount = given.credits === undefined ? order.credits : readCredits(given.credits, 'credits', 'positive');
  if (order.credits !== null && amount !== order.credits) {
    const published = formatDecimal(order.credits);
    throw wrongField('credits', `the platform publishes ${published} for this pack; enter anything else as a grant`);
  }
  if (amount === null)
    throw wrongField('credits', 'the platform publishes no amount for this pack; say what was bought');
  const price = given.price === undefined ? order.price : readPrice(given.price);
  const pool = state.poolOf(workspace, order.memberId, at);
  // A confirmation that was cut off after its grant is taken up again: the grant stands as it was booked.
  const booked = grantOf(state, order);
  if (!booked) checkCountable(state, workspace, { pool, amount, path: 'credits' });
  const grant = booked ?? grantFor(state, workspace, { order, pool, at, amount, actor });
  await state.appendLines(workspace.id, [grant]);
  await writeStep(state, workspace, {
    ...order,
    state: 'granted',
    at: grant.occurredAt,
    recordedAt: state.clock(),
    authorId: actor.memberId,
    credits: grant.amount,
    price,
    reference: given.reference ?? null,
  });
  return { orderId: order.orderId, grantId: grant.id, credits: grant.amount };
}

/** An admin says yes to a request; the credits appear when the purchase is confirmed. [P1] [P3] */
export async function approveOrder(
  state: ReplicaState,
  given: z.output<typeof orderApproveInput>,
): Promise<{ readonly orderId: string }> {
  const { workspace, order, actor } = openOrder(state, given.orderId);
  refuseUnlessAdmin(state, workspace, 'approve');
  if (order.state === 'approved') return { orderId: order.orderId };
  const now = state.clock();
  const note = given.note ?? order.note;
  const step = { ...order, state: 'approved', at: now, recordedAt: now, authorId: actor.memberId, note } as const;
  await writeStep(state, workspace, step);
  return { orderId: order.orderId };
}

/** On a server only a company admin decides on orders; anybody may ask, and take back what they asked for. [P3] */
function refuseUnlessAdmin(state: ReplicaState, workspace: Workspace, what: 'approve' | 'confirm' | 'refuse'): void {
  const shared = state.sync.workspace(workspace.id);
  if (!shared || shared.body.access === 'company-admin') return;
  throw problem('refused', `A company admin has to ${what} this order.`, {
    todo: 'It waits for one; it was sent to the server, or is as soon as there is a network.',
  });
}

export async function closeOrder(
  state: ReplicaState,
  given: z.output<typeof orderCloseInput>,
): Promise<{ readonly orderId: string }> {
  const { workspace, order, actor } = openOrder(state, given.orderId);
  if (given.as === 'refused') refuseUnlessAdmin(state, workspace, 'refuse');
  if (grantOf(state, order)) {
    throw problem('conflict', 'The credits of this order were booked already.', {
      todo: 'Confirm the order to finish it; void its grant if the credits were not bought.',
    });
  }
  const now = state.clock();
  const note = given.reason ?? order.note;
  await writeStep(state, workspace, {
    ...order,
    state: given.as,
    at: now,
    recordedAt: now,
    authorId: actor.memberId,
    note,
  });
  return { orderId: order.orderId };
}

/** The grant of an order; there is one as soon as it was booked. [G0] */
function grantOf(state: ReplicaState, order: OrderStep): Grant | undefined {
  const line = state.line(order.orderId);
  return line?.kind === 'grant' ? line : undefined;
}

function grantFor(
  state: ReplicaState,
  workspace: Workspace,
  given: {
    readonly order: OrderStep;
    readonly pool: Pool;
    readonly at: Instant;
    readonly amount: Credits;
    readonly actor: Actor;
  },
): Grant {
  const { order, pool, at, amount, actor } = given;
  const zone = workspace.timeZone;
  const pack = findPack(versionInForce(workspace.catalogue, at).version, order.packId);
  const months = pack?.lapsesAfterMonths ?? null;
  return {
    kind: 'grant',
    // The order's id, so that a second confirmation never grants twice. [G0] [P1]
    id: order.orderId,
    workspaceId: workspace.id,
    poolId: pool.id,
    occurredAt: at,
    recordedAt: state.clock(),
    authorId: actor.memberId,
    origin: actor.origin,
    grantKind: 'pack',
    amount,
    priority: defaultPriority.pack,
    expiresAt: months === null ? null : startOfDay(addMonths(dayOf(at, zone), months), zone),
    packId: order.packId,
    orderId: order.orderId,
  };
}

/** All orders of a workspace with how they stand, newest first. */
export function ordersOf(state: ReplicaState, workspace: Workspace): readonly OrderView[] {
  const steps = stepsWhere(state, '"workspaceId"=?', [workspace.id]);
  const packs = workspace.catalogue.versions.flatMap((version) => version.packs);
  const me = whoAmI(state, workspace.id);
  const syncOf = rowSyncOf(
    state,
    workspace,
    steps.map(({ id }) => id),
  );
  return [...Map.groupBy(steps, (step) => step.orderId).values()]
    .map((ofOrder): OrderView => {
      const { first, last: written } = ends(ofOrder);
      const last = asGranted(state, written);
      const author = first.authorId === null ? null : workspace.index.members.get(first.authorId)?.at(-1)?.value.member;
      return {
        id: first.orderId,
        packId: first.packId,
        packName: packs.findLast((pack) => pack.id === first.packId)?.name ?? first.packId,
        state: last.state,
        requestedAt: first.at,
        requestedBy: author?.name ?? null,
        isOwn: first.authorId !== null && first.authorId === me,
        decidedAt: last.state === 'requested' ? null : last.at,
        credits: last.credits,
        price: last.price,
        reference: last.reference,
        note: last.note,
        sync: syncOf(last.id),
      };
    })
    .sort((left, right) => right.requestedAt - left.requestedAt);
}

/**
 * Who may not see who decided on an order still has what came of it: with its grant an order is granted, also where the
 * step that says so is not shown. [P1]
 */
function asGranted(state: ReplicaState, last: OrderStep): OrderStep {
  if (last.state !== 'requested' && last.state !== 'approved') return last;
  if (state.sync.workspace(last.workspaceId) === undefined) return last;
  const grant = grantOf(state, last);
  return grant ? { ...last, state: 'granted', at: grant.occurredAt, credits: grant.amount } : last;
}

function openOrder(state: ReplicaState, orderId: string) {
  // The id of a step is the order's with the state after it; `0` is the next sign after `/`.
  const steps = stepsWhere(state, 'id>=? AND id<?', [`${orderId}/`, `${orderId}0`]);
  if (steps.length === 0) throw notFound('order', orderId);
  const { first, last } = ends(steps);
  const workspace = state.workspaces().find((known) => known.id === first.workspaceId);
  if (!workspace) throw notFound('order', orderId);
  if (last.state !== 'requested' && last.state !== 'approved') {
    throw problem('conflict', `This order was already ${last.state}.`, {
      todo: 'Order again if another pack was bought.',
    });
  }
  return { workspace, order: last, actor: actorOf(state, workspace.id) };
}

function ends(steps: readonly OrderStep[]): { readonly first: OrderStep; readonly last: OrderStep } {
  // Steps of several computers, whose clocks differ: a decision follows its request whatever their clocks say.
  const sorted = steps.toSorted(
    (left, right) => stage(left) - stage(right) || left.recordedAt - right.recordedAt || rank(left) - rank(right),
  );
  const [first] = sorted;
  const last = sorted.at(-1);
  if (!first || !last) throw notFound('order', '');
  return { first, last };
}

function stage({ state }: OrderStep): number {
  return state === 'requested' ? 0 : state === 'approved' ? 1 : 2;
}

function rank(step: OrderStep): number {
  return orderStates.indexOf(step.state);
}

async function writeStep(
  state: ReplicaState,
  workspace: Workspace,
  step: Omit<OrderStep, 'id' | 'workspaceId'>,
): Promise<void> {
  const id = orderStepId(step.orderId, step.state);
  await appendRecords(state.database, 'orders', [orderDocument({ ...step, id, workspaceId: workspace.id })]);
  state.signal.changed(workspace.id);
}

export function orderDocument(step: OrderStep): RecordDocument {
  const { id, workspaceId, ...body } = step;
  return { id, workspaceId, body };
}

function stepsWhere(state: ReplicaState, where: string, parameters: readonly string[]): readonly OrderStep[] {
  return readRecords(state.database, 'orders', where, parameters).flatMap(({ id, body, workspaceId }) => {
    const parsed = orderStepSchema.safeParse({ ...body, id, workspaceId });
    if (parsed.success) return [parsed.data];
    state.database.damaged.note('orders', id);
    return [];
  });
}

/** A price in the currency's minor unit. */
export function readPrice(given: { readonly amount: string; readonly currency: string }): Money {
  const parsed = parseCredits(given.amount);
  if (!parsed.ok || parsed.value.value < 0) throw wrongField('price.amount', `“${given.amount}” is no amount of money`);
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency: given.currency }).resolvedOptions();
  const minorUnits = (parsed.value.value / microPerUnit) * 10 ** (digits.maximumFractionDigits ?? 2);
  const rounded = Math.round(minorUnits);
  if (Math.abs(minorUnits - rounded) > 1e-6) {
    throw wrongField('price.amount', `“${given.amount}” has more decimal places than ${given.currency} knows`);
  }
  return money(rounded, given.currency);
}
