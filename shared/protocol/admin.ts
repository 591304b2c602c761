import { z } from 'zod';
import { id, moment } from './fields.ts';
import { organisationRoles } from './identity.ts';
import { limits } from './limits.ts';

/**
 * What a company admin does on a server beside the histories: people, invites, devices, workspaces. Lists come in pages:
 * `next` is what to ask for with `?after=`, null at the end. Instants are the server's, to be shown and not counted with.
 */

const name = z.string().trim().min(1).max(120);
const next = id.nullable();
const role = z.enum(organisationRoles);
/** As the identity provider names the person: an address, or its own name for the account. */
const signsInAs = z.string().trim().min(1).max(320);
const page = <Item extends z.ZodType>(item: Item) => z.array(item).max(limits.pageRowsMax);

export const listQuerySchema = z.object({ after: id.optional() });

const personSchema = z.object({
  id,
  name: z.string(),
  role,
  active: z.boolean(),
  /** null: by invites only. */
  signsInAs: z.string().nullable(),
  /** Devices that are not revoked. */
  devices: z.int().min(0),
  /** Which member of which workspace's history the person is. */
  memberships: z.array(z.object({ workspaceId: id, memberId: id })).max(limits.pageRowsMax),
});
export type Person = z.output<typeof personSchema>;

export const peopleSchema = z.object({ people: page(personSchema), next });
export const personAddSchema = z.object({ name, role, signsInAs: signsInAs.exactOptional() });
export const personAddedSchema = z.object({ id });

/** Who is no longer active is let in nowhere: all devices of the person are revoked. */
export const personChangeSchema = z.object({
  name: name.exactOptional(),
  role: role.exactOptional(),
  active: z.boolean().exactOptional(),
  /** Another one, or null for invites only: the account that signed in before is forgotten. */
  signsInAs: signsInAs.nullable().exactOptional(),
});

/** `memberId` null takes the workspace from the person. */
export const membershipSetSchema = z.object({ workspaceId: id, memberId: id.nullable() });

export const inviteStates = ['open', 'used', 'withdrawn', 'expired'] as const;
const inviteSchema = z.object({
  id,
  personId: id,
  createdAt: moment,
  expiresAt: moment,
  state: z.enum(inviteStates),
});
export const invitesSchema = z.object({ invites: page(inviteSchema), next });
export const inviteCreateSchema = z.object({ personId: id });
/** The code is told this once: the server keeps a hash of it. */
export const inviteCreatedSchema = z.object({ id, code: z.string(), expiresAt: moment });

const deviceSchema = z.object({
  id,
  personId: id,
  name: z.string(),
  enrolledAt: moment,
  /** When it last renewed its access token. */
  lastSeenAt: moment,
  /** What the program called itself then. */
  program: z.string().nullable(),
  revokedAt: moment.nullable(),
  revokedReason: z.enum(['admin', 'token-reuse', 'person-left']).nullable(),
});
export const devicesSchema = z.object({ devices: page(deviceSchema), next });

export const workspacesSchema = z.object({
  workspaces: page(z.object({ id, name: z.string(), createdAt: moment, members: z.int().min(0) })),
  next,
});

/** What a change did: false where everything was so already. */
export const changedSchema = z.object({ changed: z.boolean() });
