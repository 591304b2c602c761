import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  explainDrift,
  type CountedUse,
  type DriftQuestion,
  type RateChange,
} from '../../../shared/analytics/explain-drift.ts';
import { credits, noCredits, quantity, sum, wholeCredits, type Credits } from '../../../shared/kernel/credits.ts';
import { instant } from '../../../shared/kernel/instant.ts';

const days = Array.from({ length: 20 }, (_, index) => `2026-11-${String(index + 1).padStart(2, '0')}`);
const enteredAt = instant(Date.parse('2026-11-20T18:00:00Z'));

/** Ten credits of `video` by Ana at nine, written down at once, by hand; `more` says what is otherwise. */
function use(id: string, day: string, more: Partial<CountedUse> = {}): CountedUse {
  const at = more.at ?? instant(Date.parse(`${day}T09:00:00Z`));
  return {
    id,
    linkedId: null,
    at,
    day,
    recordedAt: at,
    source: 'hand',
    featureId: 'video',
    variant: null,
    who: 'ana',
    credits: wholeCredits(10),
    quantity: quantity(1_000_000),
    ...more,
  };
}

function ask(given: Partial<DriftQuestion> & { readonly gap: Credits }): DriftQuestion {
  const uses = given.uses ?? [];
  const ledgerByFeature = new Map(
    [...Map.groupBy(uses, ({ featureId }) => featureId)].map(([id, of]) => [id, sum(of.map((one) => one.credits))]),
  );
  return {
    carried: noCredits,
    enteredAt,
    uses,
    pending: [],
    rates: [],
    workDays: [],
    days,
    stated: null,
    ledgerByFeature,
    ...given,
  };
}

const partsOf = (question: DriftQuestion): Readonly<Record<string, number>> =>
  Object.fromEntries(explainDrift(question).parts.map((part) => [part.kind, part.credits / 1e6]));

const amount = fc.integer({ min: -50_000_000, max: 500_000_000 }).map(credits);
const dayIndex = fc.nat({ max: days.length - 1 });
const anyUse: fc.Arbitrary<CountedUse> = fc
  .record({
    id: fc.uuid(),
    day: dayIndex.map((index) => days[index] ?? ''),
    minute: fc.nat({ max: 1439 }),
    lateMs: fc.oneof(fc.constant(0), fc.nat({ max: 20 * 86_400_000 })),
    source: fc.constantFrom('hand', 'import', 'reading'),
    featureId: fc.constantFrom('video', 'image', null),
    variant: fc.constantFrom(null, 'deep'),
    who: fc.constantFrom('ana', 'ben', null),
    credits: fc.oneof(fc.constantFrom(wholeCredits(10), wholeCredits(25)), amount),
    quantity: fc.option(fc.integer({ min: 1, max: 9_000_000 }).map(quantity), { nil: null }),
  })
  .map(({ minute, lateMs, ...rest }) => {
    const at = instant(Date.parse(`${rest.day}T00:00:00Z`) + minute * 60_000);
    return use(rest.id, rest.day, { ...rest, at, recordedAt: instant(at + lateMs) });
  });
const anyRate: fc.Arbitrary<RateChange> = fc.record({
  at: dayIndex.map((index) => instant(Date.parse(`${days[index]}T00:00:00Z`))),
  featureId: fc.constantFrom('video', 'image'),
  variant: fc.constantFrom(null, 'deep'),
  before: fc.nat({ max: 90_000_000 }).map(credits),
  after: fc.nat({ max: 90_000_000 }).map(credits),
});
const anyQuestion: fc.Arbitrary<DriftQuestion> = fc
  .record({
    gap: amount,
    carried: fc.oneof(fc.constant(noCredits), amount),
    // An id is one entry’s.
    uses: fc.uniqueArray(anyUse, { maxLength: 60, selector: ({ id }) => id }),
    pending: fc.array(
      fc.record({
        day: dayIndex.map((index) => days[index] ?? ''),
        featureId: fc.constantFrom('video', null),
        credits: fc.nat({ max: 90_000_000 }).map(credits),
      }),
      { maxLength: 5 },
    ),
    rates: fc.array(anyRate, { maxLength: 3 }),
    workDays: fc.subarray(days),
    stated: fc.option(fc.dictionary(fc.constantFrom('video', 'image', 'slides'), amount), { nil: null }),
  })
  .map(({ stated, ...given }) => ask({ ...given, stated: stated === null ? null : new Map(Object.entries(stated)) }));

