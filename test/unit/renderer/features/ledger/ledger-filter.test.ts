import { describe, expect, it } from 'vitest';
import { exportFileName, filterOf, partsSet } from '../../../../../renderer/features/ledger/ledger-filter.ts';
import { ledgerFilter } from '../../../../../shared/bridge/inputs.ts';

describe('filterOf', () => {
  it('[K4] ends where the day after the last one begins, so that the last day is selected too', () => {
    expect(filterOf({ from: '2026-03-01', to: '2026-03-31' })).toEqual({ from: '2026-03-01', to: '2026-04-01' });
  });

  it('gives what the bridge takes', () => {
    const filter = filterOf({
      member: null,
      team: 't',
      feature: 'f',
      kinds: ['usage'],
      text: ' deck ',
      to: '2026-02-28',
    });
    expect(ledgerFilter.parse(filter)).toEqual(filter);
    expect(filter).toEqual({ member: null, team: 't', feature: 'f', kinds: ['usage'], text: 'deck', to: '2026-03-01' });
    expect(filterOf({})).toEqual({});
  });
});

describe('partsSet', () => {
  it('counts a span of days as one part', () => {
    expect(partsSet({})).toBe(0);
    expect(partsSet({ from: '2026-03-01', to: '2026-03-31', member: null })).toBe(2);
  });
});

describe('exportFileName', () => {
  it('holds nothing that a file system could stumble over', () => {
    const file = { format: 'csv', day: '2026-03-18', filtered: false } as const;
    expect(exportFileName('Acme', file)).toBe('fuelgauge-acme-ledger-2026-03-18.csv');
    expect(exportFileName('../Über: <GmbH> | "1"', { ...file, format: 'json', filtered: true })).toMatch(
      /^fuelgauge-[\p{L}\p{M}\p{N}-]+-ledger-selection-2026-03-18\.json$/u,
    );
    expect(exportFileName('///', file)).toBe('fuelgauge-ledger-2026-03-18.csv');
  });
});
