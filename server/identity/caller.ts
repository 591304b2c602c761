// Who sends a request: from the token and the database, never from a body.

import type { OrganisationRole } from '../../shared/protocol/identity.ts';

export interface Caller {
  readonly organisationId: string;
  readonly personId: string;
  readonly deviceId: string;
  readonly role: OrganisationRole;
  /** In which workspaces, and as which member of each. */
  readonly memberships: readonly Membership[];
  /** Ed25519, 32 bytes: what the device signs with. */
  readonly publicKey: Buffer;
}

export interface Membership {
  readonly workspaceId: string;
  readonly memberId: string;
}

/** Why somebody is not let in. */
export type CallerProblem = 'unauthenticated' | 'revoked';

/**
 * Whether a caller may enter a workspace at all, and as which member. A company admin enters every workspace of the
 * organisation, with a member of its history or without. null: not at all.
 */
export function entryOf(caller: Caller, workspaceId: string): { readonly memberId: string | null } | null {
  const membership = caller.memberships.find((known) => known.workspaceId === workspaceId);
  if (membership) return { memberId: membership.memberId };
  return caller.role === 'company-admin' ? { memberId: null } : null;
}
