// What can be seen of a workspace at an instant, for its alerts.
import { lastMonday } from '../../shared/alerts/delivery.ts';
import type { DigestFigures, SyncFigures, UsePoint } from '../../shared/alerts/alert.ts';
import { courseInstants } from '../../shared/alerts/look.ts';
import {
  markOf,
  type HoldSeen,
  type OrderSeen,
  type ResetSeen,
  type RunOutSeen,
  type Sight,
  type UseSeen,
  type Watch,
} from '../../shared/alerts/watch.ts';
import { credits, noCredits, sum } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import type { Period } from '../../shared/kernel/period.ts';
import { addDays } from '../../shared/kernel/time-zone.ts';
import type { Balance } from '../../shared/ledger/balance.ts';
import { balanceOf } from '../../shared/ledger/balance-of.ts';
import type { PoolState } from '../../shared/ledger/pool-state.ts';
import { periodAt } from '../../shared/ledger/schedule.ts';
import { heldOf } from '../../shared/ledger/spends.ts';
import type { Hold } from '../../shared/ledger/transaction.ts';
import { outboxSummary } from '../sync/outbox.ts';
import { balancesAt } from './balance-view.ts';
import { forecastView } from './forecast-view.ts';
import { ordersOf } from './orders.ts';
import type { Pool, ReplicaState } from './replica-state.ts';
import { breakdownRows } from './report.ts';
import type { Workspace } from './workspace.ts';

export interface SeenBefore {
  readonly watch: Watch | null;
  /** Up to where the course of a pool in a period was looked at by this process, as `<pool>/<period start>`. */
  readonly until: ReadonlyMap<string, Instant>;
  /** When this process looked last; null for never. */
  readonly lookedAt: Instant | null;
}

export function sightOf(
  state: ReplicaState,
  workspace: Workspace,
  before: SeenBefore,
  thresholds: readonly number[],
): Sight {
  const at = state.clock();
  const periods = periodsSince(workspace, before.watch?.since ?? at, at);
  const { balance } = balancesAt(state, workspace, 'now');
  return {
    at,
    uses: state
      .poolsOf(workspace, at)
      .flatMap((pool) => usesOf(state, workspace, { pool, periods, at, before, thresholds })),
    resets: resetsIn(state, workspace, { periods, watch: before.watch, at }),
    runOut: runOutOf(state, workspace, balance),
    holds: [
      ...openHolds(state, workspace, { at, told: before.watch?.holds ?? [] }),
      ...expiredHolds(state, workspace, { at, before }),
    ],
    orders: decidedOrders(state, workspace),
    sync: stuckSync(state, workspace, at),
    digest: digestOf(state, workspace, { balance, at, told: before.watch?.mondays ?? [] }),
  };
}

/** Where the course of a use ends up, as `SeenBefore` keeps it. */
export function courseKey(poolId: string, periodStart: Instant): string {
  return `${poolId}/${periodStart}`;
}

/** Every period that has not ended before the first sight and has begun by now, oldest first; a year and a month of them at most. */
function periodsSince({ index }: Workspace, since: Instant, at: Instant): readonly Period[] {
  const periods: Period[] = [];
  for (let from = instant(Math.max(Math.min(since, at), at - watchedMs)); from <= at;) {
    const { start, end } = periodAt(index, from);
    periods.push({ start, end });
    if (end <= from) break;
    from = end;
  }
  return periods;
}

function usesOf(
  state: ReplicaState,
  workspace: Workspace,
  given: {
    readonly pool: Pool;
    readonly periods: readonly Period[];
    readonly at: Instant;
    readonly before: SeenBefore;
    readonly thresholds: readonly number[];
  },
): readonly UseSeen[] {
  const { pool, periods, at, before } = given;
  const balanceAt = (asOf: Instant): Balance =>
    balanceOf(asOf === at ? state.poolNow(workspace, pool) : state.poolAt(workspace, pool, asOf), asOf);
  const closed = periods.filter((period) => period.end <= at);
  const recent = new Set(closed.slice(-grantPeriodsSeen));
  return periods.flatMap((period): readonly UseSeen[] => {
    const { start, end } = period;
    const seen = { poolId: pool.id, memberId: pool.memberId, period };
    const ended = end <= at;
    const total = ended ? totalOf(state.poolNow(workspace, pool), period) : null;
    // All that a period was allotted and used is known at its end without going back to it.
    if (total !== null && total.of > 0) {
      const opening: UsePoint = { ...total, used: noCredits };
      return [{ ...seen, until: instant(end - 1), opening, course: [total] }];
    }
    if (ended && !recent.has(period)) return [];
    const mark = markOf(before.watch, pool.id, start);
    const seenUntil = before.until.get(courseKey(pool.id, start)) ?? mark?.until ?? start;
    const until = instant(Math.min(Math.max(at, seenUntil), end - 1));
    const last = pointOf(balanceAt(until));
    const span = { from: seenUntil, until };
    // The first sight tells nothing, so that the way to where it stands does not matter.
    const lowered =
      before.watch === null ? [] : loweringInstants(state, workspace, { ...given, span, last, balanceAt });
    const earlier = courseInstants(lowered, span).slice(0, -1);
    const course = [...earlier.map((asOf) => pointOf(balanceAt(asOf))), last];
    const [first] = course;
    const known = mark !== undefined || first?.basis !== 'grants';
    const opening = known
      ? { used: noCredits, of: first?.of ?? noCredits, basis: first?.basis ?? 'allotment' }
      : pointOf(balanceAt(instant(start - 1)));
    return [{ ...seen, until, opening, course }];
  });
}

