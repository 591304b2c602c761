import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { german } from '../../../../renderer/app/german.ts';
import { speak, translator } from '../../../../renderer/i18n/language.ts';
import { words } from '../../../../renderer/i18n/words.ts';
import { cataloguePaths, flat, placeholdersOf, readCatalogue } from '../../../support/catalogues.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const catalogues = await Promise.all(cataloguePaths().map(readCatalogue));

describe('German', () => {
  it('is loaded as a whole: each feature’s messages under the name by which it asks for its words', () => {
    const asked = cataloguePaths().map((path) => /words\('([^']+)'/.exec(readFileSync(`${root}/${path}`, 'utf8'))?.[1]);
    expect(new Set(Object.keys(german))).toEqual(new Set(asked));
    const byName = new Map(Object.entries(german).map(([name, messages]) => [name, flat(messages)]));
    for (const [index, catalogue] of catalogues.entries()) {
      expect(byName.get(asked[index] ?? ''), catalogue.path).toEqual(catalogue.german);
    }
  });

  it.each(catalogues)('$path: has the same messages with the same placeholders', (catalogue) => {
    expect(new Set(catalogue.german.keys())).toEqual(new Set(catalogue.english.keys()));
    for (const [key, message] of catalogue.english) {
      expect(placeholdersOf(catalogue.german.get(key) ?? ''), key).toEqual(placeholdersOf(message));
    }
  });

  it.each(catalogues)('$path: is translated, says nothing twice and addresses nobody', (catalogue) => {
    for (const [key, message] of catalogue.german) {
      const english = catalogue.english.get(key) ?? '';
      if (/[a-z]{3} [a-z]{3}/.test(english)) expect(message, key).not.toBe(english);
      expect(message === '', key).toBe(english === '');
      expect(message, key).not.toMatch(
        / {2}|\b(?:du|dein\w*|dir|dich|Ihr|Ihre[mnrs]?|Sie bitte)\b(?! (?:eigene|Stand|Name|Bericht))|[“"]\w|\bß{2}/,
      );
      expect(message.endsWith(' ') === english.endsWith(' '), key).toBe(true);
    }
  });
});

describe('what is said in German', () => {
  beforeAll(() =>
    speak('de', { ...german, 'translations-test': { days_one: '{{count}} Tag', days_other: '{{count}} Tage' } }),
  );
  afterAll(async () => {
    await translator.changeLanguage('en');
  });

  it('chooses the form of a plural by the count, and formats numbers the German way', () => {
    const said = words('translations-test', {
      days_one: '{{count}} day',
      days_other: '{{count}} days',
      only: 'English only',
    });
    expect([0, 1, 2, 1204].map((count) => said.days({ count }))).toEqual(['0 Tage', '1 Tag', '2 Tage', '1.204 Tage']);
  });

  it('falls back to English where a message is missing', () => {
    const said = words('translations-test', { only: 'English only', held: '{{some}} of {{all}}' });
    expect(said.only).toBe('English only');
    expect(said.held({ some: '1', all: '2' })).toBe('1 of 2');
  });

  it('says every sentence of every feature, without anything of its placeholders left', () => {
    for (const { path, german: messages } of catalogues) {
      const [, namespace = ''] = /words\('([^']+)'/.exec(readFileSync(`${root}/${path}`, 'utf8')) ?? [];
      for (const [key, message] of messages) {
        const replace = Object.fromEntries(placeholdersOf(message).map((name) => [name, `‹${name}›`]));
        const said = translator.t(key, { ns: namespace, replace, nest: false });
        expect(said, `${path} ${key}`).toBe(
          message.replaceAll(/\{\{(\w+)(, ?\w+)?\}\}/g, (_whole, name: string) => `‹${name}›`),
        );
      }
    }
  });
});
