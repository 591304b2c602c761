import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hashText } from '../../../shared/kernel/hash.ts';

it('is a 32-bit number that depends on the text alone', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const hash = hashText(text);
      expect(hash).toBe(hashText(`${text.slice(0, 1)}${text.slice(1)}`));
      expect(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32).toBe(true);
    }),
  );
});

it('stays what it was: seeds made from it must not change between versions', () => {
  expect([hashText(''), hashText('pool'), hashText('grüße 👋')]).toEqual(KNOWN);
});

it('scatters texts that differ in one letter', () => {
  const days = Array.from({ length: 10_000 }, (_, day) => hashText(`pool-1/${day}`));
  expect(new Set(days).size).toBe(10_000);
  const upperHalf = days.filter((hash) => hash >= 2 ** 31).length;
  expect(upperHalf).toBeGreaterThan(4800);
  expect(upperHalf).toBeLessThan(5200);
});

const KNOWN = [2_872_998_923, 2_364_240_583, 166_959_508];
