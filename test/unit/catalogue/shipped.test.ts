import { describe, expect, it } from 'vitest';
import type { Catalogue, CatalogueVersion, Plan } from '../../../shared/catalogue/catalogue.ts';
import { findPlan } from '../../../shared/catalogue/lookup.ts';
import { shippedCatalogues } from '../../../shared/catalogue/shipped.ts';

// The platforms' figures as their own pages give them, written down a second time and by hand.

function catalogueOf(platform: string): Catalogue {
  const found = shippedCatalogues.find((catalogue) => catalogue.platform === platform);
  if (!found) throw new Error(`No catalogue of ${platform}`);
  return found;
}

function onlyVersion(platform: string): CatalogueVersion {
  const { versions } = catalogueOf(platform);
  expect(versions).toHaveLength(1);
  const [version] = versions;
  if (!version) throw new Error(`No version of ${platform}`);
  return version;
}

function planOf(platform: string, id: string): Plan {
  const plan = findPlan(onlyVersion(platform), id);
  if (!plan) throw new Error(`No plan ${platform}/${id}`);
  return plan;
}

/** One line per rate: feature, variant, credits and unit. */
function rates(platform: string): string[] {
  return onlyVersion(platform).features.flatMap((feature) =>
    feature.rates.map((rate) => {
      const id = rate.variant === undefined ? feature.id : `${feature.id}/${rate.variant}`;
      return `${id} ${rate.credits} per ${feature.unit}`;
    }),
  );
}

function roles(plan: Plan): string[] {
  return plan.roles.map((role) => `${role.id}${role.spends ? ' spends' : ''}${role.takesSeat ? ' with a seat' : ''}`);
}

it('[C2] ships five platforms', () => {
  expect(shippedCatalogues.map((catalogue) => [catalogue.platform, catalogue.name])).toEqual([
    ['miro', 'Miro'],
    ['visily', 'Visily'],
    ['piktochart', 'Piktochart'],
    ['mirage', 'Mirage'],
    ['github-copilot', 'GitHub Copilot'],
  ]);
});

describe('Miro', () => {
  it('[C4] prices every feature of the table', () => {
    expect(rates('miro')).toEqual([
      'ai-search 0 per action',
      'catch-up 1 per action',
      'diagrams 5 per action',
      'doc 2 per action',
      'image 3 per image',
      'prototypes 5 per screen',
      'remove-background 1 per action',
      'sidekicks 2 per prompt',
      'slides 5 per slide',
      'sticky-note 1 per action',
      'tables 5 per action',
      'text 1 per action',
      'alt-text 0 per action',
    ]);
  });

  it('[C2] holds from 2026-03-02', () => {
    expect(onlyVersion('miro').effectiveFrom).toBe('2026-03-02');
  });

  it('[S1] allots by seat brackets', () => {
    const { allotment } = planOf('miro', 'enterprise');
    expect(allotment).toMatchObject({ rule: 'by-seat-bracket' });
    const brackets = allotment.rule === 'by-seat-bracket' ? allotment.brackets : [];
    expect(brackets.map(({ from, to, credits }) => [from, to, credits])).toEqual([
      [1, 50, '2500'],
      [51, 100, '5000'],
      [101, 200, '10000'],
      [201, 300, '15000'],
      [301, 400, '20000'],
      [401, 500, '25000'],
      [501, 700, '35000'],
      [701, 1000, '50000'],
    ]);
  });

  it('[E5] [S2] pools for the organisation, resets on day 1 in UTC, is soft, and lets members spend', () => {
    const plan = planOf('miro', 'enterprise');
    expect(plan.poolScope).toBe('organisation');
    expect(plan.reset).toMatchObject({ on: 'calendar-month', everyMonths: 1, zone: 'UTC', reading: true });
    expect(plan.rollOver).toBeUndefined();
    expect(plan.limit).toEqual({ kind: 'soft', source: 'enterprise-credits' });
    expect(plan.seatChange.takesEffect).toBe('next-billing-date');
    expect(roles(plan)).toEqual(['admin spends with a seat', 'member spends with a seat', 'guest', 'visitor']);
  });

  it('[C5] counts an unlisted action as 1, by our reading', () => {
    expect(planOf('miro', 'enterprise').defaultRate).toMatchObject({ credits: '1', reading: true });
    expect(planOf('miro', 'other').defaultRate).toMatchObject({ credits: '1', reading: true });
  });

  it('[E2] [G11] needs the Prototypes add-on, on by default, and sells the credit add-on on request', () => {
    const needing = onlyVersion('miro').features.filter((feature) => feature.needsAddOn !== undefined);
    expect(needing.map((feature) => [feature.id, feature.needsAddOn])).toEqual([['prototypes', 'prototypes']]);
    for (const plan of onlyVersion('miro').plans) {
      expect(plan.addOns.map(({ id, kind, onByDefault }) => [id, kind, onByDefault])).toEqual([
        ['prototypes', 'feature', true],
        ['credit-add-on', 'recurring-credits', false],
      ]);
      expect(plan.packs).toMatchObject({ sold: 'request', ids: [] });
    }
  });

  it('[G0] lets the user enter the allotment of other plans', () => {
    expect(onlyVersion('miro').plans.map((plan) => plan.id)).toEqual(['enterprise', 'other']);
    expect(planOf('miro', 'other').allotment.rule).toBe('entered');
  });
});

