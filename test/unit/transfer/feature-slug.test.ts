import fc from 'fast-check';
import { expect, it } from 'vitest';
import { slugOf } from '../../../replica/transfer/feature-slug.ts';

it.each([
  ['Claude Haiku 4.5', 'claude-haiku-4-5'],
  ['Auto: GPT-5', 'auto-gpt-5'],
  ['sticky-note', 'sticky-note'],
  ['Sticky note', 'sticky-note'],
  ['Übersicht', 'übersicht'],
  ['画像生成', '画像生成'],
  ['ＧＰＴ５', 'gpt5'],
])('makes %j into %j', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});

it('keeps names apart that differ in signs alone, or beyond what fits', () => {
  const names = ['C', 'C++', 'C#', '🎈', '🎉', '!!', `${'x'.repeat(70)}a`, `${'x'.repeat(70)}b`];
  expect(new Set(names.map(slugOf)).size).toBe(names.length);
});

it('makes a short slug of any name, the same for the same name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }), (name) => {
      const slug = slugOf(name);
      expect(slug).toMatch(/^[\p{L}\p{N}\p{M}]+(?:-[\p{L}\p{N}\p{M}]+)*$/u);
      expect(slug.length).toBeLessThanOrEqual(60);
      expect(slugOf(name)).toBe(slug);
      expect(slug.isWellFormed()).toBe(true);
    }),
  );
});
