/**
 * The cheapest packs that cover what will be short, and when each has to be there. Exact: no other choice of packs and
 * days costs less; of those that cost the same it is the one with fewest packs, and of these the one that spends latest.
 */
import { assert } from '../kernel/assert.ts';
import { err, ok, type Result } from '../kernel/result.ts';

/** A pack on offer that never lapses. */
export interface Offer {
  readonly packId: string;
  /** Micro-credits, more than 0. */
  readonly credits: number;
  /** In the minor unit of one currency. Where no price is known, give every offer 0: then fewest credits are sought. */
  readonly price: number;
}

/** So many of one pack, to be there at the beginning of a day; 0 is today. */
export interface Purchase {
  readonly packId: string;
  readonly day: number;
  readonly count: number;
}

export interface Choice {
  /** By day, then in the order of the offers. */
  readonly purchases: readonly Purchase[];
  readonly price: number;
  readonly packs: number;
  /** Micro-credits bought in all. */
  readonly credits: number;
}

export type NoChoice =
  /** There is nothing to buy. */
  | 'no-offers'
  /** The amounts of the packs have so small a common part that there is no telling within reasonable memory. */
  | 'too-fine';

/**
 * Chooses among packs that never lapse.
 *
 * A pack that never lapses is as good later as now, so each is bought on the day on which everything bought before it is
 * used up. What is bought so far then says all that there is to know, and the best way on from there is found backwards
 * from the end: each amount looks at every pack that could be next.
 *
 * @param shortByDay micro-credits short on each day if nothing is bought; 0 or more, fractions are rounded up in sum.
 */
export function cheapestPacks(shortByDay: readonly number[], offers: readonly Offer[]): Result<Choice, NoChoice> {
  checkOffers(offers);
  const untilDay = runningSum(shortByDay);
  const total = untilDay.at(-1) ?? 0;
  if (total <= 0) return ok({ purchases: [], price: 0, packs: 0, credits: 0 });
  if (offers.length === 0) return err('no-offers');
  // Whatever is bought is a whole number of the packs' greatest common part: nothing is lost by counting in it.
  const unit = offers.reduce((common, offer) => greatestCommonDivisor(common, offer.credits), 0);
  const needed = untilDay.map((short) => Math.ceil(short / unit));
  const end = needed.at(-1) ?? 0;
  if (end > unitsMax) return err('too-fine');
  const best = waysOn(needed, offers, unit);
  return ok(choiceFrom(best, { needed, end, offers, unit }));
}

/** Fewest of one pack that cover as much, for the sentence that compares. */
export function packsOfOneKind(total: number, offer: Offer): { readonly count: number; readonly price: number } {
  const count = Math.ceil(total / offer.credits);
  return { count, price: count * offer.price };
}

interface WaysOn {
  /** By units bought so far: what the best way on costs, how many packs it takes, and which is next. */
  readonly price: Float64Array;
  readonly packs: Int32Array;
  /** Price × days for which it is spent before the end: less is later. */
  readonly held: Float64Array;
  readonly next: Int16Array;
}

function waysOn(needed: readonly number[], offers: readonly Offer[], unit: number): WaysOn {
  const end = needed.at(-1) ?? 0;
  const sizes = offers.map((offer) => offer.credits / unit);
  const isPriced = offers.some((offer) => offer.price > 0);
  const best: WaysOn = {
    price: new Float64Array(end),
    packs: new Int32Array(end),
    held: new Float64Array(end),
    next: new Int16Array(end),
  };
  let day = needed.length - 1;
  for (let bought = end - 1; bought >= 0; bought--) {
    while (day > 0 && (needed[day - 1] ?? 0) > bought) day -= 1;
    let chosen = { price: Infinity, packs: 0, held: 0, next: -1 };
    for (const [next, offer] of offers.entries()) {
      const after = bought + (sizes[next] ?? 0);
      // Without prices, what counts is how many credits are bought.
      const cost = isPriced ? offer.price : (sizes[next] ?? 0);
      const candidate = {
        price: cost + (best.price[after] ?? 0),
        packs: 1 + (best.packs[after] ?? 0),
        held: cost * (needed.length - day) + (best.held[after] ?? 0),
        next,
      };
      if (isBetter(candidate, chosen)) chosen = candidate;
    }
    best.price[bought] = chosen.price;
    best.packs[bought] = chosen.packs;
    best.held[bought] = chosen.held;
    best.next[bought] = chosen.next;
  }
  return best;
}

type Cost = { readonly price: number; readonly packs: number; readonly held: number };

function isBetter(left: Cost, right: Cost): boolean {
  return (left.price - right.price || left.packs - right.packs || left.held - right.held) < 0;
}

function choiceFrom(
  best: WaysOn,
  given: {
    readonly needed: readonly number[];
    readonly end: number;
    readonly offers: readonly Offer[];
    readonly unit: number;
  },
): Choice {
  const { needed, end, offers, unit } = given;
  const counts = new Map<string, Purchase>();
  let price = 0;
  let packs = 0;
  let bought = 0;
  while (bought < end) {
    const offer = offers[best.next[bought] ?? -1];
    assert(offer, 'Every amount below the end has a next pack');
    const day = needed.findIndex((units) => units > bought);
    const key = `${String(day).padStart(6, '0')}/${String(best.next[bought]).padStart(6, '0')}`;
    counts.set(key, { packId: offer.packId, day, count: (counts.get(key)?.count ?? 0) + 1 });
    price += offer.price;
    packs += 1;
    bought += offer.credits / unit;
  }
  const purchases = [...counts].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, purchase]) => purchase);
  return { purchases, price, packs, credits: bought * unit };
}

function checkOffers(offers: readonly Offer[]): void {
  for (const { packId, credits, price } of offers) {
    assert(Number.isSafeInteger(credits) && credits > 0, `Pack ${packId} has no credits`);
    assert(Number.isSafeInteger(price) && price >= 0, `Pack ${packId} has no price`);
  }
}

/** In sum, so that rounding up does not add a part of a credit a day. */
function runningSum(values: readonly number[]): readonly number[] {
  let sum = 0;
  return values.map((value) => {
    assert(value >= 0 && Number.isFinite(value), `Credits short are 0 or more: ${value}`);
    sum += value;
    // What floating point adds to a whole number of micro-credits buys no further pack.
    return Math.ceil(sum - 1e-3);
  });
}

function greatestCommonDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestCommonDivisor(right, left % right);
}

/** Amounts that are looked at, at most: some 20 MB, and a blink. */
const unitsMax = 1_000_000;