describe('Visily', () => {
  it('[C4] prices every feature, Deep Design and the browser extension', () => {
    expect(rates('visily')).toEqual([
      'screen 30 per screen',
      'screen/deep 90 per screen',
      'component 10 per component',
      'component/deep 30 per component',
      'diagram 10 per diagram',
      'prototype 10 per request',
      'image 10 per image',
      'theme 5 per request',
      'code 15 per screen',
      'rename-layers 5 per request',
      'capture-full-screen 30 per image',
      'select-element 10 per image',
      'crop-area 30 per image',
    ]);
    const names = onlyVersion('visily').features.flatMap((feature) => feature.rates.map((rate) => rate.variantName));
    expect(names.filter((name) => name !== undefined)).toEqual(['Deep Design', 'Deep Design']);
  });

  it('[S3] allots a workspace on Free and each editor on Pro and Business', () => {
    expect(onlyVersion('visily').plans.map((plan) => [plan.id, plan.poolScope])).toEqual([
      ['free', 'workspace'],
      ['pro', 'member'],
      ['business', 'member'],
    ]);
    expect(planOf('visily', 'free').allotment).toMatchObject({ rule: 'fixed', credits: '300', firstPeriod: '600' });
    const perRole = (id: string): unknown => {
      const { allotment } = planOf('visily', id);
      return allotment.rule === 'per-seat' ? allotment.perRole : allotment.rule;
    };
    expect(perRole('pro')).toEqual([
      { role: 'editor', credits: '3000' },
      { role: 'guest-editor', credits: '600' },
    ]);
    expect(perRole('business')).toEqual([
      { role: 'editor', credits: '10000' },
      { role: 'guest-editor', credits: '2000' },
    ]);
    expect(planOf('visily', 'pro').allotment.reading).toBe(true);
  });

  it('[S2] [E4] [E5] resets on the anchor, counts seats at the next reset, is hard, and viewers do not spend', () => {
    for (const plan of onlyVersion('visily').plans) {
      expect(plan.reset).toMatchObject({ on: 'anchor', everyMonths: 1, zone: 'workspace' });
      expect(plan.rollOver).toBeUndefined();
      expect(plan.seatChange).toMatchObject({ takesEffect: 'next-reset', reading: true });
      expect(plan.limit).toMatchObject({ kind: 'hard', reading: true });
      expect(roles(plan)).toEqual(['editor spends with a seat', 'guest-editor spends with a seat', 'viewer']);
      expect(plan.defaultRate).toBeUndefined();
    }
  });

  it('[P4] sells top-ups of an unpublished amount on paid plans whose credits are used up', () => {
    expect(planOf('visily', 'free').packs).toMatchObject({ sold: 'no', ids: [] });
    for (const id of ['pro', 'business']) {
      expect(planOf('visily', id).packs).toMatchObject({ sold: 'order', ids: ['top-up'], onlyWhenUsedUp: true });
    }
    expect(onlyVersion('visily').packs).toMatchObject([{ id: 'top-up', credits: null, price: null }]);
  });
});

