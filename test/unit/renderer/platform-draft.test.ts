import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogueSchema } from '../../../shared/catalogue/catalogue.ts';
import { fillIn } from '../../../shared/catalogue/fill-in.ts';
import { enteredFigures, firstDays, openRates } from '../../../renderer/features/onboarding/fill-in.ts';
import { versionOn } from '../../../renderer/ui/plan-text.ts';
import { withPlainFigures, wrongFields } from '../../../renderer/features/onboarding/platform-check.ts';
import {
  catalogueOf,
  draftOf,
  emptyPlatformDraft,
  minorUnits,
  type PlatformDraft,
} from '../../../renderer/features/onboarding/platform-draft.ts';
import { slugOf } from '../../../renderer/features/onboarding/slug.ts';

const today = '2026-03-12';

const acme: PlatformDraft = {
  name: 'Acme AI!',
  page: 'https://acme.example/plan',
  effectiveFrom: today,
  roles: [
    { key: 'r1', name: 'Creator', spends: true, takesSeat: true },
    { key: 'r2', name: 'Viewer', spends: false, takesSeat: false },
  ],
  features: [
    {
      key: 'f1',
      name: 'Video clip',
      unit: 'second',
      rates: [
        { key: 'f1a', variantName: '', credits: '2.5' },
        { key: 'f1b', variantName: 'High quality', credits: '' },
      ],
    },
    { key: 'f2', name: 'Video clip', unit: 'clip', rates: [{ key: 'f2a', variantName: '', credits: '40' }] },
    { key: 'f3', name: '画像', unit: 'image', rates: [{ key: 'f3a', variantName: '', credits: '0' }] },
  ],
  plans: [
    {
      key: 'p1',
      name: 'Team',
      rule: 'per-seat',
      amount: '',
      amountByRoleKey: { r1: '1000' },
      resetOn: 'anchor',
      everyMonths: 1,
      limit: 'hard',
      scope: 'workspace',
    },
  ],
  packs: [{ key: 'k1', name: 'Small', credits: '500', price: '9.90', currency: 'EUR', lapsesAfterMonths: '12' }],
};

const context = { today, takenPlatforms: new Set(['miro']) };

