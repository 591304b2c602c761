import type { Catalogue, CatalogueVersion, Plan } from '../../../shared/catalogue/catalogue.ts';

/** A small catalogue that is right in every respect; tests change the one thing that they are about. */
export function plainPlan(changes: Partial<Plan> = {}): Plan {
  return {
    id: 'team',
    name: 'Team',
    poolScope: 'workspace',
    allotment: { rule: 'fixed', credits: '100', source: 'page' },
    reset: { on: 'anchor', everyMonths: 1, zone: 'workspace', source: 'page' },
    limit: { kind: 'hard', source: 'page' },
    seatChange: { takesEffect: 'now', source: 'page' },
    roles: [
      { id: 'editor', name: 'Editor', spends: true, takesSeat: true, source: 'page' },
      { id: 'viewer', name: 'Viewer', spends: false, takesSeat: false, source: 'page' },
    ],
    addOns: [{ id: 'extra', name: 'Extra', kind: 'feature', onByDefault: true, source: 'page' }],
    packs: { sold: 'order', ids: ['small'], onlyWhenUsedUp: false, source: 'page' },
    ...changes,
  };
}

export function plainVersion(changes: Partial<CatalogueVersion> = {}): CatalogueVersion {
  return {
    version: '1',
    effectiveFrom: '2026-01-01',
    features: [
      {
        id: 'image',
        name: 'Image',
        unit: 'image',
        rates: [
          { credits: '2', source: 'page' },
          { variant: 'large', variantName: 'Large', credits: '2.5', source: 'page' },
        ],
      },
    ],
    plans: [plainPlan()],
    packs: [{ id: 'small', name: 'Small', credits: '50', price: null, lapsesAfterMonths: null, source: 'page' }],
    ...changes,
  };
}

export function plainCatalogue(changes: Partial<Catalogue> = {}): Catalogue {
  return {
    platform: 'plain',
    name: 'Plain',
    metered: false,
    sources: [{ id: 'page', title: 'Help page', readOn: '2026-01-01' }],
    versions: [plainVersion()],
    ...changes,
  };
}
