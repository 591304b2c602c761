import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allotted, lookedThrough, periodMs, thresholdsOf, usedBy, type Entry } from './course.ts';

const thresholds = [50, 80, 100];
const periods = [0, 1, 2, 3];
const endAt = periods.length * periodMs - 1;

const anyUse = fc.record({ at: fc.integer({ min: 0, max: endAt }), delta: fc.integer({ min: 1, max: 45 }) });
const anyGift = fc.record({ at: fc.integer({ min: 0, max: endAt }), delta: fc.integer({ min: -40, max: -1 }) });
const onlyUses = fc.array(anyUse, { maxLength: 25 });
const anyEntries = fc.array(fc.oneof({ weight: 3, arbitrary: anyUse }, { weight: 1, arbitrary: anyGift }), {
  maxLength: 25,
});
/** Any times, in any order: a night in between, several periods, a clock that was set back. */
const anyTimes = fc.array(fc.integer({ min: 0, max: endAt }), { maxLength: 20 });
const sorted = (times: readonly number[]): readonly number[] => times.toSorted((left, right) => left - right);

/** How often each threshold is crossed by a course that is known from the beginning. */
function crossingsOf(entries: readonly Entry[]): ReadonlyMap<string, number> {
  const crossings = new Map<string, number>();
  for (const period of periods) {
    for (const percent of thresholds) {
      let above = false;
      let count = 0;
      for (const at of new Set(sorted(entries.map((entry) => entry.at)))) {
        const reached = usedBy(entries, period, at) * 100 >= allotted * percent;
        if (reached && !above && Math.floor(at / periodMs) === period) count += 1;
        above = reached;
      }
      if (count > 0) crossings.set(`${period}/${percent}`, count);
    }
  }
  return crossings;
}

function countsOf(told: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...Map.groupBy(told, (key) => key)].map(([key, same]) => [key, same.length]));
}

describe('whatever the times at which it is looked', () => {
  it('[N1] no crossing is lost, and none is told more often than it happened', () => {
    fc.assert(
      fc.property(anyEntries, anyTimes, (entries, times) => {
        const looks = [0, ...sorted(times), endAt].map((now) => ({ now, entries: entries.filter(({ at }) => at > 0) }));
        const told = countsOf(thresholdsOf(lookedThrough(looks).alerts));
        const crossed = crossingsOf(entries.filter(({ at }) => at > 0));
        expect([...told.keys()].toSorted()).toEqual([...crossed.keys()].toSorted());
        for (const [key, count] of told) expect(count).toBeLessThanOrEqual(crossed.get(key) ?? 0);
      }),
      { numRuns: 1000 },
    );
  });

  it('[N1] whoever looks at every instant tells each crossing', () => {
    fc.assert(
      fc.property(anyEntries, (given) => {
        const entries = given.filter(({ at }) => at > 0);
        const looks = [0, ...sorted(entries.map(({ at }) => at)), endAt].map((now) => ({ now, entries }));
        expect(countsOf(thresholdsOf(lookedThrough(looks).alerts))).toEqual(crossingsOf(entries));
      }),
    );
  });

  it('[N1] a clock that is set back and forth loses none and repeats none', () => {
    fc.assert(
      fc.property(anyEntries, anyTimes, (given, times) => {
        const entries = given.filter(({ at }) => at > 0);
        const looks = [0, ...times, endAt, ...times, endAt].map((now) => ({ now, entries }));
        const told = countsOf(thresholdsOf(lookedThrough(looks).alerts));
        const crossed = crossingsOf(entries);
        expect([...told.keys()].toSorted()).toEqual([...crossed.keys()].toSorted());
        for (const [key, count] of told) expect(count).toBeLessThanOrEqual(crossed.get(key) ?? 0);
      }),
      { numRuns: 1000 },
    );
  });

  it('[N1] the order in which lines arrive changes nothing once they are seen', () => {
    const arrivals = fc.tuple(onlyUses, fc.array(fc.integer({ min: 1, max: endAt }), { minLength: 25, maxLength: 25 }));
    fc.assert(
      fc.property(arrivals, anyTimes, ([given, late], times) => {
        const entries = given.filter(({ at }) => at > 0);
        const arrived = (entry: Entry, index: number, now: number): boolean =>
          (late[index] ?? 0) <= now && entry.at <= now;
        const looks = [
          { now: 0, entries: [] },
          ...sorted(times).map((now) => ({
            now,
            entries: entries.filter((entry, index) => arrived(entry, index, now)),
          })),
          { now: endAt, entries },
        ];
        const told = thresholdsOf(lookedThrough(looks).alerts);
        // Without anything that lowers use each threshold is crossed once, however late it is known.
        expect(told.toSorted()).toEqual([...crossingsOf(entries).keys()].toSorted());
      }),
      { numRuns: 1000 },
    );
  });
});
