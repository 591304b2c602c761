import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Catalogue, CatalogueVersion, Plan } from '../../../shared/catalogue/catalogue.ts';
import { describeProblems, parseCatalogue } from '../../../shared/catalogue/load.ts';
import { priceOf } from '../../../shared/catalogue/price.ts';
import { wholeCredits, quantity } from '../../../shared/kernel/credits.ts';
import { instant } from '../../../shared/kernel/instant.ts';
import { plainCatalogue, plainPlan, plainVersion } from './catalogue-builder.ts';

/** The problems of a catalogue as `path: message` lines; empty when there are none. */
function problemsOf(value: unknown): readonly string[] {
  const parsed = parseCatalogue(value);
  return parsed.ok ? [] : parsed.error.map((problem) => describeProblems([problem]));
}

function ofVersion(changes: Partial<CatalogueVersion>): readonly string[] {
  return problemsOf(plainCatalogue({ versions: [plainVersion(changes)] }));
}

function ofPlan(changes: Partial<Plan>): readonly string[] {
  return ofVersion({ plans: [plainPlan(changes)] });
}

it('[C2] takes a catalogue that is right, and keeps it as it is', () => {
  const catalogue = plainCatalogue();
  expect(parseCatalogue(structuredClone(catalogue))).toEqual({ ok: true, value: catalogue });
});

it('[C2] takes the example of the documentation', () => {
  const readme = readFileSync(new URL('../../../shared/catalogue/README.md', import.meta.url), 'utf8');
  const [, json] = /```json\n([\s\S]*?)```/.exec(readme) ?? [];
  const parsed = parseCatalogue(JSON.parse(json ?? 'null'));
  expect(parsed).toMatchObject({ ok: true });
  if (!parsed.ok) return;
  const action = { feature: 'sketch', variant: 'fine', quantity: quantity(3_000_000), at: instant(1_793_600_000_000) };
  expect(priceOf(parsed.value, null, action)).toMatchObject({
    ok: true,
    value: { credits: wholeCredits(24), catalogueVersion: '2026-11', pricing: 'listed' },
  });
});

describe('schema', () => {
  it.each<readonly [string, unknown, RegExp]>([
    ['no object', 'miro', /^Invalid input: expected object/],
    ['an unknown key', { ...plainCatalogue(), colour: 'red' }, /Unrecognized key: "colour"/],
    ['no version', plainCatalogue({ versions: [] }), /^versions: /],
    ['an id with capitals', plainCatalogue({ platform: 'Miro' }), /^platform: use lower-case letters/],
    [
      'a day that does not exist',
      plainCatalogue({ versions: [plainVersion({ effectiveFrom: '2026-02-30' })] }),
      /^versions\[0\]\.effectiveFrom: a calendar day that exists/,
    ],
    ['an address without https', plainCatalogue({ purchaseUrl: 'http://plain.example' }), /^purchaseUrl: /],
    ['an address that is a script', plainCatalogue({ purchaseUrl: 'javascript:alert(1)' }), /^purchaseUrl: /],
    ['a name over two lines', plainCatalogue({ name: 'Pla\nin' }), /^name: one line without control characters/],
  ])('[C2] refuses %s', (_what, value, message) => {
    expect(problemsOf(value)[0]).toMatch(message);
  });

  it.each(['-1', '1.0000001', 'many', '1e309', '9007199255', ''])('[K1] refuses %j as a figure', (credits) => {
    const [feature] = plainVersion().features;
    const features = [{ ...feature, rates: [{ credits, source: 'page' }] }];
    expect(problemsOf({ ...plainCatalogue(), versions: [{ ...plainVersion(), features }] })).toEqual([
      'versions[0].features[0].rates[0].credits: a decimal of at most six places, 0 or more, as text',
    ]);
  });

  it('[K1] refuses a figure that is no text', () => {
    const value = {
      ...plainCatalogue(),
      versions: [{ ...plainVersion(), packs: [{ ...plainVersion().packs[0], credits: 50 }] }],
    };
    expect(problemsOf(value)).toEqual([
      'versions[0].packs[0].credits: Invalid input: expected string, received number',
    ]);
  });

  it('[C2] reports every problem, not only the first', () => {
    expect(problemsOf(plainCatalogue({ platform: '', name: '' })).map((line) => line.split(':')[0])).toEqual([
      'platform',
      'name',
    ]);
  });
});

