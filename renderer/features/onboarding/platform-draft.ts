// A platform as a form holds it while a person describes it, and the catalogue that comes of it.
import type { Catalogue, CatalogueVersion, Pack, Plan, Rate } from '../../../shared/catalogue/catalogue.ts';
import { compareText } from '../../../shared/kernel/id.ts';
import { versionOn } from '../../ui/plan-text.ts';
import { strings } from './platform-strings.ts';
import { slugOf } from './slug.ts';

export interface RoleDraft {
  readonly key: string;
  /** The id that it has already; a new one gets one from its name. */
  readonly id?: string;
  readonly name: string;
  readonly spends: boolean;
  readonly takesSeat: boolean;
}

export interface RateDraft {
  readonly key: string;
  readonly variant?: string;
  /** Empty for the ordinary way, which is the first rate of each feature. */
  readonly variantName: string;
  readonly credits: string;
}

export interface FeatureDraft {
  readonly key: string;
  readonly id?: string;
  readonly name: string;
  readonly unit: string;
  readonly rates: readonly RateDraft[];
}

export interface PlanDraft {
  readonly key: string;
  readonly id?: string;
  readonly name: string;
  readonly rule: 'fixed' | 'per-seat' | 'entered' | 'none';
  readonly amount: string;
  /** Credits per seat by the role's key. */
  readonly amountByRoleKey: Readonly<Record<string, string>>;
  readonly resetOn: Plan['reset']['on'];
  readonly everyMonths: number;
  readonly limit: Plan['limit']['kind'];
  readonly scope: 'workspace' | 'member';
}

export interface PackDraft {
  readonly key: string;
  readonly id?: string;
  readonly name: string;
  readonly credits: string;
  readonly price: string;
  readonly currency: string;
  readonly lapsesAfterMonths: string;
}

export interface PlatformDraft {
  readonly name: string;
  readonly page: string;
  readonly effectiveFrom: string;
  readonly roles: readonly RoleDraft[];
  readonly features: readonly FeatureDraft[];
  readonly plans: readonly PlanDraft[];
  readonly packs: readonly PackDraft[];
}

export function emptyPlatformDraft(today: string): PlatformDraft {
  return {
    name: '',
    page: '',
    effectiveFrom: today,
    roles: [{ key: 'role-1', name: 'Member', spends: true, takesSeat: true }],
    features: [emptyFeature('feature-1')],
    plans: [emptyPlan('plan-1')],
    packs: [],
  };
}

export function emptyFeature(key: string): FeatureDraft {
  return { key, name: '', unit: 'action', rates: [emptyRate(`${key}-rate-1`)] };
}

export function emptyRate(key: string): RateDraft {
  return { key, variantName: '', credits: '' };
}

export function emptyPlan(key: string): PlanDraft {
  return {
    key,
    name: '',
    rule: 'fixed',
    amount: '',
    amountByRoleKey: {},
    resetOn: 'calendar-month',
    everyMonths: 1,
    limit: 'hard',
    scope: 'workspace',
  };
}

export function emptyPack(key: string): PackDraft {
  return { key, name: '', credits: '', price: '', currency: 'USD', lapsesAfterMonths: '' };
}

/** The draft of a platform that the user described before, from its newest version. */
export function draftOf(catalogue: Catalogue, today: string): PlatformDraft {
  const version = versionOn(catalogue, '9999-12-31');
  if (version === undefined) return { ...emptyPlatformDraft(today), name: catalogue.name };
  const roles = version.plans[0]?.roles ?? [];
  return {
    name: catalogue.name,
    page: catalogue.subscriptionUrl ?? '',
    effectiveFrom: today,
    roles: roles.map(({ id, name, spends, takesSeat }) => ({ key: id, id, name, spends, takesSeat })),
    features: version.features.map((feature) => ({
      key: feature.id,
      id: feature.id,
      name: feature.name,
      unit: feature.unit,
      rates: feature.rates.map((rate, index) => ({
        key: `${feature.id}-rate-${index}`,
        ...(rate.variant === undefined ? {} : { variant: rate.variant }),
        variantName: rate.variantName ?? rate.variant ?? '',
        credits: rate.credits ?? '',
      })),
    })),
    plans: version.plans.map(planDraftOf),
    packs: version.packs.map((pack) => ({
      key: pack.id,
      id: pack.id,
      name: pack.name,
      credits: pack.credits ?? '',
      price: pack.price === null ? '' : majorUnits(pack.price.minorUnits, pack.price.currency),
      currency: pack.price?.currency ?? 'USD',
      lapsesAfterMonths: pack.lapsesAfterMonths === null ? '' : String(pack.lapsesAfterMonths),
    })),
  };
}

