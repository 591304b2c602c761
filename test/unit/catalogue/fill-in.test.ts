import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../../../shared/catalogue/catalogue.ts';
import {
  describePlatform,
  fillIn,
  type EnteredFigures,
  type PlatformDescription,
} from '../../../shared/catalogue/fill-in.ts';
import { parseCatalogue } from '../../../shared/catalogue/load.ts';
import { findPlan } from '../../../shared/catalogue/lookup.ts';
import { priceOf } from '../../../shared/catalogue/price.ts';
import { shippedCatalogues } from '../../../shared/catalogue/shipped.ts';
import { quantity, wholeCredits } from '../../../shared/kernel/credits.ts';
import { parseInstant } from '../../../shared/kernel/instant.ts';

const sketchpad: PlatformDescription = {
  platform: 'sketchpad',
  name: 'Sketchpad',
  enteredOn: '2026-11-20',
  effectiveFrom: '2026-11-01',
  features: [
    { id: 'sketch', name: 'Sketch', unit: 'image', credits: '2.5' },
    { id: 'film', name: 'Film', unit: 'second', credits: null },
  ],
  plan: {
    name: 'Studio',
    limit: 'hard',
    reset: { on: 'anchor' },
    allotment: { rule: 'per-seat', credits: '400' },
  },
  packs: [{ id: 'box', name: 'Box', credits: '1000', price: { minorUnits: 1_500, currency: 'EUR' } }],
};

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

describe('a platform of one’s own', () => {
  it('[C2] becomes a catalogue that passes every check, with the person as its source', () => {
    const catalogue = describePlatform(sketchpad);
    expect(parseCatalogue(catalogue)).toEqual({ ok: true, value: catalogue });
    expect(catalogue.sources).toEqual([{ id: 'entered-2026-11-20', title: 'Entered by you', readOn: '2026-11-20' }]);
    const [version] = catalogue.versions;
    expect(version?.features[0]?.rates).toEqual([{ credits: '2.5', source: 'entered-2026-11-20' }]);
    const plan = version && findPlan(version, 'plan');
    expect(plan).toMatchObject({
      name: 'Studio',
      allotment: { rule: 'per-seat', perRole: [{ role: 'member', credits: '400' }] },
      reset: { on: 'anchor', everyMonths: 1, zone: 'workspace' },
      packs: { sold: 'order', ids: ['box'] },
    });
  });

  it('[C1] [C5] prices what has a figure', () => {
    const catalogue = describePlatform(sketchpad);
    expect(priceOn(catalogue, 'sketch', '2026-11-20')).toEqual([wholeCredits(75), '2026-11-01', 'image']);
    expect(priceOn(catalogue, 'film', '2026-11-20')).toBe('unpriced');
  });

  it.each<PlatformDescription['plan']['allotment']>([
    { rule: 'fixed', credits: '250' },
    { rule: 'entered' },
    { rule: 'none' },
  ])('[G0] takes the allotment rule $rule', (allotment) => {
    const catalogue = describePlatform({ ...sketchpad, plan: { ...sketchpad.plan, allotment }, packs: [] });
    expect(parseCatalogue(catalogue)).toMatchObject({ ok: true });
    expect(catalogue.versions[0]?.plans[0]?.allotment).toEqual({ ...allotment, source: 'entered-2026-11-20' });
    expect(catalogue.versions[0]?.plans[0]?.packs.sold).toBe('no');
  });

  it('[C2] leaves wrong texts to the check, which names them', () => {
    const wrong = describePlatform({ ...sketchpad, platform: 'Sketch Pad', features: [] });
    const parsed = parseCatalogue(wrong);
    expect(parsed.ok ? [] : parsed.error.map((problem) => problem.path)).toEqual(['platform']);
  });
});

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
