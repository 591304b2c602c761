// Figures that a person adds to a shipped catalogue which publishes none.
import type { Catalogue } from '../../../shared/catalogue/catalogue.ts';
import { strings } from './platform-strings.ts';

const userSource = 'user';

export interface OpenRate {
  /** `feature/variant`, the variant empty for the ordinary way. */
  readonly key: string;
  readonly featureName: string;
  readonly variantName: string | null;
  readonly unit: string;
  /** What was filled in before; empty when nothing was. */
  readonly credits: string;
}

/** The rates that the platform does not publish: still without a price, or entered by the user before. */
export function openRates(catalogue: Catalogue): readonly OpenRate[] {
  const version = catalogue.versions.at(-1);
  return (version?.features ?? []).flatMap((feature) =>
    feature.rates
      .filter((rate) => rate.credits === null || rate.source === userSource)
      .map((rate) => ({
        key: rateKey(feature.id, rate.variant),
        featureName: feature.name,
        variantName: rate.variantName ?? rate.variant ?? null,
        unit: feature.unit,
        credits: rate.credits ?? '',
      })),
  );
}

/** The catalogue with the given figures in its newest version, each marked as entered by the user. Empty ones stay open. */
export function filledIn(
  catalogue: Catalogue,
  creditsByKey: Readonly<Record<string, string>>,
  today: string,
): Catalogue {
  const newest = catalogue.versions.length - 1;
  return {
    ...catalogue,
    sources: [
      ...catalogue.sources.filter(({ id }) => id !== userSource),
      { id: userSource, title: strings.enteredByYou, readOn: today },
    ],
    versions: catalogue.versions.map((version, index) =>
      index !== newest
        ? version
        : {
            ...version,
            features: version.features.map((feature) => ({
              ...feature,
              rates: feature.rates.map((rate) => {
                const given = creditsByKey[rateKey(feature.id, rate.variant)];
                if (given === undefined) return rate;
                const { reading: _reading, note: _note, ...kept } = rate;
                return given === '' ? { ...rate, credits: null } : { ...kept, credits: given, source: userSource };
              }),
            })),
          },
    ),
  };
}

function rateKey(feature: string, variant: string | undefined): string {
  return `${feature}/${variant ?? ''}`;
}