describe('Piktochart', () => {
  it('[C4] prices every feature', () => {
    expect(rates('piktochart')).toEqual([
      'topic-prompt 1 per prompt',
      'summarizer 3 per action',
      'text-to-image 6 per image',
      'studio-image 25 per image',
      'video 250 per video',
    ]);
  });

  it('[S3] allots per member and month in one pool', () => {
    const perSeat = onlyVersion('piktochart').plans.map((plan) => [
      plan.id,
      plan.poolScope,
      plan.allotment.rule === 'per-seat' ? plan.allotment.perRole : plan.allotment.rule,
    ]);
    expect(perSeat).toEqual([
      ['free', 'workspace', [{ role: 'member', credits: '60' }]],
      ['edu-npo-pro', 'workspace', [{ role: 'member', credits: '250' }]],
      ['pro', 'workspace', [{ role: 'member', credits: '500' }]],
      ['business', 'workspace', [{ role: 'member', credits: '1000' }]],
      ['enterprise', 'workspace', [{ role: 'member', credits: '1000' }]],
    ]);
  });

  it('[S2] [E4] resets on the anchor: stated for Pro and Business, read for the others; hard by our reading', () => {
    const { plans } = onlyVersion('piktochart');
    expect(plans.map((plan) => [plan.id, plan.reset.reading ?? false])).toEqual([
      ['free', true],
      ['edu-npo-pro', true],
      ['pro', false],
      ['business', false],
      ['enterprise', true],
    ]);
    for (const plan of plans) {
      expect(plan.reset).toMatchObject({ on: 'anchor', everyMonths: 1, zone: 'workspace' });
      expect(plan.rollOver).toBeUndefined();
      expect(plan.limit).toMatchObject({ kind: 'hard', reading: true });
      expect(plan.seatChange).toMatchObject({ takesEffect: 'next-reset', reading: true });
      expect(roles(plan)).toEqual(['member spends with a seat']);
    }
  });

  it('[P4] sells four packs that never lapse', () => {
    expect(
      onlyVersion('piktochart').packs.map((pack) => [pack.id, pack.credits, pack.price, pack.lapsesAfterMonths]),
    ).toEqual([
      ['starter', '2000', { minorUnits: 2_000, currency: 'USD' }, null],
      ['booster', '5500', { minorUnits: 5_000, currency: 'USD' }, null],
      ['deluxe', '12000', { minorUnits: 10_000, currency: 'USD' }, null],
      ['ultimate', '25000', { minorUnits: 20_000, currency: 'USD' }, null],
    ]);
    for (const plan of onlyVersion('piktochart').plans) {
      expect(plan.packs).toMatchObject({ sold: 'order', ids: ['starter', 'booster', 'deluxe', 'ultimate'] });
      expect(plan.packs.onlyWhenUsedUp).toBe(false);
    }
  });
});

describe('Mirage', () => {
  it('[C3] [C4] publishes no number but the 0 of plain editing', () => {
    const priced = onlyVersion('mirage').features.map(({ id, rates: [rate] }) => [id, rate?.credits]);
    expect(priced).toEqual([
      ['video', null],
      ['refine', null],
      ['actor-look', null],
      ['new-actor', null],
      ['image', null],
      ['edit', '0'],
    ]);
    expect(onlyVersion('mirage').packs.map((pack) => [pack.credits, pack.price])).toEqual([[null, null]]);
  });

  it('[G0] lets the user enter the allotment of both plans', () => {
    const { plans } = onlyVersion('mirage');
    expect(plans.map((plan) => [plan.id, plan.allotment.rule])).toEqual([
      ['mirage-studio', 'entered'],
      ['captions', 'entered'],
    ]);
    for (const plan of plans) expect(roles(plan)).toEqual(['member spends with a seat']);
  });
});

describe('GitHub Copilot', () => {
  it('[C6] is metered and makes its features from reports', () => {
    expect(catalogueOf('github-copilot').metered).toBe(true);
    expect(shippedCatalogues.filter((catalogue) => catalogue.metered)).toHaveLength(1);
    expect(onlyVersion('github-copilot').features).toEqual([]);
  });

  it('[S3] allots 1,900 or 3,900 per user in one pool that resets on day 1 in UTC', () => {
    const perRole = (plan: Plan): unknown =>
      plan.allotment.rule === 'per-seat' ? plan.allotment.perRole : plan.allotment.rule;
    expect(onlyVersion('github-copilot').plans.map((plan) => [plan.id, plan.poolScope, perRole(plan)])).toEqual([
      ['business', 'organisation', [{ role: 'member', credits: '1900' }]],
      ['enterprise', 'organisation', [{ role: 'member', credits: '3900' }]],
    ]);
    for (const plan of onlyVersion('github-copilot').plans) {
      expect(plan.reset).toMatchObject({ on: 'calendar-month', everyMonths: 1, zone: 'UTC' });
      expect(plan.limit).toMatchObject({ kind: 'soft', reading: true });
      expect(plan.packs.sold).toBe('no');
    }
  });
});

it('[C2] says of every reading what was read', () => {
  const readings = shippedCatalogues.flatMap((catalogue) => readingsIn(catalogue, catalogue.platform));
  expect(readings.length).toBeGreaterThan(30);
  expect(readings.filter((reading) => reading.note === undefined)).toEqual([]);
});

interface Reading {
  readonly path: string;
  readonly note: unknown;
}

function readingsIn(value: unknown, path: string): readonly Reading[] {
  if (typeof value !== 'object' || value === null) return [];
  const here = 'reading' in value && value.reading === true;
  const below = Object.entries(value).flatMap(([key, part]) => readingsIn(part, `${path}.${key}`));
  return here ? [{ path, note: 'note' in value ? value.note : undefined }, ...below] : below;
}
