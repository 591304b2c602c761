import { describe, expect, it } from 'vitest';
import { cataloguePaths, placeholdersOf, readCatalogue } from '../../../support/catalogues.ts';

const catalogues = await Promise.all(cataloguePaths().map(readCatalogue));

/** Says every word, with the name of each placeholder put in for it and 2 for a count. */
function everySentence(words: unknown, placeholders: readonly string[]): readonly string[] {
  if (typeof words === 'string') return [words];
  if (typeof words === 'function') {
    const values = Object.fromEntries([...placeholders.map((name) => [name, `‹${name}›`]), ['count', 2]]);
    return [String(Reflect.apply(words, undefined, [values]))];
  }
  return Object.values(words ?? {}).flatMap((word: unknown) => everySentence(word, placeholders));
}

describe('the messages of the page', () => {
  it('are found: more than 20 files with more than 1,000 messages', () => {
    expect(catalogues.length).toBeGreaterThan(20);
    expect(catalogues.reduce((sum, { english }) => sum + english.size, 0)).toBeGreaterThan(1000);
  });

  it.each(catalogues)('$path: every message can be said, and nothing of its placeholders is left', (catalogue) => {
    const names = [...new Set([...catalogue.english.values()].flatMap(placeholdersOf))];
    const sentences = everySentence(catalogue.words, names);
    const plurals = [...catalogue.english.keys()].filter((key) => key.endsWith('_one')).length;
    expect(sentences.length).toBe(catalogue.english.size - plurals);
    const plain = [...catalogue.english]
      .filter(([key, message]) => placeholdersOf(message).length === 0 && !key.endsWith('_one'))
      .map(([, message]) => message);
    expect(sentences).toEqual(expect.arrayContaining(plain));
    expect(sentences.filter((sentence) => /\{\{|\}\}|undefined|\[object/.test(sentence))).toEqual([]);
  });

  it.each(catalogues)('$path: forms of a plural come in pairs that name the same', ({ english }) => {
    for (const [key, message] of english) {
      const [, base, form] = /^(.*)_(one|other)$/.exec(key) ?? [];
      if (base === undefined) continue;
      const other = english.get(`${base}_${form === 'one' ? 'other' : 'one'}`);
      expect(placeholdersOf(other ?? ''), key).toEqual(placeholdersOf(message));
    }
  });

  it.each(catalogues)('$path: nothing is empty by accident, doubled or padded', ({ english }) => {
    for (const [key, message] of english) expect(message, key).not.toMatch(/ {2}|\n\s|\{\{ |\( | \)/);
  });
});
