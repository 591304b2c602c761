import { describe, expect, it } from 'vitest';
import { languageFor, languages, localeFor, nameOfLanguage } from '../../../../renderer/i18n/language.ts';

describe('the language of the page', () => {
  it.each([
    [['de-AT'], 'de'],
    [['de-AT', 'en-US', 'en'], 'de'],
    [['de'], 'de'],
    [['en-GB', 'de'], 'en'],
    [['fr-FR', 'de-CH', 'en'], 'de'],
    [['fr-FR', 'pl'], 'en'],
    [['en-US'], 'en'],
    [[], 'en'],
  ] as const)('of a system that wants %j is %s', (wanted, language) => {
    expect(languageFor('system', wanted)).toBe(language);
  });

  it('is the one that was chosen, whatever the system wants', () => {
    expect(languageFor('en', ['de-AT'])).toBe('en');
    expect(languageFor('de', ['en-GB'])).toBe('de');
  });

  it.each([
    ['de', ['de-AT', 'en'], 'de-AT'],
    ['de', ['en-GB', 'de-CH'], 'de-CH'],
    ['de', ['en-GB'], 'de'],
    ['en', ['de-DE'], 'en'],
    ['en', ['de-DE', 'en-GB'], 'en-GB'],
  ] as const)('%s on a system that wants %j writes figures as %s', (language, wanted, locale) => {
    expect(localeFor(language, wanted)).toBe(locale);
  });

  it('is called by its own name', () => {
    expect(languages.map(nameOfLanguage)).toEqual(['English', 'Deutsch']);
  });
});