describe('a platform that a person describes', () => {
  it('[C2] becomes a catalogue that the schema takes, each figure with its source', () => {
    expect(wrongFields(acme)).toEqual({});
    const catalogue = catalogueSchema.parse(catalogueOf(acme, context));
    const [version] = catalogue.versions;
    expect(catalogue.platform).toBe('acme-ai');
    expect(catalogue.sources).toEqual([{ id: 'entered-2026-03-12', title: 'Entered by you', readOn: today }]);
    expect(version?.features.map(({ id }) => id)).toEqual(['video-clip', 'video-clip-2', 'feature']);
    expect(version?.features[0]?.rates).toEqual([
      { credits: '2.5', source: 'entered-2026-03-12' },
      { variant: 'high-quality', variantName: 'High quality', credits: null, source: 'entered-2026-03-12' },
    ]);
    expect(version?.plans[0]?.allotment).toEqual({
      rule: 'per-seat',
      perRole: [{ role: 'creator', credits: '1000' }],
      source: 'entered-2026-03-12',
    });
    expect(version?.packs[0]).toMatchObject({ price: { minorUnits: 990, currency: 'EUR' }, lapsesAfterMonths: 12 });
  });

  it('[C2] keeps ids and older versions when it is described anew', () => {
    const first = catalogueOf(acme, context);
    const later = { ...draftOf(first, '2026-06-01'), name: 'Acme Intelligence' };
    const second = catalogueSchema.parse(catalogueOf(later, { ...context, today: '2026-06-01', previous: first }));
    expect(second.platform).toBe('acme-ai');
    expect(second.versions.map(({ effectiveFrom }) => effectiveFrom)).toEqual([today, '2026-06-01']);
    expect(second.versions[0]).toEqual(first.versions[0]);
    const figures = [first, second].map(({ versions }) =>
      versions
        .at(-1)
        ?.features.map(({ id, rates }) => [id, ...rates.map(({ variant, credits }) => [variant, credits])]),
    );
    expect(figures[1]).toEqual(figures[0]);
    expect(second.versions[1]?.packs[0]).toMatchObject({ id: 'small', price: { minorUnits: 990, currency: 'EUR' } });
  });

  it('[C2] adds a version of its own even on the day of another one, and takes the later for the one in force', () => {
    const first = catalogueOf(acme, context);
    const second = catalogueSchema.parse(catalogueOf(draftOf(first, today), { ...context, previous: first }));
    expect(second.versions.map(({ version }) => version)).toEqual(['entered-2026-03-12', 'entered-2026-03-12.2']);
    expect(versionOn(second, today)?.version).toBe('entered-2026-03-12.2');
  });

  it('says what is wrong, field by field', () => {
    const draft: PlatformDraft = {
      ...acme,
      name: ' ',
      page: 'http://acme.example',
      roles: [{ key: 'r1', name: '', spends: false, takesSeat: true }],
      features: [{ key: 'f1', name: 'Clip', unit: '', rates: [{ key: 'f1a', variantName: '', credits: '1e309' }] }],
      plans: acme.plans.map((plan) => ({ ...plan, amountByRoleKey: { r1: '-1' } })),
      packs: [
        { key: 'k1', name: 'Small', credits: '1.2345678', price: '9.999', currency: 'USD', lapsesAfterMonths: '0' },
      ],
    };
    expect(Object.keys(wrongFields(draft)).toSorted()).toEqual(
      [
        'name',
        'page',
        'roles',
        'r1.name',
        'f1.unit',
        'f1a.credits',
        'p1.amount.r1',
        'k1.credits',
        'k1.price',
        'k1.lapses',
      ].toSorted(),
    );
    expect(wrongFields(emptyPlatformDraft(today))).toMatchObject({ name: expect.any(String) });
  });

  it('reads figures in the way of the locale', () => {
    const typed = { ...acme, packs: acme.packs.map((pack) => ({ ...pack, credits: '1.500', price: '9,90' })) };
    expect(withPlainFigures(typed, 'de').packs[0]).toMatchObject({ credits: '1500', price: '9.90' });
  });

  it('[K2] counts money in the minor units of its currency', () => {
    expect(minorUnits('20.5', 'USD')).toBe(2_050);
    expect(minorUnits('300', 'JPY')).toBe(300);
    expect(minorUnits('3.5', 'JPY')).toBeUndefined();
    expect(minorUnits('20', 'dollars')).toBeUndefined();
  });

  it('makes ids that differ', () => {
    expect(slugOf('Crème brûlée  No. 7!', new Set(), 'x')).toBe('creme-brulee-no-7');
    expect(slugOf('Team', new Set(['team', 'team-2']), 'x')).toBe('team-3');
    expect(slugOf('！？', new Set(), 'plan')).toBe('plan');
  });
});

describe('a shipped platform without prices', () => {
  const file = new URL('../../../shared/catalogue/platforms/mirage.json', import.meta.url);
  const mirage = catalogueSchema.parse(JSON.parse(readFileSync(file, 'utf8')));

  it('[C2] takes what is filled in as a new version, marked as entered, and leaves the rest open', () => {
    const [first, second] = openRates(mirage);
    if (first === undefined || second === undefined) throw new Error('The catalogue has prices to fill in.');
    const days = { enteredOn: today, effectiveFrom: '2026-03-01' };
    const figures = enteredFigures(openRates(mirage), { [first.key]: '12.5', [second.key]: '' }, days);
    expect(figures.rates).toEqual([{ feature: first.feature, variant: first.variant, credits: '12.5' }]);

    const filled = fillIn(mirage, figures);
    if (!filled.ok) throw new Error('The figures fit the catalogue.');
    expect(filled.value.versions).toHaveLength(mirage.versions.length + 1);
    const open = openRates(catalogueSchema.parse(filled.value));
    expect(open.map(({ key }) => key)).toEqual(openRates(mirage).map(({ key }) => key));
    expect(open.find(({ key }) => key === first.key)?.credits).toBe('12.5');
    expect(open.filter(({ credits }) => credits === '')).toHaveLength(open.length - 1);
    expect(enteredFigures(open, { [first.key]: '12.5' }, days).rates).toEqual([]);
  });

  it('offers no day before the figures that are known', () => {
    expect(firstDays(mirage, today)).toEqual({ earliest: '2020-01-01', proposed: '2026-03-01' });
    const [version] = mirage.versions;
    if (version === undefined) throw new Error('A catalogue has a version.');
    const later = { ...mirage, versions: [{ ...version, effectiveFrom: '2026-03-10' }] };
    expect(firstDays(later, today)).toEqual({ earliest: '2026-03-10', proposed: '2026-03-10' });
  });
});
