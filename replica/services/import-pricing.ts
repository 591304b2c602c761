import { versionInForce } from '../../shared/catalogue/lookup.ts';
import { priceOf, type Price, type PriceProblem } from '../../shared/catalogue/price.ts';
import { microPerUnit, multiply, quantity, type Quantity } from '../../shared/kernel/credits.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { startOfDay } from '../../shared/kernel/time-zone.ts';
import { holdingAt } from '../../shared/ledger/change.ts';
import { planAt, type PlanInForce } from '../../shared/ledger/schedule.ts';
import type { Workspace } from './workspace.ts';

/** Plan and price of a great many uses. What holds for a stretch of time is looked up once for it. */
export interface ImportPricing {
  readonly planAt: (at: Instant) => PlanInForce;
  /** As `priceOf`, and a quantity of 0 is priced at 0 credits. [C1] [C5] */
  readonly priceOf: (action: ImportAction) => Result<Price, PriceProblem>;
}

export interface ImportAction {
  readonly feature: string;
  readonly variant: string | null;
  readonly quantity: Quantity;
  readonly at: Instant;
}

export function createImportPricing(workspace: Workspace): ImportPricing {
  const { index, catalogue } = workspace;
  const stretchOf = createStretches([
    ...index.plans.map((entry) => entry.from),
    ...catalogue.versions.map((version) => startOfDay(version.effectiveFrom, 'UTC')),
  ]);
  const planByStretch = new Map<number, PlanInForce>();
  const unitPrices = new Map<string, Result<Price, PriceProblem>>();

  const planIn = (at: Instant): PlanInForce => {
    const stretch = stretchOf(at);
    const known = planByStretch.get(stretch);
    if (known) return known;
    const plan = planAt(index, at);
    planByStretch.set(stretch, plan);
    return plan;
  };
  const unitPriceOf = (action: ImportAction): Result<Price, PriceProblem> => {
    const key = JSON.stringify([stretchOf(action.at), action.feature, action.variant]);
    const known = unitPrices.get(key);
    if (known) return known;
    const price = priceOf(catalogue, planIn(action.at).plan, { ...action, quantity: oneUnit });
    const answer = price.ok ? price : err(asImported(price.error, action));
    unitPrices.set(key, answer);
    return answer;
  };
  // A feature that an earlier import metered is known, but nobody has said what it costs.
  const asImported = (problem: PriceProblem, action: ImportAction): PriceProblem => {
    const imported = holdingAt(index.features.get(action.feature), action.at);
    if (problem.code !== 'unknown-feature' || !imported) return problem;
    return { code: 'unpriced', feature: action.feature, featureName: imported.name, variant: action.variant };
  };
  return {
    planAt: planIn,
    priceOf: (action) => {
      const unit = unitPriceOf(action);
      if (!unit.ok) return unit;
      const { unitRate } = unit.value;
      const credits = multiply(unitRate, action.quantity);
      if (credits === undefined) return err({ code: 'out-of-range', unitRate, quantity: action.quantity });
      return ok({ ...unit.value, credits });
    },
  };
}

/** Whether the catalogue lists the feature at that instant. */
export function listsFeature(workspace: Workspace, feature: string, at: Instant): boolean {
  return versionInForce(workspace.catalogue, at).version.features.some((listed) => listed.id === feature);
}

const oneUnit = quantity(microPerUnit);

/** Numbers the stretches of time between boundaries. */
function createStretches(boundaries: readonly Instant[]): (at: Instant) => number {
  const sorted = [...new Set(boundaries)].sort((left, right) => left - right);
  return (at) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] ?? Infinity) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
