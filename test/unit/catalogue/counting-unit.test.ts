import { describe, expect, it } from 'vitest';
import { countingUnit } from '../../../shared/catalogue/counting-unit.ts';
import { versionInForce } from '../../../shared/catalogue/lookup.ts';
import { shippedCatalogues } from '../../../shared/catalogue/shipped.ts';
import { formatDecimal } from '../../../shared/kernel/credits.ts';
import { instant } from '../../../shared/kernel/instant.ts';
import { plainVersion } from './catalogue-builder.ts';

const feature = (credits: string | null) => ({
  id: 'image',
  name: 'Image',
  unit: 'image',
  rates: [{ credits, source: 'docs' }],
});

describe('the step in which a platform counts', () => {
  it.each([
    [['25', '250'], '1'],
    [['1', '0.5'], '0.1'],
    [['0.33', '10'], '0.01'],
    [['0.000001'], '0.000001'],
    [[null], '1'],
    [[], '1'],
  ])('[B11] of rates %j is %s', (rates, unit) => {
    const version = plainVersion({ features: rates.map(feature), plans: [] });
    expect(formatDecimal(countingUnit(version))).toBe(unit);
  });

  it('[B11] divides every rate of the catalogues that come with the product', () => {
    for (const catalogue of shippedCatalogues) {
      const { version } = versionInForce(catalogue, instant(Date.UTC(2026, 10, 20)));
      const unit = countingUnit(version);
      for (const { rates } of version.features) {
        for (const { credits } of rates) expect((Number(credits ?? 0) * 1e6) % unit).toBeCloseTo(0);
      }
    }
  });
});
