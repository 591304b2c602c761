/** What a change would make of run-out, shortage and cost: the same forecast as today's, under other terms. */
import type { AllotmentProblem } from '../catalogue/allotment.ts';
import { figure } from '../catalogue/figure.ts';
import { findPack, versionInForce } from '../catalogue/lookup.ts';
import {
  forecastInSteps,
  type ForecastInput,
  type ForecastQuality,
  type ForecastResult,
} from '../forecast/forecast.ts';
import type { Replenishment } from '../forecast/run-out.ts';
import type { Range } from '../forecast/simulate.ts';
import { noCredits, toApproximateNumber, type Credits } from '../kernel/credits.ts';
import { instant, type Instant } from '../kernel/instant.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { atOnce, type Steps } from '../kernel/steps.ts';
import { addMonths, dayOf, startOfDay, type LocalDate } from '../kernel/time-zone.ts';
import type { Balance } from '../ledger/balance.ts';
import { periodAt, type TermsIndex } from '../ledger/schedule.ts';
import { costOf, type Cost, type PackTried, type PlanPrices } from './cost.ts';
import { historyUnder, partsOf, type PastUse, type Scenario } from './scenario.ts';
import { allottedBy, dayMs, replenishmentsUnder, termsUnder, type TermsTried } from './supply.ts';

/** A workspace as it is today, as far as the question needs it. */
export interface Situation {
  readonly index: TermsIndex;
  readonly balance: Balance;
  /** What the forecast of today is made from. */
  readonly input: ForecastInput;
  readonly past: Omit<PastUse, 'leaving' | 'capped'>;
  /** Of the members of each team, what can be spent now from pools of their own; 0 where the pool is shared. */
  readonly availableOf: (teamId: string) => Credits;
  readonly planPrices: PlanPrices;
}

/** Use of those whom a scenario speaks of; only for the parts that it has. */
export type UseUnderQuestion = Pick<PastUse, 'leaving' | 'capped'>;

/** How an allotment period goes, whatever the one before it did. */
export interface Prospect {
  readonly from: Instant;
  readonly resetAt: Instant;
  readonly allotted: Credits;
  /** That the credits last from its beginning to its end, 0 to 1; null where history bears no date, or it is too far. */
  readonly lasts: number | null;
  /** Credits that nothing pays in it: in the middle and in the worst of ten cases, and on average. */
  readonly short: (Pick<Range, 'p50' | 'p90'> & { readonly mean: number }) | null;
}

export interface Outcome {
  readonly quality: ForecastQuality;
  /** Use of this period by its end. */
  readonly endOfPeriod: (Range & { readonly mean: number }) | null;
  readonly runOut: {
    readonly p10: Instant | null;
    readonly p50: Instant | null;
    readonly p90: Instant | null;
  } | null;
  /**
   * What is left of this period, and the first period in which every change counts: another plan, and often another
   * number of seats, counts from a reset on.
   */
  readonly prospects: readonly [Prospect, Prospect];
  readonly cost: Cost;
  /** From when another plan or number of seats would count; null where the scenario has none. */
  readonly planFrom: Instant | null;
  readonly seatsFrom: Instant | null;
}

export type NoOutcome =
  | { readonly code: 'no-figure'; readonly problem: AllotmentProblem }
  /** The pack is not sold on the plan, or its amount is not known. */
  | { readonly code: 'unknown-pack' | 'unknown-amount'; readonly packId: string };

/**
 * Today's forecast under a scenario; one without parts is today, figure for figure.
 * @param laterFrom the beginning of the later period that is looked at, a reset.
 */
export function outcomeOf(
  situation: Situation,
  scenario: Scenario,
  given: { readonly use: UseUnderQuestion; readonly laterFrom: Instant },
): Result<Outcome, NoOutcome> {
  return atOnce(outcomeInSteps(situation, scenario, given));
}