describe('whatever a reading says', () => {
  it('[G13] the parts add up to the drift, and what is left is said to be unexplained', () => {
    fc.assert(
      fc.property(anyQuestion, (question) => {
        const { parts } = explainDrift(question);
        expect(sum(parts.map((part) => part.credits))).toBe(question.gap);
        expect(parts.at(-1)?.kind).toBe('unexplained');
      }),
      { numRuns: 300 },
    );
  });

  it('[G13] no cause accounts for more than was found of it, nor turns the drift around', () => {
    fc.assert(
      fc.property(anyQuestion, (question) => {
        const open = question.gap - question.carried;
        for (const { kind, credits: accounted, found, places } of explainDrift(question).parts) {
          if (kind === 'carried' || kind === 'unexplained') continue;
          expect(Math.abs(accounted)).toBeLessThanOrEqual(Math.abs(found));
          expect(accounted * open).toBeGreaterThanOrEqual(0);
          expect(Math.abs(accounted)).toBeLessThanOrEqual(Math.abs(open));
          expect(sum(places.map((place) => place.credits))).toBe(found);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('[G13] features and days with their rests add up to the drift', () => {
    fc.assert(
      fc.property(anyQuestion, (question) => {
        const { byFeature, restOfFeatures, byDay, restOfDays } = explainDrift(question);
        const total = (rows: readonly { readonly difference: Credits | null }[], rest: Credits): number =>
          rows.reduce((all, row) => all + (row.difference ?? 0), rest as number);
        if (restOfFeatures !== null) expect(total(byFeature, restOfFeatures)).toBe(question.gap);
        if (restOfDays !== null) expect(total(byDay, restOfDays)).toBe(question.gap);
        expect(sum(byDay.map((row) => row.ledger))).toBe(sum(question.uses.map((one) => one.credits)));
      }),
      { numRuns: 200 },
    );
  });

  it('[G13] as much of two features on one day is told in one order', () => {
    const late = { recordedAt: instant(enteredAt + 1) };
    const uses = [use('a', '2026-11-12', late), use('b', '2026-11-12', { ...late, featureId: null })];
    const told = explainDrift(ask({ gap: noCredits, uses }));
    expect(told.parts[0]?.places).toHaveLength(2);
    expect(explainDrift(ask({ gap: noCredits, uses: uses.toReversed() }))).toEqual(told);
  });

  it('[G13] the order in which lines arrive changes nothing', () => {
    fc.assert(
      fc.property(anyQuestion, (question) => {
        const turned = { ...question, uses: question.uses.toReversed(), pending: question.pending.toReversed() };
        expect(explainDrift(turned)).toEqual(explainDrift(question));
      }),
      { numRuns: 200 },
    );
  });

  it('[V1] names nobody: who used something is nowhere in the explanation', () => {
    fc.assert(
      fc.property(anyQuestion, (question) => {
        const told = JSON.stringify(explainDrift(question));
        expect(told).not.toContain('ana');
        expect(told).not.toContain('ben');
      }),
      { numRuns: 50 },
    );
  });
});

describe('likely causes', () => {
  const usual = ['2026-11-02', '2026-11-03', '2026-11-05'].map((day) => use(`on-${day}`, day));

  it('[G13] days of work without any entry count what a usual day has, as far as the gap goes', () => {
    const question = ask({ gap: wholeCredits(15), uses: usual, workDays: ['2026-11-03', '2026-11-04', '2026-11-06'] });
    expect(partsOf(question)).toEqual({ 'silent-days': 15, unexplained: 0 });
    const [part] = explainDrift(question).parts;
    expect(part?.found).toBe(wholeCredits(20));
    expect(part?.places.map(({ day }) => day)).toEqual(['2026-11-04', '2026-11-06']);
    expect(partsOf(ask({ gap: wholeCredits(15), uses: usual.slice(1), workDays: ['2026-11-04'] }))).toEqual({
      unexplained: 15,
    });
  });

  it('[G13] an entry by hand beside the same one in a report, and one made twice within minutes', () => {
    const soon = instant(Date.parse('2026-11-05T09:04:00Z'));
    const uses = [
      ...usual,
      use('imported', '2026-11-02', { source: 'import' }),
      use('again', '2026-11-05', { at: soon }),
      use('somebody-else', '2026-11-05', { at: soon, who: 'ben' }),
    ];
    expect(partsOf(ask({ gap: wholeCredits(-25), uses }))).toEqual({ 'entered-twice': -20, unexplained: -5 });
    const undone = use('undo', '2026-11-05', { linkedId: 'again', credits: wholeCredits(-10) });
    expect(partsOf(ask({ gap: wholeCredits(-25), uses: [...uses, undone] }))).toEqual({
      'entered-twice': -10,
      unexplained: -15,
    });
  });

  it('[H6] credits that holds have set aside: the platform took them when generation began', () => {
    const pending = [{ day: '2026-11-20', featureId: 'video', credits: wholeCredits(250) }];
    expect(partsOf(ask({ gap: wholeCredits(300), pending }))).toEqual({ 'pending-holds': 250, unexplained: 50 });
    expect(partsOf(ask({ gap: wholeCredits(-300), pending }))).toEqual({ 'pending-holds': 0, unexplained: -300 });
  });

  it('[L1] entries that were written down after the reading', () => {
    const late = use('late', '2026-11-19', { recordedAt: instant(enteredAt + 60_000) });
    expect(partsOf(ask({ gap: wholeCredits(-10), uses: [late] }))).toEqual({ 'entered-late': -10, unexplained: 0 });
  });

  it('[C1] a price that changed: charged the old way for longer, or the new way sooner', () => {
    const rates = [
      {
        at: instant(Date.parse('2026-11-03T00:00:00Z')),
        featureId: 'video',
        variant: null,
        before: wholeCredits(14),
        after: wholeCredits(10),
      },
    ];
    expect(partsOf(ask({ gap: wholeCredits(10), uses: usual, rates }))).toEqual({ 'rate-changed': 8, unexplained: 2 });
    const dear = [use('before', '2026-11-02', { credits: wholeCredits(14) })];
    expect(partsOf(ask({ gap: wholeCredits(-4), uses: dear, rates }))).toEqual({ 'rate-changed': -4, unexplained: 0 });
  });

  it('[G13] what the reading before left open comes first', () => {
    expect(partsOf(ask({ gap: wholeCredits(40), carried: wholeCredits(30) }))).toEqual({
      carried: 30,
      unexplained: 10,
    });
  });
});

describe('what the platform says of a feature or a day', () => {
  it('[G13] stands beside the ledger, and the rest is said', () => {
    const uses = [use('one', '2026-11-02'), use('two', '2026-11-02', { featureId: 'image' })];
    const stated = new Map([['video', wholeCredits(35)]]);
    const { byFeature, restOfFeatures } = explainDrift(ask({ gap: wholeCredits(20), uses, stated }));
    expect(byFeature).toEqual([
      { featureId: 'video', ledger: wholeCredits(10), stated: wholeCredits(35), difference: wholeCredits(25) },
      { featureId: 'image', ledger: wholeCredits(10), stated: null, difference: null },
    ]);
    expect(restOfFeatures).toBe(wholeCredits(-5));
  });

  it('[C6] a report covers the days between its first and its last', () => {
    const uses = [
      use('a', '2026-11-02', { source: 'import' }),
      use('by-hand', '2026-11-03', { featureId: 'image', credits: wholeCredits(7) }),
      use('b', '2026-11-04', { source: 'import' }),
      use('after', '2026-11-06'),
    ];
    const { byDay, restOfDays } = explainDrift(ask({ gap: wholeCredits(-5), uses }));
    const shown = byDay.filter(({ entries }) => entries > 0).map(({ day, difference }) => [day, difference]);
    expect(shown).toEqual([
      ['2026-11-02', 0],
      ['2026-11-03', wholeCredits(-7)],
      ['2026-11-04', 0],
      ['2026-11-06', null],
    ]);
    expect(restOfDays).toBe(wholeCredits(2));
  });
});