describe('what is named exists', () => {
  it('[C2] every figure has a source', () => {
    const rates = [{ credits: '1', source: 'hearsay' }];
    expect(ofVersion({ features: [{ id: 'image', name: 'Image', unit: 'image', rates }] })).toEqual([
      'versions[0].features[0].rates[0].source: names the source "hearsay", which the catalogue does not list',
    ]);
    expect(ofPlan({ limit: { kind: 'soft', source: 'rumour' } })).toEqual([
      'versions[0].plans[0].limit.source: names the source "rumour", which the catalogue does not list',
    ]);
  });

  it('[C2] packs, roles and add-ons', () => {
    expect(ofPlan({ packs: { sold: 'order', ids: ['large'], onlyWhenUsedUp: false, source: 'page' } })).toEqual([
      'versions[0].plans[0].packs.ids[0]: this version has no pack "large"',
    ]);
    const allotment = (role: string): Plan['allotment'] => ({
      rule: 'per-seat',
      perRole: [{ role, credits: '5' }],
      source: 'page',
    });
    expect(ofPlan({ allotment: allotment('owner') })).toEqual([
      'versions[0].plans[0].allotment.perRole[0].role: the plan has no role "owner"',
    ]);
    expect(ofPlan({ allotment: allotment('viewer') })).toEqual([
      'versions[0].plans[0].allotment.perRole[0].role: the role "viewer" takes no seat',
    ]);
    const features = plainVersion().features.map((feature) => ({ ...feature, needsAddOn: 'gold' }));
    expect(ofVersion({ features })).toEqual([
      'versions[0].features[0].needsAddOn: no plan of this version has the add-on "gold"',
    ]);
  });
});

describe('nothing is there twice', () => {
  it('[C2] ids', () => {
    const { features, packs } = plainVersion();
    const [source] = plainCatalogue().sources;
    const [role] = plainPlan().roles;
    const [addOn] = plainPlan().addOns;
    if (!source || !role || !addOn) throw new Error('the plain catalogue has a source, a role and an add-on');
    expect(problemsOf(plainCatalogue({ sources: [source, source] }))).toEqual(['sources[1].id: "page" is there twice']);
    expect(ofVersion({ features: [...features, ...features] })).toEqual([
      'versions[0].features[1].id: "image" is there twice',
    ]);
    expect(ofVersion({ packs: [...packs, ...packs] })).toEqual(['versions[0].packs[1].id: "small" is there twice']);
    expect(ofVersion({ plans: [plainPlan(), plainPlan()] })).toEqual([
      'versions[0].plans[1].id: "team" is there twice',
    ]);
    expect(ofPlan({ roles: [role, role] })).toEqual(['versions[0].plans[0].roles[1].id: "editor" is there twice']);
    expect(ofPlan({ addOns: [addOn, addOn] })).toEqual(['versions[0].plans[0].addOns[1].id: "extra" is there twice']);
    expect(
      ofPlan({ packs: { sold: 'order', ids: ['small', 'small'], onlyWhenUsedUp: false, source: 'page' } }),
    ).toEqual(['versions[0].plans[0].packs.ids[1]: "small" is there twice']);
    const perRole = [
      { role: 'editor', credits: '1' },
      { role: 'editor', credits: '2' },
    ];
    expect(ofPlan({ allotment: { rule: 'per-seat', perRole, source: 'page' } })).toEqual([
      'versions[0].plans[0].allotment.perRole[1].role: "editor" is there twice',
    ]);
  });

  it('[C4] rates of a variant', () => {
    const rates = [
      { credits: '1', source: 'page' },
      { variant: 'deep', credits: '2', source: 'page' },
      { credits: '3', source: 'page' },
      { variant: 'deep', credits: '4', source: 'page' },
    ];
    expect(ofVersion({ features: [{ id: 'image', name: 'Image', unit: 'image', rates }] })).toEqual([
      'versions[0].features[0].rates[2]: is a second rate of the ordinary way',
      'versions[0].features[0].rates[3]: is a second rate of the variant "deep"',
    ]);
  });

  it('[C2] versions, which stand in order of their date', () => {
    const versions = [plainVersion({ effectiveFrom: '2026-02-01' }), plainVersion()];
    expect(problemsOf(plainCatalogue({ versions }))).toEqual([
      'versions[1].effectiveFrom: is before 2026-02-01 of the version above it; versions stand in order of their date',
      'versions[1].version: "1" is there twice',
    ]);
    expect(problemsOf(plainCatalogue({ versions: [plainVersion(), plainVersion({ version: '1.1' })] }))).toEqual([]);
  });
});

