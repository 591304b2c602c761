import type { Plan } from '../catalogue/catalogue.ts';
import type { Price, PriceProblem } from '../catalogue/price.ts';
import { greatest, noCredits, subtract, type Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Result } from '../kernel/result.ts';
import type { Share } from '../ledger/transaction.ts';
import type { BindingCap } from './caps.ts';
import { ruleOrder, type Decision, type Reason, type RuleName } from './decision.ts';
import type { LeaseAnswer } from './lease.ts';

/** What the pool answers for this use: how it would be paid, and what could be paid without any new overage. [E7] */
export interface PoolAnswer {
  readonly split: readonly Share[];
  /** The smallest headroom between the instant of the use and now. */
  readonly headroom: Credits;
  /** By how much overage would grow, here or at a later use that this one displaces. */
  readonly overageAdded: Credits;
  /** When the next allotment or awaited grant brings credits; null when nothing is due. */
  readonly freesAt: Instant | null;
}

export interface DecisionQuestion {
  readonly plan: Plan;
  /** A plan that has ended allows no overage: only grants that outlive it pay. [E2] [E4] */
  readonly planEnded: boolean;
  readonly price: Result<Price, PriceProblem>;
  /** The member's platform role; null when the use is attributed to nobody. */
  readonly role: string | null;
  /** Add-ons that are on. */
  readonly addOnsOn: ReadonlySet<string>;
  /** The add-on that the feature needs, if any. */
  readonly needsAddOn: string | null;
  readonly feature: string;
  readonly caps: readonly (BindingCap & { readonly used: Credits })[];
  readonly pool: PoolAnswer;
  /** What this device may spend of a hard pool by itself; left out where no lease is needed. [B3] */
  readonly lease?: LeaseAnswer | undefined;
  /** It already happened: recording is never refused. [E6] */
  readonly happened: boolean;
}

/**
 * Decides whether this may be spent, with everything that led to it. All rules are looked at and all that fail are
 * reported, headline first. [E1] [E2]
 */
export function decide(question: DecisionQuestion): Decision {
  const { price, pool, plan, planEnded, happened } = question;
  const amount = price.ok ? price.value.credits : noCredits;
  const blocking = [...priceReasons(question), ...roleReasons(question), ...capReasons(question, amount)];
  const over = amount > noCredits && pool.overageAdded > noCredits;
  const poolReason: Reason | null = over
    ? reason('pool', {
        effect: plan.limit.kind === 'hard' || planEnded ? 'refused' : 'overage',
        headroom: pool.headroom,
        freesAt: pool.freesAt,
      })
    : null;
  const found = [...blocking, ...(poolReason ? [poolReason] : []), ...leaseReasons(question, amount)];
  const refused = found.some((candidate) => candidate.effect === 'refused');
  const mayRecord = happened && price.ok;
  const outcome = refused && !mayRecord ? 'refused' : over ? 'allowed-overage' : 'allowed';
  const reasons = mayRecord ? found.map((entry): Reason => ({ ...entry, effect: 'overage' })) : found;
  return {
    outcome,
    credits: amount,
    split: price.ok ? pool.split : [],
    reasons: reasons.toSorted((left, right) => placeOf(left.rule) - placeOf(right.rule)),
    headrooms: headroomsOf(question),
  };
}

function priceReasons({ price, feature }: DecisionQuestion): readonly Reason[] {
  if (price.ok) return [];
  switch (price.error.code) {
    case 'unknown-feature':
    case 'unknown-variant':
      return [reason('known-feature', { subject: feature })];
    case 'unpriced':
      return [reason('priced', { subject: price.error.featureName })];
    case 'quantity-not-positive':
    case 'out-of-range':
      return [reason('priced', {})];
  }
}

function roleReasons({ plan, role, needsAddOn, addOnsOn }: DecisionQuestion): readonly Reason[] {
  const reasons: Reason[] = [];
  if (role !== null) {
    const platformRole = plan.roles.find((known) => known.id === role);
    if (!platformRole?.spends) reasons.push(reason('platform-role', { subject: platformRole?.name ?? role }));
  }
  if (needsAddOn !== null && !addOnsOn.has(needsAddOn)) {
    const addOn = plan.addOns.find((known) => known.id === needsAddOn);
    reasons.push(reason('feature-in-plan', { subject: addOn?.name ?? needsAddOn }));
  }
  return reasons;
}

/** Zero-price actions pass every cap; cap 0 blocks everything that costs. The lowest headroom comes first. [C3] [E3] */
function capReasons({ caps }: DecisionQuestion, amount: Credits): readonly Reason[] {
  if (amount === noCredits) return [];
  return caps
    .filter((cap) => cap.used + amount > cap.limit)
    .map((cap) =>
      reason(cap.rule, { headroom: headroomOf(cap), freesAt: freesAt(cap), limit: cap.limit, span: cap.span }),
    )
    .toSorted((left, right) => (left.headroom ?? 0) - (right.headroom ?? 0));
}

/** Recording what happened needs no lease, and neither does what costs nothing. [B3] [E6] */
function leaseReasons({ lease, happened }: DecisionQuestion, amount: Credits): readonly Reason[] {
  if (lease === undefined || happened || amount === noCredits || lease.cover.kind === 'covered') return [];
  const { why, rest } = lease.cover;
  return [reason('lease', { headroom: rest, subject: why })];
}

function headroomsOf({ caps, pool, lease }: DecisionQuestion): Decision['headrooms'] {
  const rules: { rule: RuleName; headroom: Credits; freesAt: Instant | null }[] = caps.map((cap) => ({
    rule: cap.rule,
    headroom: headroomOf(cap),
    freesAt: freesAt(cap),
  }));
  const ofPool = { rule: 'pool', headroom: pool.headroom, freesAt: pool.freesAt } as const;
  const ofLease = lease && ({ rule: 'lease', headroom: lease.rest, freesAt: null } as const);
  return [...rules, ofPool, ...(ofLease ? [ofLease] : [])];
}

/** The next window frees what was used in this one, unless nothing may be used at all. */
function freesAt(cap: BindingCap): Instant | null {
  const windowEnd = cap.limit === noCredits ? null : cap.window.end;
  if (cap.loosensAt === null || windowEnd === null) return cap.loosensAt ?? windowEnd;
  return cap.loosensAt < windowEnd ? cap.loosensAt : windowEnd;
}

function headroomOf(cap: BindingCap & { readonly used: Credits }): Credits {
  return greatest(subtract(cap.limit, cap.used), noCredits);
}

function reason(rule: RuleName, given: Partial<Omit<Reason, 'rule'>>): Reason {
  return { rule, effect: 'refused', headroom: null, freesAt: null, limit: null, span: null, subject: null, ...given };
}

/** Personal caps and team budgets are one rule of the order, so that the lowest headroom of both comes first. [E3] */
function placeOf(rule: RuleName): number {
  return ruleOrder.indexOf(rule === 'team-budget' ? 'personal-cap' : rule);
}
