import { assert } from '../kernel/assert.ts';
import type { Instant } from '../kernel/instant.ts';
import { dayOf } from '../kernel/time-zone.ts';
import type { Catalogue, CatalogueVersion, Feature, Pack, Plan, PlatformRole } from './catalogue.ts';

/** A version of a catalogue, and whether it was taken for want of an older one. [C1] */
export interface VersionInForce {
  readonly version: CatalogueVersion;
  readonly assumed: boolean;
}

/**
 * The version whose rates and plans hold at `at`. A version holds from its date's midnight in UTC until the next one's;
 * of two with the same date the later in the list holds. Before the first date the earliest one is assumed. [C1]
 */
export function versionInForce(catalogue: Catalogue, at: Instant): VersionInForce {
  const [earliest] = catalogue.versions;
  assert(earliest, `The catalogue of ${catalogue.platform} has no version`);
  // Days as texts are in the order of days; this is asked for every line.
  const day = dayOf(at, 'UTC');
  const version = catalogue.versions.findLast((candidate) => candidate.effectiveFrom <= day);
  return version ? { version, assumed: false } : { version: earliest, assumed: true };
}

export function findPlan(version: CatalogueVersion, id: string): Plan | undefined {
  return version.plans.find((plan) => plan.id === id);
}

export function findFeature(version: CatalogueVersion, id: string): Feature | undefined {
  return version.features.find((feature) => feature.id === id);
}

export function findPack(version: CatalogueVersion, id: string): Pack | undefined {
  return version.packs.find((pack) => pack.id === id);
}

/** The platform role of that id in a plan. [E5] */
export function planRole(plan: Plan, id: string): PlatformRole | undefined {
  return plan.roles.find((role) => role.id === id);
}
