import { expect, it } from 'vitest';
import { randomInteger, seededRandom } from '../../../shared/kernel/random.ts';

function take(seed: number, count: number): readonly number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random());
}

it('gives the same numbers for the same seed, on every machine', () => {
  expect(take(42, 100)).toEqual(take(42, 100));
  expect(take(1, 4)).toEqual(KNOWN_FOR_SEED_1);
});

it('gives other numbers for neighbouring seeds', () => {
  const firsts = Array.from({ length: 1000 }, (_, seed) => take(seed, 1)[0]);
  expect(new Set(firsts).size).toBe(1000);
});

it('takes seeds of any size and sign', () => {
  for (const seed of [0, -1, 2 ** 31, 2 ** 32 - 1]) {
    for (const value of take(seed, 50)) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThan(1);
    }
  }
});

it('spreads evenly, one by one and in pairs', () => {
  const values = take(7, 64_000);
  const cells = Array.from({ length: 64 }, () => 0);
  for (let index = 0; index + 1 < values.length; index += 2) {
    const cell = Math.floor((values[index] ?? 0) * 8) * 8 + Math.floor((values[index + 1] ?? 0) * 8);
    cells[cell] = (cells[cell] ?? 0) + 1;
  }
  const expected = values.length / 2 / 64;
  const chiSquare = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // 63 degrees of freedom: an even spread stays between these in all but one of a million cases.
  expect(chiSquare).toBeGreaterThan(20);
  expect(chiSquare).toBeLessThan(130);
});

it('draws every whole number below the end and nothing else', () => {
  const random = seededRandom(3);
  const drawn = new Set(Array.from({ length: 500 }, () => randomInteger(random, 7)));
  expect([...drawn].toSorted((left, right) => left - right)).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

/** Written down once, so that a change of the generator (and with it of every forecast) is noticed. */
const KNOWN_FOR_SEED_1 = [0.5636717735324055, 0.5851113414391875, 0.8959073920268565, 0.9463990409858525];
