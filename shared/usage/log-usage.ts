import type { Plan } from '../catalogue/catalogue.ts';
import { findFeature, versionInForce } from '../catalogue/lookup.ts';
import { priceOf, type Price, type PriceProblem } from '../catalogue/price.ts';
import { capsBinding, type Spender } from '../entitlement/caps.ts';
import { decide } from '../entitlement/decide.ts';
import type { Decision } from '../entitlement/decision.ts';
import type { LeaseAnswer } from '../entitlement/lease.ts';
import { assert } from '../kernel/assert.ts';
import { noCredits, type Credits, type Quantity } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Period } from '../kernel/period.ts';
import { err, type Result } from '../kernel/result.ts';
import { holdingAt } from '../ledger/change.ts';
import { planAt, type TermsIndex } from '../ledger/schedule.ts';
import type { Hold, Origin, Usage } from '../ledger/transaction.ts';
import type { WhatIf } from '../ledger/what-if.ts';

/** What somebody wants to spend, or has spent. */
export interface UsageRequest extends Spender {
  readonly feature: string;
  readonly variant: string | null;
  readonly quantity: Quantity;
  readonly at: Instant;
  readonly happened: boolean;
}

/** What the replica knows and the rules ask for. */
export interface UsageSurroundings {
  readonly index: TermsIndex;
  readonly weekStart: number;
  readonly askPool: (amount: Credits, at: Instant) => WhatIf;
  /** What a member or team has used and set aside in a window. */
  readonly spentIn: (window: Period, spender: Spender) => Credits;
  /** What this device may spend by itself; undefined where no lease is needed. Left out on a computer by itself. [B3] */
  readonly coverBy?: (amount: Credits, at: Instant) => LeaseAnswer | undefined;
}

export interface UsageAnswer {
  readonly plan: Plan;
  readonly price: Result<Price, PriceProblem>;
  readonly decision: Decision;
  /** The lease that bears it; left out where none is needed or none does. */
  readonly leaseId?: string;
}

/** Prices a use and decides on it. Nothing is written. [C1] [E1] */
export function considerUsage(request: UsageRequest, surroundings: UsageSurroundings): UsageAnswer {
  const { index } = surroundings;
  const { plan, ended } = planAt(index, request.at);
  const price = priceFor(request, index, plan);
  const amount = price.ok ? price.value.credits : noCredits;
  const { version } = versionInForce(index.terms.catalogue, request.at);
  const lease = amount > noCredits && !request.happened ? surroundings.coverBy?.(amount, request.at) : undefined;
  const decision = decide({
    plan,
    planEnded: ended,
    price,
    feature: request.feature,
    role: request.memberId === null ? null : roleOf(index, request.memberId, request.at),
    addOnsOn: addOnsOn(index, plan, request.at),
    needsAddOn: findFeature(version, request.feature)?.needsAddOn ?? null,
    caps: capsBinding(index, request, request.at, surroundings.weekStart).map((cap) => ({
      ...cap,
      used: surroundings.spentIn(cap.window, cap),
    })),
    pool: surroundings.askPool(amount, request.at),
    lease,
    happened: request.happened,
  });
  return { plan, price, decision, ...(lease?.cover.kind === 'covered' ? { leaseId: lease.cover.leaseId } : {}) };
}

/** What a line carries besides what was asked and decided. */
export interface LineDetails {
  readonly id: string;
  readonly workspaceId: string;
  readonly poolId: string;
  readonly recordedAt: Instant;
  readonly authorId: string | null;
  readonly origin: Origin;
  readonly note: string | null;
}

/** What a line is made of besides its details. */
type DecidedOn = Pick<UsageAnswer, 'decision' | 'leaseId'> & { readonly price: Price };

/** The line of a use that was decided on with `price`. The receipt keeps the split as it was decided. [G3] */
export function usageLine(
  request: UsageRequest,
  answer: DecidedOn,
  details: LineDetails & { readonly externalKey: string | null },
): Usage {
  return {
    kind: 'usage',
    ...spendOf(request, answer, details),
    happened: request.happened,
    ...(details.externalKey === null ? {} : { externalKey: details.externalKey }),
  };
}

/** The line of a hold. What costs nothing cannot be set aside, so asking for that is a bug. [H1] [H8] */
export function holdLine(
  request: UsageRequest,
  answer: DecidedOn,
  details: LineDetails & { readonly expiresAt: Instant | null },
): Hold {
  assert(answer.price.credits > noCredits, `Hold ${details.id} would set nothing aside`);
  return { kind: 'hold', ...spendOf(request, answer, details), expiresAt: details.expiresAt };
}

/** The ids of the add-ons that are on: as switched, else the plan's default. [E2] */
export function addOnsOn(index: TermsIndex, plan: Plan, at: Instant): ReadonlySet<string> {
  const on = plan.addOns.filter((addOn) => holdingAt(index.addOns.get(addOn.id), at)?.on ?? addOn.onByDefault);
  return new Set(on.map((addOn) => addOn.id));
}

function spendOf(request: UsageRequest, { price, decision, leaseId }: DecidedOn, details: LineDetails) {
  return {
    id: details.id,
    workspaceId: details.workspaceId,
    poolId: details.poolId,
    occurredAt: request.at,
    recordedAt: details.recordedAt,
    authorId: details.authorId,
    origin: details.origin,
    memberId: request.memberId,
    teamId: request.teamId,
    featureId: request.feature,
    variant: request.variant,
    quantity: request.quantity,
    unitRate: price.unitRate,
    credits: price.credits,
    pricing: price.pricing,
    catalogueVersion: price.catalogueVersion,
    receipt: decision.split,
    ...(details.note === null ? {} : { note: details.note }),
    ...(leaseId === undefined ? {} : { leaseId }),
  };
}

function priceFor(request: UsageRequest, index: TermsIndex, plan: Plan): Result<Price, PriceProblem> {
  const price = priceOf(index.terms.catalogue, plan, request);
  if (price.ok || price.error.code !== 'unknown-feature') return price;
  // A feature that only an import named is known, but nobody has said what it costs.
  const imported = holdingAt(index.features.get(request.feature), request.at);
  if (!imported) return price;
  return err({ code: 'unpriced', feature: request.feature, featureName: imported.name, variant: request.variant });
}

function roleOf(index: TermsIndex, memberId: string, at: Instant): string | null {
  return holdingAt(index.members.get(memberId), at)?.member.role ?? null;
}
