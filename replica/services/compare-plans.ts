import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CompareView, PlanComparison, PlatformComparison } from '../../shared/bridge/advice-views.ts';
import { convert, type FeatureMatch, type QuantityOnDay } from '../../shared/advice/match.ts';
import { replay, type DayOfUse } from '../../shared/advice/replay.ts';
import type { AllotmentProblem } from '../../shared/catalogue/allotment.ts';
import type { Catalogue, CatalogueVersion } from '../../shared/catalogue/catalogue.ts';
import { figure } from '../../shared/catalogue/figure.ts';
import { findPack, versionInForce } from '../../shared/catalogue/lookup.ts';
import { credits, noCredits, quantity, sum, type Credits } from '../../shared/kernel/credits.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { addDays, dayOf, startOfDay, type LocalDate } from '../../shared/kernel/time-zone.ts';
import { holdingAt } from '../../shared/ledger/change.ts';
import { planAt } from '../../shared/ledger/schedule.ts';
import { useOf, type Hold, type Transaction, type Usage } from '../../shared/ledger/transaction.ts';
import { breakdownOf, daysOf } from '../projections/usage-figures.ts';
import { subjectDaysOf } from '../projections/usage-of-subjects.ts';
import { adviceSettings, type AdviceSettings } from './advice-records.ts';
import { namesOf } from './names.ts';
import type { ReplicaState } from './replica-state.ts';
import { planKey } from './set-advice.ts';
import type { Workspace } from './workspace.ts';

/** The last 90 days on every plan; others are answered between two days of a long history. */
export async function comparePlans(state: ReplicaState, workspaceId: string): Promise<CompareView> {
  const workspace = state.workspace(workspaceId);
  const asOf = state.clock();
  const today = dayOf(asOf, workspace.timeZone);
  const span = { workspaceId, from: addDays(today, -historyDays), to: today };
  const days = daysOf(state.database.connection, span);
  const first = days[0]?.day ?? today;
  const from = first > addDays(today, -comparedDays) ? first : addDays(today, -comparedDays);
  const settings = adviceSettings(state, workspaceId);
  const period = { from, until: today, first };
  const uses = usesHere(state, workspace, span);
  const platforms = new Set(settings.matches.map(({ platform }) => platform));
  const catalogues = state.catalogues().filter(({ platform }) => platform !== workspace.platform);
  const matchedTo = catalogues.filter(({ platform }) => platforms.has(platform));
  // Their periods may have begun before the days that are compared.
  const months = Math.max(...matchedTo.flatMap((catalogue) => monthsOf(catalogue, asOf)));
  const quantities =
    matchedTo.length === 0
      ? []
      : await quantitiesOf(state, workspace, { from: addDays(from, -31 * months), to: today });
  const given = { state, workspace, settings, asOf, period };
  const others: PlatformComparison[] = [];
  for (const catalogue of matchedTo) {
    others.push(elsewhere(given, catalogue, quantities));
    await nextTurn();
  }
  return {
    asOf,
    from,
    to: addDays(today, -1),
    used: sum(days.flatMap((day) => (day.day >= from ? day.credits : []))),
    here: {
      platform: workspace.platform,
      platformName: workspace.catalogue.name,
      covered: 1,
      unpriced: [],
      plans: plansOf(given, workspace.catalogue, uses),
    },
    others,
    features: featuresUsed(given, period),
    platforms: catalogues.map((catalogue) => platformOf(catalogue, asOf)),
  };
}

function monthsOf(catalogue: Catalogue, at: Instant): readonly number[] {
  return versionInForce(catalogue, at).version.plans.map((plan) => plan.reset.everyMonths);
}

const comparedDays = 90;
/** A period of a year may have begun before the days that are compared. */
const historyDays = comparedDays + 366;

interface Given {
  readonly state: ReplicaState;
  readonly workspace: Workspace;
  readonly settings: AdviceSettings;
  readonly asOf: Instant;
  readonly period: { readonly from: LocalDate; readonly until: LocalDate; readonly first: LocalDate };
}

