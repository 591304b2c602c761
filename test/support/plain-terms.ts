import type { Plan } from '../../shared/catalogue/catalogue.ts';
import type { TermsIndex } from '../../shared/ledger/schedule.ts';
import { plainCatalogue, plainPlan, plainVersion } from '../unit/catalogue/catalogue-builder.ts';
import { workspaceTerms } from './workspace-terms.ts';

/** Workspaces of a made-up platform with one plan, of which a test says only what it is about. */

const source = 'page';

/** By default 100 credits a month from 2026-01-01 in UTC, with a hard limit. */
export function plainTerms(
  plan: Partial<Plan> = {},
  given: Omit<Parameters<typeof workspaceTerms>[0], 'catalogue' | 'plan'> = {},
): TermsIndex {
  const catalogue = plainCatalogue({ versions: [plainVersion({ plans: [plainPlan(plan)] })] });
  return workspaceTerms({ catalogue, plan: 'team', ...given });
}

/** Bought and entered credits only. */
export const withoutAllotment = plainTerms({ allotment: { rule: 'none', source } });

export function perSeat(credits: string): Partial<Plan> {
  return { allotment: { rule: 'per-seat', perRole: [{ role: 'editor', credits }], source } };
}
