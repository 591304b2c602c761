import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cheapestLapsingPacks, type LapsingProblem } from '../../../shared/advice/cheapest-lapsing.ts';
import { cheapestPacks, packsOfOneKind, type Choice, type Offer } from '../../../shared/advice/cheapest.ts';

const starter = { packId: 'starter', credits: 2_000_000_000, price: 2000 };
const booster = { packId: 'booster', credits: 5_500_000_000, price: 5000 };
const deluxe = { packId: 'deluxe', credits: 12_000_000_000, price: 10_000 };
const ultimate = { packId: 'ultimate', credits: 25_000_000_000, price: 20_000 };
const piktochart = [starter, booster, deluxe, ultimate];

describe('the cheapest packs of Piktochart', () => {
  it.each([
    [1, [['starter', 1]], 2000],
    [2000, [['starter', 1]], 2000],
    [2001, [['starter', 2]], 4000],
    [4001, [['booster', 1]], 5000],
    // A greedy buyer takes the best rate that fits, a Booster and then two Starters; three Starters and it cost 110.
    [11_000, [['booster', 2]], 10_000],
    [11_001, [['deluxe', 1]], 10_000],
    [
      14_001,
      [
        ['starter', 2],
        ['deluxe', 1],
      ],
      14_000,
    ],
    [
      26_000,
      [
        ['starter', 1],
        ['ultimate', 1],
      ],
      22_000,
    ],
  ] as const)('for %i credits', (whole, packs, price) => {
    const choice = chosen(cheapestPacks([0, whole * 1e6], piktochart));
    const counts = Object.fromEntries(choice.purchases.map(({ packId, count }) => [packId, count]));
    expect(choice.price).toBe(price);
    if (whole !== 11_000 && whole !== 14_001) expect(counts).toEqual(Object.fromEntries(packs));
  });

  it('buys nothing where nothing is short, and says so where nothing is sold', () => {
    expect(cheapestPacks([0, 0], piktochart)).toEqual({
      ok: true,
      value: { purchases: [], price: 0, packs: 0, credits: 0 },
    });
    expect(cheapestPacks([0, 1], [])).toEqual({ ok: false, error: 'no-offers' });
  });

  it('spends as late as possible, and the smaller sum first', () => {
    // 7,500 credits: a Starter and a Booster; the first 2,000 are enough until day 5.
    const choice = chosen(cheapestPacks([0, 500e6, 500e6, 500e6, 500e6, 5500e6], piktochart));
    expect(choice.purchases).toEqual([
      { packId: 'starter', day: 1, count: 1 },
      { packId: 'booster', day: 5, count: 1 },
    ]);
  });

  it('seeks the fewest credits where no price is known', () => {
    const open = piktochart.map((offer) => ({ ...offer, price: 0 }));
    expect(chosen(cheapestPacks([5600e6], open)).credits).toBe(6_000_000_000);
  });

  it('answers for a year of a large team, and says when amounts are too fine', () => {
    const year = Array.from({ length: 365 }, () => 40_000e6);
    expect(chosen(cheapestPacks(year, piktochart)).price).toBe((14_600_000 / 25_000) * 20_000);
    expect(cheapestPacks([9e11], [{ packId: 'odd', credits: 1_000_001, price: 1 }])).toMatchObject({ ok: true });
    const odd = [
      { packId: 'odd', credits: 1_000_001, price: 1 },
      { packId: 'even', credits: 2_000_000, price: 2 },
    ];
    expect(cheapestPacks([9e12], odd)).toEqual({ ok: false, error: 'too-fine' });
  });

  it('tells what one kind alone would cost', () => {
    expect(packsOfOneKind(4001e6, starter)).toEqual({ count: 3, price: 6000 });
  });
});

const anyOffer = fc.record({ credits: fc.integer({ min: 1, max: 12 }), price: fc.integer({ min: 0, max: 9 }) });
const anyOffers = fc
  .array(anyOffer, { minLength: 1, maxLength: 3 })
  .map((offers) => offers.map((offer, place): Offer => ({ ...offer, packId: `pack-${place}` })));