/** Use by person and day; what nobody is named for is the rest of each day. */
function usesHere(
  state: ReplicaState,
  workspace: Workspace,
  span: Parameters<typeof daysOf>[1],
): { readonly byMember: readonly DayOfUse[]; readonly together: readonly DayOfUse[] } {
  const { connection } = state.database;
  const total = daysOf(connection, span);
  const rows = subjectDaysOf(connection, { ...span, workspaceId: workspace.id }, { of: 'member', ids: 'all' });
  const named = new Map<LocalDate, number>();
  const byMember = rows.map(({ subjectId, day, credits: used }): DayOfUse => {
    named.set(day, (named.get(day) ?? 0) + used);
    return { day, memberId: subjectId, credits: used };
  });
  const unnamed = total.map(({ day, credits: used }): DayOfUse => ({
    day,
    memberId: null,
    credits: used - (named.get(day) ?? 0),
  }));
  return {
    byMember: [...byMember, ...unnamed.filter(({ credits: used }) => used !== 0)],
    together: total.map(({ day, credits: used }) => ({ day, memberId: null, credits: used })),
  };
}

function plansOf(
  given: Given,
  catalogue: Catalogue,
  uses: { readonly byMember: readonly DayOfUse[]; readonly together: readonly DayOfUse[] },
): readonly PlanComparison[] {
  const { workspace, settings, asOf, period } = given;
  const { index } = workspace;
  const { version } = versionInForce(catalogue, asOf);
  const { plan: presentPlan } = planAt(index, asOf);
  const seats = holdingAt(index.seats, asOf)?.seatsByRole ?? {};
  const entered = holdingAt(index.entered, asOf)?.credits ?? null;
  return version.plans.map((plan) => {
    const present = catalogue.platform === workspace.platform && plan.id === presentPlan.id;
    const price = settings.planPrices[planKey(workspace.platform, catalogue.platform, plan.id)] ?? null;
    const played = replay({
      plan,
      packs: version.packs,
      dates: index.dates,
      from: period.from,
      until: period.until,
      uses: plan.poolScope === 'member' ? uses.byMember : uses.together,
      seats,
      entered: present ? entered : null,
      roleOf: (memberId) => holdingAt(index.members.get(memberId), asOf)?.member.role ?? '',
      price,
    });
    const packs = played.ok && played.value.packs.ok ? played.value.packs.value.packs : [];
    return {
      planId: plan.id,
      planName: plan.name,
      present,
      limit: plan.limit.kind,
      replay: played.ok ? played.value : null,
      problem: played.ok ? null : missingFigure(plan.name, played.error),
      packs: packs.map(({ packId, count }) => ({ packName: findPack(version, packId)?.name ?? packId, count })),
      price,
    };
  });
}

function missingFigure(planName: string, problem: AllotmentProblem): string {
  switch (problem.code) {
    case 'not-entered':
      return `${planName} publishes no allotment: nothing can be said of it.`;
    case 'not-published':
      return `${planName} publishes no allotment for ${problem.seats} seats: nothing can be said of it.`;
    case 'out-of-range':
      return `So many seats allot more credits on ${planName} than can be counted.`;
  }
}

function elsewhere(given: Given, catalogue: Catalogue, quantities: readonly QuantityOnDay[]): PlatformComparison {
  const { settings, asOf, period } = given;
  const { uses, unpriced } = convert(quantities, { matches: settings.matches, catalogue, at: asOf });
  const compared = quantities.filter(({ day }) => day >= period.from && day < period.until);
  const { matched, unmatched } = convert(compared, { matches: settings.matches, catalogue, at: asOf });
  const { version } = versionInForce(catalogue, asOf);
  return {
    platform: catalogue.platform,
    platformName: catalogue.name,
    covered: matched + unmatched > 0 ? matched / (matched + unmatched) : 0,
    unpriced: unpriced.map((id) => version.features.find((feature) => feature.id === id)?.name ?? id),
    plans: plansOf(given, catalogue, { byMember: uses, together: uses }),
  };
}

