import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ledgerSelectionOf,
  parseLedgerSearch,
  searchOfLedger,
  transactionKinds,
  usageLink,
  usagePlaceOf,
  unattributed,
  type LedgerSelection,
} from '../../../shared/analytics/view-link.ts';

const id = fc.stringMatching(/^[a-z0-9][a-z0-9 ._@-]{0,30}[a-z0-9]$/);
const day = fc
  .tuple(fc.integer({ min: 2020, max: 2030 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map(([year, month, date]) => `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`);
const who = fc.option(id, { nil: null });
const selection: fc.Arbitrary<LedgerSelection> = fc.record(
  {
    member: who,
    team: who,
    feature: id,
    kinds: fc.subarray([...transactionKinds], { minLength: 1 }),
    from: day,
    to: day,
    text: fc.string({ minLength: 1, maxLength: 200 }).filter((text) => text.trim() !== ''),
  },
  { requiredKeys: [] },
);

describe('the address of a ledger', () => {
  it('[A4] opens the same selection again', () => {
    fc.assert(
      fc.property(selection, (selected) => {
        expect(ledgerSelectionOf({ ...searchOfLedger(selected) })).toEqual(selected);
      }),
    );
  });

  it('has nothing to say about everything', () => {
    expect(searchOfLedger({})).toEqual({});
    expect(searchOfLedger({ kinds: [], text: '  ' })).toEqual({});
  });

  it('tells *unattributed* from everybody', () => {
    expect(searchOfLedger({ member: null })).toEqual({ member: unattributed });
    expect(ledgerSelectionOf({ member: unattributed })).toEqual({ member: null });
    expect(ledgerSelectionOf({})).toEqual({});
  });

  it('leaves out what is wrong and keeps the rest', () => {
    expect(
      ledgerSelectionOf({
        member: { toString: 'x' },
        feature: '',
        kinds: 'usage,theft,hold',
        from: '2026-02-30',
        to: '2026-03-01',
        text: 'x'.repeat(201),
        other: 1,
      }),
    ).toEqual({ kinds: ['usage', 'hold'], to: '2026-03-01' });
  });

  it('reads an id that looks like a number', () => {
    expect(ledgerSelectionOf({ member: 42 })).toEqual({ member: '42' });
  });

  it('survives anything that an address may hold', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('member', 'kinds', 'from', 'text', 'x'), fc.anything()), (search) => {
        const parsed = parseLedgerSearch(search);
        expect(parseLedgerSearch({ ...parsed })).toEqual(parsed);
      }),
    );
  });
});

describe('links to views of use', () => {
  const workspaceId = '0199f3a1-0000-7000-8000-000000000001';

  it('[A4] [A5] name the same view in the app and on a server', () => {
    const search = { period: 'month', q: 'Ann & Ben', sort: 'name' } as const;
    const rest = `/${workspaceId}/credits-usage/users?period=month&q=Ann%20%26%20Ben&sort=name`;
    expect(usageLink({ workspaceId, page: 'users', search })).toBe(`fuelgauge://open${rest}`);
    expect(usageLink({ workspaceId, page: 'users', search }, 'https://fuel.example:8585')).toBe(
      `https://fuel.example:8585/open${rest}`,
    );
    expect(usageLink({ workspaceId, page: '', search: {} }, 'https://fuel.example/')).toBe(
      `https://fuel.example/open/${workspaceId}/credits-usage`,
    );
    expect(usageLink({ workspaceId, page: 'teams/design', search: {} })).toBe(
      `fuelgauge://open/${workspaceId}/credits-usage/teams/design`,
    );
  });

  it('[A4] come back as the view that they were made of', () => {
    const pages = fc.constantFrom(
      '' as const,
      'features' as const,
      'teams' as const,
      'users' as const,
      'teams/a-1' as const,
    );
    const searches = fc.record(
      {
        period: fc.constantFrom('day' as const, 'week' as const, 'month' as const),
        q: fc.stringMatching(/^\S.{0,30}$/u),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(pages, searches, (page, search) => {
        const url = new URL(usageLink({ workspaceId, page, search }, 'https://fuel.example'));
        const [, , , , ...parts] = url.pathname.split('/');
        expect(usagePlaceOf(workspaceId, parts, Object.fromEntries(url.searchParams))).toEqual({
          workspaceId,
          page,
          search,
        });
      }),
    );
  });

  it('[A4] lead nowhere else', () => {
    for (const parts of [['ledger'], ['users', 'ana'], ['teams', 'a/b'], ['teams', ''], ['teams', 'a', 'b'], ['']]) {
      expect(usagePlaceOf(workspaceId, parts, {})).toBeNull();
    }
    expect(usagePlaceOf('../settings', [], {})).toBeNull();
  });
});