function planDraftOf(plan: Plan): PlanDraft {
  const { allotment } = plan;
  return {
    key: plan.id,
    id: plan.id,
    name: plan.name,
    rule: allotment.rule === 'by-seat-bracket' ? 'entered' : allotment.rule,
    amount: allotment.rule === 'fixed' ? allotment.credits : '',
    amountByRoleKey:
      allotment.rule === 'per-seat'
        ? Object.fromEntries(allotment.perRole.map(({ role, credits }) => [role, credits]))
        : {},
    resetOn: plan.reset.on,
    everyMonths: plan.reset.everyMonths,
    limit: plan.limit.kind,
    scope: plan.poolScope === 'member' ? 'member' : 'workspace',
  };
}

/**
 * The catalogue of a draft that `wrongFields` found nothing wrong with. Figures are plain decimals. With `previous` the
 * platform keeps its id, and its versions stand as they are: what was logged before keeps its price. Of two versions
 * with one date the later entered holds. [C2]
 */
export function catalogueOf(
  draft: PlatformDraft,
  context: { readonly today: string; readonly takenPlatforms: ReadonlySet<string>; readonly previous?: Catalogue },
): Catalogue {
  const { previous, today } = context;
  const source = { id: `entered-${today}`, title: strings.enteredByYou, readOn: today };
  const known = previous?.versions ?? [];
  const version = versionOf(draft, { source: source.id, version: freeVersionName(known, draft.effectiveFrom) });
  const page = draft.page.trim();
  return {
    platform: previous?.platform ?? slugOf(draft.name, context.takenPlatforms, 'platform'),
    name: draft.name.trim(),
    ...(page === '' ? {} : { subscriptionUrl: page, purchaseUrl: page }),
    metered: previous?.metered ?? false,
    sources: [...(previous?.sources.filter(({ id }) => id !== source.id) ?? []), source],
    versions: [...known, version].toSorted((left, right) => compareText(left.effectiveFrom, right.effectiveFrom)),
  };
}

function freeVersionName(known: readonly CatalogueVersion[], effectiveFrom: string): string {
  const taken = new Set(known.map(({ version }) => version));
  const first = `entered-${effectiveFrom}`;
  let [name, number] = [first, 1];
  while (taken.has(name)) {
    number += 1;
    name = `${first}.${number}`;
  }
  return name;
}

function versionOf(
  draft: PlatformDraft,
  { source, version }: { readonly source: string; readonly version: string },
): CatalogueVersion {
  const roleIds = idsOf(draft.roles, 'role');
  const featureIds = idsOf(draft.features, 'feature');
  const planIds = idsOf(draft.plans, 'plan');
  const packIds = idsOf(draft.packs, 'pack');
  const idFrom = (ids: ReadonlyMap<string, string>, key: string) => ids.get(key) ?? key;
  const packs = draft.packs.map((pack) => packOf(pack, { id: idFrom(packIds, pack.key), source }));
  return {
    version,
    effectiveFrom: draft.effectiveFrom,
    features: draft.features.map((feature) => ({
      id: idFrom(featureIds, feature.key),
      name: feature.name.trim(),
      unit: feature.unit.trim(),
      rates: ratesOf(feature.rates, source),
    })),
    plans: draft.plans.map((plan) => ({
      id: idFrom(planIds, plan.key),
      name: plan.name.trim(),
      poolScope: plan.scope,
      allotment: allotmentOf(plan, { roles: draft.roles, roleIds, source }),
      reset: { on: plan.resetOn, everyMonths: plan.everyMonths, zone: 'workspace', source },
      limit: { kind: plan.limit, source },
      seatChange: { takesEffect: 'now', source },
      roles: draft.roles.map((role) => ({
        id: idFrom(roleIds, role.key),
        name: role.name.trim(),
        spends: role.spends,
        takesSeat: role.takesSeat,
        source,
      })),
      addOns: [],
      packs: {
        sold: packs.length === 0 ? 'no' : 'order',
        ids: packs.map(({ id }) => id),
        onlyWhenUsedUp: false,
        source,
      },
    })),
    packs,
  };
}

