import type { z } from 'zod';
import { err, ok, type Result } from '../kernel/result.ts';
import { catalogueSchema, type Catalogue, type CatalogueVersion, type Plan } from './catalogue.ts';
import { figure } from './figure.ts';

/** One thing that is wrong with a catalogue. `path` is where in the JSON, such as `versions[0].plans[1].packs.ids[0]`. */
export interface CatalogueProblem {
  readonly path: string;
  readonly message: string;
}

/**
 * Reads a catalogue from parsed JSON: the schema, and once that holds what it cannot say (ids are unique, what is named
 * exists, brackets touch, versions are in order). All problems of the step that fails are reported, not the first. [C2]
 */
export function parseCatalogue(value: unknown): Result<Catalogue, readonly CatalogueProblem[]> {
  const parsed = catalogueSchema.safeParse(value);
  if (!parsed.success) return err(parsed.error.issues.map(schemaProblem));
  const problems = [...checkSources(parsed.data), ...checkVersions(parsed.data)];
  return problems.length > 0 ? err(problems) : ok(parsed.data);
}

/** All problems as one text, a line each: `path: message`. */
export function describeProblems(problems: readonly CatalogueProblem[]): string {
  return problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('\n');
}

function schemaProblem(issue: z.core.$ZodIssue): CatalogueProblem {
  return { path: pathText(issue.path), message: issue.message };
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

function checkSources(catalogue: Catalogue): readonly CatalogueProblem[] {
  const known = new Set(catalogue.sources.map((source) => source.id));
  return [
    ...repeated(catalogue.sources, 'sources'),
    ...sourceReferences(catalogue.versions, 'versions')
      .filter(({ source }) => !known.has(source))
      .map(({ path, source }) => ({
        path,
        message: `names the source "${source}", which the catalogue does not list`,
      })),
  ];
}

/** Every `source` anywhere below `value`: a figure may sit at any depth, and none may go unchecked. */
function sourceReferences(value: unknown, path: string): { readonly path: string; readonly source: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) => {
    const belowPath = Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`;
    return key === 'source' && typeof below === 'string'
      ? [{ path: belowPath, source: below }]
      : sourceReferences(below, belowPath);
  });
}

function checkVersions(catalogue: Catalogue): readonly CatalogueProblem[] {
  return catalogue.versions.flatMap((version, index) => {
    const path = `versions[${index}]`;
    const before = catalogue.versions[index - 1];
    const problems: CatalogueProblem[] = [];
    if (before && before.effectiveFrom > version.effectiveFrom) {
      const message = `is before ${before.effectiveFrom} of the version above it; versions stand in order of their date`;
      problems.push({ path: `${path}.effectiveFrom`, message });
    }
    if (catalogue.versions.findIndex((other) => other.version === version.version) < index) {
      problems.push({ path: `${path}.version`, message: `"${version.version}" is there twice` });
    }
    if (!catalogue.metered && version.features.length === 0) {
      problems.push({ path: `${path}.features`, message: 'names no feature, and the platform meters none' });
    }
    return [
      ...problems,
      ...checkFeatures(version, path),
      ...repeated(version.packs, `${path}.packs`),
      ...repeated(version.plans, `${path}.plans`),
      ...version.plans.flatMap((plan, planIndex) => checkPlan({ plan, version, path: `${path}.plans[${planIndex}]` })),
    ];
  });
}

function checkFeatures(version: CatalogueVersion, path: string): readonly CatalogueProblem[] {
  const addOns = new Set(version.plans.flatMap((plan) => plan.addOns.map((addOn) => addOn.id)));
  return [
    ...repeated(version.features, `${path}.features`),
    ...version.features.flatMap((feature, index) => {
      const featurePath = `${path}.features[${index}]`;
      const problems: CatalogueProblem[] = [];
      if (feature.needsAddOn !== undefined && !addOns.has(feature.needsAddOn)) {
        const message = `no plan of this version has the add-on "${feature.needsAddOn}"`;
        problems.push({ path: `${featurePath}.needsAddOn`, message });
      }
      feature.rates.forEach((rate, rateIndex) => {
        if (feature.rates.findIndex((other) => other.variant === rate.variant) === rateIndex) return;
        const which = rate.variant === undefined ? 'the ordinary way' : `the variant "${rate.variant}"`;
        problems.push({ path: `${featurePath}.rates[${rateIndex}]`, message: `is a second rate of ${which}` });
      });
      return problems;
    }),
  ];
}

interface PlanInVersion {
  readonly plan: Plan;
  readonly version: CatalogueVersion;
  readonly path: string;
}

function checkPlan({ plan, version, path }: PlanInVersion): readonly CatalogueProblem[] {
  const problems: CatalogueProblem[] = [
    ...repeated(plan.roles, `${path}.roles`),
    ...repeated(plan.addOns, `${path}.addOns`),
    ...checkAllotment(plan, path),
  ];
  if (!plan.roles.some((role) => role.spends)) {
    problems.push({ path: `${path}.roles`, message: 'no role may spend credits' });
  }
  const packs = new Set(version.packs.map((pack) => pack.id));
  plan.packs.ids.forEach((id, index) => {
    const at = `${path}.packs.ids[${index}]`;
    if (!packs.has(id)) problems.push({ path: at, message: `this version has no pack "${id}"` });
    if (plan.packs.ids.indexOf(id) < index) problems.push({ path: at, message: `"${id}" is there twice` });
  });
  if (plan.packs.sold === 'no' && plan.packs.ids.length > 0) {
    problems.push({ path: `${path}.packs.ids`, message: 'lists packs although none are sold' });
  }
  if (plan.packs.sold === 'order' && plan.packs.ids.length === 0) {
    problems.push({ path: `${path}.packs.ids`, message: 'lists no pack although packs are sold' });
  }
  if (plan.rollOver && figure(plan.rollOver.min) > figure(plan.rollOver.max)) {
    problems.push({ path: `${path}.rollOver.min`, message: 'is more than max' });
  }
  return problems;
}

function checkAllotment(plan: Plan, path: string): readonly CatalogueProblem[] {
  const { allotment } = plan;
  const problems: CatalogueProblem[] = [];
  if (allotment.rule === 'by-seat-bracket') {
    if (plan.poolScope === 'member') {
      problems.push({
        path: `${path}.allotment.rule`,
        message: 'brackets of seats fill a shared pool, not one per member',
      });
    }
    if (!plan.roles.some((role) => role.takesSeat)) {
      problems.push({ path: `${path}.roles`, message: 'no role takes a seat, and the allotment goes by seats' });
    }
    allotment.brackets.forEach((bracket, index) => {
      const at = `${path}.allotment.brackets[${index}]`;
      const before = allotment.brackets[index - 1];
      if (bracket.to < bracket.from) problems.push({ path: `${at}.to`, message: 'is less than from' });
      if (!before && bracket.from > 1)
        problems.push({ path: `${at}.from`, message: 'the first bracket starts at 0 or 1' });
      if (before && bracket.from !== before.to + 1) {
        const message = `is ${bracket.from}; the bracket above ends at ${before.to}, so this one starts at ${before.to + 1}`;
        problems.push({ path: `${at}.from`, message });
      }
    });
  }
  if (allotment.rule === 'per-seat') {
    allotment.perRole.forEach(({ role: id }, index) => {
      const at = `${path}.allotment.perRole[${index}].role`;
      const role = plan.roles.find((candidate) => candidate.id === id);
      if (!role) problems.push({ path: at, message: `the plan has no role "${id}"` });
      else if (!role.takesSeat) problems.push({ path: at, message: `the role "${id}" takes no seat` });
      if (allotment.perRole.findIndex((other) => other.role === id) < index) {
        problems.push({ path: at, message: `"${id}" is there twice` });
      }
    });
  }
  return problems;
}

function repeated(items: readonly { readonly id: string }[], path: string): readonly CatalogueProblem[] {
  const seen = new Set<string>();
  return items.flatMap(({ id }, index) => {
    if (seen.has(id)) return [{ path: `${path}[${index}].id`, message: `"${id}" is there twice` }];
    seen.add(id);
    return [];
  });
}