/** Of a period that is over; nothing where it was allotted nothing. */
function totalOf(folded: PoolState, period: Period): UsePoint {
  const allotted = folded.slots.filter(
    (slot) => slot.kind === 'allotment' && slot.effectiveFrom >= period.start && slot.effectiveFrom < period.end,
  );
  const used = credits(folded.totalsByPeriodStart.get(period.start)?.used ?? 0);
  return { used, of: sum(allotted.map((slot) => slot.amount)), basis: 'allotment' };
}

function pointOf(balance: Balance): UsePoint {
  const { allotted, used, overage, grants } = balance;
  if (allotted > 0) return { used, of: allotted, basis: 'allotment' };
  const taken = sum(grants.map((grant) => credits(grant.amount - grant.remaining)));
  return { used: credits(taken + overage), of: sum(grants.map((grant) => grant.amount)), basis: 'grants' };
}

/**
 * When something was given back or there was more to use: before it, a threshold may have been reached, and after it one
 * may no longer have been. Nothing where neither can be, whatever the order in which it was used and given back.
 */
function loweringInstants(
  state: ReplicaState,
  workspace: Workspace,
  given: {
    readonly pool: Pool;
    readonly span: { readonly from: Instant; readonly until: Instant };
    readonly last: UsePoint;
    readonly thresholds: readonly number[];
    readonly balanceAt: (asOf: Instant) => Balance;
  },
): readonly Instant[] {
  const { pool, span, last, thresholds } = given;
  const { from, until } = span;
  const lines = state
    .linesWhere(`"poolId"=? AND "occurredAt">? AND "occurredAt"<=? AND +"kind" IN ('refund','correction')`, [
      pool.id,
      from,
      until,
    ])
    .flatMap((line) => {
      if (line.kind === 'refund') return [{ at: line.occurredAt, credits: Number(line.credits) }];
      return line.kind === 'correction' && line.credits < 0 ? [{ at: line.occurredAt, credits: -line.credits }] : [];
    });
  const { slots } = state.poolNow(workspace, pool);
  const begun = slots.map((slot) => slot.effectiveFrom).filter((at) => at > from && at <= until);
  if (lines.length === 0) return begun;
  const givenBack = lines.reduce((total, line) => total + line.credits, 0);
  const lowest = Math.min(last.used, pointOf(given.balanceAt(from)).used) - givenBack;
  const highest = last.used + givenBack;
  const passed = thresholds.some((percent) => {
    const least = (last.of * percent) / 100;
    return lowest < least && least <= highest;
  });
  if (begun.length === 0 && !passed) return [];
  const instants = lines.map(({ at }) => at).toSorted((left, right) => left - right);
  return [...instants.slice(-lowersFollowedMax), ...begun];
}

function resetsIn(
  state: ReplicaState,
  workspace: Workspace,
  given: { readonly periods: readonly Period[]; readonly watch: Watch | null; readonly at: Instant },
): readonly ResetSeen[] {
  const { periods, watch, at } = given;
  if (watch === null) return [];
  const begun = periods.filter(({ start }) => start > watch.since && !watch.resets.includes(start));
  return begun.map(({ start }) => {
    const previous = periodAt(workspace.index, instant(start - 1));
    const pools = state.poolsOf(workspace, at).map((pool) => {
      const { totalsByPeriodStart, slots } = state.poolNow(workspace, pool);
      const total = totalsByPeriodStart.get(previous.start) ?? { used: 0, overage: 0 };
      const allotted = slots.filter((slot) => slot.kind === 'allotment' && slot.effectiveFrom === start);
      return { ...total, allotted: sum(allotted.map((slot) => slot.amount)) };
    });
    return {
      start,
      previous: { start: previous.start, end: previous.end },
      used: sum(pools.map(({ used }) => credits(used))),
      overage: sum(pools.map(({ overage }) => credits(overage))),
      allotted: sum(pools.map(({ allotted }) => allotted)),
    };
  });
}

/** Null where a forecast is no more than an early estimate, or nothing is left to run out. */
function runOutOf(state: ReplicaState, workspace: Workspace, balance: Balance): RunOutSeen | null {
  if (balance.available <= 0) return null;
  const { quality, runOut, resetAt } = forecastView(state, workspace, balance);
  if (quality !== 'full' || runOut === null) return null;
  return { periodStart: balance.period.start, resetAt, ...runOut, available: balance.available };
}

