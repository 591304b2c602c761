import { assert } from '../../shared/kernel/assert.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import type { Period } from '../../shared/kernel/period.ts';
import { randomInteger, type Random } from '../../shared/kernel/random.ts';
import { addDays, dayOf, startOfDay, weekdayOf, windowStart, type LocalDate } from '../../shared/kernel/time-zone.ts';
import type { SamplePerson, SampleTeam } from './sample-people.ts';
import type { FeatureWeight, SampleScript } from './sample-platforms.ts';

/** What the made-up team does over a year at one platform. Pure: the same seed, day and zone tell the same story. */

/** One thing that somebody did, or set credits aside for. */
export interface SampleAction {
  readonly at: Instant;
  readonly memberId: string;
  readonly feature: string;
  readonly variant: string | null;
  /** Units of the feature. */
  readonly quantity: number;
  /** Credits of a unit as the platform metered them; null where the catalogue prices it. [C6] */
  readonly metered: number | null;
  readonly note: string | null;
  readonly course: SampleCourse;
}

/** How it went on. What comes later is told in milliseconds after the action. */
export type SampleCourse =
  | { readonly kind: 'done' }
  | { readonly kind: 'given-back'; readonly how: 'refund' | 'undo'; readonly reason: string; readonly afterMs: number }
  | { readonly kind: 'corrected'; readonly toQuantity: number; readonly reason: string; readonly afterMs: number }
  | { readonly kind: 'held'; readonly ends: 'captured' | 'released' | 'expired'; readonly afterMs: number }
  | { readonly kind: 'held'; readonly ends: 'open' };

/** Somebody who may spend, as far as that goes. */
export interface SampleSpender {
  readonly person: SamplePerson;
  readonly from: Instant;
  readonly until: Instant | null;
  readonly teamAt: (at: Instant) => SampleTeam;
}

/** An allotment period, and how many credits somebody who is there all the time wants in it. */
export interface SamplePeriod extends Period {
  readonly wantedBy: (person: SamplePerson) => number;
}

export interface SampleStory {
  readonly script: SampleScript;
  readonly random: Random;
  readonly now: Instant;
  readonly zone: string;
  readonly periods: readonly SamplePeriod[];
  readonly spenders: readonly SampleSpender[];
  /** Credits of one unit. */
  readonly rateOf: (action: Pick<FeatureWeight, 'feature' | 'variant' | 'metered'>, at: Instant) => number;
  /** How busy a day is, 1 for an ordinary one: weekends, holidays, a break. */
  readonly paceOf: (day: LocalDate) => number;
}

/** The launch, two weeks ago: Tuesday to Thursday, when everybody makes more than usual. */
export function launchDays(today: LocalDate): { readonly first: LocalDate; readonly last: LocalDate } {
  const monday = windowStart('week', addDays(today, -14), 1);
  return { first: addDays(monday, 1), last: addDays(monday, 3) };
}
/** Days before today of the week when the company is closed. */
export const breakDays = { from: 44, to: 38 } as const;

/** All that happened from the first period until now, oldest first. */
export function sampleActions(story: SampleStory): readonly SampleAction[] {
  const deal = dealer(story.random);
  return story.periods.flatMap((period) => actionsIn(story, period, deal)).sort((left, right) => left.at - right.at);
}

function actionsIn(story: SampleStory, period: SamplePeriod, deal: Deal): readonly SampleAction[] {
  const { random, now, zone, spenders } = story;
  const days = daysOf(story, period);
  const pace = days.reduce((total, day) => total + day.pace, 0);
  const costs = new Map<readonly FeatureWeight[], number>();
  const costOf = (features: readonly FeatureWeight[]): number => {
    const cost = costs.get(features) ?? meanCost(story, features, period.start);
    costs.set(features, cost);
    return cost;
  };
  const actions: SampleAction[] = [];
  for (const { start, end, pace: ofDay } of days) {
    if (start > now) break;
    for (const spender of spenders) {
      if (spender.from > start || (spender.until !== null && spender.until <= start)) continue;
      const team = spender.teamAt(start);
      const features = story.script.features[team] ?? story.script.features.others;
      const mean = (period.wantedBy(spender.person) * ofDay) / (pace * costOf(features));
      const count = poisson(random, mean);
      for (let made = 0; made < count; made += 1) {
        const action = actionOn(story, { start, spender, chosen: deal(features) });
        // Days of the zone and periods of the platform begin at different hours.
        if (action.at < now && action.at >= period.start && action.at < Math.min(period.end, end)) actions.push(action);
      }
    }
  }
  return actions.filter((action) => dayOf(action.at, zone) <= dayOf(now, zone));
}