/** How much of each feature was used, day by day: a correction counts as a share of the use that it corrects. */
async function quantitiesOf(
  state: ReplicaState,
  workspace: Workspace,
  span: { readonly from: LocalDate; readonly to: LocalDate },
): Promise<readonly QuantityOnDay[]> {
  const found: QuantityOnDay[] = [];
  for (let day = span.from; day < span.to; day = addDays(day, 1)) {
    const bounds = [startOfDay(day, workspace.timeZone), startOfDay(addDays(day, 1), workspace.timeZone)] as const;
    const lines = state.linesWhere('"workspaceId"=? AND "spentAt">=? AND "spentAt"<?', [workspace.id, ...bounds]);
    if (lines.length === 0) continue;
    found.push(...quantitiesIn(lines, day));
    await nextTurn();
  }
  return found;
}

function quantitiesIn(lines: readonly Transaction[], day: LocalDate): readonly QuantityOnDay[] {
  const bases = new Map<string, Usage | Hold>();
  const used = new Map<string, number>();
  const isVoided = new Set<string>();
  for (const line of lines) {
    if (line.kind === 'usage' || line.kind === 'hold') bases.set(line.id, line);
    if (line.kind === 'void' && line.of !== 'grant') isVoided.add(line.linkedId);
    const use = useOf(line);
    const baseId = 'linkedId' in line ? line.linkedId : line.id;
    if (use !== null && baseId !== null) used.set(baseId, (used.get(baseId) ?? 0) + use.credits);
  }
  return [...bases.values()].flatMap((base): readonly QuantityOnDay[] => {
    const net = used.get(base.id) ?? 0;
    const share = base.credits > 0 ? net / base.credits : isVoided.has(base.id) || base.kind === 'hold' ? 0 : 1;
    if (share <= 0) return [];
    const { memberId, featureId: feature, variant } = base;
    return [
      { day, memberId, feature, variant, quantity: quantity(Math.round(base.quantity * share)), credits: credits(net) },
    ];
  });
}

/** What was used, most credits first. Variants are told apart where the catalogue has some. */
function featuresUsed({ state, workspace, settings, asOf }: Given, period: Given['period']): CompareView['features'] {
  const names = namesOf(workspace);
  const { version } = versionInForce(workspace.catalogue, asOf);
  const span = { workspaceId: workspace.id, from: period.from, to: period.until };
  const matchesOf = (feature: string, variant: string | null): readonly FeatureMatch[] =>
    settings.matches.filter((match) => match.feature === feature && match.variant === variant);
  return breakdownOf(state.database.connection, span, 'feature')
    .filter(({ id }) => id !== '')
    .slice(0, featuresMax)
    .flatMap(({ id, credits: used }) => {
      const rates = version.features.find((feature) => feature.id === id)?.rates ?? [{ variant: undefined }];
      return rates.map((rate) => {
        const variant = rate.variant ?? null;
        const called = 'variantName' in rate ? rate.variantName : undefined;
        return {
          feature: id,
          variant,
          name: variant === null ? names.feature(id) : `${names.feature(id)}, ${called ?? variant}`,
          unit: names.unit(id),
          credits: rates.length === 1 || variant === null ? used : noCredits,
          matches: matchesOf(id, variant).map(({ platform, otherFeature, otherVariant, units }) => ({
            platform,
            otherFeature,
            otherVariant,
            units,
          })),
        };
      });
    });
}

const featuresMax = 200;

function platformOf(catalogue: Catalogue, at: Instant): CompareView['platforms'][number] {
  const { version } = versionInForce(catalogue, at);
  return { platform: catalogue.platform, name: catalogue.name, features: version.features.flatMap(ratesOf) };
}

function ratesOf(feature: CatalogueVersion['features'][number]): CompareView['platforms'][number]['features'] {
  return feature.rates.map((rate) => {
    const variant = rate.variant ?? null;
    const amount: Credits | null = rate.credits === null ? null : figure(rate.credits);
    const name = variant === null ? feature.name : `${feature.name}, ${rate.variantName ?? variant}`;
    return { feature: feature.id, variant, name, unit: feature.unit, credits: amount };
  });
}