/** Open holds of which something may have to be told that was not yet. */
function openHolds(
  state: ReplicaState,
  workspace: Workspace,
  given: { readonly at: Instant; readonly told: readonly string[] },
): readonly HoldSeen[] {
  const { at } = given;
  const told = new Set(given.told);
  return state.poolsOf(workspace, at).flatMap((pool) => {
    const open = [...state.poolNow(workspace, pool).openHoldById.values()].filter((hold) => {
      const soon = hold.expiresAt !== null && hold.expiresAt - at <= holdLeadMsMax;
      return (soon && !told.has(`expiring/${hold.id}`)) || (at - hold.at > dayMs && !told.has(`open/${hold.id}`));
    });
    const seen = open.map((hold) => ({
      id: hold.id,
      credits: heldOf(hold),
      since: hold.at,
      expiresAt: hold.expiresAt,
    }));
    return seen.map((hold): HoldSeen => {
      const line = state.line(hold.id);
      return { ...hold, memberId: line?.kind === 'hold' ? line.memberId : null, state: 'open' };
    });
  });
}

/** Holds that timed out while nobody looked. Whoever has just looked has seen them open. */
function expiredHolds(
  state: ReplicaState,
  workspace: Workspace,
  given: { readonly at: Instant; readonly before: SeenBefore },
): readonly HoldSeen[] {
  const { at, before } = given;
  const { watch, lookedAt } = before;
  if (watch === null || (lookedAt !== null && Math.abs(at - lookedAt) < sleptMsMin)) return [];
  const since = instant(Math.max(0, at - holdsSeenMs));
  const ended = state
    .linesWhere(
      `"workspaceId"=? AND "kind"='hold' AND "occurredAt">=? AND json_valid(document) AND
         json_extract(document,'$.body.expiresAt')>? AND json_extract(document,'$.body.expiresAt')<=?`,
      [workspace.id, since, watch.since, at],
    )
    .filter((line): line is Hold => line.kind === 'hold');
  return ended.flatMap((line): readonly HoldSeen[] => {
    const { id, memberId, credits: amount, occurredAt, expiresAt } = line;
    if (watch.holds.includes(`expiring/${id}`)) return [];
    const expired = state.spendOf(workspace, line)?.resolution?.how === 'expired';
    return expired ? [{ id, memberId, credits: amount, since: occurredAt, expiresAt, state: 'expired' }] : [];
  });
}

function decidedOrders(state: ReplicaState, workspace: Workspace): readonly OrderSeen[] {
  return ordersOf(state, workspace).flatMap((order): readonly OrderSeen[] =>
    order.state === 'granted' || order.state === 'refused' || order.state === 'cancelled'
      ? [{ id: order.id, packName: order.packName, outcome: order.state, credits: order.credits }]
      : [],
  );
}

/** [N2] Stopped until somebody acts; or tried and failed, with something that has been waiting for more than a day. */
function stuckSync({ sync, database }: ReplicaState, { id }: Workspace, at: Instant): SyncFigures | null {
  const record = sync.workspace(id);
  const standing = sync.standingOf(id);
  // Before its first round nothing is known of a sync.
  if (!record || !standing || standing.lastTriedAt === null) return null;
  const { lastSuccessAt, forked } = record.body;
  const stopped = forked || standing.phase === 'stopped';
  if (!stopped && (standing.failure === null || at - (lastSuccessAt ?? 0) <= dayMs)) return null;
  const { waiting, oldestAt } = outboxSummary(database, record);
  if (!stopped && (oldestAt === null || at - oldestAt <= dayMs)) return null;
  return { how: stopped ? 'stopped' : 'waiting', waiting, lastSuccessAt };
}

function digestOf(
  state: ReplicaState,
  workspace: Workspace,
  given: { readonly balance: Balance; readonly at: Instant; readonly told: readonly string[] },
): DigestFigures | null {
  const { balance, at, told } = given;
  const monday = lastMonday(at, workspace.timeZone);
  if (told.includes(monday)) return null;
  const weekOf = (from: string, to: string) => breakdownRows(state, workspace, { from, to, by: 'feature' });
  const week = weekOf(addDays(monday, -7), monday);
  const [top] = week.toSorted((left, right) => right.credits - left.credits);
  return {
    monday,
    used: sum(week.map((row) => row.credits)),
    weekBeforeUsed: sum(weekOf(addDays(monday, -14), addDays(monday, -7)).map((row) => row.credits)),
    available: balance.available,
    resetAt: balance.period.end,
    topFeature: top && top.credits > 0 ? { name: top.name, credits: top.credits } : null,
  };
}

const dayMs = 86_400_000;
const watchedMs = 400 * dayMs;
/** How long ago a hold may have begun that timed out while nobody looked. */
const holdsSeenMs = 35 * dayMs;
/** The most that can be set. */
const holdLeadMsMax = 7 * dayMs;
/** Of very many refunds since the last look, the last ones: each is a state of the pool in the past. */
const lowersFollowedMax = 100;
/** Of what has grants and no allotment: how many periods that are over are gone back to. */
const grantPeriodsSeen = 2;
/** Less than this since the last look, nobody slept. */
const sleptMsMin = 5 * 60_000;
