import { credits } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import type { AccessRole, ChangeValue } from '../../shared/ledger/change.ts';
import type { Entry } from '../../shared/protocol/entry.ts';
import type { OrganisationRole } from '../../shared/protocol/identity.ts';
import { poolOf } from '../../server/review/terms.ts';

/** Who there is, before anything happens. */
export interface Person {
  readonly personId: string;
  readonly organisationId: string;
  readonly role: OrganisationRole;
  /** In every workspace of the organisation; null for who is no member. */
  readonly memberId: string | null;
  readonly access: AccessRole;
  readonly teamId: string | null;
}

export interface Workspace {
  readonly workspaceId: string;
  readonly organisationId: string;
  readonly kind: WorkspaceKind;
  readonly seats: number;
}

/** hard and soft: one pool for all; personal: a hard one for each. */
export type WorkspaceKind = 'hard' | 'soft' | 'personal';

const kinds = {
  hard: { platform: 'piktochart', planId: 'pro', role: 'member' },
  soft: { platform: 'github-copilot', planId: 'business', role: 'member' },
  personal: { platform: 'visily', planId: 'pro', role: 'editor' },
} as const;

export const people: readonly Person[] = [
  person('ana', { role: 'company-admin', access: 'company-admin' }),
  person('max', { access: 'member', teamId: 'red' }),
  person('lea', { access: 'team-lead', teamId: 'red' }),
  person('tom', { access: 'member', teamId: 'blue' }),
  person('gus', { role: 'guest', access: 'member', memberId: null }),
  person('eve', { role: 'company-admin', access: 'company-admin', organisationId: 'rival' }),
];

function person(personId: string, given: Partial<Person> & Pick<Person, 'access'>): Person {
  const { access, role = access === 'team-lead' ? 'team-lead' : 'member', memberId = personId } = given;
  return {
    personId,
    organisationId: given.organisationId ?? 'studio',
    role,
    access,
    memberId,
    teamId: given.teamId ?? null,
  };
}

/** The pool from which somebody spends. */
export function poolIdOf({ workspaceId, kind }: Workspace, memberId: string | null): string {
  return poolOf(workspaceId, kind === 'personal' ? memberId : null).poolId;
}

export function isHard({ kind }: Workspace): boolean {
  return kind !== 'soft';
}

/** What its founder writes down first: the workspace, its plan and seats, its teams and people. */
export function founding(
  workspace: Workspace,
  given: { readonly at: Instant; readonly privacy: boolean },
): readonly Entry[] {
  const { workspaceId, organisationId, kind, seats } = workspace;
  const { platform, planId, role } = kinds[kind];
  const start = instant(Date.UTC(2026, 0, 1));
  const change = (subject: string, value: ChangeValue): Entry =>
    changeOf(workspace, { id: `${value.kind}/${subject}/first`, subject, at: start, value });
  const members = people.filter((known) => known.organisationId === organisationId && known.memberId !== null);
  return [
    {
      kind: 'workspace',
      workspace: {
        id: workspaceId,
        name: workspaceId,
        platform,
        anchor: '2026-01-01',
        timeZone: 'UTC',
        weekStart: 1,
        sample: false,
        createdAt: given.at,
      },
    },
    change('', { kind: 'plan', planId }),
    change('', { kind: 'seats', seatsByRole: { [role]: seats } }),
    change('red', { kind: 'team', name: 'Red', deleted: false }),
    change('blue', { kind: 'team', name: 'Blue', deleted: false }),
    ...(given.privacy ? [change('', { kind: 'privacy', hidesPeople: true, teamMin: 2 })] : []),
    ...members.map((member) => change(member.memberId ?? '', memberValue(workspace, member))),
  ];
}

/** What a workspace says of a person. */
export function memberValue(
  { kind }: Workspace,
  given: Person,
  changes: { readonly active?: boolean } = {},
): ChangeValue {
  const { personId, access, teamId } = given;
  const { active = true } = changes;
  return { kind: 'member', member: { name: personId, role: kinds[kind].role, teamId, access, active } };
}

export function seatsValue({ kind }: Workspace, seats: number): ChangeValue {
  return { kind: 'seats', seatsByRole: { [kinds[kind].role]: seats } };
}

export function changeOf(
  { workspaceId }: Workspace,
  given: { readonly id: string; readonly subject: string; readonly at: Instant; readonly value: ChangeValue },
): Entry {
  const { id, subject, at, value } = given;
  return {
    kind: 'change',
    change: {
      id: `${workspaceId}/${id}`,
      workspaceId,
      subject,
      effectiveFrom: at,
      recordedAt: at,
      authorId: null,
      origin: 'app',
      reason: null,
      value,
    },
  };
}

export const million = 1_000_000;
export const wholeCredits = (count: number) => credits(count * million);
