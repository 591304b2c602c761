import { multiply, type Credits, type Quantity } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { Catalogue, CatalogueVersion, Feature, Plan } from './catalogue.ts';
import { figure } from './figure.ts';
import { findFeature, versionInForce, type VersionInForce } from './lookup.ts';

/** What is to be priced: so many units of a feature, done in the ordinary way (`variant` null) or in a variant. [C4] */
export interface Action {
  readonly feature: string;
  readonly variant: string | null;
  readonly quantity: Quantity;
  /** When it happened: the rate in force then counts. */
  readonly at: Instant;
}

/** What an action costs and why. A transaction keeps quantity, unit rate and catalogue version of it. [C1] */
export interface Price {
  readonly credits: Credits;
  /** Credits per unit. */
  readonly unitRate: Credits;
  readonly catalogueVersion: string;
  /** `assumed` from the earliest version before its date [C1], `estimate` from the plan's default rate [C5]. */
  readonly pricing: 'listed' | 'assumed' | 'estimate';
  readonly featureName: string;
  readonly unit: string;
}

export type PriceProblem =
  /** The catalogue does not list the action, and the plan has no default rate. [C5] */
  | { readonly code: 'unknown-feature'; readonly feature: string; readonly known: readonly string[] }
  /** `variant` null: the feature exists in variants only. `known` holds null for the ordinary way. */
  | {
      readonly code: 'unknown-variant';
      readonly feature: string;
      readonly variant: string | null;
      readonly known: readonly (string | null)[];
    }
  /** The platform publishes no rate and nobody has entered one. */
  | {
      readonly code: 'unpriced';
      readonly feature: string;
      readonly featureName: string;
      readonly variant: string | null;
    }
  | { readonly code: 'quantity-not-positive'; readonly quantity: Quantity }
  /** Rate × quantity is more than a count of credits can hold. [K1] */
  | { readonly code: 'out-of-range'; readonly unitRate: Credits; readonly quantity: Quantity };

/** Rate × quantity with the rate in force when it happened. `plan` null looks only at what the catalogue lists. [C1] [C4] [C5] */
export function priceOf(catalogue: Catalogue, plan: Plan | null, action: Action): Result<Price, PriceProblem> {
  const { quantity } = action;
  if (quantity <= 0) return err({ code: 'quantity-not-positive', quantity });
  const inForce = versionInForce(catalogue, action.at);
  const feature = findFeature(inForce.version, action.feature);
  const rate = feature ? listedRate(feature, action, inForce) : defaultRate(inForce.version, plan, action);
  if (!rate.ok) return rate;
  const credits = multiply(rate.value.unitRate, quantity);
  if (credits === undefined) return err({ code: 'out-of-range', unitRate: rate.value.unitRate, quantity });
  return ok({ credits, ...rate.value, catalogueVersion: inForce.version.version });
}

type UnitRate = Pick<Price, 'unitRate' | 'pricing' | 'featureName' | 'unit'>;

function listedRate(feature: Feature, action: Action, inForce: VersionInForce): Result<UnitRate, PriceProblem> {
  const { variant } = action;
  const rate = feature.rates.find((candidate) => (candidate.variant ?? null) === variant);
  if (!rate) {
    const known = feature.rates.map((candidate) => candidate.variant ?? null);
    return err({ code: 'unknown-variant', feature: feature.id, variant, known });
  }
  if (rate.credits === null) {
    return err({ code: 'unpriced', feature: feature.id, featureName: feature.name, variant });
  }
  return ok({
    unitRate: figure(rate.credits),
    pricing: inForce.assumed ? 'assumed' : 'listed',
    featureName: feature.name,
    unit: feature.unit,
  });
}

function defaultRate(
  version: CatalogueVersion,
  plan: Plan | null,
  { feature }: Action,
): Result<UnitRate, PriceProblem> {
  if (!plan?.defaultRate) {
    return err({ code: 'unknown-feature', feature, known: version.features.map((listed) => listed.id) });
  }
  return ok({
    unitRate: figure(plan.defaultRate.credits),
    pricing: 'estimate',
    featureName: feature,
    unit: 'action',
  });
}
