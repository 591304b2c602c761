import type { PoolState, Slot, SpendsById, SpendState } from './pool-state.ts';

/**
 * A copy of a state that goes on by itself: neither disturbs the other. Spends are copied when they are looked at, so a
 * fork costs the grants and open holds of the pool and not its whole history. The original must not move while a fork
 * of it is in use. A snapshot of this kind changes what a fold costs, never what it gives. [G5]
 */
export function forkPool(state: PoolState): PoolState {
  const copies = new Map<Slot, Slot>();
  const copyOf = (slot: Slot): Slot => {
    const known = copies.get(slot);
    if (known) return known;
    const copy = { ...slot };
    copies.set(slot, copy);
    return copy;
  };
  const spendById = new ForkedSpends(state.spendById, (spend) => ({
    ...spend,
    parts: spend.parts.map((part) => ({ ...part, slot: part.slot && copyOf(part.slot) })),
  }));
  const copiesOf = (holds: ReadonlySet<SpendState>): Set<SpendState> =>
    new Set([...holds].flatMap((hold) => spendById.get(hold.id) ?? []));
  return {
    ...state,
    slots: state.slots.map(copyOf),
    inForce: state.inForce.map(copyOf),
    awaited: state.awaited.map(copyOf),
    spendById,
    openHolds: copiesOf(state.openHolds),
    openHoldsWithTimeOut: copiesOf(state.openHoldsWithTimeOut),
    totalsByPeriodStart: new Map([...state.totalsByPeriodStart].map(([start, totals]) => [start, { ...totals }])),
    anomalies: [...state.anomalies],
    voidByGrantId: new Map(state.voidByGrantId),
  };
}

/** The spends of another state, each copied at first sight, and those that came since. */
class ForkedSpends implements SpendsById {
  readonly #origin: SpendsById;
  readonly #copy: (spend: SpendState) => SpendState;
  readonly #copies = new Map<string, SpendState>();
  readonly #added = new Map<string, SpendState>();

  constructor(origin: SpendsById, copy: (spend: SpendState) => SpendState) {
    this.#origin = origin;
    this.#copy = copy;
  }

  get size(): number {
    return this.#origin.size + this.#added.size;
  }

  get(id: string): SpendState | undefined {
    const own = this.#copies.get(id) ?? this.#added.get(id);
    if (own) return own;
    const original = this.#origin.get(id);
    if (!original) return undefined;
    const copy = this.#copy(original);
    this.#copies.set(id, copy);
    return copy;
  }

  set(id: string, spend: SpendState): void {
    this.#added.set(id, spend);
  }

  *values(): Generator<SpendState> {
    for (const { id } of this.#origin.values()) {
      const copy = this.get(id);
      if (copy) yield copy;
    }
    yield* this.#added.values();
  }
}
