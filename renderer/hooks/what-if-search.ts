// What a person tries on the screen What if, as the search part of its address, and back: a link opens the same question.
import type { ScenarioGiven } from '../../shared/bridge/advice-inputs.ts';

export const whatIfTabs = ['changes', 'packs', 'plans', 'caps'] as const;
export type WhatIfTab = (typeof whatIfTabs)[number];

/** Flat text. An address is outside input: what it says wrongly is left out. */
export interface WhatIfSearch {
  readonly tab?: WhatIfTab;
  /** `member:5,guest:2` */
  readonly seats?: string;
  readonly plan?: string;
  readonly allotment?: string;
  /** `starter:2@2026-12-01,booster:1` */
  readonly packs?: string;
  /** `500@2026-12-01`; `@` and the day may be missing. */
  readonly extra?: string;
  /** `25/day` for each member, `25/day@design` for a team. */
  readonly cap?: string;
  /** Ids of teams, separated by commas. */
  readonly left?: string;
  /** Percent of what is used now. */
  readonly use?: string;
  /** How many resets the credits are to last through. */
  readonly resets?: string;
  readonly sure?: 'likely' | 'safe';
}

export function parseWhatIfSearch(search: Readonly<Record<string, unknown>>): WhatIfSearch {
  const tab = whatIfTabs.find((known) => known === search['tab']);
  const text = (key: string): string | undefined => {
    const value = search[key];
    const plain = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    return typeof plain === 'string' && plain.trim() !== '' && plain.length <= lengthMax ? plain : undefined;
  };
  const use = text('use');
  const resets = text('resets');
  const given = {
    seats: text('seats'),
    plan: text('plan'),
    allotment: text('allotment'),
    packs: text('packs'),
    extra: text('extra'),
    cap: text('cap'),
    left: text('left'),
    use: use !== undefined && /^\d{1,4}$/.test(use) && Number(use) <= 1000 ? use : undefined,
    resets: resets === '2' || resets === '3' ? resets : undefined,
  };
  const kept = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const sure = search['sure'] === 'likely' ? ({ sure: 'likely' } as const) : {};
  return { ...(tab === undefined || tab === 'changes' ? {} : { tab }), ...kept, ...sure };
}

const lengthMax = 2000;

/** The scenario of an address, as the bridge takes it; parts that cannot be read are left out. */
export function scenarioOf(search: WhatIfSearch): ScenarioGiven {
  const seats = seatsOf(search.seats);
  const packs = packsOf(search.packs);
  const extra = creditsOnDay(search.extra);
  const cap = capOf(search.cap);
  const left = listOf(search.left);
  return {
    ...(seats.length === 0 ? {} : { seats: Object.fromEntries(seats) }),
    ...(search.plan === undefined ? {} : { plan: search.plan }),
    ...(search.allotment === undefined ? {} : { enteredAllotment: search.allotment }),
    ...(packs.length === 0 ? {} : { packs: [...packs] }),
    ...(extra === null ? {} : { extra }),
    ...(cap === null ? {} : { cap }),
    ...(left.length === 0 ? {} : { teamsLeaving: [...left] }),
    ...(search.use === undefined || search.use === '100' ? {} : { usePercent: Number(search.use) }),
  };
}

/** Whether anything is to be different. */
export function isTried(search: WhatIfSearch): boolean {
  return Object.keys(scenarioOf(search)).length > 0;
}

export function seatsOf(text: string | undefined): readonly (readonly [role: string, seats: number])[] {
  return listOf(text).flatMap((part) => {
    const match = /^(.+):(\d{1,7})$/.exec(part);
    return match?.[1] === undefined ? [] : [[match[1], Math.min(Number(match[2]), 1_000_000)] as const];
  });
}

export function seatsText(seats: readonly (readonly [role: string, seats: number])[]): string {
  return seats.map(([role, count]) => `${role}:${count}`).join(',');
}

export interface PackGiven {
  readonly pack: string;
  readonly count: number;
  readonly on?: string;
}

export function packsOf(text: string | undefined): readonly PackGiven[] {
  return listOf(text).flatMap((part) => {
    const match = /^([^:@]+):(\d{1,4})(?:@(\d{4}-\d{2}-\d{2}))?$/.exec(part);
    const [, pack, count, on] = match ?? [];
    const several = Number(count);
    if (pack === undefined || !(several >= 1 && several <= 1000)) return [];
    return [{ pack, count: several, ...(on === undefined ? {} : { on }) }];
  });
}

export function packsText(packs: readonly PackGiven[]): string {
  return packs.map(({ pack, count, on }) => `${pack}:${count}${on === undefined ? '' : `@${on}`}`).join(',');
}

export function creditsOnDay(text: string | undefined): { readonly credits: string; readonly on?: string } | null {
  const [credits = '', on = ''] = (text ?? '').split('@');
  if (credits.trim() === '') return null;
  return { credits, ...(on === '' ? {} : { on }) };
}

type CapGiven = NonNullable<ScenarioGiven['cap']>;

export function capOf(text: string | undefined): CapGiven | null {
  const match = /^([^/]+)\/(day|week|period)(?:@(.+))?$/.exec(text ?? '');
  const [, credits, per, team] = match ?? [];
  if (credits === undefined || (per !== 'day' && per !== 'week' && per !== 'period')) return null;
  return { credits, per, ...(team === undefined ? {} : { team }) };
}

export function capText({ credits, per, team }: CapGiven): string {
  return credits.trim() === '' ? '' : `${credits}/${per}${team === undefined ? '' : `@${team}`}`;
}

export function listOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
