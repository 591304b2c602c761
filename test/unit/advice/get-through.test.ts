import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { getThrough, type GetThroughQuestion } from '../../../shared/advice/get-through.ts';
import { shortByDay } from '../../../shared/advice/shortfall.ts';
import type { Pack } from '../../../shared/catalogue/catalogue.ts';
import { figure } from '../../../shared/catalogue/figure.ts';
import { forecast } from '../../../shared/forecast/forecast.ts';
import { plainPlan } from '../catalogue/catalogue-builder.ts';
import { constant, inputFor, teamUse } from '../forecast/series.ts';

const usd = (minorUnits: number) => ({ minorUnits, currency: 'USD' });
const pack = (
  id: string,
  credits: string | null,
  price: Pack['price'],
  lapsesAfterMonths: number | null = null,
): Pack => ({
  id,
  name: id,
  credits,
  price,
  lapsesAfterMonths,
  source: 'page',
});
const small = pack('small', '200', usd(300));
const large = pack('large', '1000', usd(1000));

function ask(more: Partial<GetThroughQuestion> = {}): GetThroughQuestion {
  const packs = more.packs ?? [small, large];
  return {
    input: inputFor(teamUse({ seed: 5, dayCount: 60 }), { horizonDays: 90, daysUntilReset: 20, availableNow: 300 }),
    today: '2026-11-20',
    untilDays: 20,
    sureness: 'p90',
    plan: plainPlan({
      packs: { sold: 'order', ids: packs.map(({ id }) => id), onlyWhenUsedUp: false, source: 'page' },
    }),
    packs,
    lasting: [],
    ...more,
  };
}

describe('getting through', () => {
  it('covers what is short in the case that was asked for, on every day', () => {
    fc.assert(
      fc.property(
        fc.nat(500),
        fc.integer({ min: 0, max: 1500 }),
        fc.constantFrom('p50' as const, 'p90' as const),
        (seed, availableNow, sureness) => {
          const question = ask({
            input: inputFor(teamUse({ seed, dayCount: 60 }), { horizonDays: 90, availableNow }),
            sureness,
          });
          const through = getThrough(question);
          if (!through.choice.ok) throw new Error(through.choice.error);
          const short = shortByDay(forecast(question.input).cumulative[sureness], question.input, 20);
          let [needed, bought] = [0, 0];
          for (const [day, credits] of short.entries()) {
            needed += credits;
            for (const one of through.choice.value.purchases) {
              if (one.day === day) bought += one.count * (one.packId === 'small' ? 200 : 1000);
            }
            expect(bought).toBeGreaterThanOrEqual(needed - 1e-3);
          }
          expect(through.earliest.every((day, place) => day >= '2026-11-20' && place >= 0)).toBe(true);
          const { lasts } = through;
          if (lasts.with !== null) expect(lasts.with).toBeGreaterThanOrEqual(lasts.without ?? 0);
          if (lasts.with !== null && sureness === 'p90') expect(lasts.with).toBeGreaterThan(0.8);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('says nothing of packs before there is a date', () => {
    const through = getThrough(ask({ input: inputFor(constant(4, 50), { availableNow: 10 }) }));
    expect(through).toMatchObject({ quality: 'pace-only', short: 0, lasts: { without: null, with: null } });
  });

  it('[K2] weighs prices of one currency only, and says what it leaves out', () => {
    const packs = [
      small,
      pack('euro', '500', { minorUnits: 1, currency: 'EUR' }),
      pack('open', null, usd(1)),
      pack('free', '9', null),
    ];
    const through = getThrough(ask({ packs }));
    expect(through.currency).toBe('USD');
    expect(through.leftOut).toEqual([
      { packId: 'euro', reason: 'other-currency' },
      { packId: 'open', reason: 'no-amount' },
      { packId: 'free', reason: 'no-price' },
    ]);
    expect(through.ofOneKind.map(({ packId }) => packId)).toEqual(['small']);
    const unpriced = getThrough(ask({ packs: [pack('one', '300', null), pack('two', '400', null)] }));
    expect(unpriced).toMatchObject({ currency: null, leftOut: [] });
  });

  it('buys packs that lapse in time and not too early', () => {
    // 50 a day, an allotment of 100 at each reset: short from the first days of each month.
    const monthly = pack('month', '1500', usd(1000), 1);
    const input = inputFor(constant(60, 50), {
      horizonDays: 90,
      daysUntilReset: 60,
      availableNow: 100,
      replenish: [{ dayOffset: 30, setTo: 100 }],
    });
    const through = getThrough(ask({ input, untilDays: 60, sureness: 'p50', packs: [monthly] }));
    if (!through.choice.ok) throw new Error(through.choice.error);
    const days = through.choice.value.purchases.map(({ day }) => day);
    expect(through.choice.value.purchases.reduce((sum, { count }) => sum + count, 0)).toBe(2);
    // The first as soon as the allotment is used up, the second when the first has lapsed or is used up.
    expect(days[0]).toBeGreaterThan(0);
    expect((days[1] ?? 0) - (days[0] ?? 0)).toBeGreaterThan(20);
    expect(figure(monthly.credits ?? '0')).toBe(1_500_000_000);
  });

  it('uses lasting credits first where they lapse first', () => {
    const input = inputFor(constant(60, 50), { horizonDays: 90, availableNow: 600, expiringNow: 100 });
    const lapsing = pack('month', '400', usd(400), 1);
    const lasting = [{ credits: 500, lapsesOn: '2026-11-25' }];
    const through = getThrough(ask({ input, sureness: 'p50', packs: [lapsing], lasting }));
    if (!through.choice.ok) throw new Error(through.choice.error);
    // 1,000 in 20 days: 100 allotted, at most 250 of the 500 before they lapse, the rest from packs.
    expect(through.choice.value.packs).toBe(2);
  });
});
