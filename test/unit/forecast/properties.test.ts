// What holds for every history, whatever it looks like.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecast, type ForecastInput } from '../../../shared/forecast/forecast.ts';
import { hashText } from '../../../shared/kernel/hash.ts';
import { constant, inputFor, teamUse } from './series.ts';

const histories = fc.oneof(
  fc.array(fc.nat({ max: 400 }), { minLength: 1, maxLength: 80 }),
  fc.array(fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.double({ min: 0, max: 1e6, noNaN: true })), {
    minLength: 1,
    maxLength: 80,
  }),
  fc.record({ seed: fc.nat(), dayCount: fc.integer({ min: 1, max: 200 }) }).map(teamUse),
);

describe('whatever the history', () => {
  it('[F7] a longer horizon only adds days: what was said of the earlier ones stays', () => {
    fc.assert(
      fc.property(histories, fc.integer({ min: 1, max: 30 }), fc.nat(), (history, horizonDays, seed) => {
        const ask = (days: number) =>
          forecast(inputFor(history, { seed, horizonDays: days, daysUntilReset: null })).cumulative.mean;
        ask(horizonDays).forEach((value, day) => expect(ask(horizonDays + 15)[day]).toBe(value));
      }),
      { numRuns: 25 },
    );
  });

  it('[F7] scaled use gives the scaled forecast, in every figure', () => {
    fc.assert(
      // Powers of two scale without rounding, so that paths compare the same way.
      fc.property(histories, fc.integer({ min: -6, max: 12 }), fc.nat(), (history, power, seed) => {
        const scale = 2 ** power;
        const plain = history.map((use) => Math.round(use) * 64);
        const one = forecast(inputFor(plain, { seed, usedThisPeriod: 640, availableNow: 6400 }));
        const other = forecast(
          inputFor(
            plain.map((use) => use * scale),
            { seed, usedThisPeriod: 640 * scale, availableNow: 6400 * scale },
          ),
        );
        for (const key of ['p10', 'p50', 'p90', 'mean'] as const) {
          expect(other.cumulative[key]).toEqual(one.cumulative[key].map((value) => value * scale));
          if (one.endOfPeriod) expect(other.endOfPeriod?.[key]).toBeCloseTo(one.endOfPeriod[key] * scale, 6);
          if (one.shortfall) expect(other.shortfall?.[key]).toBeCloseTo(one.shortfall[key] * scale, 6);
        }
        expect(other.runOut).toEqual(one.runOut);
      }),
      { numRuns: 60 },
    );
  });

  it('[F8] another seed is another draw of the same forecast: expected use stays, ranges hardly move', () => {
    const history = teamUse({ seed: 4, dayCount: 90 });
    const seeds = Array.from({ length: 12 }, (_, index) => hashText(`pool/2026-11-${index + 10}`));
    const results = seeds.map((seed) => forecast(inputFor(history, { seed })));
    const [first] = results;
    const middle = (pick: (result: ReturnType<typeof forecast>) => number) => {
      const values = results.map(pick).toSorted((left, right) => left - right);
      return { lowest: values[0] ?? 0, highest: values.at(-1) ?? 0 };
    };
    for (const result of results) expect(result.cumulative.mean).toEqual(first?.cumulative.mean);
    for (const key of ['p10', 'p50', 'p90'] as const) {
      const { lowest, highest } = middle((result) => result.cumulative[key].at(-1) ?? 0);
      expect(highest / lowest).toBeLessThan(1.15);
    }
    // In whatever order seeds are asked, each gives what it gave.
    const again = seeds.toReversed().map((seed) => forecast(inputFor(history, { seed })));
    expect(again.toReversed()).toEqual(results);
  });

  it('[F8] histories without a pattern do not care which day is called the first of the week', () => {
    const flat = constant(56, 10);
    const results = Array.from({ length: 7 }, (_, day) => forecast(inputFor(flat, { weekdayOfFirstHistoryDay: day })));
    for (const result of results) {
      result.cumulative.p50.forEach((value, day) => expect(value).toBeCloseTo(results[0]?.cumulative.p50[day] ?? 0, 6));
    }
  });

  it('[F7] the same use every day: the forecast is that use, within a range that holds it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 1e9, noNaN: true }), fc.integer({ min: 14, max: 200 }), (use, days) => {
        const { cumulative, pacePerDay } = forecast(inputFor(constant(days, use)));
        expect((pacePerDay ?? 0) / use).toBeCloseTo(1, 9);
        cumulative.mean.forEach((value, day) => expect(value / (use * (day + 1))).toBeCloseTo(1, 9));
        cumulative.p10.forEach((value, day) => expect(value).toBeLessThan(use * (day + 1)));
        cumulative.p90.forEach((value, day) => expect(value).toBeGreaterThan(use * (day + 1)));
      }),
      { numRuns: 40 },
    );
  });
});

describe('another device', () => {
  it('[F8] shows the same figures: another process gives the same to the last digit', () => {
    const inputs: readonly ForecastInput[] = [
      inputFor(teamUse({ seed: 1, dayCount: 9 }), { seed: hashText('pool-a/2026-11-20') }),
      inputFor(teamUse({ seed: 2, dayCount: 400 }), { seed: hashText('pool-b/2026-11-20'), daysUntilReset: 3.4 }),
      inputFor(constant(30, 0)),
    ];
    const module = fileURLToPath(new URL('../../../shared/forecast/forecast.ts', import.meta.url));
    const script = `import { forecast } from ${JSON.stringify(module)};
      let text = '';
      for await (const piece of process.stdin) text += piece;
      console.log(JSON.stringify(JSON.parse(text).map((input) => forecast(input))));`;
    const answer = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      input: JSON.stringify(inputs),
      encoding: 'utf8',
      maxBuffer: 1e8,
      env: { ...process.env, TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8' },
    });
    expect(JSON.parse(answer)).toEqual(JSON.parse(JSON.stringify(inputs.map((input) => forecast(input)))));
  });

  it('[F8] has the same figures as were shown before: these change only with a decision', () => {
    const { endOfPeriod, runOut, pacePerDay, shortfall } = forecast(
      inputFor(teamUse({ seed: 7, dayCount: 60 }), { seed: hashText('pool/2026-11-20'), usedThisPeriod: 300 }),
    );
    const rounded = (value: number | null | undefined) => Math.round((value ?? Number.NaN) * 1000) / 1000;
    expect([pacePerDay, endOfPeriod?.p10, endOfPeriod?.p50, endOfPeriod?.p90, endOfPeriod?.mean].map(rounded)).toEqual([
      100.28, 1688.523, 2233.064, 3176.772, 2311.195,
    ]);
    expect([runOut?.p10, runOut?.p50, runOut?.p90, runOut?.probability, shortfall?.mean].map(rounded)).toEqual([
      6.507, 11.012, 14.47, 0.99, 1049.209,
    ]);
  });
});
