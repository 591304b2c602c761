// What home concludes from its view: which workspaces there are, how they compare and which of them want a look. Pure.
import type { HomeFigures, HomeMoney, HomeRow, HomeView } from '../../../shared/bridge/home-views.ts';
import type { SyncView } from '../../../shared/bridge/sync-views.ts';
import { gaugeOf, shareLeft, type GaugeModel } from '../../charts/gauge-model.ts';
import type { HomeMoneySort, HomeSort, Sorting } from '../../hooks/home-search.ts';
import { sharedIn, type SharedWorkspace } from '../../hooks/shared-workspace.ts';
import { isTight, paceOf, runOutOf, type RunOut } from '../../ui/outlook.ts';
import { syncStateOf, type SyncMood } from '../../ui/sync-words.ts';

/** A workspace as home lists it. */
export interface ListedWorkspace extends Pick<HomeRow, 'name' | 'platformName' | 'planName' | 'sample' | 'timeZone'> {
  readonly id: string;
  readonly figures: HomeRow['figures'];
  /** null for a workspace of this computer alone. */
  readonly shared: SharedWorkspace | null;
  /** It is being brought here from its server for the first time: there is nothing else to tell yet. */
  readonly arriving: boolean;
}

/** The workspaces of this computer, and those that are on their way to it. */
export function listedWorkspaces(view: HomeView, sync: SyncView | undefined): readonly ListedWorkspace[] {
  const here = view.rows.map(({ workspaceId, platform: _platform, ...row }): ListedWorkspace => {
    const shared = sharedIn(sync, workspaceId);
    return { ...row, id: workspaceId, shared, arriving: shared?.sync.state === 'first-pull' };
  });
  const known = new Set(here.map(({ id }) => id));
  const arriving = (sync?.workspaces ?? []).flatMap(({ workspaceId, name }): readonly ListedWorkspace[] => {
    if (known.has(workspaceId)) return [];
    const shared = sharedIn(sync, workspaceId);
    const nothing = { platformName: '', planName: '', sample: false, timeZone: 'UTC', figures: null };
    return [{ ...nothing, id: workspaceId, name, shared, arriving: true }];
  });
  return [...here, ...arriving];
}

/** The figures of a workspace; null as long as there are none. */
export function figuresOf({ figures }: ListedWorkspace): HomeFigures | null {
  return figures === 'failed' ? null : figures;
}

export function gaugeFor({ balance }: HomeFigures): GaugeModel {
  return gaugeOf({ ...balance, grants: [{ remaining: balance.remaining }] });
}

/** As the overview tells it; what is used up is told without a history too. */
export function runOutFor({ forecast, balance }: HomeFigures): RunOut {
  if (balance.available <= 0 && balance.usedEver > 0) return { kind: 'used-up' };
  return runOutOf(forecast, balance.available);
}

/** Whether somebody should look at it: credits that do not last, a drift, something told and not seen, a sync that stopped. */
export function wantsLook(row: ListedWorkspace): boolean {
  const figures = figuresOf(row);
  const mood = moodOf(row);
  if (row.figures === 'failed' || mood === 'stopped' || mood === 'look') return true;
  if (figures === null) return false;
  const { forecast, balance, drift, alerts } = figures;
  return isTight(forecast, balance) || alerts > 0 || (drift !== null && drift.credits !== 0);
}

function moodOf({ shared, timeZone }: ListedWorkspace): SyncMood | null {
  if (shared === null) return null;
  return syncStateOf({ sync: shared.sync, serverName: shared.server.organisationName, zone: timeZone }).mood;
}

/** What presses most first: used up, then the earliest run-out. */
export const pressingFirst: Sorting<HomeSort> = { by: 'run-out', descending: false };

export function sortedWorkspaces(
  rows: readonly ListedWorkspace[],
  { by, descending }: Sorting<HomeSort>,
): readonly ListedWorkspace[] {
  const rank = (row: ListedWorkspace): number | null => rankBy[by](row, figuresOf(row));
  return rows.toSorted((left, right) => {
    const order = by === 'name' ? 0 : compareRanks([rank(left), rank(right)], descending);
    return order || byName(left, right) * (by === 'name' && descending ? -1 : 1);
  });
}

export function sortedByMoney(
  rows: readonly ListedWorkspace[],
  { by, descending }: Sorting<HomeMoneySort>,
): readonly ListedWorkspace[] {
  return rows.toSorted((left, right) => {
    const [one, other] = [moneyOf(left), moneyOf(right)];
    if (by === 'name') return byName(left, right) * (descending ? -1 : 1);
    // What has no price, and another currency, cannot be compared: they stand apart.
    const apart = Number(one === null) - Number(other === null);
    if (apart !== 0 || one === null || other === null) return apart || byName(left, right);
    if (one.price.currency !== other.price.currency) return one.price.currency < other.price.currency ? -1 : 1;
    return compareRanks([amountBy[by](one), amountBy[by](other)], descending) || byName(left, right);
  });
}

type Priced = Extract<HomeMoney, { readonly kind: 'priced' }>;

export function moneyOf(row: ListedWorkspace): Priced | null {
  const money = figuresOf(row)?.money;
  return money?.kind === 'priced' ? money : null;
}

const amountBy: Readonly<Record<Exclude<HomeMoneySort, 'name'>, (money: Priced) => number | null>> = {
  price: ({ price, credits }) => price.minorUnits / credits,
  used: ({ used }) => used.minorUnits,
  day: ({ perDay }) => perDay?.minorUnits ?? null,
  reset: ({ byReset }) => byReset?.minorUnits ?? null,
  left: ({ left }) => left.minorUnits,
};

/** Shares and dates compare across platforms; credits do not. */
const rankBy: Readonly<Record<HomeSort, (row: ListedWorkspace, figures: HomeFigures | null) => number | null>> = {
  name: () => null,
  left: (_row, figures) => {
    if (figures === null) return null;
    const model = gaugeFor(figures);
    return model.overage > 0 ? -model.overage / Math.max(model.capacity, 1) : shareLeft(model);
  },
  pace: (_row, figures) => {
    const pace = figures === null ? null : paceOf(figures.forecast, figures.balance.available);
    if (pace === null || pace.sustainable === null) return null;
    return pace.sustainable === 0 ? Number.MAX_VALUE : pace.perDay / pace.sustainable;
  },
  'run-out': (_row, figures) => {
    const runOut = figures === null ? null : runOutFor(figures);
    switch (runOut?.kind) {
      case 'used-up':
        return 0;
      case 'date':
        return runOut.middle ?? runOut.from;
      case 'not-in-sight':
        return Number.MAX_VALUE;
      case 'no-history':
      case 'pace-only':
      case undefined:
        return null;
    }
  },
  drift: (_row, figures) => {
    if (figures === null || figures.drift === null) return null;
    const { credits } = figures.drift;
    return Math.abs(credits) / Math.max(figures.balance.used + Math.abs(credits), 1);
  },
  alerts: (_row, figures) => figures?.alerts ?? null,
  sync: (row) => {
    const mood = moodOf(row);
    return mood === null ? null : pressing.indexOf(mood);
  },
};

const pressing: readonly SyncMood[] = ['fine', 'busy', 'away', 'look', 'stopped'];

/** What has no rank comes last, whichever way it is sorted. */
function compareRanks([left, right]: readonly [number | null, number | null], descending: boolean): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return (left - right) * (descending ? -1 : 1);
}

function byName(left: ListedWorkspace, right: ListedWorkspace): number {
  return left.name.localeCompare(right.name, undefined, { numeric: true, sensitivity: 'base' });
}
