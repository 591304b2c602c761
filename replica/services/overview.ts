import type { OverviewView } from '../../shared/bridge/views.ts';
import { topFive } from '../../shared/analytics/breakdown.ts';
import { credits, noCredits, type Credits } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { addDays, dayOf } from '../../shared/kernel/time-zone.ts';
import { openingOf, periodAt, planAt } from '../../shared/ledger/schedule.ts';
import { balancesAt } from './balance-view.ts';
import { unusualDaysOf } from './calendar.ts';
import { everyDay, forecastView } from './forecast-view.ts';
import { rowsOf } from './ledger-rows.ts';
import { driftOf, latestReading } from './readings.ts';
import { breakdownRows } from './report.ts';
import type { ReplicaState } from './replica-state.ts';
import { planEndedAt } from './workspace-view.ts';
import type { Workspace } from './workspace.ts';

/** One glance: what is left, how fast it goes, when it runs out, what uses it. */
export function overview(state: ReplicaState, workspaceId: string): OverviewView {
  const workspace = state.workspace(workspaceId);
  const { timeZone } = workspace;
  const { balance, pools } = balancesAt(state, workspace, 'now');
  const { asOf, period } = balance;
  const { plan } = planAt(workspace.index, asOf);
  const today = dayOf(asOf, timeZone);
  const periodFirstDay = dayOf(period.start, timeZone);
  const periodLastDay = dayOf(instant(period.end - 1), timeZone);
  const chartFrom = addDays(today, 1 - chartDays);
  const firstShown = chartFrom < periodFirstDay ? chartFrom : periodFirstDay;
  const days = everyDay(state, workspace, { from: firstShown, to: today });
  const reading = latestReading(state, workspace, asOf);
  const features = breakdownRows(state, workspace, {
    from: periodFirstDay,
    to: addDays(periodLastDay, 1),
    by: 'feature',
  });
  return {
    workspaceId,
    asOf,
    lastUpdatedAt: state.lastRecordedAt(workspaceId),
    planName: plan.name,
    limit: plan.limit.kind,
    planEndedAt: planEndedAt(workspace, asOf),
    balance,
    pools,
    resetAt: period.end,
    previousPeriodUsed: previousPeriodUsed(state, workspace, period.start),
    forecast: forecastView(state, workspace, balance),
    days: days.map((day) => ({ date: day.date, credits: day.credits ?? noCredits })),
    unusualDays: unusualDaysOf(state, workspace, { first: firstShown, last: periodLastDay }),
    periodFirstDay,
    periodLastDay,
    topFeatures: topFive(features),
    recent: rowsOf(state, workspace, state.linesWhere(recentWhere, [workspace.id])),
    openHolds: openHolds(state, workspace, asOf),
    drift:
      reading === null ? null : { readingId: reading.id, at: reading.at, credits: driftOf(state, workspace, reading) },
  };
}

/** Use of the period before; null where the workspace began with this one and nothing was used before. */
function previousPeriodUsed(state: ReplicaState, workspace: Workspace, start: Instant): Credits | null {
  const previous = periodAt(workspace.index, instant(start - 1)).start;
  let total = noCredits;
  let known = previous >= openingOf(workspace.index);
  for (const pool of state.poolsOf(workspace, start)) {
    const totals = state.poolNow(workspace, pool).totalsByPeriodStart.get(previous);
    if (!totals) continue;
    known = true;
    total = credits(total + totals.used);
  }
  return known ? total : null;
}

/** Holds that nobody has answered, oldest first. */
function openHolds(state: ReplicaState, workspace: Workspace, asOf: Instant): OverviewView['openHolds'] {
  const open = state
    .poolsOf(workspace, asOf)
    .flatMap((pool) => [...state.poolNow(workspace, pool).openHoldById.values()]);
  const ids = open
    .toSorted((left, right) => left.at - right.at)
    .slice(0, openHoldsMax)
    .map((spend) => spend.id);
  return rowsOf(
    state,
    workspace,
    ids.flatMap((id) => state.line(id) ?? []),
  );
}

const recentWhere = '"workspaceId"=? ORDER BY "occurredAt" DESC, id DESC LIMIT 8';
const chartDays = 90;
const openHoldsMax = 50;
