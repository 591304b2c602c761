/** What could be otherwise than today, and what it would make of use. */
import { addDays, windowStart, type LocalDate } from '../kernel/time-zone.ts';
import type { Credits } from '../kernel/credits.ts';
import type { CapSpan } from '../ledger/change.ts';

/** Any of these, together; what is null, empty or 100 stays as it is. */
export interface Scenario {
  /** Seats by role, all of them. */
  readonly seats: Readonly<Record<string, number>> | null;
  readonly planId: string | null;
  /** What the plan allots in a period, where the platform publishes no figure. */
  readonly enteredAllotment: Credits | null;
  readonly packs: readonly PackBought[];
  /** Credits from anywhere else, such as the platform's account team. */
  readonly extra: { readonly credits: Credits; readonly on: LocalDate | null } | null;
  readonly cap: CapTried | null;
  /** Teams that leave now, with the people in them. */
  readonly teamsLeaving: readonly string[];
  /** Use as a percentage of what it is: 130 is 30 % more. */
  readonly usePercent: number;
}

export interface PackBought {
  readonly packId: string;
  readonly count: number;
  /** null is today. */
  readonly on: LocalDate | null;
}

export interface CapTried {
  /** A team's budget, or a cap of each member. */
  readonly of: { readonly kind: 'each-member' } | { readonly kind: 'team'; readonly teamId: string };
  readonly credits: Credits;
  readonly per: CapSpan;
}

export const asToday: Scenario = {
  seats: null,
  planId: null,
  enteredAllotment: null,
  packs: [],
  extra: null,
  cap: null,
  teamsLeaving: [],
  usePercent: 100,
};

/** The parts of a scenario that a person can set apart from each other. */
export type ScenarioPart = 'seats' | 'plan' | 'packs' | 'extra' | 'cap' | 'teams' | 'use';

/** Which parts of a scenario are otherwise than today. */
export function partsOf(scenario: Scenario): readonly ScenarioPart[] {
  const set: Readonly<Record<ScenarioPart, boolean>> = {
    seats: scenario.seats !== null,
    plan: scenario.planId !== null || (scenario.enteredAllotment !== null && scenario.seats === null),
    packs: scenario.packs.length > 0,
    extra: scenario.extra !== null,
    cap: scenario.cap !== null,
    teams: scenario.teamsLeaving.length > 0,
    use: scenario.usePercent !== 100,
  };
  return scenarioParts.filter((part) => set[part]);
}

const scenarioParts: readonly ScenarioPart[] = ['seats', 'plan', 'packs', 'extra', 'cap', 'teams', 'use'];

/** A scenario with one of its parts and nothing else. An allotment that was entered goes with plan or seats. */
export function onlyPart(scenario: Scenario, part: ScenarioPart): Scenario {
  const { seats, planId, enteredAllotment, packs, extra, cap, teamsLeaving, usePercent } = scenario;
  switch (part) {
    case 'seats':
      return { ...asToday, seats, enteredAllotment: planId === null ? enteredAllotment : null };
    case 'plan':
      return { ...asToday, planId, enteredAllotment };
    case 'packs':
      return { ...asToday, packs };
    case 'extra':
      return { ...asToday, extra };
    case 'cap':
      return { ...asToday, cap };
    case 'teams':
      return { ...asToday, teamsLeaving };
    case 'use':
      return { ...asToday, usePercent };
  }
}

/** Use of one member or team on one day; `day` is an index of the history, credits are plain numbers. */
export interface UseOnDay {
  readonly subjectId: string;
  readonly day: number;
  readonly credits: number;
}

export interface PastUse {
  /** Credits per day, oldest first, without gaps. */
  readonly history: readonly number[];
  readonly firstDay: LocalDate;
  /** The first day of a week, 1 for Monday to 7 for Sunday. */
  readonly weekStart: number;
  /** The first day of the allotment period that holds a day. */
  readonly periodStartOf: (day: LocalDate) => LocalDate;
  /** Of the teams that leave. */
  readonly leaving: readonly UseOnDay[];
  /** Of those whom the cap binds, without the people who leave. */
  readonly capped: readonly UseOnDay[];
}

/**
 * The history as it would have been: without the teams that leave, grown or shrunk, and then cut to what the cap would
 * have let through, window by window. Within a window that was over the cap every day is cut by the same share: people
 * pace themselves, and a forecast then sees the level that the cap leaves and not its last days.
 */
export function historyUnder(scenario: Scenario, past: PastUse): readonly number[] {
  const factor = scenario.usePercent / 100;
  const use = [...past.history];
  for (const { day, credits } of past.leaving) use[day] = (use[day] ?? 0) - credits;
  const grown = use.map((credits) => Math.max(0, credits) * factor);
  if (scenario.cap === null) return grown;
  for (const { day, credits } of cutByCap(scenario.cap, past, factor)) grown[day] = (grown[day] ?? 0) - credits;
  return grown.map((credits) => Math.max(0, credits));
}

/** What the cap would not have let through. */
function cutByCap(cap: CapTried, past: PastUse, factor: number): readonly Pick<UseOnDay, 'day' | 'credits'>[] {
  const limit = cap.credits / 1e6;
  const windows = new Map<string, UseOnDay[]>();
  const startByDay = new Map<number, LocalDate>();
  for (const use of past.capped) {
    const start = startByDay.get(use.day) ?? windowStartOf(cap.per, addDays(past.firstDay, use.day), past);
    startByDay.set(use.day, start);
    const key = `${start}/${use.subjectId}`;
    const window = windows.get(key);
    if (window) window.push(use);
    else windows.set(key, [use]);
  }
  return [...windows.values()].flatMap((uses) => {
    const total = uses.reduce((sum, use) => sum + Math.max(0, use.credits) * factor, 0);
    if (total <= limit) return [];
    const share = 1 - limit / total;
    return uses.map((use) => ({ day: use.day, credits: Math.max(0, use.credits) * factor * share }));
  });
}

function windowStartOf(span: CapSpan, day: LocalDate, past: PastUse): LocalDate {
  switch (span) {
    case 'day':
      return day;
    case 'week':
      return windowStart('week', day, past.weekStart);
    case 'period':
      return past.periodStartOf(day);
  }
}
