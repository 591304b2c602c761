import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Catalogue, Plan } from '../../../shared/catalogue/catalogue.ts';
import { findFeature, findPack, findPlan, planRole, versionInForce } from '../../../shared/catalogue/lookup.ts';
import { priceOf, type Action, type Price, type PriceProblem } from '../../../shared/catalogue/price.ts';
import { shippedCatalogues } from '../../../shared/catalogue/shipped.ts';
import { credits, formatDecimal, parseQuantity, quantity, wholeCredits } from '../../../shared/kernel/credits.ts';
import { instant, parseInstant, type Instant } from '../../../shared/kernel/instant.ts';
import type { Result } from '../../../shared/kernel/result.ts';
import { plainCatalogue, plainPlan, plainVersion } from './catalogue-builder.ts';

function at(text: string): Instant {
  const parsed = parseInstant(text, 'UTC');
  if (!parsed.ok) throw new Error(`Not an instant: ${text}`);
  return parsed.value;
}

function shipped(platform: string): Catalogue {
  const found = shippedCatalogues.find((catalogue) => catalogue.platform === platform);
  if (!found) throw new Error(`No catalogue of ${platform}`);
  return found;
}

function planOf(catalogue: Catalogue, id: string): Plan {
  const plan = findPlan(versionInForce(catalogue, today).version, id);
  if (!plan) throw new Error(`No plan ${id}`);
  return plan;
}

const today = at('2026-11-20T12:00:00Z');

function action(feature: string, count: string, changes: Partial<Action> = {}): Action {
  const parsed = parseQuantity(count);
  if (!parsed.ok) throw new Error(`Not a quantity: ${count}`);
  return { feature, variant: null, quantity: parsed.value.value, at: today, ...changes };
}

function creditsOf(price: Result<Price, PriceProblem>): string {
  return price.ok ? formatDecimal(price.value.credits) : price.error.code;
}

const twoVersions = plainCatalogue({
  versions: [
    plainVersion(),
    plainVersion({
      version: '2',
      effectiveFrom: '2026-06-01',
      features: [{ id: 'image', name: 'Image', unit: 'image', rates: [{ credits: '7', source: 'page' }] }],
    }),
  ],
});

describe('versions', () => {
  it('[C1] a version holds from midnight UTC of its date until the next one', () => {
    expect(versionInForce(twoVersions, at('2026-01-01T00:00:00Z'))).toMatchObject({
      version: { version: '1' },
      assumed: false,
    });
    expect(versionInForce(twoVersions, at('2026-05-31T23:59:59.999Z'))).toMatchObject({
      version: { version: '1' },
      assumed: false,
    });
    expect(versionInForce(twoVersions, at('2026-06-01T00:00:00Z'))).toMatchObject({
      version: { version: '2' },
      assumed: false,
    });
    expect(versionInForce(twoVersions, at('2030-01-01'))).toMatchObject({ version: { version: '2' }, assumed: false });
  });

  it('[C1] before the first date the earliest one is assumed', () => {
    expect(versionInForce(twoVersions, at('2025-12-31T23:59:59.999Z'))).toMatchObject({
      version: { version: '1' },
      assumed: true,
    });
  });

  it('[C2] of two versions with one date the later in the list holds', () => {
    const versions = [plainVersion(), plainVersion({ version: '1.1' })];
    expect(versionInForce(plainCatalogue({ versions }), today).version.version).toBe('1.1');
  });

  it('finds plans, features, packs and roles by id', () => {
    const version = plainVersion();
    expect(findPlan(version, 'team')?.name).toBe('Team');
    expect(findPlan(version, 'crew')).toBeUndefined();
    expect(findFeature(version, 'image')?.name).toBe('Image');
    expect(findFeature(version, 'toString')).toBeUndefined();
    expect(findPack(version, 'small')?.credits).toBe('50');
    expect(findPack(version, 'large')).toBeUndefined();
    expect(planRole(plainPlan(), 'viewer')?.spends).toBe(false);
    expect(planRole(plainPlan(), 'owner')).toBeUndefined();
  });
});

