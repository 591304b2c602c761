import { err, ok, type Result } from '../kernel/result.ts';
import type { LocalDate } from '../kernel/time-zone.ts';
import type { Catalogue, CatalogueVersion, Feature, Pack, Source } from './catalogue.ts';
import type { CatalogueProblem } from './load.ts';

/** Figures that a user adds to a catalogue that lacks them. */
export interface EnteredFigures {
  readonly enteredOn: LocalDate;
  /** The day from which they hold; not before the catalogue's last version. */
  readonly effectiveFrom: LocalDate;
  readonly rates: readonly {
    readonly feature: string;
    /** null for the ordinary way. */
    readonly variant: string | null;
    readonly credits: string;
    /** What one unit is, where the user counts otherwise than the catalogue. */
    readonly unit?: string;
  }[];
  readonly packs: readonly { readonly pack: string; readonly credits: string; readonly price: Pack['price'] }[];
}

/**
 * The catalogue with one more version, in which the entered figures stand. Versions that were there are not touched, so
 * nothing that was logged changes [C2]; of two versions with one date the later entered holds.
 */
export function fillIn(catalogue: Catalogue, figures: EnteredFigures): Result<Catalogue, readonly CatalogueProblem[]> {
  const last = catalogue.versions.at(-1);
  if (!last) return err([{ path: 'versions', message: 'there is no version to fill in' }]);
  const problems = problemsOf(last, figures);
  if (problems.length > 0) return err(problems);
  const source = enteredSource(figures.enteredOn);
  const version: CatalogueVersion = {
    ...last,
    version: freeVersionName(catalogue, figures.effectiveFrom),
    effectiveFrom: figures.effectiveFrom,
    features: last.features.map((feature) => fillInFeature(feature, figures, source)),
    packs: last.packs.map((pack) => {
      const entered = figures.packs.find((candidate) => candidate.pack === pack.id);
      if (!entered) return pack;
      const { id, name, lapsesAfterMonths } = pack;
      return { id, name, credits: entered.credits, price: entered.price, lapsesAfterMonths, source: source.id };
    }),
  };
  const sources = catalogue.sources.some((known) => known.id === source.id)
    ? catalogue.sources
    : [...catalogue.sources, source];
  return ok({ ...catalogue, sources, versions: [...catalogue.versions, version] });
}

function problemsOf(last: CatalogueVersion, figures: EnteredFigures): readonly CatalogueProblem[] {
  const problems: CatalogueProblem[] = [];
  if (figures.effectiveFrom < last.effectiveFrom) {
    const message = `is before ${last.effectiveFrom}, from which the figures known so far hold`;
    problems.push({ path: 'effectiveFrom', message });
  }
  figures.rates.forEach(({ feature: id, variant }, index) => {
    const feature = last.features.find((candidate) => candidate.id === id);
    if (!feature) {
      problems.push({ path: `rates[${index}].feature`, message: `the catalogue has no feature "${id}"` });
    } else if (!feature.rates.some((rate) => (rate.variant ?? null) === variant)) {
      const which = variant === null ? 'rate for the ordinary way' : `variant "${variant}"`;
      problems.push({ path: `rates[${index}].variant`, message: `the feature "${id}" has no ${which}` });
    }
  });
  figures.packs.forEach(({ pack: id }, index) => {
    if (last.packs.some((pack) => pack.id === id)) return;
    problems.push({ path: `packs[${index}].pack`, message: `the catalogue has no pack "${id}"` });
  });
  return problems;
}

function fillInFeature(feature: Feature, { rates }: EnteredFigures, source: Source): Feature {
  const mine = rates.filter((rate) => rate.feature === feature.id);
  const unit = mine.findLast((rate) => rate.unit !== undefined)?.unit ?? feature.unit;
  return {
    ...feature,
    unit,
    rates: feature.rates.map((rate) => {
      const entered = mine.findLast((candidate) => candidate.variant === (rate.variant ?? null));
      if (!entered) return rate;
      const { variant, variantName } = rate;
      return {
        ...(variant === undefined ? {} : { variant }),
        ...(variantName === undefined ? {} : { variantName }),
        credits: entered.credits,
        source: source.id,
      };
    }),
  };
}

/** One source per day, so that each figure says when it was typed in. */
function enteredSource(enteredOn: LocalDate): Source {
  return { id: `entered-${enteredOn}`, title: 'Entered by you', readOn: enteredOn };
}

function freeVersionName(catalogue: Catalogue, effectiveFrom: LocalDate): string {
  const taken = new Set(catalogue.versions.map((version) => version.version));
  const first = `entered-${effectiveFrom}`;
  if (!taken.has(first)) return first;
  let number = 2;
  while (taken.has(`${first}.${number}`)) number += 1;
  return `${first}.${number}`;
}
