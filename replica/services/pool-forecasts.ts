// The outlook of every pool of a workspace, and how much of a pool a device is likely to use.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PoolOutlookView } from '../../shared/bridge/forecast-views.ts';
import { forecast, type ForecastInput } from '../../shared/forecast/forecast.ts';
import { expectedLeaseUse as likelyUse, leaseDays } from '../../shared/forecast/lease-use.ts';
import { leftOfDay } from '../../shared/forecast/workspace-forecast.ts';
import { credits, toApproximateNumber, type Credits } from '../../shared/kernel/credits.ts';
import { hashText } from '../../shared/kernel/hash.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { addDays, dayOf, type LocalDate } from '../../shared/kernel/time-zone.ts';
import { balanceOf } from '../../shared/ledger/balance-of.ts';
import { subjectDaysOf } from '../projections/usage-of-subjects.ts';
import { balancesAt } from './balance-view.ts';
import { forecastInputOf, recordedUse } from './forecast-view.ts';
import type { Pool, ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/** When each pool is likely to run out; others are answered between two pools. */
export async function poolOutlooks(state: ReplicaState, workspaceId: string): Promise<readonly PoolOutlookView[]> {
  const asOf = state.clock();
  const workspace = state.workspace(workspaceId);
  const today = dayOf(asOf, workspace.timeZone);
  const { balance, pools } = balancesAt(state, workspace, 'now');
  const ofAll = forecastInputOf(state, workspace, { balance, today });
  const usedBy = usedByMember(state, workspace, { today, dayCount: ofAll.history.length });
  const outlooks: PoolOutlookView[] = [];
  for (const pool of pools) {
    const { quality, runOut } = forecast(
      pool.memberId === null
        ? ofAll
        : inputOfMember(state, workspace, { pool, today, ofAll, used: usedBy.get(pool.memberId) }),
    );
    outlooks.push({
      poolId: pool.poolId,
      memberId: pool.memberId,
      quality,
      probability: runOut?.probability ?? null,
      runOutAt:
        quality !== 'full' || runOut === null || runOut.p50 === null
          ? null
          : instant(Math.round(asOf + runOut.p50 * dayMs)),
    });
    await nextTurn();
  }
  return outlooks;
}

/**
 * How much of a pool one device is likely to use in the next three days, rounded up to a whole credit: P90, so that in
 * nine of ten cases it is enough. Where nothing was used yet, three days' part of the allotment.
 * @param share the device's share of what is used from the pool, 0–1, where it is known.
 */
export function expectedLeaseUse(state: ReplicaState, workspace: Workspace, pool: Pool, share = 1): Credits {
  const asOf = state.clock();
  const today = dayOf(asOf, workspace.timeZone);
  const horizonDays = leaseDays + 1;
  const ofAll = recordedUse(state, workspace, { today, daysMax: historyDaysMax, horizonDays });
  const { memberId } = pool;
  const dayCount = ofAll.history.length;
  const use: LearntFrom =
    memberId === null ? ofAll : memberHistory(ofAll, usedByMember(state, workspace, { today, dayCount }).get(memberId));
  const likely = likelyUse({
    ...use,
    todayFractionLeft: leftOfDay(today, asOf, workspace.timeZone),
    seed: hashText(`${pool.id}/${today}`),
    share,
  });
  if (likely !== null) return wholeCreditsUp(likely);
  const { allotted, period } = balanceOf(state.poolNow(workspace, pool), asOf);
  return wholeCreditsUp((toApproximateNumber(allotted) * leaseDays * dayMs * share) / (period.end - period.start));
}

/** Use of each member on the days of `ofAll`, oldest first. */
function usedByMember(
  state: ReplicaState,
  workspace: Workspace,
  given: { readonly today: LocalDate; readonly dayCount: number },
): ReadonlyMap<string, readonly number[]> {
  const { today, dayCount } = given;
  const from = addDays(today, -dayCount);
  const indexOf = new Map(Array.from({ length: dayCount }, (_, index) => [addDays(from, index), index]));
  const byMember = new Map<string, number[]>();
  const span = { workspaceId: workspace.id, from, to: today };
  for (const { subjectId, day, credits: used } of subjectDaysOf(state.database.connection, span, {
    of: 'member',
    ids: 'all',
  })) {
    const days = byMember.get(subjectId) ?? Array.from({ length: dayCount }, () => 0);
    byMember.set(subjectId, days);
    days[indexOf.get(day) ?? 0] = Math.max(0, toApproximateNumber(used));
  }
  return byMember;
}

/** The history of a member begins with the first use; refusals of one pool say nothing about another. */
export function memberHistory(ofAll: LearntFrom, used: readonly number[] = []): LearntFrom {
  const idle = used.findIndex((credits) => credits > 0);
  const history = idle < 0 ? [] : used.slice(idle);
  const before = ofAll.history.length - history.length;
  return {
    history,
    ...(ofAll.dayFactor === undefined ? {} : { dayFactor: ofAll.dayFactor.slice(before) }),
    weekdayOfFirstHistoryDay: (ofAll.weekdayOfFirstHistoryDay + before) % 7,
    excludedDays: [],
  };
}

type LearntFrom = Pick<ForecastInput, 'history' | 'dayFactor' | 'weekdayOfFirstHistoryDay' | 'excludedDays'>;

function inputOfMember(
  state: ReplicaState,
  workspace: Workspace,
  given: {
    readonly pool: ReturnType<typeof balancesAt>['pools'][number];
    readonly today: LocalDate;
    readonly ofAll: ForecastInput;
    readonly used: readonly number[] | undefined;
  },
): ForecastInput {
  const { pool, today, ofAll, used } = given;
  const { memberId, balance } = pool;
  const { asOf, period, grants } = balance;
  const expiring = grants.filter((grant) => grant.expiresAt !== null && grant.expiresAt <= period.end);
  const schedule = state.scheduleOf(workspace, { id: pool.poolId, memberId });
  return {
    ...ofAll,
    ...memberHistory(ofAll, used),
    // A pool of one's own is looked at up to its reset: there may be hundreds of them.
    horizonDays: Math.ceil((period.end - asOf) / dayMs) + 1,
    daysUntilReset: (period.end - asOf) / dayMs,
    usedThisPeriod: toApproximateNumber(balance.used),
    availableNow: toApproximateNumber(balance.available),
    expiringNow: expiring.reduce((sum, grant) => sum + (grant.remaining - grant.held) / 1e6, 0),
    replenish: [{ dayOffset: (period.end - asOf) / dayMs, setTo: allottedAt(schedule, period.end) }],
    seed: hashText(`${pool.poolId}/${today}`),
  };
}

function allottedAt(schedule: ReturnType<ReplicaState['scheduleOf']>, start: Instant): number {
  return schedule.periodAt(start).allotments.reduce((sum, allotment) => sum + allotment.amount, 0) / 1e6;
}

function wholeCreditsUp(estimate: number): Credits {
  return credits(Math.ceil(Math.max(0, estimate) - 1e-9) * 1_000_000);
}

const dayMs = 86_400_000;
const historyDaysMax = 400;