describe('allotments', () => {
  const brackets = (...bounds: readonly (readonly [number, number])[]): readonly string[] =>
    ofPlan({
      allotment: {
        rule: 'by-seat-bracket',
        brackets: bounds.map(([from, to]) => ({ from, to, credits: '1' })),
        source: 'page',
      },
    });

  it('[S1] brackets touch, do not overlap, and start at 0 or 1', () => {
    expect(brackets([1, 5], [6, 6], [7, 90])).toEqual([]);
    expect(brackets([0, 5], [6, 10])).toEqual([]);
    expect(brackets([1, 5], [7, 10])).toEqual([
      'versions[0].plans[0].allotment.brackets[1].from: is 7; the bracket above ends at 5, so this one starts at 6',
    ]);
    expect(brackets([1, 5], [5, 10])).toEqual([
      'versions[0].plans[0].allotment.brackets[1].from: is 5; the bracket above ends at 5, so this one starts at 6',
    ]);
    expect(brackets([5, 10])).toEqual([
      'versions[0].plans[0].allotment.brackets[0].from: the first bracket starts at 0 or 1',
    ]);
    expect(brackets([1, 5], [6, 3])).toEqual(['versions[0].plans[0].allotment.brackets[1].to: is less than from']);
  });

  it('[S3] brackets fill a shared pool and need a role that takes a seat', () => {
    const allotment: Plan['allotment'] = {
      rule: 'by-seat-bracket',
      brackets: [{ from: 1, to: 5, credits: '1' }],
      source: 'page',
    };
    expect(ofPlan({ allotment, poolScope: 'member' })).toEqual([
      'versions[0].plans[0].allotment.rule: brackets of seats fill a shared pool, not one per member',
    ]);
    const roles = plainPlan().roles.map((role) => ({ ...role, takesSeat: false }));
    expect(ofPlan({ allotment, roles })).toEqual([
      'versions[0].plans[0].roles: no role takes a seat, and the allotment goes by seats',
    ]);
  });

  it('[G10] a roll-over has room between min and max', () => {
    expect(ofPlan({ rollOver: { min: '5', max: '5', source: 'page' } })).toEqual([]);
    expect(ofPlan({ rollOver: { min: '10', max: '9', source: 'page' } })).toEqual([
      'versions[0].plans[0].rollOver.min: is more than max',
    ]);
  });
});

it('[E5] somebody may spend', () => {
  const roles = plainPlan().roles.map((role) => ({ ...role, spends: false }));
  expect(ofPlan({ roles })).toEqual(['versions[0].plans[0].roles: no role may spend credits']);
});

it('[P4] packs are listed exactly where they are sold', () => {
  expect(ofPlan({ packs: { sold: 'no', ids: ['small'], onlyWhenUsedUp: false, source: 'page' } })).toEqual([
    'versions[0].plans[0].packs.ids: lists packs although none are sold',
  ]);
  expect(ofPlan({ packs: { sold: 'order', ids: [], onlyWhenUsedUp: false, source: 'page' } })).toEqual([
    'versions[0].plans[0].packs.ids: lists no pack although packs are sold',
  ]);
  expect(ofPlan({ packs: { sold: 'request', ids: [], onlyWhenUsedUp: false, source: 'page' } })).toEqual([]);
});

it('[C6] only a metered platform may list no feature', () => {
  const versions: Catalogue['versions'] = [plainVersion({ features: [] })];
  expect(problemsOf(plainCatalogue({ versions }))).toEqual([
    'versions[0].features: names no feature, and the platform meters none',
  ]);
  expect(problemsOf(plainCatalogue({ versions, metered: true }))).toEqual([]);
});

it('[C2] answers about anything that is JSON, and never throws', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const parsed = parseCatalogue(value);
      expect(parsed.ok).toBe(false);
      if (!parsed.ok) expect(parsed.error.length).toBeGreaterThan(0);
    }),
  );
});

it('[C2] stays a catalogue or becomes a list of problems, whatever one changes in it', () => {
  const places = placesIn(plainCatalogue());
  expect(places.length).toBeGreaterThan(60);
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.jsonValue({ maxDepth: 2 }), (place, replacement) => {
      const parsed = parseCatalogue(replaced(plainCatalogue(), place, replacement));
      if (parsed.ok) expect(parseCatalogue(parsed.value)).toEqual(parsed);
      else expect(parsed.error.every((problem) => problem.message.length > 0)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

function placesIn(value: unknown): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [[]];
  return [[], ...Object.entries(value).flatMap(([key, part]) => placesIn(part).map((place) => [key, ...place]))];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], replacement: unknown): unknown {
  if (key === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((part: unknown, index) => (String(index) === key ? replaced(part, rest, replacement) : part));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]: [string, unknown]) => [
      name,
      name === key ? replaced(part, rest, replacement) : part,
    ]),
  );
}
