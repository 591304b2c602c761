// What a gauge shows: how much of what is granted is used, held and left, and what lies beyond it.
import {
  add,
  greatest,
  least,
  noCredits,
  subtract,
  sum,
  toApproximateNumber,
  type Credits,
} from '../../shared/kernel/credits.ts';
import type { Balance } from '../../shared/ledger/balance.ts';

export interface GaugeModel {
  /** All that the period's grants could pay: what they paid already, and what is left of them. */
  readonly capacity: Credits;
  /** Everything used in the period, overage included; never clamped. [G7] */
  readonly used: Credits;
  readonly held: Credits;
  /** What can be spent now. */
  readonly available: Credits;
  /** Use beyond all grants. */
  readonly overage: Credits;
  /** Arcs in drawing order; `upTo` is the end of each in credits, as a plain number for drawing. */
  readonly arcs: readonly { readonly part: GaugePart; readonly upTo: number }[];
  /** Where the scale ends, and where it is full; the two differ under overage. */
  readonly scaleMax: number;
  readonly full: number;
}

export type GaugePart = 'used' | 'held' | 'left' | 'over';

/** The figures that a gauge needs of a balance. */
export type GaugeBalance = Pick<Balance, 'used' | 'held' | 'available' | 'overage'> & {
  readonly grants: readonly { readonly remaining: Credits }[];
};

export function gaugeOf(balance: GaugeBalance): GaugeModel {
  const remaining = sum(balance.grants.map((grant) => grant.remaining));
  const usedWithin = greatest(noCredits, subtract(balance.used, balance.overage));
  const capacity = add(usedWithin, remaining);
  const heldWithin = least(balance.held, greatest(noCredits, remaining));
  const heldBeyond = subtract(balance.held, heldWithin);
  const full = toApproximateNumber(capacity);
  const over = full + toApproximateNumber(balance.overage);
  const scaleMax = over + toApproximateNumber(heldBeyond);
  const arcs: { part: GaugePart; upTo: number }[] = [
    { part: 'used', upTo: toApproximateNumber(usedWithin) },
    { part: 'held', upTo: toApproximateNumber(add(usedWithin, heldWithin)) },
    { part: 'left', upTo: full },
    { part: 'over', upTo: over },
    { part: 'held', upTo: scaleMax },
  ];
  let reached = 0;
  const drawn = arcs.filter((arc) => {
    if (arc.upTo <= reached) return false;
    reached = arc.upTo;
    return true;
  });
  return {
    capacity,
    used: balance.used,
    held: balance.held,
    available: balance.available,
    overage: balance.overage,
    arcs: drawn,
    scaleMax,
    full,
  };
}

/** How tight a pool is: the share that can still be spent, 0 for none or less; a pool without grants is tightest. */
export function shareLeft(model: Pick<GaugeModel, 'available' | 'capacity'>): number {
  if (model.capacity <= 0 || model.available <= 0) return 0;
  return Math.min(1, model.available / model.capacity);
}
