import type { Workspace } from './workspace.ts';

/** The names that a person reads for the ids of a workspace. An id that is not known stands for itself. */
export interface Names {
  readonly member: (id: string) => string;
  readonly team: (id: string) => string;
  readonly feature: (id: string) => string;
  readonly unit: (featureId: string) => string;
  readonly role: (id: string) => string;
  readonly addOn: (id: string) => string;
}

export function namesOf(workspace: Workspace): Names {
  const { index, catalogue } = workspace;
  const listed = new Map(
    catalogue.versions.flatMap((version) => version.features).map((feature) => [feature.id, feature]),
  );
  const plans = catalogue.versions.flatMap((version) => version.plans);
  const roles = new Map(plans.flatMap((plan) => plan.roles).map((role) => [role.id, role.name]));
  const addOns = new Map(plans.flatMap((plan) => plan.addOns).map((addOn) => [addOn.id, addOn.name]));
  return {
    role: (id) => roles.get(id) ?? id,
    addOn: (id) => addOns.get(id) ?? id,
    member: (id) => index.members.get(id)?.at(-1)?.value.member.name ?? id,
    team: (id) => index.teams.get(id)?.at(-1)?.value.name ?? id,
    feature: (id) => listed.get(id)?.name ?? index.features.get(id)?.at(-1)?.value.name ?? id,
    unit: (id) => listed.get(id)?.unit ?? index.features.get(id)?.at(-1)?.value.unit ?? 'action',
  };
}
