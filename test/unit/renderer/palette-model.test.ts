import { describe, expect, it } from 'vitest';
import { grouped, matching } from '../../../renderer/app/palette-model.ts';

const entries = [
  { label: 'Log usage', group: 'screens' },
  { label: 'Usage', group: 'screens' },
  { label: 'Usage by team', group: 'screens' },
  { label: 'Überblick', group: 'workspaces', keywords: 'Piktochart' },
  { label: 'Change the plan', group: 'actions' },
] as const;

const labels = (typed: string) => matching(entries, typed).map(({ label }) => label);

describe('matching', () => {
  it('puts the very name first, then its beginning, then the beginning of a word', () => {
    expect(labels('usage')).toEqual(['Usage', 'Usage by team', 'Log usage']);
    expect(labels('')).toHaveLength(entries.length);
  });

  it('takes words in any order, without accents and capitals, and other words that lead there', () => {
    expect(labels('plan change')).toEqual(['Change the plan']);
    expect(labels('uber')).toEqual(['Überblick']);
    expect(labels('pikto')).toEqual(['Überblick']);
    expect(labels('usage xyz')).toEqual([]);
  });
});

describe('grouped', () => {
  it('keeps the order of the best entries, and some of each group', () => {
    const groups = grouped(matching(entries, 'a'), 2);
    expect(groups.map(({ group, entries: of }) => [group, of.length])).toEqual([
      ['screens', 2],
      ['actions', 1],
      ['workspaces', 1],
    ]);
  });
});