function daysOf({ zone, paceOf }: SampleStory, period: Period) {
  const days: { readonly start: Instant; readonly end: Instant; readonly pace: number }[] = [];
  for (let day = dayOf(period.start, zone); startOfDay(day, zone) < period.end; day = addDays(day, 1)) {
    days.push({ start: startOfDay(day, zone), end: startOfDay(addDays(day, 1), zone), pace: paceOf(day) });
  }
  return days;
}

/** How much of a period somebody is there. */
export function shareIn({ from, until }: SampleSpender, { start, end }: Period): number {
  const there = Math.min(until ?? end, end) - Math.max(from, start);
  return Math.max(0, there) / (end - start);
}

function meanCost(story: SampleStory, features: readonly FeatureWeight[], at: Instant): number {
  const weights = features.reduce((total, { weight }) => total + weight, 0);
  const cost = features.reduce((total, feature) => {
    const settled = story.script.slow.includes(feature.feature) ? settledShare : 1;
    return total + feature.weight * story.rateOf(feature, at) * ((1 + (feature.upTo ?? 1)) / 2) * settled;
  }, 0);
  return cost / weights;
}

function actionOn(
  story: SampleStory,
  given: { readonly start: Instant; readonly spender: SampleSpender; readonly chosen: FeatureWeight },
): SampleAction {
  const { random, script } = story;
  const { chosen } = given;
  // Most of it between nine and six, with a dip at noon and a little in the evening.
  const hour = random() < 0.07 ? 18 + random() * 4 : random() < 0.45 ? 9 + random() * 3 : 13 + random() * 5;
  const notes = script.notes[chosen.feature] ?? [];
  const note = random() < 0.12 ? (notes[randomInteger(random, Math.max(1, notes.length))] ?? null) : null;
  return {
    at: instant(given.start + Math.floor(hour * hourMs)),
    memberId: given.spender.person.id,
    feature: chosen.feature,
    variant: chosen.variant ?? null,
    quantity: 1 + randomInteger(random, chosen.upTo ?? 1),
    metered: chosen.metered ?? null,
    note,
    course: courseOf(random, script.slow.includes(chosen.feature)),
  };
}

/** What takes minutes is set aside first; some of it fails, and little is never settled. [H6] */
function courseOf(random: Random, isSlow: boolean): SampleCourse {
  if (!isSlow || random() < 0.5) return { kind: 'done' };
  const afterMs = (3 + randomInteger(random, 15)) * minuteMs;
  const luck = random();
  // Together with what is done at once, `settledShare` of it is spent.
  if (luck < 0.12) return { kind: 'held', ends: 'released', afterMs };
  if (luck < 0.16) return { kind: 'held', ends: 'expired', afterMs: hourMs };
  return { kind: 'held', ends: 'captured', afterMs };
}

type Deal = (features: readonly FeatureWeight[]) => FeatureWeight;

/**
 * Picks features as often as they weigh, like cards that are shuffled anew when all are dealt: rare and dear ones then
 * come no more often than they should, and a period costs about what was wanted.
 */
function dealer(random: Random): Deal {
  const decks = new Map<readonly FeatureWeight[], FeatureWeight[]>();
  return (features) => {
    const left = decks.get(features) ?? [];
    decks.set(features, left);
    if (left.length === 0) {
      for (const feature of features) for (let card = 0; card < feature.weight; card += 1) left.push(feature);
    }
    const [dealt] = left.splice(randomInteger(random, left.length), 1);
    assert(dealt, 'Somebody does something');
    return dealt;
  };
}

/** How many of something rare happen when `mean` are expected. */
function poisson(random: Random, mean: number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}

/** How busy a day of the week is, Monday first. */
export function paceOfWeek(day: LocalDate): number {
  return [0.95, 1.15, 1.1, 1.05, 0.75, 0.06, 0.04][weekdayOf(day) - 1] ?? 1;
}

const settledShare = 0.92;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
