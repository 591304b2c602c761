import { createContext, useContext, useMemo, type ReactNode } from 'react';
import type { MemberView, TeamView, WorkspaceView } from '../../shared/bridge/views.ts';
import { assert } from '../../shared/kernel/assert.ts';

const WorkspaceContext = createContext<WorkspaceView | null>(null);

/** Gives the workspace of the route to every screen below. */
export function WorkspaceProvider({
  workspace,
  children,
}: {
  readonly workspace: WorkspaceView;
  readonly children: ReactNode;
}) {
  return <WorkspaceContext value={workspace}>{children}</WorkspaceContext>;
}

/** The workspace of the route; null on a screen that belongs to none. */
export function useOpenWorkspace(): WorkspaceView | null {
  return useContext(WorkspaceContext);
}

/** The workspace of the route: everything about it that forms need. It is live. */
export function useWorkspace(): WorkspaceView {
  const workspace = useContext(WorkspaceContext);
  assert(workspace !== null, 'A screen of a workspace is drawn inside its provider.');
  return workspace;
}

export interface WorkspaceDirectory {
  readonly memberById: ReadonlyMap<string, MemberView>;
  readonly teamById: ReadonlyMap<string, TeamView>;
  readonly roleNameById: ReadonlyMap<string, string>;
  readonly me: MemberView | null;
  /**
   * Whether what a company admin changes is open on this computer. Before anybody has said who they are, the person
   * who set the workspace up is taken to sit here; on a server an admin of the organisation is one everywhere. [E5]
   */
  readonly isAdmin: boolean;
  readonly isLead: boolean;
}

/** The people, teams and roles of the workspace by id, and who I am. */
export function useDirectory(): WorkspaceDirectory {
  const workspace = useWorkspace();
  return useMemo(() => directoryOf(workspace), [workspace]);
}

export function directoryOf(
  workspace: Pick<WorkspaceView, 'members' | 'teams' | 'roles' | 'meId' | 'access'>,
): WorkspaceDirectory {
  const memberById = new Map(workspace.members.map((member) => [member.id, member]));
  return {
    memberById,
    teamById: new Map(workspace.teams.map((team) => [team.id, team])),
    roleNameById: new Map(workspace.roles.map((role) => [role.id, role.name])),
    me: workspace.meId === null ? null : (memberById.get(workspace.meId) ?? null),
    isAdmin: workspace.access === 'company-admin',
    isLead: workspace.access === 'team-lead',
  };
}
