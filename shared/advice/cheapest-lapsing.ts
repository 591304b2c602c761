/**
 * As `cheapest.ts`, where packs lapse: a pack bought early may then be gone when it is needed, so days and packs can no
 * longer be told apart. Exact by branch and bound over what is in stock: the cheapest beginning is always followed first,
 * and what its rest costs at least is added to it, so that the first one that reaches the end is the best.
 */
import { assert } from '../kernel/assert.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { Choice, NoChoice, Offer, Purchase } from './cheapest.ts';

export interface LapsingOffer extends Offer {
  /** The slot before which a pack is gone that is bought at the beginning of each slot; null for never. */
  readonly goneBefore: readonly (number | null)[];
}

/** Credits that are there, or will be, without buying: usable from slot `from` on and before slot `until`. */
export interface Lot {
  /** Micro-credits. */
  readonly credits: number;
  readonly from: number;
  readonly until: number | null;
}

export interface LapsingProblem {
  /** Whole micro-credits that the allotment does not pay in each slot of time; slots are short where it matters. */
  readonly needBySlot: readonly number[];
  readonly lots: readonly Lot[];
  readonly offers: readonly LapsingOffer[];
  /** The platform sells only to those who have nothing left. */
  readonly onlyWhenShort: boolean;
}

/** The cheapest packs; `day` of a purchase is the slot at whose beginning it has to be there. */
export function cheapestLapsingPacks(problem: LapsingProblem): Result<Choice, NoChoice | 'too-many'> {
  const { needBySlot, offers, lots } = problem;
  const isPriced = offers.some((offer) => offer.price > 0);
  const costOf = (offer: Offer): number => (isPriced ? offer.price : offer.credits);
  const perCredit = Math.min(...offers.map((offer) => costOf(offer) / offer.credits));
  const lackingBySlot = needBySlot.map((_, slot) => {
    const rest = needBySlot.slice(slot).reduce((sum, need) => sum + need, 0);
    return rest - lots.reduce((sum, lot) => sum + (lot.from > slot ? lot.credits : 0), 0);
  });
  // As if nothing lapsed and every credit could be had at the best rate. It depends on the state alone and never falls by
  // more than is paid, so that whatever is looked at was reached in the best way.
  const atLeastOf = ({ cost, slot, stock }: Pick<State, 'cost' | 'slot' | 'stock'>): number => {
    const lacking = (lackingBySlot[slot] ?? 0) - burningUntil(stock, null);
    return cost + Math.max(0, Math.ceil(lacking * perCredit - 1e-6));
  };
  const push = (state: Omit<State, 'atLeast'>): void => open.push({ ...state, atLeast: atLeastOf(state) });
  const open = new Frontier();
  const seen = new Set<string>();
  push(beginning(problem));
  for (let looked = 0; looked < statesMax; looked++) {
    const state = open.pop();
    if (state === undefined) return err('no-offers');
    if (state.slot === needBySlot.length) return ok(choiceOf(state, offers));
    const key = `${state.slot}/${state.from}/${state.stock.map(({ credits, until }) => `${credits}@${until ?? ''}`).join()}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const need = needBySlot[state.slot] ?? 0;
    const inStock = burningUntil(state.stock, null);
    if (inStock >= need) push(nextSlot(state, need, problem));
    if (problem.onlyWhenShort && inStock >= need) continue;
    for (const [place, offer] of offers.entries()) {
      // Packs of one slot are bought in the order of the offers: another order is the same choice.
      if (place < state.from) continue;
      const until = offer.goneBefore[state.slot] ?? null;
      // What would not be touched in this slot is bought later: it then lasts as long or longer.
      if (burningUntil(state.stock, until) >= need || endOf({ until }) <= state.slot) continue;
      const cost = costOf(offer);
      push({
        ...state,
        from: place,
        stock: withLot(state.stock, { credits: offer.credits, until }),
        cost: state.cost + cost,
        packs: state.packs + 1,
        held: state.held + cost * (needBySlot.length - state.slot),
        bought: { place, slot: state.slot, before: state.bought },
      });
    }
  }
  return err('too-many');
}

interface StockLot {
  readonly credits: number;
  readonly until: number | null;
}

interface State {
  readonly slot: number;
  /** The first offer that may still be bought in this slot. */
  readonly from: number;
  /** What burns first comes first. [G2] */
  readonly stock: readonly StockLot[];
  readonly cost: number;
  /** What every way on from here costs at the least, what was spent included. */
  readonly atLeast: number;
  readonly packs: number;
  readonly held: number;
  readonly bought: Bought | null;
}

interface Bought {
  readonly place: number;
  readonly slot: number;
  readonly before: Bought | null;
}

function beginning({ lots }: LapsingProblem): Omit<State, 'atLeast'> {
  const stock = lots
    .filter((lot) => lot.from <= 0 && (lot.until === null || lot.until > 0))
    .reduce(withLot, emptyStock);
  return { slot: 0, from: 0, stock, cost: 0, packs: 0, held: 0, bought: null };
}

const emptyStock: readonly StockLot[] = [];

function nextSlot(state: State, need: number, { lots }: LapsingProblem): State {
  const slot = state.slot + 1;
  let left = need;
  const kept: StockLot[] = [];
  for (const lot of state.stock) {
    const taken = Math.min(left, lot.credits);
    left -= taken;
    if (lot.credits > taken && (lot.until === null || lot.until > slot)) {
      kept.push({ ...lot, credits: lot.credits - taken });
    }
  }
  const stock = lots.filter((lot) => lot.from === slot).reduce(withLot, kept);
  return { ...state, slot, from: 0, stock };
}

/** Sorted by end; lots that end together are one. */
function withLot(stock: readonly StockLot[], { credits, until }: StockLot): readonly StockLot[] {
  if (credits <= 0) return stock;
  const same = stock.find((lot) => lot.until === until);
  if (same) return stock.map((lot) => (lot === same ? { until, credits: lot.credits + credits } : lot));
  return [...stock, { credits, until }].sort((left, right) => endOf(left) - endOf(right));
}

/** What burns before a lot that ends at `until`, or together with it. */
function burningUntil(stock: readonly StockLot[], until: number | null): number {
  let sum = 0;
  for (const lot of stock) if (endOf(lot) <= endOf({ until })) sum += lot.credits;
  return sum;
}

function endOf({ until }: Pick<StockLot, 'until'>): number {
  return until ?? Number.MAX_SAFE_INTEGER;
}

function choiceOf(state: State, offers: readonly LapsingOffer[]): Choice {
  const counts = new Map<string, Purchase & { readonly place: number }>();
  let [price, credits] = [0, 0];
  for (let one = state.bought; one !== null; one = one.before) {
    const offer = offers[one.place];
    assert(offer, 'What was bought is on offer');
    const key = `${one.slot}/${one.place}`;
    const count = (counts.get(key)?.count ?? 0) + 1;
    counts.set(key, { packId: offer.packId, day: one.slot, count, place: one.place });
    price += offer.price;
    credits += offer.credits;
  }
  const purchases = [...counts.values()]
    .sort((left, right) => left.day - right.day || left.place - right.place)
    .map(({ packId, day, count }) => ({ packId, day, count }));
  return { purchases, price, packs: state.packs, credits };
}

/** What is still to be looked at, the most promising first. */
class Frontier {
  readonly #heap: State[] = [];

  push(state: State): void {
    const heap = this.#heap;
    let place = heap.length;
    heap.push(state);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !comesFirst(state, above)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = state;
  }

  pop(): State | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      const [left, right] = [heap[2 * place + 1], heap[2 * place + 2]];
      const child = left !== undefined && right !== undefined && comesFirst(right, left) ? right : left;
      if (child === undefined || !comesFirst(child, last)) break;
      heap[place] = child;
      place = 2 * place + (child === left ? 1 : 2);
    }
    heap[place] = last;
    return first;
  }
}

function comesFirst(left: State, right: State): boolean {
  return (left.atLeast - right.atLeast || left.packs - right.packs || left.held - right.held) < 0;
}

const statesMax = 200_000;