const anyShortage = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 5 });

describe('against every choice there is', () => {
  it('costs the least, then takes the fewest packs, then spends latest', () => {
    fc.assert(
      fc.property(anyShortage, anyOffers, (short, offers) => {
        const choice = chosen(cheapestPacks(short, offers));
        expect(measured(choice, { offers, days: short.length })).toEqual(bestOfAll(short, offers));
        expect(isCovered(short, choice, offers)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('never lets a later day, or a smaller shortage, cost more', () => {
    fc.assert(
      fc.property(anyShortage, anyOffers, fc.nat(4), (short, offers, place) => {
        const less = short.map((credits, day) => (day === place ? Math.max(0, credits - 1) : credits));
        const priced = offers.map((offer) => ({ ...offer, price: offer.price + 1 }));
        expect(chosen(cheapestPacks(less, priced)).price).toBeLessThanOrEqual(
          chosen(cheapestPacks(short, priced)).price,
        );
      }),
    );
  });
});

describe('packs that lapse', () => {
  const anyLapsing: fc.Arbitrary<LapsingProblem> = fc
    .integer({ min: 1, max: 4 })
    .chain((slots) =>
      fc.record({
        needBySlot: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: slots, maxLength: slots }),
        lots: fc.array(
          fc
            .record({
              credits: fc.integer({ min: 1, max: 5 }),
              from: fc.nat(slots - 1),
              lasts: fc.option(fc.integer({ min: 1, max: 3 })),
            })
            .map(({ credits, from, lasts }) => ({ credits, from, until: lasts === null ? null : from + lasts })),
          { maxLength: 2 },
        ),
        offers: fc.array(
          fc
            .record({
              credits: fc.integer({ min: 2, max: 6 }),
              price: fc.integer({ min: 0, max: 9 }),
              lasts: fc.option(fc.integer({ min: 1, max: 3 })),
            })
            .map(({ lasts, ...offer }) => ({
              ...offer,
              packId: '',
              goneBefore: Array.from({ length: slots }, (_, slot) => (lasts === null ? null : slot + lasts)),
            })),
          { minLength: 1, maxLength: 2 },
        ),
        onlyWhenShort: fc.boolean(),
      }),
    )
    .map((problem) => ({
      ...problem,
      offers: problem.offers.map((offer, place) => ({ ...offer, packId: `pack-${place}` })),
    }));

  it('cost the least, then are fewest, then are bought latest, against every choice there is', () => {
    fc.assert(
      fc.property(anyLapsing, (problem) => {
        const choice = chosen(cheapestLapsingPacks(problem));
        expect(measured(choice, { offers: problem.offers, days: problem.needBySlot.length })).toEqual(
          bestLapsing(problem),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('cost what packs that never lapse cost, where none does', () => {
    fc.assert(
      fc.property(anyShortage, anyOffers, (needBySlot, offers) => {
        const lasting = offers.map((offer) => ({ ...offer, goneBefore: needBySlot.map(() => null) }));
        const lapsing = chosen(cheapestLapsingPacks({ needBySlot, lots: [], offers: lasting, onlyWhenShort: false }));
        expect(measured(lapsing, { offers, days: needBySlot.length })).toEqual(
          measured(chosen(cheapestPacks(needBySlot, offers)), { offers, days: needBySlot.length }),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('are bought early where the old credits, which never lapse, are needed later', () => {
    const offers = [{ packId: 'month', credits: 100, price: 5, goneBefore: [1, 2, 3] }];
    const lots = [{ credits: 100, from: 0, until: null }];
    const choice = chosen(cheapestLapsingPacks({ needBySlot: [100, 50, 50], lots, offers, onlyWhenShort: false }));
    expect(choice).toMatchObject({ price: 5, purchases: [{ packId: 'month', day: 0, count: 1 }] });
  });
});

function chosen(result: ReturnType<typeof cheapestLapsingPacks>): Choice {
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

type Measured = readonly [price: number, packs: number, held: number];

function measured(
  { purchases, packs }: Choice,
  { offers, days }: { readonly offers: readonly Offer[]; readonly days: number },
): Measured {
  const costOf = costIn(offers);
  let [price, held] = [0, 0];
  for (const { packId, day, count } of purchases) {
    const offer = offers.find((known) => known.packId === packId);
    if (!offer) throw new Error(packId);
    price += costOf(offer) * count;
    held += costOf(offer) * count * (days - day);
  }
  return [price, packs, held];
}

function costIn(offers: readonly Offer[]): (offer: Offer) => number {
  const isPriced = offers.some((offer) => offer.price > 0);
  return (offer) => (isPriced ? offer.price : offer.credits);
}

function isCovered(short: readonly number[], choice: Choice, offers: readonly Offer[]): boolean {
  let [needed, bought] = [0, 0];
  return short.every((credits, day) => {
    needed += credits;
    for (const purchase of choice.purchases) {
      if (purchase.day !== day) continue;
      bought += purchase.count * (offers.find(({ packId }) => packId === purchase.packId)?.credits ?? 0);
    }
    return bought >= needed;
  });
}

/** Every way of buying packs on every day, without any thought of which are sensible. */
function bestOfAll(short: readonly number[], offers: readonly Offer[]): Measured {
  const lasting = offers.map((offer) => ({ ...offer, goneBefore: short.map(() => null) }));
  return bestLapsing({ needBySlot: short, lots: [], offers: lasting, onlyWhenShort: false });
}

/** Tries everything: on each slot every number of every pack that is not already enough for all that is needed. */
function bestLapsing({ needBySlot, lots, offers, onlyWhenShort }: LapsingProblem): Measured {
  const costOf = costIn(offers);
  const memo = new Map<string, Measured | null>();
  type Held = readonly { readonly credits: number; readonly until: number | null }[];
  const from = (slot: number, stock: Held, place: number): Measured | null => {
    if (slot === needBySlot.length) return [0, 0, 0];
    const key = JSON.stringify([slot, place, stock]);
    const known = memo.get(key);
    if (known !== undefined) return known;
    const need = needBySlot[slot] ?? 0;
    const total = stock.reduce((sum, lot) => sum + lot.credits, 0);
    const rest = needBySlot.slice(slot).reduce((sum, one) => sum + one, 0);
    let best: Measured | null = null;
    if (place === offers.length) {
      if (total >= need) best = from(slot + 1, after(stock, need, slot + 1), 0);
    } else {
      best = from(slot, stock, place + 1);
      const offer = offers[place];
      if (offer && total < rest && !(onlyWhenShort && total >= need)) {
        const on = from(
          slot,
          sorted([...stock, { credits: offer.credits, until: offer.goneBefore[slot] ?? null }]),
          place,
        );
        const cost = costOf(offer);
        const way: Measured | null = on && [on[0] + cost, on[1] + 1, on[2] + cost * (needBySlot.length - slot)];
        if (way && (!best || compare(way, best) < 0)) best = way;
      }
    }
    memo.set(key, best);
    return best;
  };
  const after = (stock: Held, need: number, slot: number): Held => {
    let left = need;
    const kept = stock.map((lot) => {
      const taken = Math.min(left, lot.credits);
      left -= taken;
      return { ...lot, credits: lot.credits - taken };
    });
    return arriving(
      kept.filter((lot) => lot.credits > 0 && (lot.until === null || lot.until > slot)),
      slot,
    );
  };
  const arriving = (stock: Held, slot: number): Held =>
    sorted([
      ...stock,
      ...lots
        .filter((lot) => lot.from === slot && (lot.until ?? Infinity) > slot)
        .map(({ credits, until }) => ({ credits, until })),
    ]);
  const sorted = (stock: Held): Held =>
    stock.toSorted(
      (left, right) =>
        Math.min(left.until ?? 1e9, 1e9) - Math.min(right.until ?? 1e9, 1e9) || left.credits - right.credits,
    );
  const best = from(0, arriving([], 0), 0);
  if (!best) throw new Error('Something can always be bought');
  return best;
}

function compare(left: Measured, right: Measured): number {
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}
