import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  capOf,
  capText,
  creditsOnDay,
  isTried,
  packsOf,
  packsText,
  parseWhatIfSearch,
  scenarioOf,
  seatsOf,
  seatsText,
} from '../../../renderer/hooks/what-if-search.ts';

describe('the address of What if', () => {
  it('opens the same question again', () => {
    const search = parseWhatIfSearch({
      tab: 'packs',
      seats: 'member:5,guest editor:2',
      plan: 'business',
      packs: 'starter:2@2026-12-01,booster:1',
      extra: '500.5@2026-12-01',
      cap: '25/day@design',
      left: 'research,growth',
      use: 130,
      resets: 2,
      sure: 'likely',
    });
    expect(parseWhatIfSearch({ ...search })).toEqual(search);
    expect(scenarioOf(search)).toEqual({
      seats: { member: 5, 'guest editor': 2 },
      plan: 'business',
      packs: [
        { pack: 'starter', count: 2, on: '2026-12-01' },
        { pack: 'booster', count: 1 },
      ],
      extra: { credits: '500.5', on: '2026-12-01' },
      cap: { credits: '25', per: 'day', team: 'design' },
      teamsLeaving: ['research', 'growth'],
      usePercent: 130,
    });
  });

  it('leaves out what it cannot read, and is empty for today', () => {
    expect(parseWhatIfSearch({ tab: 'changes', use: '-5', resets: '7', sure: 'safe', plan: '  ', seats: {} })).toEqual(
      {},
    );
    expect(scenarioOf({ seats: 'member', packs: 'starter:0,:3,booster:x', cap: '25/year', use: '100' })).toEqual({});
    expect(isTried({})).toBe(false);
    expect(isTried({ use: '90' })).toBe(true);
  });

  it('never stops on an address, whatever it holds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), (anything) => {
        const search = parseWhatIfSearch(anything);
        expect(parseWhatIfSearch({ ...search })).toEqual(search);
        scenarioOf(search);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        const given = scenarioOf({ seats: text, packs: text, cap: text, extra: text, left: text });
        for (const { count } of given.packs ?? []) expect(count).toBeGreaterThan(0);
      }),
    );
  });

  it('writes what it reads', () => {
    const packs = [
      { pack: 'starter', count: 3, on: '2027-01-01' },
      { pack: 'deluxe', count: 1 },
    ];
    expect(packsOf(packsText(packs))).toEqual(packs);
    const seats = [['member', 7] as const];
    expect(seatsOf(seatsText(seats))).toEqual(seats);
    for (const cap of [
      { credits: '12.5', per: 'week' as const },
      { credits: '1', per: 'period' as const, team: 'a b' },
    ]) {
      expect(capOf(capText(cap))).toEqual(cap);
    }
    expect(capText({ credits: ' ', per: 'day' })).toBe('');
    expect(creditsOnDay('')).toBeNull();
  });
});
