// Figures that a person adds to a shipped catalogue which publishes none, as a form holds them.
import type { Catalogue } from '../../../shared/catalogue/catalogue.ts';
import type { EnteredFigures } from '../../../shared/catalogue/fill-in.ts';
import type { LocalDate } from '../../../shared/kernel/time-zone.ts';

export interface OpenRate {
  readonly key: string;
  readonly feature: string;
  readonly featureName: string;
  readonly variant: string | null;
  readonly variantName: string | null;
  readonly unit: string;
  /** What was filled in before; empty when nothing was. */
  readonly credits: string;
}

/** How the ids of sources begin that say *Entered by you*. */
const enteredPrefix = 'entered-';

/** The rates of the newest version that the platform does not publish: without a price, or entered by the user. */
export function openRates(catalogue: Catalogue): readonly OpenRate[] {
  return (catalogue.versions.at(-1)?.features ?? []).flatMap((feature) =>
    feature.rates
      .filter((rate) => rate.credits === null || rate.source.startsWith(enteredPrefix))
      .map((rate) => ({
        key: `${feature.id}/${rate.variant ?? ''}`,
        feature: feature.id,
        featureName: feature.name,
        variant: rate.variant ?? null,
        variantName: rate.variantName ?? rate.variant ?? null,
        unit: feature.unit,
        credits: rate.credits ?? '',
      })),
  );
}

/** The first day from which entered figures may hold, and the one a form begins with: this month's first. */
export function firstDays(
  catalogue: Catalogue,
  today: LocalDate,
): { readonly earliest: LocalDate; readonly proposed: LocalDate } {
  const earliest = catalogue.versions.at(-1)?.effectiveFrom ?? today;
  const month = `${today.slice(0, 8)}01`;
  return { earliest, proposed: month < earliest ? earliest : month };
}

/** What was typed, as plain decimals by rate, without the rates that were left open or as they were. */
export function enteredFigures(
  rates: readonly OpenRate[],
  creditsByKey: Readonly<Record<string, string>>,
  days: { readonly enteredOn: LocalDate; readonly effectiveFrom: LocalDate },
): EnteredFigures {
  return {
    ...days,
    packs: [],
    rates: rates.flatMap(({ key, feature, variant, credits }) => {
      const given = creditsByKey[key] ?? '';
      return given === '' || given === credits ? [] : [{ feature, variant, credits: given }];
    }),
  };
}
