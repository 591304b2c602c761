import type { CapView, FeatureView, WorkspaceSummary, WorkspaceView } from '../../shared/bridge/views.ts';
import { figure } from '../../shared/catalogue/figure.ts';
import { versionInForce } from '../../shared/catalogue/lookup.ts';
import { compareText } from '../../shared/kernel/id.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { holdingAt, inForceAt, parseCapSubject } from '../../shared/ledger/change.ts';
import { planAt } from '../../shared/ledger/schedule.ts';
import { addOnsOn } from '../../shared/usage/log-usage.ts';
import { accessOf, peopleFor, privacyOf } from './people.ts';
import type { ReplicaState } from './replica-state.ts';
import { whoAmI } from './settings.ts';
import type { Workspace } from './workspace.ts';

export function workspaceSummaries(state: ReplicaState): readonly WorkspaceSummary[] {
  const now = state.clock();
  return state.workspaces().map((workspace) => ({
    id: workspace.id,
    name: workspace.name,
    platform: workspace.platform,
    platformName: workspace.catalogue.name,
    planName: planAt(workspace.index, now).plan.name,
    sample: workspace.sample,
  }));
}

/** Everything about a workspace that forms need, as it holds now. */
export function workspaceView(state: ReplicaState, workspaceId: string): WorkspaceView {
  const workspace = state.workspace(workspaceId);
  const now = state.clock();
  const { index } = workspace;
  const { plan } = planAt(index, now);
  const on = addOnsOn(index, plan, now);
  return {
    id: workspace.id,
    name: workspace.name,
    platform: workspace.platform,
    platformName: workspace.catalogue.name,
    planId: plan.id,
    planName: plan.name,
    planEndedAt: planEndedAt(workspace, now),
    anchor: workspace.anchor,
    timeZone: workspace.timeZone,
    weekStart: workspace.weekStart,
    sample: workspace.sample,
    createdAt: workspace.createdAt,
    poolScope: plan.poolScope,
    limit: plan.limit.kind,
    addOns: plan.addOns.map((addOn) => ({ id: addOn.id, name: addOn.name, on: on.has(addOn.id) })),
    roles: plan.roles.map(({ id, name, spends }) => ({ id, name, spends })),
    features: featuresOf(workspace, now),
    members: [...index.members]
      .map(([id, dated]) => ({ id, member: holdingAt(dated, now)?.member }))
      .flatMap(({ id, member }) => (member ? [{ id, ...member }] : []))
      .sort((left, right) => compareText(left.name.toLowerCase(), right.name.toLowerCase())),
    teams: [...index.teams]
      .map(([id, dated]) => ({ id, team: holdingAt(dated, now) }))
      .flatMap(({ id, team }) => (team ? [{ id, name: team.name, deleted: team.deleted }] : []))
      .sort((left, right) => compareText(left.name.toLowerCase(), right.name.toLowerCase())),
    caps: capsOf(workspace, now),
    meId: whoAmI(state, workspaceId),
    access: accessOf(state, workspace),
    privacy: privacyOf(workspace),
    showsPeople: peopleFor(state, workspace).byUser,
  };
}

/** When the plan was ended, if it is not running. [E2] */
export function planEndedAt(workspace: Workspace, now: Instant): Instant | null {
  const last = workspace.index.plans.findLast((entry) => entry.from <= now);
  return last?.value.planId === null ? last.from : null;
}

function featuresOf(workspace: Workspace, now: Instant): readonly FeatureView[] {
  const { version } = versionInForce(workspace.catalogue, now);
  const listed = version.features.map((feature): FeatureView => ({
    id: feature.id,
    name: feature.name,
    unit: feature.unit,
    origin: 'listed',
    rates: feature.rates.map((rate) => ({
      variant: rate.variant ?? null,
      credits: rate.credits === null ? null : figure(rate.credits),
    })),
  }));
  const known = new Set(listed.map((feature) => feature.id));
  const imported = [...workspace.index.features]
    .filter(([id]) => !known.has(id))
    .flatMap(([id, dated]): readonly FeatureView[] => {
      const feature = holdingAt(dated, now);
      return feature ? [{ id, name: feature.name, unit: feature.unit, origin: 'imported', rates: [] }] : [];
    });
  return [...listed, ...imported];
}

function capsOf(workspace: Workspace, now: Instant): readonly CapView[] {
  return [...workspace.index.caps].flatMap(([subject, dated]) => {
    const parsed = parseCapSubject(subject);
    const cap = inForceAt(
      dated.filter((entry) => entry.value.until === null || entry.value.until > now),
      now,
    );
    if (!parsed || !cap || cap.credits === null) return [];
    return [
      { scope: parsed.scope, subjectId: parsed.subjectId, credits: cap.credits, per: parsed.span, until: cap.until },
    ];
  });
}
