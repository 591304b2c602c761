/** What a scenario costs: only from prices that a platform publishes or that somebody entered. The rest is named. */
import type { Pack } from '../catalogue/catalogue.ts';
import type { Credits } from '../kernel/credits.ts';
import { money, type Money } from '../kernel/money.ts';
import type { Instant } from '../kernel/instant.ts';
import { holdingAt } from '../ledger/change.ts';
import { planAt } from '../ledger/schedule.ts';
import type { PackBought, Scenario } from './scenario.ts';
import { totalOf, type TermsTried } from './supply.ts';
import { summedByCurrency } from './worth.ts';

/** A price of a plan that somebody entered from a bill or an offer, for one allotment period. */
export interface PlanPrice {
  readonly price: Money;
  /** Of each seat that is paid for, or of the workspace as a whole. */
  readonly per: 'seat' | 'workspace';
}

/** By the plan's id. */
export type PlanPrices = Readonly<Record<string, PlanPrice>>;

export type CostGap =
  | { readonly kind: 'pack-price'; readonly packId: string }
  | { readonly kind: 'plan-price'; readonly planId: string }
  | { readonly kind: 'credits-price' }
  /** A soft limit lets use go on, at a price that is not known. */
  | { readonly kind: 'overage-price' };

/** A pack of a scenario as the catalogue knows it. */
export interface PackTried extends PackBought {
  readonly pack: Pack;
  readonly amount: Credits;
}

export interface Cost {
  /** Packs, one amount per currency. */
  readonly once: readonly Money[];
  /** The plan, in each allotment period in which all changes count. */
  readonly perPeriod: readonly Money[];
  readonly unknown: readonly CostGap[];
}

export function costOf(given: {
  readonly tried: TermsTried;
  readonly scenario: Scenario;
  readonly packs: readonly PackTried[];
  /** Whether use may go beyond what there is. */
  readonly isOver: boolean;
  readonly planPrices: PlanPrices;
  /** When all that changes counts. */
  readonly from: Instant;
}): Cost {
  const { tried, scenario, packs, isOver, planPrices, from } = given;
  const { plan, ended } = planAt(tried.index, from);
  const unknown: CostGap[] = [];
  const once: Money[] = [];
  for (const { pack, count } of packs) {
    if (pack.price === null) unknown.push({ kind: 'pack-price', packId: pack.id });
    else once.push(money(pack.price.minorUnits * count, pack.price.currency));
  }
  if (scenario.extra !== null) unknown.push({ kind: 'credits-price' });
  const price = planPrices[plan.id];
  const seats = totalOf(tried.seats ?? holdingAt(tried.index.seats, from)?.seatsByRole ?? {});
  if (price === undefined && !ended) unknown.push({ kind: 'plan-price', planId: plan.id });
  if (plan.limit.kind === 'soft' && isOver) unknown.push({ kind: 'overage-price' });
  return {
    once: summedByCurrency(once),
    perPeriod: price === undefined || ended ? [] : [planCost(price, seats)],
    unknown,
  };
}

/** What a plan costs in one period. */
export function planCost({ price, per }: PlanPrice, seats: number): Money {
  return money(price.minorUnits * (per === 'seat' ? seats : 1), price.currency);
}