describe('price', () => {
  it('[C1] rate × quantity with the rate in force when it happened', () => {
    const before = priceOf(twoVersions, null, action('image', '3', { at: at('2026-05-31T23:59:59Z') }));
    expect(before).toEqual({
      ok: true,
      value: {
        credits: wholeCredits(6),
        unitRate: wholeCredits(2),
        catalogueVersion: '1',
        pricing: 'listed',
        featureName: 'Image',
        unit: 'image',
      },
    });
    const after = priceOf(twoVersions, null, action('image', '3', { at: at('2026-06-01') }));
    expect(after).toMatchObject({ value: { credits: wholeCredits(21), catalogueVersion: '2', pricing: 'listed' } });
  });

  it('[C1] before the first date the price is assumed', () => {
    const early = priceOf(shipped('miro'), null, action('slides', '4', { at: at('2026-03-01T23:59:59.999Z') }));
    expect(early).toMatchObject({
      value: { credits: wholeCredits(20), catalogueVersion: '2026-03-02', pricing: 'assumed' },
    });
    const onTheDay = priceOf(shipped('miro'), null, action('slides', '4', { at: at('2026-03-02T00:00:00Z') }));
    expect(onTheDay).toMatchObject({ value: { credits: wholeCredits(20), pricing: 'listed' } });
  });

  it('[C3] zero is a price', () => {
    expect(priceOf(shipped('miro'), null, action('ai-search', '12'))).toMatchObject({
      ok: true,
      value: { credits: 0, unitRate: 0, pricing: 'listed' },
    });
    expect(creditsOf(priceOf(shipped('mirage'), null, action('edit', '1')))).toBe('0');
  });

  it('[C4] variants and units', () => {
    const visily = shipped('visily');
    expect(priceOf(visily, null, action('screen', '2'))).toMatchObject({
      value: { credits: wholeCredits(60), unit: 'screen' },
    });
    expect(creditsOf(priceOf(visily, null, action('screen', '2', { variant: 'deep' })))).toBe('180');
    expect(creditsOf(priceOf(visily, null, action('component', '1', { variant: 'deep' })))).toBe('30');
    expect(creditsOf(priceOf(visily, null, action('code', '3')))).toBe('45');
    expect(creditsOf(priceOf(shipped('piktochart'), null, action('video', '6')))).toBe('1500');
    expect(creditsOf(priceOf(shipped('miro'), null, action('prototypes', '4')))).toBe('20');
    expect(creditsOf(priceOf(shipped('miro'), null, action('sidekicks', '0.5')))).toBe('1');
  });

  it('[C4] an unknown variant names the known ones', () => {
    expect(priceOf(shipped('visily'), null, action('screen', '1', { variant: 'shallow' }))).toEqual({
      ok: false,
      error: { code: 'unknown-variant', feature: 'screen', variant: 'shallow', known: [null, 'deep'] },
    });
    const features = [
      { id: 'image', name: 'Image', unit: 'image', rates: [{ variant: 'large', credits: '3', source: 'page' }] },
    ];
    expect(priceOf(plainCatalogue({ versions: [plainVersion({ features })] }), null, action('image', '1'))).toEqual({
      ok: false,
      error: { code: 'unknown-variant', feature: 'image', variant: null, known: ['large'] },
    });
  });

  it('[C5] an action that is not listed is unknown where the plan has no default rate', () => {
    const piktochart = shipped('piktochart');
    expect(priceOf(piktochart, planOf(piktochart, 'pro'), action('hologram', '1'))).toEqual({
      ok: false,
      error: {
        code: 'unknown-feature',
        feature: 'hologram',
        known: ['topic-prompt', 'summarizer', 'text-to-image', 'studio-image', 'video'],
      },
    });
    expect(creditsOf(priceOf(shipped('miro'), null, action('hologram', '1')))).toBe('unknown-feature');
    expect(creditsOf(priceOf(shipped('github-copilot'), null, action('Claude Opus 4.5', '1')))).toBe('unknown-feature');
  });

  it('[C5] Miro counts an action that is not listed as 1, as an estimate', () => {
    const miro = shipped('miro');
    expect(priceOf(miro, planOf(miro, 'enterprise'), action('hologram', '3', { variant: 'deep' }))).toEqual({
      ok: true,
      value: {
        credits: wholeCredits(3),
        unitRate: wholeCredits(1),
        catalogueVersion: '2026-03-02',
        pricing: 'estimate',
        featureName: 'hologram',
        unit: 'action',
      },
    });
  });

  it('[C5] a feature without a published rate is unpriced, not unknown', () => {
    const mirage = shipped('mirage');
    expect(priceOf(mirage, planOf(mirage, 'captions'), action('video', '30'))).toEqual({
      ok: false,
      error: { code: 'unpriced', feature: 'video', featureName: 'Video from a prompt', variant: null },
    });
  });

  it.each(['0', '-1', '-0.000001'])('[C1] refuses the quantity %s', (count) => {
    expect(priceOf(shipped('miro'), null, action('doc', count))).toMatchObject({
      error: { code: 'quantity-not-positive' },
    });
  });

  it('[K1] a price beyond what credits can hold is a problem and no wrong number', () => {
    const count = quantity(Number.MAX_SAFE_INTEGER);
    expect(priceOf(shipped('visily'), null, action('screen', '1', { quantity: count }))).toEqual({
      ok: false,
      error: { code: 'out-of-range', unitRate: wholeCredits(30), quantity: count },
    });
  });

  it('[C1] [K1] is exact for any rate and quantity, rounded half-even to a micro-credit', () => {
    fc.assert(
      fc.property(fc.nat(2_000_000_000), fc.integer({ min: 1, max: 2_000_000_000 }), (rate, count) => {
        const rates = [{ credits: formatDecimal(credits(rate)), source: 'page' }];
        const features = [{ id: 'image', name: 'Image', unit: 'image', rates }];
        const catalogue = plainCatalogue({ versions: [plainVersion({ features })] });
        const price = priceOf(catalogue, null, action('image', '1', { quantity: quantity(count) }));
        if (!price.ok) throw new Error(price.error.code);
        // Twice the distance to the exact product is at most one step, and a tie ends on an even count.
        const distance = BigInt(price.value.credits) * 1_000_000n - BigInt(rate) * BigInt(count);
        const twice = (distance < 0n ? -distance : distance) * 2n;
        expect(twice <= 1_000_000n).toBe(true);
        if (twice === 1_000_000n) expect(price.value.credits % 2).toBe(0);
        expect(price.value.unitRate).toBe(rate);
      }),
    );
  });

  it('[C1] holds for every instant of the calendar: listed or assumed, never nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (milliseconds) => {
        const price = priceOf(twoVersions, null, action('image', '1', { at: instant(milliseconds) }));
        expect(price).toMatchObject({
          value: {
            pricing: milliseconds < at('2026-01-01') ? 'assumed' : 'listed',
            catalogueVersion: milliseconds < at('2026-06-01') ? '1' : '2',
          },
        });
      }),
    );
  });
});
