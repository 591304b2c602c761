// The values of the form for a new workspace, and what they become for the bridge.
import type { CatalogueView, MemberDraft } from '../../../shared/bridge/views.ts';
import type { Plan } from '../../../shared/catalogue/catalogue.ts';
import { parseInstant } from '../../../shared/kernel/instant.ts';
import type { LocalDate } from '../../../shared/kernel/time-zone.ts';
import type { BridgeInputs } from '../../app/bridge.ts';
import { decimalText, optionalText } from '../../ui/fields.tsx';
import { localMomentNow } from '../../ui/local-moment.ts';
import { seatRoles, versionOn } from '../../ui/plan-text.ts';
import { strings } from './strings.ts';

export interface NewWorkspaceValues {
  readonly platform: string | null;
  readonly plan: string | null;
  readonly seats: Readonly<Record<string, number>>;
  readonly enteredAllotment: string;
  /** Only what was switched; the rest is as the plan has it. */
  readonly addOns: Readonly<Record<string, boolean>>;
  readonly anchor: LocalDate;
  readonly timeZone: string;
  readonly name: string;
  readonly members: readonly MemberDraft[];
  /** Index into `members`, as text for the select. */
  readonly me: string | null;
  readonly hasOpening: boolean;
  readonly openingUsed: string;
  readonly openingAt: string;
}

export interface Chosen {
  readonly catalogue: CatalogueView;
  readonly plans: readonly Plan[];
  readonly plan: Plan | undefined;
}

/** The catalogue and plan that the values name, with the plans on offer today; undefined before a platform is chosen. */
export function chosenOf(
  values: NewWorkspaceValues,
  catalogues: readonly CatalogueView[],
  today: LocalDate,
): Chosen | undefined {
  const catalogue = catalogues.find((view) => view.catalogue.platform === values.platform);
  if (catalogue === undefined) return undefined;
  const plans = versionOn(catalogue.catalogue, today)?.plans ?? [];
  return { catalogue, plans, plan: plans.find(({ id }) => id === values.plan) };
}

/** Takes a platform. One with one plan needs no second choice. */
export function withPlatform(
  values: NewWorkspaceValues,
  platform: string,
  catalogues: readonly CatalogueView[],
  today: LocalDate,
): NewWorkspaceValues {
  const catalogue = catalogues.find((view) => view.catalogue.platform === platform)?.catalogue;
  const plans = catalogue === undefined ? [] : (versionOn(catalogue, today)?.plans ?? []);
  const only = plans.length === 1 ? plans[0] : undefined;
  const next = { ...values, platform, plan: null, seats: {}, addOns: {}, enteredAllotment: '' };
  return only === undefined ? next : withPlan(next, only);
}

/** Takes a plan: roles that it does not have fall back to its first one. */
export function withPlan(values: NewWorkspaceValues, plan: Plan): NewWorkspaceValues {
  const first = plan.roles[0]?.id;
  const members =
    first === undefined
      ? values.members
      : values.members.map((member) =>
          plan.roles.some(({ id }) => id === member.role) ? member : { ...member, role: first },
        );
  return { ...values, plan: plan.id, members, addOns: {} };
}

/** Takes the time zone. The opening reading stays at the same moment, which has another local time there. */
export function withTimeZone(values: NewWorkspaceValues, timeZone: string): NewWorkspaceValues {
  const moment = parseInstant(values.openingAt, values.timeZone);
  return { ...values, timeZone, ...(moment.ok ? { openingAt: localMomentNow(moment.value, timeZone) } : {}) };
}

/** Takes the members; who I am stays the same person, or nobody when that person is gone. */
export function withMembers(values: NewWorkspaceValues, members: readonly MemberDraft[]): NewWorkspaceValues {
  const me = values.me === null ? undefined : values.members[Number(values.me)];
  const index = me === undefined ? -1 : members.indexOf(me);
  return { ...values, members, me: index < 0 ? null : String(index) };
}

/** What the bridge takes. Figures and dates stay text: the replica reads them and says what is wrong. */
export function toCreateInput(values: NewWorkspaceValues, plan: Plan): BridgeInputs['workspaces']['create'] {
  const counted = seatRoles(plan).flatMap(({ id }) => {
    const count = values.seats[id];
    return count === undefined ? [] : [[id, count] as const];
  });
  const enteredAllotment = optionalText(values.enteredAllotment);
  const name = optionalText(values.name);
  return {
    platform: values.platform ?? '',
    plan: plan.id,
    seats: Object.fromEntries(counted),
    anchor: values.anchor,
    timeZone: values.timeZone,
    ...(name === undefined ? {} : { name }),
    ...(enteredAllotment === undefined ? {} : { enteredAllotment: decimalText(enteredAllotment) }),
    ...(plan.addOns.length === 0
      ? {}
      : { addOns: plan.addOns.filter(({ id, onByDefault }) => values.addOns[id] ?? onByDefault).map(({ id }) => id) }),
    ...(values.members.length === 0 ? {} : { members: [...values.members] }),
    ...(values.me === null ? {} : { me: Number(values.me) }),
    ...(values.hasOpening ? { openingReading: { used: decimalText(values.openingUsed), at: values.openingAt } } : {}),
  };
}

/** The label of the field that a problem's path names: `members.3.role` is told with the person's place and name. */
export function fieldName(path: string, values: NewWorkspaceValues): string {
  const [head = '', index] = path.split('.');
  if (head === 'members' && index !== undefined) {
    const member = values.members[Number(index)];
    const place = `${strings.fields.members} ${Number(index) + 1}`;
    return member === undefined ? place : `${place} (${member.name})`;
  }
  return isFieldName(head) ? strings.fields[head] : path;
}

function isFieldName(head: string): head is keyof typeof strings.fields {
  return head in strings.fields;
}
