import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareText } from '../../../shared/kernel/id.ts';

it('[K7] orders ids by code unit, in no locale', () => {
  expect(['b', 'a', 'B', 'ä', 'z', '10', '9'].toSorted(compareText)).toEqual(['10', '9', 'B', 'a', 'b', 'z', 'ä']);
  expect(compareText('a', 'a')).toBe(0);
});

it('[K7] is one order for all devices: antisymmetric, transitive, and 0 only for the same id', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (first, second, third) => {
      expect(compareText(first, second)).toBe(0 - compareText(second, first));
      expect(compareText(first, second) === 0).toBe(first === second);
      if (compareText(first, second) < 0 && compareText(second, third) < 0) {
        expect(compareText(first, third)).toBe(-1);
      }
    }),
  );
});

it('[K7] UUIDv7 ids of a later millisecond come later', () => {
  const [earlier, later] = ['019a9f3c-7b10-7000-8000-000000000000', '019a9f3c-7b11-7000-8000-000000000000'];
  expect(compareText(earlier, later)).toBe(-1);
});
