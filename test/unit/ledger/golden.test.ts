import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../../../shared/catalogue/catalogue.ts';
import { fillIn } from '../../../shared/catalogue/fill-in.ts';
import { shippedCatalogues } from '../../../shared/catalogue/shipped.ts';
import { assert } from '../../../shared/kernel/assert.ts';
import { workedMonth, writtenOut } from '../../support/worked-month.ts';

/**
 * A worked month of each plan of each platform, as a file that a person can read and check. When a rule changes on
 * purpose, write them anew with `vitest run test/unit/ledger/golden.test.ts -u` and read the difference.
 */
const plans = shippedCatalogues.map(withRates).flatMap((catalogue) => {
  const [version] = catalogue.versions.slice(-1);
  return (version?.plans ?? []).map((plan) => ({ name: `${catalogue.platform}-${plan.id}`, catalogue, plan }));
});

/** Mirage publishes no rate, so its months take figures as a person would enter them. */
function withRates(catalogue: Catalogue): Catalogue {
  if (catalogue.platform !== 'mirage') return catalogue;
  const rates = [
    { feature: 'video', variant: null, credits: '12.5' },
    { feature: 'refine', variant: null, credits: '4' },
    { feature: 'image', variant: null, credits: '1.25' },
  ];
  const filled = fillIn(catalogue, { enteredOn: '2026-04-01', effectiveFrom: '2026-04-01', rates, packs: [] });
  assert(filled.ok, 'The figures fill the catalogue in');
  return filled.value;
}

describe('worked months', () => {
  it('[C2] every plan of every platform that is shipped has one', () => {
    expect(plans.length).toBeGreaterThanOrEqual(14);
  });

  it.each(plans)('[G6] $name: decisions and daily balances are as written', async ({ name, catalogue, plan }) => {
    await expect(writtenOut(workedMonth(catalogue, plan))).toMatchFileSnapshot(`../../golden/${name}.json`);
  });
});
