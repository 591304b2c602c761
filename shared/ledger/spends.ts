import { assert } from '../kernel/assert.ts';
import { credits, type Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { GrantTerms } from './burn-order.ts';
import { compareKeys, type LineKey } from './line-order.ts';
import type { Share } from './transaction.ts';
import { useRank, type Uses } from './uses.ts';

/** A use or a hold, and who pays for it. It is never changed once another state can see it. */
export interface SpendState {
  readonly id: string;
  readonly kind: 'usage' | 'hold' | 'correction';
  readonly at: Instant;
  readonly periodStart: Instant;
  readonly expiresAt: Instant | null;
  /** In burn order, overage last: the first is spent first, the last is given back first. [H7] */
  readonly parts: Part[];
  /** For a hold: what resolved it, once. [H2] */
  resolution: {
    readonly how: 'captured' | 'released' | 'expired';
    readonly by: string | null;
    readonly at: Instant;
  } | null;
}

/** What one grant pays for one spend. */
export interface Part {
  /** null is overage. */
  readonly slot: Payer | null;
  used: number;
  held: number;
}

/** What is fixed about a grant that pays; `place` is its own among the slots of a state. */
export type Payer = GrantTerms & { readonly place: number };

/** The split of a spend as the fold computes it: what is used and what is still set aside, overage last. [G3] */
export function sharesOf(spend: SpendState): readonly Share[] {
  return spend.parts
    .filter((part) => part.used + part.held > 0)
    .map((part) => ({
      grantId: part.slot?.id ?? null,
      kind: part.slot?.kind ?? 'overage',
      credits: credits(part.used + part.held),
    }));
}

export function heldOf(spend: SpendState): Credits {
  return credits(spend.parts.reduce((total, part) => total + part.held, 0));
}

export function usedOf(spend: SpendState): Credits {
  return credits(spend.parts.reduce((total, part) => total + part.used, 0));
}

/**
 * Everything that was spent up to a state. Plain uses stay in their columns: of a phase, in which nothing but plain uses
 * happens, only what the grants paid for all of them together is kept, and the split of one use follows from its place
 * in the phase. What was held, or changed afterwards, is kept by itself. [G3]
 *
 * States share what lies behind them: each has a layer of its own, on top of the layers of the states that it goes on
 * from.
 */
export class Spends {
  readonly uses: Uses;
  readonly #layer: Layer;
  /** How many plain uses count so far. */
  #place: number;
  #phase: Phase | null = null;
  /** What began earlier is not known here, open holds apart; null where everything is. */
  readonly #since: Instant | null;

  private constructor(
    uses: Uses,
    given: { readonly layer: Layer; readonly place: number; readonly since: Instant | null },
  ) {
    this.uses = uses;
    this.#layer = given.layer;
    this.#place = given.place;
    this.#since = given.since;
  }

  static none(uses: Uses): Spends {
    return new Spends(uses, { layer: newLayer(null, 0), place: 0, since: null });
  }

  /** What begins from an instant on, after the holds that are open then. */
  static since(since: Instant, given: { readonly uses: Uses; readonly openHolds: readonly SpendState[] }): Spends {
    const spends = new Spends(given.uses, { layer: newLayer(null, 0), place: 0, since });
    const keyed = given.openHolds.map((hold) => ({ hold, key: { at: hold.at, rank: useRank, id: hold.id } }));
    for (const { key, hold } of keyed.sort((left, right) => compareKeys(left.key, right.key))) spends.begin(key, hold);
    return spends;
  }

  /** Goes on from here by itself. This one must not move any more while the other one is in use. */
  fork(): Spends {
    const layer = newLayer(this.#layer, this.#place);
    return new Spends(this.uses, { layer, place: this.#place, since: this.#since });
  }

  /** Takes over the layer below, when nobody else goes on from the state that it belongs to. */
  absorbParent(): void {
    const layer = this.#layer;
    const { parent } = layer;
    if (!parent) return;
    for (const [id, spend] of parent.spendById) if (!layer.spendById.has(id)) layer.spendById.set(id, spend);
    layer.begun = [...parent.begun, ...layer.begun];
    layer.phases = [...parent.phases, ...layer.phases];
    layer.place = parent.place;
    layer.parent = parent.parent;
  }

  get place(): number {
    return this.#place;
  }

  get size(): number {
    let count = this.#place;
    for (let layer: Layer | null = this.#layer; layer; layer = layer.parent) count += layer.begun.length;
    return count;
  }

  /**
   * A spend that counts so far. With `at`, when it began, a use is found without an index of all ids. To ask for one that
   * may be left out here is a mistake: the question needs a ledger that reaches further back.
   */
  get(id: string, at: Instant | null = null): SpendState | undefined {
    const spend = this.#find(id, at);
    const isKnown = spend !== undefined || this.#since === null || (at !== null && at >= this.#since);
    assert(isKnown, `Spend ${id} of ${at} is looked for from ${this.#since} on`);
    return spend;
  }

  #find(id: string, at: Instant | null): SpendState | undefined {
    const kept = this.#kept(id);
    if (kept) return kept;
    const place = this.uses.find(id, at);
    return place === null || place >= this.#place ? undefined : this.#useAt(place);
  }

  /** As `get`, to be changed: the state of this spend in whatever lies behind stays as it is. */
  edit(id: string, at: Instant): SpendState | undefined {
    const own = this.#layer.spendById.get(id);
    if (own) return own;
    // A line may name another instant than that of its use.
    const known = this.#find(id, at) ?? this.#find(id, null);
    if (!known) return undefined;
    const copy = { ...known, parts: known.parts.map((part) => ({ ...part })) };
    this.#layer.spendById.set(id, copy);
    return copy;
  }

  /** Begins a hold, or a use that is no plain one. */
  begin(key: LineKey, spend: SpendState): void {
    this.#layer.begun.push(key);
    this.#layer.spendById.set(spend.id, spend);
  }

  /** The use at `until` and all between it and the last one count now, paid by `payments` in burn order, overage last. */
  burn(until: number, periodStart: Instant, payments: readonly Payment[]): void {
    assert(until > this.#place, 'A phase moves forward');
    if (this.#phase === null) {
      this.#phase = { place: this.#place, periodStart, payments: [] };
      this.#layer.phases.push(this.#phase);
    }
    for (const payment of payments) {
      const last = this.#phase.payments.at(-1);
      if (last?.slot === payment.slot) last.credits += payment.credits;
      else this.#phase.payments.push({ ...payment });
    }
    this.#place = until;
  }

  /** Something else than a plain use has happened: who pays may be another one from now on. */
  endPhase(): void {
    this.#phase = null;
  }

  /** All spends, in the order in which they count. */
  *values(): Generator<SpendState> {
    for (const spend of [...this.latestUntil(null)].reverse()) yield spend;
  }

  /** Spends up to an instant, the latest first. */
  *latestUntil(at: Instant | null): Generator<SpendState> {
    let layer: Layer | null = this.#layer;
    let left = layer.begun.length;
    const last = at === null ? this.#place : this.uses.placeOf({ at, rank: useRank + 1, id: '' });
    let place = Math.min(last, this.#place);
    for (;;) {
      while (layer && left === 0) {
        layer = layer.parent;
        left = layer?.begun.length ?? 0;
      }
      const begun: LineKey | undefined = layer?.begun[left - 1];
      if (begun && at !== null && begun.at > at) {
        left -= 1;
        continue;
      }
      const use = place > 0 ? this.uses.useAt(place - 1) : undefined;
      if (begun && (!use || compareKeys(begun, { at: use.at, rank: useRank, id: use.id }) > 0)) {
        left -= 1;
        const kept = this.#kept(begun.id);
        assert(kept, `Spend ${begun.id} is there`);
        yield kept;
      } else if (use) {
        place -= 1;
        yield this.#kept(use.id) ?? this.#useAt(place);
      } else return;
    }
  }

  #kept(id: string): SpendState | undefined {
    for (let layer: Layer | null = this.#layer; layer; layer = layer.parent) {
      const spend = layer.spendById.get(id);
      if (spend) return spend;
    }
    return undefined;
  }

  /** A plain use, from what was paid for all uses of its phase: the ones before it took the first of it. */
  #useAt(place: number): SpendState {
    const { id, at, credits: amount } = this.uses.useAt(place);
    const phase = this.#phaseOf(place);
    let before = this.uses.sumBefore(place) - this.uses.sumBefore(phase.place);
    let left: number = amount;
    const parts: Part[] = [];
    for (const payment of phase.payments) {
      if (left === 0) break;
      const used = Math.min(left, Math.max(payment.credits - before, 0));
      before = Math.max(before - payment.credits, 0);
      if (used === 0) continue;
      parts.push({ slot: payment.slot, used, held: 0 });
      left -= used;
    }
    assert(left === 0, `Use ${id} is paid for`);
    const plain = { kind: 'usage', expiresAt: null, resolution: null } as const;
    return { ...plain, id, at, periodStart: phase.periodStart, parts };
  }

  #phaseOf(place: number): Phase {
    let layer: Layer = this.#layer;
    while (layer.parent && layer.place > place) layer = layer.parent;
    let low = 0;
    let high = layer.phases.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((layer.phases[middle]?.place ?? Infinity) <= place) low = middle;
      else high = middle - 1;
    }
    const phase = layer.phases[low];
    assert(phase, `Use ${place} lies in a phase`);
    return phase;
  }
}

/** What one grant pays for the uses of a phase; null is overage. */
export interface Payment {
  readonly slot: Payer | null;
  readonly credits: number;
}

interface Phase {
  readonly place: number;
  readonly periodStart: Instant;
  readonly payments: { readonly slot: Payer | null; credits: number }[];
}

interface Layer {
  parent: Layer | null;
  /** How many uses count below this layer. */
  place: number;
  readonly spendById: Map<string, SpendState>;
  /** What began in this layer and is no plain use. */
  begun: LineKey[];
  phases: Phase[];
}

function newLayer(parent: Layer | null, place: number): Layer {
  return { parent, place, spendById: new Map(), begun: [], phases: [] };
}
