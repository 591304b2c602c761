import { credits, greatest, noCredits, subtract, type Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import { advance } from './clock.ts';
import { applyLine, foldInOrder, inOrder, isBehind, openPool, splitNow } from './fold.ts';
import { forkPool } from './fork.ts';
import { compareKeys, type LineKey } from './line-order.ts';
import { freeOf, sharesOf, type PoolState } from './pool-state.ts';
import type { AllotmentSchedule } from './schedule.ts';
import type { BalanceLine, Share } from './transaction.ts';

/** What a pool answers to a use that is not booked yet. */
export interface WhatIf {
  readonly split: readonly Share[];
  /** The most that could be spent at that instant without any new overage between then and now. [E7] */
  readonly headroom: Credits;
  readonly overageAdded: Credits;
  readonly freesAt: Instant | null;
}

export interface PoolQuestion {
  readonly poolId: string;
  readonly schedule: AllotmentSchedule;
  readonly state: PoolState;
  readonly lines: () => Iterable<BalanceLine>;
  readonly amount: Credits;
  readonly at: Instant;
  readonly now: Instant;
}

/**
 * Asks a pool how a use of `amount` at `at` would be paid. `state` is the pool as folded so far and is advanced to
 * `at` where that is possible; a use that lies before later lines is folded in between them. [E7]
 */
export function askPool(question: PoolQuestion): WhatIf {
  const { state, amount, at } = question;
  if (at > question.now || isBehind(state, candidateKey(at))) return foldedIn(question);
  advance(state, at);
  const headroom = availableOf(state);
  return {
    split: splitNow(state, amount),
    headroom,
    overageAdded: greatest(subtract(amount, headroom), noCredits),
    freesAt: nextCredits(state, at),
  };
}

/** What can be spent now: the free parts of all grants in force. */
export function availableOf(state: PoolState): Credits {
  return credits(state.inForce.reduce((total, slot) => total + freeOf(slot), 0));
}

/** When the next allotment or awaited grant brings credits; null when nothing is due. */
function nextCredits(state: PoolState, at: Instant): Instant | null {
  const next = state.schedule.periodAt(state.period.end >= state.opensAt ? state.period.end : state.opensAt);
  const due = [...next.allotments, ...state.awaited.filter((slot) => slot.ended === null)]
    .filter((grant) => grant.amount > 0 && grant.effectiveFrom > at)
    .map((grant) => grant.effectiveFrom);
  return due.length === 0 ? null : due.reduce((left, right) => (left <= right ? left : right));
}

/**
 * The answer for a use with lines after it: what comes before it is folded once, what comes after it is folded with the
 * use in its place and with a use of nothing, and both are compared after every line, so that overage that a refund has
 * cured since counts too. [E7]
 */
export function foldedIn(question: PoolQuestion): WhatIf {
  const { poolId, schedule, amount, at } = question;
  const asOf = at > question.now ? at : question.now;
  const keyed = inOrder(question.lines(), asOf);
  const asked = candidateKey(at);
  const behind = keyed.findIndex(({ key }) => compareKeys(key, asked) > 0);
  const place = behind < 0 ? keyed.length : behind;
  const later = keyed.slice(place);
  const untilAsked = foldInOrder({ poolId, schedule, keyed: keyed.slice(0, place), asOf: at });
  // A use before all lines opens the pool earlier than they do.
  const opened = isBehind(untilAsked, asked) ? openPool({ poolId, schedule, opensAt: at, from: at }) : untilAsked;
  const withUse = (extra: Credits): Outcome => {
    const state = forkPool(opened);
    const unpaid: number[] = [];
    for (const { key, line } of [{ key: asked, line: candidate({ poolId, at, credits: extra }) }, ...later]) {
      applyLine(state, line, key);
      unpaid.push(state.unpaid);
    }
    advance(state, asOf);
    return { state, unpaid };
  };
  const before = withUse(noCredits).unpaid;
  const addedBy = ({ unpaid }: Outcome): number =>
    unpaid.reduce((most, now, index) => Math.max(most, now - (before[index] ?? 0)), 0);
  const after = withUse(amount);
  const overageAdded = credits(addedBy(after));
  const most = overageAdded > noCredits ? subtract(amount, overageAdded) : moreThanEverGranted(after.state, amount);
  const spend = after.state.spendById.get(lastId);
  return {
    split: spend ? sharesOf(spend) : [],
    headroom: withoutOverage(most, (extra) => addedBy(withUse(extra))),
    overageAdded,
    freesAt: nextCredits(after.state, asOf),
  };
}

interface Outcome {
  readonly state: PoolState;
  /** What no grant paid after the asked use and after each later line. */
  readonly unpaid: readonly number[];
}

/**
 * The most, up to `from`, that adds no overage. Each further credit of use adds at most one of overage, so what is
 * beyond the grants can be taken off again and again until nothing is left to take off.
 */
function withoutOverage(from: Credits, addedBy: (extra: Credits) => number): Credits {
  let headroom = from;
  while (headroom > noCredits) {
    const over = addedBy(headroom);
    if (over === 0) break;
    headroom = credits(Math.max(headroom - over, 0));
  }
  return headroom;
}

/** A use larger than everything ever granted shows how much the pool could still absorb. */
function moreThanEverGranted(state: PoolState, amount: Credits): Credits {
  const all = state.slots.reduce((total: number, slot) => total + slot.amount, amount);
  return credits(Math.min(all, Number.MAX_SAFE_INTEGER));
}

/** After every real spend of the same instant. */
function candidateKey(at: Instant): LineKey {
  return { at, rank: 2, id: lastId };
}

/** Sorts after every real id, so that the asked use comes last among equal instants. */
const lastId = '\uffff';

function candidate(use: { readonly poolId: string; readonly at: Instant; readonly credits: Credits }): BalanceLine {
  return {
    kind: 'correction',
    id: lastId,
    workspaceId: '',
    poolId: use.poolId,
    occurredAt: use.at,
    recordedAt: use.at,
    spentAt: use.at,
    authorId: null,
    origin: 'app',
    memberId: null,
    teamId: null,
    featureId: null,
    variant: null,
    linkedId: null,
    credits: use.credits,
    reason: '',
  };
}
