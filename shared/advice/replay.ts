/** Past use played again on a plan: what its allotments would have paid, and what would have been short. */
import type { AllotmentProblem } from '../catalogue/allotment.ts';
import { allotmentOf, memberAllotmentOf } from '../catalogue/allotment.ts';
import type { Pack, Plan } from '../catalogue/catalogue.ts';
import { figure } from '../catalogue/figure.ts';
import { periodRuleOf, type WorkspaceDates } from '../catalogue/reset.ts';
import { credits, noCredits, type Credits } from '../kernel/credits.ts';
import type { Money } from '../kernel/money.ts';
import { money } from '../kernel/money.ts';
import { periodContaining } from '../kernel/period.ts';
import { ok, type Result } from '../kernel/result.ts';
import { addDays, startOfDay, type LocalDate } from '../kernel/time-zone.ts';
import { cheapestPacks, type NoChoice, type Offer } from './cheapest.ts';
import { planCost, type PlanPrice } from './cost.ts';
import { seatsOn, totalOf } from './supply.ts';

/** Credits that one pool would have paid on one day; `memberId` null is use without a person. */
export interface DayOfUse {
  readonly day: LocalDate;
  readonly memberId: string | null;
  readonly credits: number;
}

export interface ReplayGiven {
  readonly plan: Plan;
  readonly packs: readonly Pack[];
  readonly dates: WorkspaceDates;
  /** The days [from, until) that are compared. */
  readonly from: LocalDate;
  readonly until: LocalDate;
  /** Whole micro-credits, of these days and of those before them that may fall into the first period. In order of days. */
  readonly uses: readonly DayOfUse[];
  readonly seats: Readonly<Record<string, number>>;
  /** What was entered for this plan where the platform publishes no figure. */
  readonly entered: Credits | null;
  /** The platform role of each member, for plans with a pool per member. */
  readonly roleOf: (memberId: string) => string;
  readonly price: PlanPrice | null;
}

export interface Replay {
  readonly used: Credits;
  /** What all pools together are allotted in a period, and how many periods began in these days or ran on into them. */
  readonly allotted: Credits;
  readonly periods: number;
  /** Use that allotments do not pay, and in how many periods there was some. */
  readonly short: Credits;
  readonly shortPeriods: number;
  /** The part of it that no pool could have paid, because nobody is named on a plan with a pool per member. */
  readonly unattributed: Credits;
  readonly packs: Result<PacksNeeded, NoChoice | 'not-sold' | 'no-amounts'>;
  /** The plan in all periods that began in these days, one at least; null without a price that somebody entered. */
  readonly planCost: Money | null;
}

export interface PacksNeeded {
  readonly packs: readonly { readonly packId: string; readonly count: number }[];
  readonly credits: Credits;
  /** null where no price is known. */
  readonly price: Money | null;
}

/** The same use on a plan, with the seats of today and nothing in stock. Days are the workspace's own. */
export function replay(given: ReplayGiven): Result<Replay, AllotmentProblem> {
  const { plan, dates, from, until, uses } = given;
  const pools = poolsOf(given);
  if (!pools.ok) return pools;
  const { allotmentOfPool, allotted } = pools.value;
  const rule = periodRuleOf(plan, dates);
  const startByDay = new Map<LocalDate, number>();
  const periodStartOf = (day: LocalDate): number => {
    const known = startByDay.get(day) ?? periodContaining(rule, startOfDay(day, dates.timeZone)).start;
    startByDay.set(day, known);
    return known;
  };
  const usedByPool = new Map<string, number>();
  const shortByDay = new Map<LocalDate, number>();
  const shortPeriods = new Set<number>();
  let [used, short, unattributed] = [0, 0, 0];
  for (const use of uses) {
    if (use.day >= until) continue;
    const start = periodStartOf(use.day);
    const owner = plan.poolScope === 'member' ? use.memberId : '';
    const pool = `${start}/${owner ?? ''}`;
    const before = usedByPool.get(pool) ?? 0;
    const after = before + use.credits;
    usedByPool.set(pool, after);
    const allotment = owner === null ? 0 : allotmentOfPool(owner);
    const over = Math.max(0, after - allotment) - Math.max(0, before - allotment);
    if (use.day < from) continue;
    used += use.credits;
    short += over;
    if (owner === null) unattributed += over;
    if (over > 0) shortPeriods.add(start);
    shortByDay.set(use.day, (shortByDay.get(use.day) ?? 0) + over);
  }
  const days = daysIn(from, until);
  const starts = days.map(periodStartOf);
  const begun = new Set(starts.filter((start) => start >= startOfDay(from, dates.timeZone))).size;
  return ok({
    used: credits(used),
    allotted,
    periods: new Set(starts).size,
    short: credits(short),
    shortPeriods: shortPeriods.size,
    unattributed: credits(unattributed),
    packs: packsNeeded(
      given,
      days.map((day) => Math.max(0, shortByDay.get(day) ?? 0)),
    ),
    planCost:
      given.price === null ? null : timesPeriods(planCost(given.price, totalOf(given.seats)), Math.max(begun, 1)),
  });
}

