import type { z } from 'zod';
import type { forecastInput } from '../../shared/bridge/inputs.ts';
import type { ForecastView } from '../../shared/bridge/views.ts';
import { figure } from '../../shared/catalogue/figure.ts';
import { versionInForce } from '../../shared/catalogue/lookup.ts';
import { forecast, type ForecastInput, type ForecastResult } from '../../shared/forecast/forecast.ts';
import type { RecordedUse } from '../../shared/forecast/record.ts';
import {
  forecastInputFrom,
  historyDaysMax,
  horizonDaysOf,
  runOutAt,
} from '../../shared/forecast/workspace-forecast.ts';
import { noCredits, toApproximateNumber } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { money } from '../../shared/kernel/money.ts';
import { addDays, dayOf, daysBetween, weekdayOf, type LocalDate } from '../../shared/kernel/time-zone.ts';
import type { Balance } from '../../shared/ledger/balance.ts';
import { planAt } from '../../shared/ledger/schedule.ts';
import { readRecords } from '../database/stored-rows.ts';
import { daysOf } from '../projections/usage-figures.ts';
import { balancesAt } from './balance-view.ts';
import { dayFactorsOf } from './calendar.ts';
import { datesFrom } from './dates-from.ts';
import { readInstant } from './reading.ts';
import type { ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/** The forecast of a workspace, now or as of any instant. */
export function getForecast(state: ReplicaState, given: z.output<typeof forecastInput>): ForecastView {
  const workspace = state.workspace(given.workspaceId);
  const asOf = given.asOf === undefined ? 'now' : readInstant(given.asOf, 'asOf', workspace.timeZone);
  const { balance } = balancesAt(state, workspace, asOf);
  return forecastView(state, workspace, balance);
}

/** The forecast that goes with a balance: sums of pools are forecast as one history, P90s are never added. */
export function forecastView(state: ReplicaState, workspace: Workspace, balance: Balance): ForecastView {
  const { asOf, period } = balance;
  const today = dayOf(asOf, workspace.timeZone);
  const input = forecastInputOf(state, workspace, { balance, today });
  const result = forecast(input);
  // A pool that was never given anything does not run out.
  const anythingGranted = balance.grants.some((grant) => grant.amount !== noCredits);
  return {
    asOf,
    resetAt: period.end,
    pace: result.pacePerDay,
    endOfPeriod: result.endOfPeriod,
    runOut: runOutAt(result, { asOf, anythingGranted }),
    quality: result.quality,
    shortfall:
      result.shortfall === null ? null : { ...result.shortfall, pack: packFor(workspace, asOf, result.shortfall.mean) },
    band: bandOf(result, input, { today, lastDay: dayOf(instant(period.end - 1), workspace.timeZone) }),
  };
}

/** The cheapest pack by itself that holds so many credits. */
function packFor(workspace: Workspace, at: Instant, needed: number) {
  if (needed < 1) return null;
  const { plan } = planAt(workspace.index, at);
  const { version } = versionInForce(workspace.catalogue, at);
  const [cheapest] = version.packs
    .flatMap((pack) => {
      if (!plan.packs.ids.includes(pack.id) || pack.credits === null || pack.price === null) return [];
      const { minorUnits, currency } = pack.price;
      return [{ name: pack.name, credits: figure(pack.credits), price: money(minorUnits, currency) }];
    })
    .filter((pack) => toApproximateNumber(pack.credits) >= needed)
    .toSorted((left, right) => left.price.minorUnits - right.price.minorUnits);
  return cheapest ?? null;
}

/** Use of every day [from, to], zeros included. */
export function everyDay(
  state: ReplicaState,
  workspace: Workspace,
  span: { readonly from: LocalDate; readonly to: LocalDate },
) {
  const { from, to } = span;
  const used = new Map(
    daysOf(state.database.connection, { workspaceId: workspace.id, from, to: addDays(to, 1) }).map((row) => [
      row.day,
      row.credits,
    ]),
  );
  const count = Math.max(daysBetween(from, to) + 1, 0);
  return datesFrom(from, count).map((date) => ({ date, credits: used.get(date) ?? null }));
}

/** What the forecast that goes with a balance is made from. */
export function forecastInputOf(
  state: ReplicaState,
  workspace: Workspace,
  given: { readonly balance: Balance; readonly today: LocalDate },
): ForecastInput {
  const { balance, today } = given;
  const horizonDays = horizonDaysOf(balance);
  const { first: _first, ...recorded } = recordedUse(state, workspace, { today, daysMax: historyDaysMax, horizonDays });
  const schedules = state.poolsOf(workspace, balance.asOf).map((pool) => state.scheduleOf(workspace, pool));
  return forecastInputFrom({
    workspaceId: workspace.id,
    timeZone: workspace.timeZone,
    standing: balance,
    schedules,
    recorded,
  });
}

/** The use of a workspace, day by day up to yesterday, with what is known of its days and of `horizonDays` more. */
export function recordedUse(
  state: ReplicaState,
  workspace: Workspace,
  given: { readonly today: LocalDate; readonly daysMax: number; readonly horizonDays?: number },
): RecordedUse & { readonly first: LocalDate } {
  const { today, daysMax, horizonDays = 0 } = given;
  const earliest = addDays(today, -daysMax);
  const [oldest] = daysOf(state.database.connection, { workspaceId: workspace.id, from: earliest, to: today });
  const first = oldest?.day ?? today;
  const history = everyDay(state, workspace, { from: first, to: addDays(today, -1) }).map((day) =>
    // A drift that was booked may leave a day below zero; demand never is.
    day.credits === null ? 0 : Math.max(toApproximateNumber(day.credits), 0),
  );
  const dayFactor = dayFactorsOf(state, workspace, { first, count: history.length + horizonDays });
  return {
    first,
    history,
    ...(dayFactor === undefined ? {} : { dayFactor }),
    weekdayOfFirstHistoryDay: weekdayOf(first) % 7,
    excludedDays: refusedDays(state, workspace, { first, count: history.length }),
  };
}

/** Days on which a hard limit refused work say too little about demand, and are left out. */
function refusedDays(
  state: ReplicaState,
  workspace: Workspace,
  days: { readonly first: LocalDate; readonly count: number },
): readonly number[] {
  const refusals = readRecords(state.database, 'refusals', '"workspaceId"=?', [workspace.id]);
  const indexes = new Set<number>();
  for (const refusal of refusals) {
    const { at, reasons } = refusal.body;
    if (typeof at !== 'number' || !Array.isArray(reasons)) continue;
    const byPool = reasons.some(
      (reason: unknown) => typeof reason === 'object' && reason !== null && 'rule' in reason && reason.rule === 'pool',
    );
    const index = daysBetween(days.first, dayOf(instant(at), workspace.timeZone));
    if (byPool && index >= 0 && index < days.count) indexes.add(index);
  }
  return [...indexes];
}

function bandOf(
  result: ForecastResult,
  input: ForecastInput,
  days: { readonly today: LocalDate; readonly lastDay: LocalDate },
): ForecastView['band'] {
  const count = Math.min(daysBetween(days.today, days.lastDay) + 1, result.cumulative.p50.length);
  return Array.from({ length: Math.max(count, 0) }, (_, index) => ({
    date: addDays(days.today, index),
    p10: input.usedThisPeriod + (result.cumulative.p10[index] ?? 0),
    p50: input.usedThisPeriod + (result.cumulative.p50[index] ?? 0),
    p90: input.usedThisPeriod + (result.cumulative.p90[index] ?? 0),
  }));
}
