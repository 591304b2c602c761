import type { Asker } from './rules.ts';
import { people, type Person, type Workspace } from './team.ts';

/** Which device is whose, and what they may enter: what a server keeps of organisations, in the plainest way. */
export class Directory {
  readonly workspaces: readonly Workspace[];
  readonly #personByDevice = new Map<string, Person>();
  readonly #revoked = new Set<string>();

  constructor(workspaces: readonly Workspace[]) {
    this.workspaces = workspaces;
  }

  enrol(deviceId: string, person: Person): void {
    this.#personByDevice.set(deviceId, person);
  }

  revoke(deviceId: string): void {
    this.#revoked.add(deviceId);
  }

  isRevoked(deviceId: string): boolean {
    return this.#revoked.has(deviceId);
  }

  personOf(deviceId: string): Person {
    return this.#personByDevice.get(deviceId) ?? people[0]!;
  }

  /** As if they were let in. */
  asIf(deviceId: string): Asker {
    const { personId, role, memberId } = this.personOf(deviceId);
    const ownDevices = new Set(
      [...this.#personByDevice].flatMap(([id, owner]) => (owner.personId === personId ? id : [])),
    );
    return { deviceId, personId, ownDevices, role, memberId };
  }

  /** Who asks for a workspace, or why they are not let in. */
  askerOf(deviceId: string, workspaceId: string): Asker | 'revoked' | 'unauthenticated' | 'not-found' {
    const person = this.#personByDevice.get(deviceId);
    const workspace = this.workspaces.find((known) => known.workspaceId === workspaceId);
    if (!person) return 'unauthenticated';
    if (this.#revoked.has(deviceId)) return 'revoked';
    if (workspace?.organisationId !== person.organisationId) return 'not-found';
    return this.asIf(deviceId);
  }

  workspacesOf({ organisationId }: Person): readonly Workspace[] {
    return this.workspaces.filter((workspace) => workspace.organisationId === organisationId);
  }
}
