/** Use of one platform told in the features of another, where somebody said which feature is which. */
import type { Catalogue } from '../catalogue/catalogue.ts';
import { priceOf } from '../catalogue/price.ts';
import { multiply, type Credits, type Quantity } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { LocalDate } from '../kernel/time-zone.ts';
import type { DayOfUse } from './replay.ts';

/** A feature, done in a way, of the workspace's platform and what stands for it on another one. */
export interface FeatureMatch {
  readonly feature: string;
  readonly variant: string | null;
  readonly platform: string;
  readonly otherFeature: string;
  readonly otherVariant: string | null;
  /** How many units there do the work of one unit here. */
  readonly units: Quantity;
}

/** How much of a feature somebody used on a day. */
export interface QuantityOnDay {
  readonly day: LocalDate;
  readonly memberId: string | null;
  readonly feature: string;
  readonly variant: string | null;
  readonly quantity: Quantity;
  /** What it took on the platform where it was done. */
  readonly credits: Credits;
}

export interface Converted {
  readonly uses: readonly DayOfUse[];
  /** Credits of the workspace's platform that are matched and priced, and that are not. */
  readonly matched: number;
  readonly unmatched: number;
  /** Matched features whose rate the other platform does not publish. */
  readonly unpriced: readonly string[];
}

/** Past use in credits of another platform, with the rates that hold there now. */
export function convert(
  quantities: readonly QuantityOnDay[],
  given: { readonly matches: readonly FeatureMatch[]; readonly catalogue: Catalogue; readonly at: Instant },
): Converted {
  const { matches, catalogue, at } = given;
  const matchByFeature = new Map(
    matches.filter(({ platform }) => platform === catalogue.platform).map((match) => [keyOf(match), match]),
  );
  const uses: DayOfUse[] = [];
  const unpriced = new Set<string>();
  let [matched, unmatched] = [0, 0];
  for (const { day, memberId, quantity, credits, ...what } of quantities) {
    const match = matchByFeature.get(keyOf(what));
    const price = match === undefined || quantity <= 0 ? null : priceThere(match, quantity, { catalogue, at });
    if (match !== undefined && quantity > 0 && price === null) unpriced.add(match.otherFeature);
    if (price === null) {
      unmatched += credits;
      continue;
    }
    matched += credits;
    uses.push({ day, memberId, credits: price });
  }
  return { uses, matched, unmatched, unpriced: [...unpriced] };
}

function priceThere(
  match: FeatureMatch,
  quantity: Quantity,
  { catalogue, at }: { readonly catalogue: Catalogue; readonly at: Instant },
): Credits | null {
  const { otherFeature: feature, otherVariant: variant, units } = match;
  const one = priceOf(catalogue, null, { feature, variant, quantity: units, at });
  // The price of the units that one unit takes, times how many there were.
  return one.ok ? (multiply(one.value.credits, quantity) ?? null) : null;
}

function keyOf({ feature, variant }: { readonly feature: string; readonly variant: string | null }): string {
  return `${feature}/${variant ?? ''}`;
}
