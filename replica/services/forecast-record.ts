import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ForecastRecordView, PastForecastView, RecordLine } from '../../shared/bridge/forecast-views.ts';
import { pastForecast, tallyOf, type PastForecast, type RecordedUse } from '../../shared/forecast/record.ts';
import { hashText } from '../../shared/kernel/hash.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { addDays, dayOf, daysBetween, startOfDay, type LocalDate } from '../../shared/kernel/time-zone.ts';
import { periodAt } from '../../shared/ledger/schedule.ts';
import { recordedUse } from './forecast-view.ts';
import type { ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/**
 * The forecast's record of a workspace. It is worked out once a day and whenever a past day, the calendar or the plan
 * becomes another, and others are answered in between.
 */
export async function forecastRecord(state: ReplicaState, workspaceId: string): Promise<ForecastRecordView> {
  const workspace = state.workspace(workspaceId);
  const today = dayOf(state.clock(), workspace.timeZone);
  const use = recordedUse(state, workspace, { today, daysMax: historyDays });
  const key = hashText(JSON.stringify([today, use]));
  const known = records.get(workspace);
  if (known?.key === key) return known.view;
  const view = workOut(workspace, today, use);
  records.set(workspace, { key, view });
  try {
    return await view;
  } catch (error) {
    records.delete(workspace);
    throw error;
  }
}

async function workOut(
  workspace: Workspace,
  today: LocalDate,
  use: RecordedUse & { readonly first: LocalDate },
): Promise<ForecastRecordView> {
  const { history, first } = use;
  const toReset: PastForecast[] = [];
  const byDays = new Map<number, PastForecast[]>(fixedDays.map((days) => [days, []]));
  // Back from yesterday, week by week.
  const origins = Array.from({ length: forecastsMax }, (_, index) => history.length - 1 - 7 * index);
  for (const madeOn of origins.filter((day) => day >= 0).toReversed()) {
    const date = addDays(first, madeOn);
    const seed = hashText(`${workspace.id}/${date}`);
    const asked = [{ days: daysToReset(workspace, date), kept: toReset }];
    for (const [days, kept] of byDays) asked.push({ days, kept });
    for (const { days, kept } of asked) {
      const one = pastForecast(use, { madeOn, days, seed });
      if (!one) continue;
      kept.push(one);
      await nextTurn();
    }
  }
  const lineOf = (days: number | null, forecasts: readonly PastForecast[]): RecordLine => ({
    days,
    ...tallyOf(forecasts),
  });
  return {
    today,
    forecasts: toReset.map(({ madeOn, days, p10, p50, p90, actual, outcome }): PastForecastView => ({
      madeOn: addDays(first, madeOn),
      until: addDays(first, madeOn + days - 1),
      p10,
      p50,
      p90,
      actual,
      outcome,
    })),
    lines: [lineOf(null, toReset), ...[...byDays].map(([days, forecasts]) => lineOf(days, forecasts))],
    needed: outcomesNeeded,
  };
}

/** From the beginning of a day to the end of the last day of its period. */
function daysToReset(workspace: Workspace, date: LocalDate): number {
  const { end } = periodAt(workspace.index, startOfDay(date, workspace.timeZone));
  return daysBetween(date, dayOf(instant(end - 1), workspace.timeZone)) + 1;
}

/** A workspace that becomes another one is another key. */
const records = new WeakMap<Workspace, { readonly key: number; readonly view: Promise<ForecastRecordView> }>();
const fixedDays = [7, 28] as const;
/** A year of weeks. */
const forecastsMax = 52;
const historyDays = 400 + 7 * forecastsMax;
/** With fewer, one outcome more or less is more than a tenth. */
const outcomesNeeded = 8;
