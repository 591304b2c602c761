import { err, ok, type Result } from '../kernel/result.ts';
import type { LocalDate } from '../kernel/time-zone.ts';
import type { Catalogue, CatalogueVersion, Feature, Pack, Plan, Source } from './catalogue.ts';
import type { CatalogueProblem } from './load.ts';

/** A platform as a person describes it in a form. Credits are decimal text. */
export interface PlatformDescription {
  readonly platform: string;
  readonly name: string;
  /** The day on which the figures are typed in. */
  readonly enteredOn: LocalDate;
  /** The day from which they hold; what happened before is priced with them as assumed. [C1] */
  readonly effectiveFrom: LocalDate;
  readonly features: readonly FeatureDescription[];
  readonly plan: PlanDescription;
  readonly packs: readonly PackDescription[];
}

export interface FeatureDescription {
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  /** Credits per unit; null while it is not known. */
  readonly credits: string | null;
}

export interface PlanDescription {
  /** `plan` unless given. */
  readonly id?: string;
  readonly name: string;
  readonly limit: Plan['limit']['kind'];
  readonly reset: {
    readonly on: Plan['reset']['on'];
    /** 1 unless given. */
    readonly everyMonths?: number;
    /** `workspace` unless given. */
    readonly zone?: Plan['reset']['zone'];
  };
  readonly allotment:
    | { readonly rule: 'fixed'; readonly credits: string }
    /** So many credits for each seat, in one pool. */
    | { readonly rule: 'per-seat'; readonly credits: string }
    | { readonly rule: 'entered' }
    | { readonly rule: 'none' };
}

export interface PackDescription {
  readonly id: string;
  readonly name: string;
  /** null when the amount is entered with the order. */
  readonly credits: string | null;
  readonly price: Pack['price'];
}

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
 * A catalogue of one plan from a person's description, with `Entered by you` as the source of every figure. Whatever a
 * form does not ask takes the plain case: one role, which spends and takes a seat; seats count at once; nothing rolls
 * over. The texts are not looked at here: `parseCatalogue` checks them.
 */
export function describePlatform(description: PlatformDescription): Catalogue {
  const source = enteredSource(description.enteredOn);
  const sourced = { source: source.id };
  return {
    platform: description.platform,
    name: description.name,
    metered: false,
    sources: [source],
    versions: [
      {
        version: description.effectiveFrom,
        effectiveFrom: description.effectiveFrom,
        features: description.features.map(({ id, name, unit, credits }) => ({
          id,
          name,
          unit,
          rates: [{ credits, ...sourced }],
        })),
        plans: [describePlan(description, sourced)],
        packs: description.packs.map((pack) => ({ ...pack, lapsesAfterMonths: null, ...sourced })),
      },
    ],
  };
}

function describePlan({ plan, packs }: PlatformDescription, sourced: { readonly source: string }): Plan {
  return {
    id: plan.id ?? 'plan',
    name: plan.name,
    poolScope: 'workspace',
    allotment:
      plan.allotment.rule === 'per-seat'
        ? { rule: 'per-seat', perRole: [{ role: 'member', credits: plan.allotment.credits }], ...sourced }
        : { ...plan.allotment, ...sourced },
    reset: {
      on: plan.reset.on,
      everyMonths: plan.reset.everyMonths ?? 1,
      zone: plan.reset.zone ?? 'workspace',
      ...sourced,
    },
    limit: { kind: plan.limit, ...sourced },
    seatChange: { takesEffect: 'now', ...sourced },
    roles: [{ id: 'member', name: 'Member', spends: true, takesSeat: true, ...sourced }],
    addOns: [],
    packs: {
      sold: packs.length > 0 ? 'order' : 'no',
      ids: packs.map((pack) => pack.id),
      onlyWhenUsedUp: false,
      ...sourced,
    },
  };
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
