import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { credits } from '../../../shared/kernel/credits.ts';
import { compareText } from '../../../shared/kernel/id.ts';
import { instant } from '../../../shared/kernel/instant.ts';
import { seededRandom } from '../../../shared/kernel/random.ts';
import { endOfInstant, justAfter, startOfInstant } from '../../../shared/ledger/pool-lines.ts';
import { Uses, useRank, type Use } from '../../../shared/ledger/uses.ts';
import { thoroughness } from '../../support/thoroughness.ts';

/** Columns of uses against a plain sorted list. */
const inOrder = (uses: Iterable<Use>): readonly Use[] =>
  [...uses].sort((left, right) => left.at - right.at || compareText(left.id, right.id));

/** Few instants, so that many uses fall together. */
function randomUses(count: number, seed: number): readonly Use[] {
  const random = seededRandom(seed);
  const whole = (below: number): number => Math.floor(random() * below);
  return Array.from({ length: count }, (_, number) => ({
    id: `${whole(1e6).toString(36)}-${number}`,
    at: instant(1_000 + whole(Math.ceil(count / 3))),
    credits: credits(whole(100)),
  }));
}

function check(uses: Uses, expected: readonly Use[]): void {
  expect(uses.size).toBe(expected.length);
  let sum = 0;
  for (const [place, use] of expected.entries()) {
    expect(uses.useAt(place)).toEqual(use);
    expect(uses.sumBefore(place)).toBe(sum);
    const key = { at: use.at, rank: useRank, id: use.id };
    expect([uses.placeOf(key), uses.placeOf(justAfter(key))]).toEqual([place, place + 1]);
    expect([uses.find(use.id, use.at), uses.find(use.id, null)]).toEqual([place, place]);
    sum += use.credits;
  }
  expect(uses.sumBefore(expected.length)).toBe(sum);
}

describe('the columns of uses', () => {
  it('[G5] hold the same as a sorted list, whatever the order of arrival, and nothing twice', () => {
    const property = fc.property(fc.integer({ min: 0, max: 120 }), fc.nat(), (count, seed) => {
      const some = randomUses(count, seed);
      const uses = new Uses();
      for (const use of some) expect(uses.insert(use)).toBe(true);
      for (const use of some) expect(uses.insert(use)).toBe(false);
      check(uses, inOrder(some));
    });
    fc.assert(property, { numRuns: 60 * thoroughness });
  });

  it.each([
    ['in order', (uses: readonly Use[]) => inOrder(uses)],
    ['backwards', (uses: readonly Use[]) => inOrder(uses).toReversed()],
    ['in any order', (uses: readonly Use[]) => uses],
  ])('[G5] hold many thousands that arrive %s, asked in between', (_, arrive) => {
    const some = randomUses(9_000, 7);
    const uses = new Uses();
    for (const [count, use] of arrive(some).entries()) {
      expect(uses.insert(use)).toBe(true);
      if (count % 500 === 0) expect(uses.sumBefore(uses.size)).toBeGreaterThan(0);
    }
    check(uses, inOrder(some));
  });

  it('[K7] count what lies before an instant and up to its end', () => {
    const some = randomUses(600, 3);
    const uses = new Uses();
    for (const use of some) uses.insert(use);
    for (let at = instant(998); at < 1_203; at = instant(at + 1)) {
      expect(uses.placeOf(startOfInstant(at))).toBe(some.filter((use) => use.at < at).length);
      expect(uses.placeOf(endOfInstant(at))).toBe(some.filter((use) => use.at <= at).length);
    }
    expect([uses.find('nobody', null), uses.find('nobody', instant(1_000))]).toEqual([null, null]);
  });
});