/** The same, for who serves others as well. */
export function* outcomeInSteps(
  situation: Situation,
  scenario: Scenario,
  { use, laterFrom }: { readonly use: UseUnderQuestion; readonly laterFrom: Instant },
): Steps<Result<Outcome, NoOutcome>> {
  const { index, balance } = situation;
  const now = balance.asOf;
  const tried = termsUnder(index, scenario, now);
  const packs = packsOf(scenario, situation);
  if (!packs.ok) return packs;
  const made = inputUnder(situation, scenario, { tried, packs: packs.value, use });
  if (!made.ok) return err({ code: 'no-figure', problem: made.error });
  const { under, allottedNow } = made.value;
  const later = allottedBy(tried, laterFrom);
  if (!later.ok && isTermed(scenario)) return err({ code: 'no-figure', problem: later.error });
  yield;
  const result = yield* forecastInSteps(under);
  yield;
  const offsetAt = (offset: number | null): Instant | null =>
    offset === null ? null : instant(Math.round(now + offset * dayMs));
  const isGranted = balance.grants.some((grant) => grant.amount > 0) || under.availableNow > 0;
  const resetAt = periodAt(tried.index, now).end;
  const laterEnd = periodAt(tried.index, laterFrom).end;
  const prospects: [Prospect, Prospect] = [
    { from: now, resetAt, allotted: allottedNow, ...chancesOf(result, isGranted) },
    {
      from: laterFrom,
      resetAt: laterEnd,
      allotted: later.ok ? later.value : noCredits,
      ...(yield* laterChances(under, { from: (laterFrom - now) / dayMs, until: (laterEnd - now) / dayMs })),
    },
  ];
  const isOver = prospects.some(({ short }) => short !== null && short.p90 > 0);
  return ok({
    quality: result.quality,
    endOfPeriod: result.endOfPeriod,
    runOut:
      result.runOut === null || !isGranted
        ? null
        : {
            p10: offsetAt(result.runOut.p10),
            p50: offsetAt(result.runOut.p50),
            p90: offsetAt(result.runOut.p90),
          },
    prospects,
    cost: costOf({
      tried,
      scenario,
      packs: packs.value,
      isOver,
      planPrices: situation.planPrices,
      from: laterFrom,
    }),
    planFrom: tried.planFrom,
    seatsFrom: tried.seatsFrom,
  });
}

/** The beginning of the first period, after the running one, in which all that a scenario changes counts. */
export function laterPeriodOf(index: TermsIndex, scenario: Scenario, now: Instant): Instant {
  const tried = termsUnder(index, scenario, now);
  const { end } = periodAt(tried.index, now);
  const counts = instant(Math.max(end, tried.planFrom ?? end, tried.seatsFrom ?? end));
  return periodAt(tried.index, counts).start;
}

function packsOf(scenario: Scenario, { index, balance }: Situation): Result<readonly PackTried[], NoOutcome> {
  const { version } = versionInForce(index.terms.catalogue, balance.asOf);
  const tried: PackTried[] = [];
  for (const bought of scenario.packs) {
    const pack = findPack(version, bought.packId);
    if (!pack) return err({ code: 'unknown-pack', packId: bought.packId });
    if (pack.credits === null) return err({ code: 'unknown-amount', packId: bought.packId });
    tried.push({ ...bought, pack, amount: figure(pack.credits) });
  }
  return ok(tried);
}

interface InputTried {
  readonly under: ForecastInput;
  readonly allottedNow: Credits;
}

/** What a forecast under the scenario is made from. */
export function inputUnder(
  situation: Situation,
  scenario: Scenario,
  given: { readonly tried: TermsTried; readonly packs: readonly PackTried[]; readonly use: UseUnderQuestion },
): Result<InputTried, AllotmentProblem> {
  const { balance, input } = situation;
  const { tried, packs, use } = given;
  const now = balance.asOf;
  const resetAt = periodAt(tried.index, now).end;
  const asIs: TermsTried = { index: situation.index, seats: null, planFrom: null, seatsFrom: null };
  const [before, after] = [allottedBy(asIs, now), allottedBy(tried, now)];
  const replenish = replenishmentsUnder(tried, { balance, until: instant(now + reachDays * dayMs) });
  if (isTermed(scenario)) {
    // What today lacks a figure for, today's forecast takes for nothing; a scenario that changes terms must have one.
    if (!after.ok) return after;
    if (!replenish.ok) return replenish;
  }
  const allotted = { before: before.ok ? before.value : noCredits, after: after.ok ? after.value : noCredits };
  // Fewer seats never take back what was allotted.
  const more = Math.max(0, toApproximateNumber(allotted.after) - toApproximateNumber(allotted.before));
  const gone = scenario.teamsLeaving.reduce((sum, id) => sum + toApproximateNumber(situation.availableOf(id)), 0);
  const changes = boughtUnder(situation, scenario, packs);
  const bought = changes.filter((change) => change.dayOffset <= 0).reduce((sum, change) => sum + (change.add ?? 0), 0);
  const parts = partsOf(scenario);
  const isAllottedAnew = isTermed(scenario) || scenario.teamsLeaving.length > 0;
  return ok({
    under: {
      ...input,
      availableNow: input.availableNow + more - gone + bought,
      expiringNow: Math.max(0, (input.expiringNow ?? input.availableNow) + more - gone),
      replenish: [
        ...(isAllottedAnew && replenish.ok ? replenish.value : input.replenish),
        ...changes.filter((change) => change.dayOffset > 0),
      ],
      daysUntilReset: (resetAt - now) / dayMs,
      history: parts.length === 0 ? input.history : historyUnder(scenario, { ...situation.past, ...use }),
    },
    allottedNow: more > 0 ? allotted.after : allotted.before,
  });
}

