// The rows of the members table: who is shown, with the names and caps that belong to them.
import type { CapView, MemberView, WorkspaceView } from '../../../shared/bridge/views.ts';
import type { WorkspaceDirectory } from '../../hooks/use-workspace.tsx';
import { strings } from './strings.ts';

export interface MemberRow {
  readonly member: MemberView;
  readonly roleName: string;
  readonly spends: boolean;
  readonly teamName: string;
  readonly caps: readonly CapView[];
  readonly isMe: boolean;
}

export interface MemberFilter {
  readonly text: string;
  readonly role: string | null;
  /** A team's id, or `noTeam`. */
  readonly team: string | null;
  readonly state: 'active' | 'inactive' | 'all';
}

/** No team has this id: ids are UUIDs or come from files that name one. */
export const noTeam = '\u0000';

export function memberRows(workspace: WorkspaceView, directory: WorkspaceDirectory): readonly MemberRow[] {
  const capsByMember = new Map<string, CapView[]>();
  for (const cap of workspace.caps) {
    if (cap.scope !== 'member' || cap.subjectId === null) continue;
    const known = capsByMember.get(cap.subjectId);
    if (known === undefined) capsByMember.set(cap.subjectId, [cap]);
    else known.push(cap);
  }
  const spendsByRole = new Map(workspace.roles.map((role) => [role.id, role.spends]));
  return workspace.members.map((member) => {
    const team = member.teamId === null ? undefined : directory.teamById.get(member.teamId);
    return {
      member,
      roleName: directory.roleNameById.get(member.role) ?? member.role,
      spends: spendsByRole.get(member.role) ?? false,
      teamName: team === undefined ? '' : team.deleted ? strings.deletedTeam({ name: team.name }) : team.name,
      caps: capsByMember.get(member.id) ?? [],
      isMe: member.id === workspace.meId,
    };
  });
}

/** The rows that the filter leaves; the text is looked for without regard to case or accents. */
export function filteredRows(rows: readonly MemberRow[], filter: MemberFilter): readonly MemberRow[] {
  const wanted = folded(filter.text.trim());
  return rows.filter(({ member }) => {
    if (filter.state !== 'all' && member.active !== (filter.state === 'active')) return false;
    if (filter.role !== null && member.role !== filter.role) return false;
    if (filter.team !== null && (member.teamId ?? noTeam) !== filter.team) return false;
    return wanted === '' || folded(member.name).includes(wanted) || folded(member.id).includes(wanted);
  });
}

function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