interface Pools {
  readonly allotted: Credits;
  readonly allotmentOfPool: (owner: string) => number;
}

/** What each pool is allotted in an ordinary period; a bonus of the first one is not counted. */
function poolsOf(given: ReplayGiven): Result<Pools, AllotmentProblem> {
  const { plan, seats, entered, uses, roleOf } = given;
  if (plan.poolScope !== 'member') {
    const amount = allotmentOf(plan.allotment, { seats: seatsOn(plan, seats), periodNumber: 1, entered });
    return amount.ok ? ok({ allotted: amount.value, allotmentOfPool: () => amount.value }) : amount;
  }
  const byOwner = new Map<string, Credits>();
  const roles = new Set(plan.roles.map((role) => role.id));
  const usual = plan.roles.find((role) => role.takesSeat)?.id ?? '';
  for (const { memberId } of uses) {
    if (memberId === null || byOwner.has(memberId)) continue;
    const role = roleOf(memberId);
    const share = memberAllotmentOf(plan.allotment, roles.has(role) ? role : usual, { periodNumber: 1, entered });
    if (!share.ok) return share;
    byOwner.set(memberId, share.value);
  }
  const all = [...byOwner.values()].reduce((sum, amount) => sum + amount, 0);
  return ok({ allotted: credits(all), allotmentOfPool: (owner) => byOwner.get(owner) ?? noCredits });
}

/** The cheapest packs that would have covered what was short. That some lapse is not counted here. */
function packsNeeded({ plan, packs }: ReplayGiven, shortByDay: readonly number[]): Replay['packs'] {
  const offered = packs.filter((pack) => plan.packs.ids.includes(pack.id));
  const isShort = shortByDay.some((short) => short > 0);
  if (!isShort) return ok({ packs: [], credits: noCredits, price: null });
  if (plan.packs.sold === 'no') return { ok: false, error: 'not-sold' };
  const currency = offered.find((pack) => pack.credits !== null && pack.price !== null)?.price?.currency ?? null;
  const offers = offered.flatMap(({ id: packId, credits: amount, price }): readonly Offer[] => {
    if (amount === null || (currency !== null && price?.currency !== currency)) return [];
    return [{ packId, credits: figure(amount), price: price?.minorUnits ?? 0 }];
  });
  if (offered.length > 0 && offers.length === 0) return { ok: false, error: 'no-amounts' };
  const choice = cheapestPacks(shortByDay, offers);
  if (!choice.ok) return choice;
  const counts = new Map<string, number>();
  for (const { packId, count } of choice.value.purchases) counts.set(packId, (counts.get(packId) ?? 0) + count);
  return ok({
    // As the catalogue lists them, whichever was needed first.
    packs: offers.flatMap(({ packId }) => {
      const count = counts.get(packId);
      return count === undefined ? [] : [{ packId, count }];
    }),
    credits: credits(choice.value.credits),
    price: currency === null ? null : money(choice.value.price, currency),
  });
}

function timesPeriods(perPeriod: Money, periods: number): Money {
  return money(perPeriod.minorUnits * periods, perPeriod.currency);
}

function daysIn(from: LocalDate, until: LocalDate): readonly LocalDate[] {
  const days: LocalDate[] = [];
  for (let day = from; day < until; day = addDays(day, 1)) days.push(day);
  return days;
}