/** Whether plan, seats or what is allotted are otherwise. */
function isTermed({ planId, seats, enteredAllotment }: Scenario): boolean {
  return planId !== null || seats !== null || enteredAllotment !== null;
}

function boughtUnder(situation: Situation, { extra }: Scenario, packs: readonly PackTried[]): readonly Replenishment[] {
  const ofPacks = packs.flatMap((pack) => packChanges(situation, pack));
  if (extra === null) return ofPacks;
  return [...ofPacks, { dayOffset: offsetOf(situation, extra.on), add: toApproximateNumber(extra.credits) }];
}

/** How far ahead resets and lapses are looked for: as far as a forecast reaches at most. */
const reachDays = 400;

/** A pack begins, and lapses as far as it is unspent by then. */
function packChanges(situation: Situation, bought: PackTried): readonly Replenishment[] {
  const add = toApproximateNumber(bought.amount) * bought.count;
  const begins: Replenishment = { dayOffset: offsetOf(situation, bought.on), add };
  const months = bought.pack.lapsesAfterMonths;
  if (months === null) return [begins];
  const { timeZone } = situation.index;
  const from = bought.on ?? dayOf(situation.balance.asOf, timeZone);
  const lapses: Replenishment = { dayOffset: offsetOf(situation, addMonths(from, months)), add: -add };
  return [begins, lapses];
}

/** Days from now to the beginning of a day; 0 for today and the past. */
function offsetOf({ index, balance }: Situation, day: LocalDate | null): number {
  return day === null ? 0 : Math.max(0, (startOfDay(day, index.timeZone) - balance.asOf) / dayMs);
}

/** What history says of the rest of the running period. */
function chancesOf(result: ForecastResult, isGranted: boolean): Pick<Prospect, 'lasts' | 'short'> {
  if (result.endOfPeriod === null) return { lasts: null, short: null };
  return {
    lasts: result.runOut === null || !isGranted ? null : 1 - result.runOut.probability,
    short: result.shortfall,
  };
}

/**
 * What history says of a later period alone. Until it begins there is more than enough, so that no path ends before; what
 * was added for that is taken away again, as far as it is left, when it begins.
 */
function* laterChances(
  input: ForecastInput,
  period: { readonly from: number; readonly until: number },
): Steps<Pick<Prospect, 'lasts' | 'short'>> {
  if (period.until > prospectDaysMax) return { lasts: null, short: null };
  const result = yield* forecastInSteps({
    ...input,
    availableNow: Math.max(0, input.availableNow) + plentyOfCredits,
    expiringNow: input.expiringNow ?? input.availableNow,
    replenish: [...input.replenish, { dayOffset: period.from, add: -plentyOfCredits }],
    daysUntilReset: period.until,
    horizonDays: Math.min(Math.max(input.horizonDays, Math.ceil(period.until) + 1), prospectDaysMax),
  });
  return chancesOf(result, true);
}

/** More than any pool uses before a reset, and little enough to be taken away again exactly enough. */
const plentyOfCredits = 1e10;

/** Beyond this no forecast says anything. */
const prospectDaysMax = 790;