function ratesOf(drafts: readonly RateDraft[], source: string): Rate[] {
  const taken = new Set<string>();
  return drafts.map((draft, index) => {
    const credits = draft.credits === '' ? null : draft.credits;
    if (index === 0) return { credits, source };
    const variant = draft.variant ?? slugOf(draft.variantName, taken, 'variant');
    taken.add(variant);
    return { variant, variantName: draft.variantName.trim(), credits, source };
  });
}

function allotmentOf(
  plan: PlanDraft,
  {
    roles,
    roleIds,
    source,
  }: { readonly roles: readonly RoleDraft[]; readonly roleIds: ReadonlyMap<string, string>; readonly source: string },
): Plan['allotment'] {
  switch (plan.rule) {
    case 'fixed':
      return { rule: 'fixed', credits: plan.amount, source };
    case 'per-seat':
      return {
        rule: 'per-seat',
        perRole: roles
          .filter(({ takesSeat }) => takesSeat)
          .map(({ key }) => ({ role: roleIds.get(key) ?? key, credits: plan.amountByRoleKey[key] ?? '0' })),
        source,
      };
    case 'entered':
    case 'none':
      return { rule: plan.rule, source };
  }
}

function packOf(pack: PackDraft, { id, source }: { readonly id: string; readonly source: string }): Pack {
  return {
    id,
    name: pack.name.trim(),
    credits: pack.credits === '' ? null : pack.credits,
    price:
      pack.price === ''
        ? null
        : { minorUnits: minorUnits(pack.price, pack.currency) ?? 0, currency: pack.currency.toUpperCase() },
    lapsesAfterMonths: pack.lapsesAfterMonths === '' ? null : Number(pack.lapsesAfterMonths),
    source,
  };
}

/** Ids by key: rows that have one keep it, new rows get one from their name. */
function idsOf(
  rows: readonly { readonly key: string; readonly id?: string; readonly name: string }[],
  fallback: string,
): ReadonlyMap<string, string> {
  const taken = new Set(rows.flatMap(({ id }) => (id === undefined ? [] : [id])));
  const ids = new Map<string, string>();
  for (const row of rows) {
    const id = row.id ?? slugOf(row.name, taken, fallback);
    taken.add(id);
    ids.set(row.key, id);
  }
  return ids;
}

/** `20.50` in USD is 2050; undefined for what is no amount of that currency. */
export function minorUnits(amount: string, currency: string): number | undefined {
  const digits = currencyDigits(currency);
  const match = digits === undefined ? null : /^(\d{1,12})(?:\.(\d*))?$/.exec(amount.trim());
  const fraction = match?.[2] ?? '';
  if (digits === undefined || match === null || fraction.length > digits) return undefined;
  return Number(`${match[1]}${fraction.padEnd(digits, '0')}`);
}

function majorUnits(amount: number, currency: string): string {
  const digits = currencyDigits(currency) ?? 2;
  if (digits === 0) return String(amount);
  const text = String(amount).padStart(digits + 1, '0');
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

function currencyDigits(currency: string): number | undefined {
  if (!/^[A-Za-z]{3}$/.test(currency)) return undefined;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency: currency.toUpperCase() });
  return format.resolvedOptions().maximumFractionDigits;
}
