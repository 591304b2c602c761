import type { z } from 'zod';
import type { memberChangeInput, membersAddInput, teamChangeInput } from '../../shared/bridge/inputs.ts';
import type { Issue } from '../../shared/bridge/problem.ts';
import type { MemberDraft, MembersPreview } from '../../shared/bridge/views.ts';
import type { Plan } from '../../shared/catalogue/catalogue.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { holdingAt, type Change, type MemberValue } from '../../shared/ledger/change.ts';
import { planAt, type TermsIndex } from '../../shared/ledger/schedule.ts';
import { changeOf } from './dated-changes.ts';
import { notFound, wrongField, wrongInput } from './problems.ts';
import { readInstant } from './reading.ts';
import type { Actor, ReplicaState } from './replica-state.ts';
import { slugOf } from '../transfer/feature-slug.ts';
import { readMembersText } from '../transfer/members-text.ts';
import { findPlan, versionInForce } from '../../shared/catalogue/lookup.ts';

type MembersAdd = z.output<typeof membersAddInput>;
type MemberChange = z.output<typeof memberChangeInput>;
type TeamChange = z.output<typeof teamChangeInput>;

/** Adds members all or none. Teams that they name are made. */
export async function addMembers(
  state: ReplicaState,
  given: MembersAdd,
  actor: Actor,
): Promise<{ readonly added: number }> {
  await state.appendChanges(given.workspaceId, membersAdded(state, given, actor));
  return { added: given.members.length };
}

/** The changes that add members, or a problem that names every one who cannot be. */
export function membersAdded(state: ReplicaState, given: MembersAdd, actor: Actor): readonly Change[] {
  const workspace = state.workspace(given.workspaceId);
  const now = state.clock();
  return memberChanges(
    state,
    {
      workspaceId: workspace.id,
      plan: planAt(workspace.index, now).plan,
      index: workspace.index,
      drafts: given.members,
      at: now,
      firstAccess: null,
    },
    actor,
  );
}

/** The changes that bring drafts in, or a problem that names every draft that cannot be. */
export function memberChanges(
  state: ReplicaState,
  given: {
    readonly workspaceId: string;
    readonly plan: Plan;
    /** null while the workspace is being made. */
    readonly index: TermsIndex | null;
    readonly drafts: readonly MemberDraft[];
    readonly at: Instant;
    /** Which draft becomes company admin: whoever creates a local workspace. [E5] */
    readonly firstAccess: number | null;
  },
  actor: Actor,
): readonly Change[] {
  const { plan, index, drafts, at } = given;
  const issues: Issue[] = [];
  const changes: Change[] = [];
  const taken = new Set(index?.members.keys() ?? []);
  const roles = plan.roles.map((role) => role.id);
  const teams = new Teams(index, at);
  for (const [place, draft] of drafts.entries()) {
    const id = draft.id ?? slugOf(draft.name);
    if (!roles.includes(draft.role)) {
      issues.push({
        path: `members.${place}.role`,
        message: `${draft.name}: “${draft.role}” is no role of ${plan.name}; it has ${roles.join(', ')}`,
        line: place + 1,
      });
    }
    if (taken.has(id)) {
      issues.push({ path: `members.${place}.id`, message: `${draft.name}: the id “${id}” is taken`, line: place + 1 });
    }
    taken.add(id);
    const team = draft.team === undefined ? null : teams.named(draft.team);
    if (team?.isNew) {
      const value = { kind: 'team', name: team.name, deleted: false } as const;
      changes.push(
        changeOf(state, { workspaceId: given.workspaceId, subject: team.id, effectiveFrom: at, value }, actor),
      );
    }
    const member: MemberValue = {
      name: draft.name,
      role: draft.role,
      teamId: team?.id ?? null,
      access: given.firstAccess === place ? 'company-admin' : 'member',
      active: true,
    };
    const value = { kind: 'member', member } as const;
    changes.push(changeOf(state, { workspaceId: given.workspaceId, subject: id, effectiveFrom: at, value }, actor));
  }
  if (issues.length > 0) throw wrongInput(issues);
  return changes;
}

export async function changeMember(
  state: ReplicaState,
  given: MemberChange,
  actor: Actor,
): Promise<{ readonly changed: boolean }> {
  const changes = memberChanged(state, given, actor);
  await state.appendChanges(given.workspaceId, changes);
  return { changed: changes.length > 0 };
}

