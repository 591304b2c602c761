import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../../../shared/catalogue/catalogue.ts';
import { fillIn, type EnteredFigures } from '../../../shared/catalogue/fill-in.ts';
import { parseCatalogue } from '../../../shared/catalogue/load.ts';
import { priceOf } from '../../../shared/catalogue/price.ts';
import { shippedCatalogues } from '../../../shared/catalogue/shipped.ts';
import { quantity, wholeCredits } from '../../../shared/kernel/credits.ts';
import { parseInstant } from '../../../shared/kernel/instant.ts';

const figures: EnteredFigures = {
  enteredOn: '2026-11-20',
  effectiveFrom: '2026-11-01',
  rates: [
    { feature: 'video', variant: null, credits: '8' },
    { feature: 'actor-look', variant: null, credits: '40', unit: 'look' },
  ],
  packs: [{ pack: 'prepaid', credits: '500', price: { minorUnits: 2_499, currency: 'USD' } }],
};

function mirage(): Catalogue {
  const found = shippedCatalogues.find((catalogue) => catalogue.platform === 'mirage');
  if (!found) throw new Error('No catalogue of mirage');
  return found;
}

function filled(catalogue: Catalogue, entered: EnteredFigures): Catalogue {
  const result = fillIn(catalogue, entered);
  if (!result.ok) throw new Error(result.error.map((problem) => problem.message).join(', '));
  return result.value;
}

function priceOn(catalogue: Catalogue, feature: string, day: string): unknown {
  const at = parseInstant(day, 'UTC');
  if (!at.ok) throw new Error(`Not a day: ${day}`);
  const price = priceOf(catalogue, null, { feature, variant: null, quantity: quantity(30_000_000), at: at.value });
  return price.ok ? [price.value.credits, price.value.catalogueVersion, price.value.unit] : price.error.code;
}

describe('figures for a shipped catalogue', () => {
  it('[C2] make a new version and leave the older ones as they were', () => {
    const shipped = mirage();
    const before = JSON.stringify(shipped);
    const catalogue = filled(shipped, figures);
    expect(JSON.stringify(shipped)).toBe(before);
    expect(catalogue.versions.slice(0, -1)).toEqual(shipped.versions);
    expect(parseCatalogue(catalogue)).toEqual({ ok: true, value: catalogue });
    expect(catalogue.versions.at(-1)?.packs).toEqual([
      {
        id: 'prepaid',
        name: 'Prepaid credits',
        credits: '500',
        price: { minorUnits: 2_499, currency: 'USD' },
        lapsesAfterMonths: null,
        source: 'entered-2026-11-20',
      },
    ]);
  });

  it('[C1] [C2] price from their date on, and what was not entered stays unpriced', () => {
    const catalogue = filled(mirage(), figures);
    expect(priceOn(catalogue, 'video', '2026-11-01')).toEqual([wholeCredits(240), 'entered-2026-11-01', 'second']);
    expect(priceOn(catalogue, 'actor-look', '2026-12-01')).toEqual([wholeCredits(1_200), 'entered-2026-11-01', 'look']);
    expect(priceOn(catalogue, 'video', '2026-10-31')).toBe('unpriced');
    expect(priceOn(catalogue, 'image', '2026-11-20')).toBe('unpriced');
    expect(priceOn(catalogue, 'edit', '2026-11-20')).toEqual([0, 'entered-2026-11-01', 'action']);
  });

  it('[C2] entered a second time: the later entry holds, the earlier stays', () => {
    const rates = [{ feature: 'video', variant: null, credits: '9' }];
    const twice = filled(filled(mirage(), figures), { ...figures, rates, packs: [] });
    const thrice = filled(twice, { ...figures, rates, packs: [] });
    expect(thrice.versions.map((version) => version.version)).toEqual([
      '2026-11-20',
      'entered-2026-11-01',
      'entered-2026-11-01.2',
      'entered-2026-11-01.3',
    ]);
    expect(priceOn(twice, 'video', '2026-11-20')).toEqual([wholeCredits(270), 'entered-2026-11-01.2', 'second']);
    expect(priceOn(twice, 'actor-look', '2026-11-20')).toEqual([wholeCredits(1_200), 'entered-2026-11-01.2', 'look']);
    expect(parseCatalogue(thrice)).toMatchObject({ ok: true });
    expect(thrice.sources.filter((source) => source.title === 'Entered by you')).toHaveLength(1);
  });

  it('[C4] keep the names of variants', () => {
    const visily = shippedCatalogues.find((catalogue) => catalogue.platform === 'visily');
    if (!visily) throw new Error('No catalogue of visily');
    const rates = [{ feature: 'screen', variant: 'deep', credits: '80' }];
    const catalogue = filled(visily, { ...figures, effectiveFrom: '2026-12-01', rates, packs: [] });
    expect(catalogue.versions.at(-1)?.features[0]?.rates).toEqual([
      { credits: '30', source: 'ai-credits' },
      { variant: 'deep', variantName: 'Deep Design', credits: '80', source: 'entered-2026-11-20' },
    ]);
  });

  it('[C2] are refused with what is wrong about them', () => {
    const wrong = fillIn(mirage(), {
      enteredOn: '2026-11-20',
      effectiveFrom: '2019-12-31',
      rates: [
        { feature: 'hologram', variant: null, credits: '1' },
        { feature: 'video', variant: 'deep', credits: '1' },
      ],
      packs: [{ pack: 'box', credits: '1', price: null }],
    });
    expect(wrong).toEqual({
      ok: false,
      error: [
        { path: 'effectiveFrom', message: 'is before 2020-01-01, from which the figures known so far hold' },
        { path: 'rates[0].feature', message: 'the catalogue has no feature "hologram"' },
        { path: 'rates[1].variant', message: 'the feature "video" has no variant "deep"' },
        { path: 'packs[0].pack', message: 'the catalogue has no pack "box"' },
      ],
    });
  });
});
