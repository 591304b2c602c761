import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogueSchema, type Catalogue, type Plan } from '../../../shared/catalogue/catalogue.ts';
import { wholeCredits } from '../../../shared/kernel/credits.ts';
import { anchorMeaning } from '../../../renderer/ui/anchor.ts';
import {
  describeAllotment,
  describeReset,
  hasUnpricedRate,
  seatRoles,
  seatsBring,
  versionOn,
} from '../../../renderer/ui/plan-text.ts';

function shipped(platform: string): Catalogue {
  const file = new URL(`../../../shared/catalogue/platforms/${platform}.json`, import.meta.url);
  return catalogueSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

function planOf(platform: string, id: string): Plan {
  const plan = shipped(platform)
    .versions.at(-1)
    ?.plans.find((candidate) => candidate.id === id);
  if (plan === undefined) throw new Error(`The shipped catalogue of ${platform} has no plan ${id}.`);
  return plan;
}

describe('plans in sentences', () => {
  it('tells what every shipped plan allots and when it resets', () => {
    for (const platform of ['miro', 'visily', 'piktochart', 'mirage', 'github-copilot']) {
      for (const plan of shipped(platform).versions.flatMap(({ plans }) => plans)) {
        expect(describeAllotment(plan), `${platform}/${plan.id}`).toMatch(/\S{3}/);
        expect(describeReset(plan, 'billing date'), `${platform}/${plan.id}`).toMatch(/month|year/);
      }
    }
    expect(describeAllotment(planOf('visily', 'pro'))).toMatch(
      /3.000 credits per editor and 600 credits per guest editor/,
    );
    expect(describeAllotment(planOf('visily', 'free'))).toMatch(/300 credits a month, 600 in the first/);
  });

  it('says what seats bring before they are sent', () => {
    expect(seatsBring(planOf('miro', 'enterprise'), { member: 120 })).toMatchObject({
      kind: 'amount',
      credits: wholeCredits(10_000),
    });
    expect(seatsBring(planOf('visily', 'pro'), { editor: 12, 'guest-editor': 30 })).toMatchObject({
      kind: 'amount',
      credits: wholeCredits(54_000),
    });
    expect(seatsBring(planOf('mirage', 'captions'), {})).toEqual({ kind: 'entered' });
  });

  it('invents no figure beyond the published brackets', () => {
    expect(seatsBring(planOf('miro', 'enterprise'), { member: 1_001 })).toEqual({
      kind: 'unpublished',
      seatsMax: 1_000,
    });
    expect(seatsBring(planOf('miro', 'enterprise'), {})).toEqual({ kind: 'nothing' });
  });

  it('asks for seats by role only where the plan tells roles apart', () => {
    expect(seatRoles(planOf('visily', 'business')).map(({ id }) => id)).toEqual(['editor', 'guest-editor']);
    expect(seatRoles(planOf('miro', 'enterprise'))).toHaveLength(1);
  });

  it('calls the anchor what the platform calls it', () => {
    expect(anchorMeaning('piktochart', planOf('piktochart', 'free'))).toBe('signUp');
    expect(anchorMeaning('visily', planOf('visily', 'free'))).toBe('creation');
    expect(anchorMeaning('visily', planOf('visily', 'pro'))).toBe('billing');
    expect(anchorMeaning('acme', planOf('visily', 'pro'))).toBe('other');
  });

  it('[C1] takes the version in force on the day, and the earliest before that', () => {
    const catalogue = shipped('piktochart');
    const [version] = catalogue.versions;
    if (version === undefined) throw new Error('A catalogue has a version.');
    const two: Catalogue = {
      ...catalogue,
      versions: [
        { ...version, version: 'later', effectiveFrom: '2030-01-01' },
        { ...version, version: 'earlier', effectiveFrom: '2020-01-01' },
      ],
    };
    expect(['2019-12-31', '2020-01-01', '2029-12-31', '2030-01-01'].map((day) => versionOn(two, day)?.version)).toEqual(
      ['earlier', 'earlier', 'earlier', 'later'],
    );
  });

  it('notices prices that are not published', () => {
    expect(shipped('mirage').versions.some(hasUnpricedRate)).toBe(true);
    expect(shipped('miro').versions.some(hasUnpricedRate)).toBe(false);
  });
});