/** The changes that make a member what is given; none where that changes nothing. */
export function memberChanged(state: ReplicaState, given: MemberChange, actor: Actor): readonly Change[] {
  const workspace = state.workspace(given.workspaceId);
  const now = state.clock();
  const at = given.at === undefined ? now : readInstant(given.at, 'at', workspace.timeZone);
  const before = holdingAt(workspace.index.members.get(given.member), at)?.member;
  if (!before) throw notFound('member', given.member);
  const { plan } = planAt(workspace.index, at);
  const role = given.role ?? before.role;
  if (!plan.roles.some((known) => known.id === role)) {
    throw wrongField(
      'role',
      `“${role}” is no role of ${plan.name}; it has ${plan.roles.map((known) => known.id).join(', ')}`,
    );
  }
  const changes: Change[] = [];
  let { teamId } = before;
  if (given.team === null) teamId = null;
  else if (given.team !== undefined) {
    const team = new Teams(workspace.index, at).named(given.team);
    teamId = team.id;
    if (team.isNew) {
      const value = { kind: 'team', name: team.name, deleted: false } as const;
      changes.push(changeOf(state, { workspaceId: workspace.id, subject: team.id, effectiveFrom: at, value }, actor));
    }
  }
  const member: MemberValue = {
    name: given.name ?? before.name,
    role,
    teamId,
    access: given.access ?? before.access,
    active: given.active ?? before.active,
  };
  if (sameMember(before, member)) return [];
  changes.push(
    changeOf(
      state,
      {
        workspaceId: workspace.id,
        subject: given.member,
        effectiveFrom: at,
        value: { kind: 'member', member },
        reason: given.reason,
      },
      actor,
    ),
  );
  return changes;
}

export async function changeTeam(
  state: ReplicaState,
  given: TeamChange,
  actor: Actor,
): Promise<{ readonly changed: boolean }> {
  const workspace = state.workspace(given.workspaceId);
  const now = state.clock();
  const before = holdingAt(workspace.index.teams.get(given.team), now);
  if (!before) throw notFound('team', given.team);
  const value = { kind: 'team', name: given.name ?? before.name, deleted: given.deleted ?? before.deleted } as const;
  if (value.name === before.name && value.deleted === before.deleted) return { changed: false };
  const change = changeOf(state, { workspaceId: workspace.id, subject: given.team, effectiveFrom: now, value }, actor);
  await state.appendChanges(workspace.id, [change]);
  return { changed: true };
}

function sameMember(left: MemberValue, right: MemberValue): boolean {
  return (
    left.name === right.name &&
    left.role === right.role &&
    left.teamId === right.teamId &&
    left.access === right.access &&
    left.active === right.active
  );
}

/** The teams of a workspace by name, and those that are made on the way. */
class Teams {
  readonly #idsByName = new Map<string, string>();
  readonly #taken: Set<string>;

  constructor(index: TermsIndex | null, at: Instant) {
    this.#taken = new Set(index?.teams.keys() ?? []);
    const inForce = [...(index?.teams ?? [])].flatMap(([id, dated]) => {
      const team = holdingAt(dated, at);
      return team && !team.deleted ? [{ id, name: team.name }] : [];
    });
    for (const { id } of inForce) this.#idsByName.set(id.toLowerCase(), id);
    // A name goes before an id that happens to read the same.
    for (const { id, name } of inForce) this.#idsByName.set(name.toLowerCase(), id);
  }

  /** The team of that name or id; a new one, with an id of its own, where there is none that is not deleted. */
  named(name: string): { readonly id: string; readonly name: string; readonly isNew: boolean } {
    const known = this.#idsByName.get(name.toLowerCase());
    if (known !== undefined) return { id: known, name, isNew: false };
    const slug = slugOf(name);
    let id = slug;
    for (let count = 2; this.#taken.has(id); count += 1) id = `${slug}-${count}`;
    this.#taken.add(id);
    this.#idsByName.set(name.toLowerCase(), id);
    return { id, name, isNew: true };
  }
}

/** Reads pasted text or a CSV file of members for a plan; books nothing. */
export function previewMembers(
  state: ReplicaState,
  given: { readonly platform: string; readonly plan: string; readonly text: string },
): MembersPreview {
  const { version } = versionInForce(state.catalogue(given.platform), state.clock());
  const plan = findPlan(version, given.plan);
  if (!plan) throw notFound('plan', given.plan);
  return readMembersText(given.text, plan.roles);
}
