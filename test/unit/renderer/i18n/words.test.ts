import { describe, expect, it } from 'vitest';
import { translator } from '../../../../renderer/i18n/language.ts';
import { words } from '../../../../renderer/i18n/words.ts';

const said = words('words-test', {
  title: 'Forecast',
  held: '{{inside}} of {{count}}',
  sync: 'Sync: ',
  days_one: '{{count}} day until {{end}}',
  days_other: '{{count}} days until {{end}}',
  role: 'You are {{name}} ({{role, lowercase}})',
  steps: [{ name: 'First', body: 'For {{who}}' }, 'Then'],
  kinds: { 'over-cap': 'over cap', '50': 'Half' },
});

describe('words', () => {
  it('are text where nothing is to be put in, in groups and lists too', () => {
    expect(said.title).toBe('Forecast');
    expect(said.sync).toBe('Sync: ');
    expect(said.kinds['over-cap']).toBe('over cap');
    expect(said.kinds['50']).toBe('Half');
    expect(said.steps[0].name).toBe('First');
    expect(said.steps[1]).toBe('Then');
  });

  it('are functions of what their placeholders name', () => {
    expect(said.held({ inside: '7', count: '9' })).toBe('7 of 9');
    expect(said.steps[0].body({ who: 'Ada' })).toBe('For Ada');
  });

  it('choose the form of a plural by the count, and format numbers', () => {
    expect([0, 1, 2, 1204].map((count) => said.days({ count, end: 'May' }))).toEqual([
      '0 days until May',
      '1 day until May',
      '2 days until May',
      '1,204 days until May',
    ]);
  });

  it('begin a word with a small letter inside of a sentence where the message asks for it', () => {
    expect(said.role({ name: 'Ada', role: 'Company admin' })).toBe('You are Ada (company admin)');
  });

  it('put in whatever people called things, as it is', () => {
    for (const name of ['{{count}}', '$t(title)', "<b>O'Neil & Co</b>", '$&', '\\', '{{- inside}}', '']) {
      expect(said.held({ inside: name, count: '2' })).toBe(`${name} of 2`);
      expect(said.days({ count: 1, end: name })).toBe(`1 day until ${name}`);
    }
  });

  it('fall back to English where a translation lacks a message', () => {
    expect(translator.t('title', { ns: 'words-test', lng: 'de' })).toBe('Forecast');
  });
});
