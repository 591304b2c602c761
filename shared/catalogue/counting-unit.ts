import { credits, microPerUnit, type Credits } from '../kernel/credits.ts';
import type { CatalogueVersion } from './catalogue.ts';
import { figure } from './figure.ts';

/**
 * The step in which a platform counts credits: one credit where every rate is a whole number, a tenth or a hundredth
 * where a rate needs it. Rates that are not known say nothing.
 */
export function countingUnit({ features, plans }: Pick<CatalogueVersion, 'features' | 'plans'>): Credits {
  const rates = features.flatMap((feature) => feature.rates.flatMap((rate) => rate.credits ?? []));
  const defaults = plans.flatMap(({ defaultRate }) => defaultRate?.credits ?? []);
  let unit = microPerUnit;
  for (const text of [...rates, ...defaults]) while (figure(text) % unit !== 0) unit /= 10;
  return credits(unit);
}
