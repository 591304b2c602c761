import { eventIterator, type } from '@orpc/contract';
import { z } from 'zod';
import { base } from './contract-base.ts';
import type { SignInName } from '../protocol/sign-in.ts';
import type { WebhookStanding } from '../protocol/webhook.ts';
import { identifier, workspaceInput } from './inputs.ts';
import type {
  InviteView,
  NewInviteView,
  OutboxPage,
  PersonView,
  ServerLookView,
  SignInView,
  ServerDeviceView,
  ServerInviteView,
  ServerWorkspaceView,
  SyncView,
} from './sync-views.ts';

/** A link, or a code with the address of its server before or after it. */
const invite = z.string().trim().min(1, 'is missing').max(2_000, 'is longer than 2,000 characters');
const name = z.string().trim().min(1, 'is empty').max(120, 'is longer than 120 characters');
const organisationRole = z.enum(['company-admin', 'team-lead', 'member', 'guest', 'visitor'], {
  error: 'is no role of an organisation',
});

export const inviteInput = z.strictObject({ invite });
export const connectInput = z.strictObject({
  invite,
  /** How this computer is called on the server; its host name unless given. */
  deviceName: name.optional(),
});
/** Of a server, as it is typed: `credits.example`, `https://credits.example:8585`. */
const address = z.string().trim().min(1, 'is missing').max(500, 'is longer than 500 characters');
export const lookAtServerInput = z.strictObject({ address });
export const signInInput = z.strictObject({
  address,
  /** The certificate that the person has said to be the right one; null: one that a known authority vouches for. */
  fingerprint: z
    .string()
    .transform((text) => text.toLowerCase().replaceAll(/[\s:]/g, ''))
    .pipe(z.string().regex(/^[0-9a-f]{64}$/, 'is no fingerprint: it has 64 letters and digits'))
    .nullable(),
  deviceName: name.optional(),
});
const serverInput = z.strictObject({ serverId: identifier });
const serverWorkspaceInput = z.strictObject({ serverId: identifier, workspaceId: identifier });
const syncNowInput = z.strictObject({ workspaceId: identifier.optional() });
export const outboxInput = z.strictObject({
  workspaceId: identifier,
  /** waiting: not on the server yet. refused: not taken, with why. conflicts: another entry stands under the same id. */
  show: z.enum(['waiting', 'refused', 'conflicts']),
  cursor: z.string().max(500).nullable().default(null),
  limit: z.int().min(1).max(500).default(100),
});
export const dismissInput = z.strictObject({
  workspaceId: identifier,
  /** Those that are named, or all. */
  ids: z.array(identifier).max(1_000).optional(),
});
/** An address, or what the identity provider calls the account. */
const signsInAs = z.string().trim().min(1, 'is empty').max(320, 'is longer than 320 characters');
export const personAddInput = z.strictObject({
  serverId: identifier,
  name,
  role: organisationRole,
  signsInAs: signsInAs.optional(),
});
export const personChangeInput = z.strictObject({
  serverId: identifier,
  personId: identifier,
  name: name.optional(),
  role: organisationRole.optional(),
  active: z.boolean().optional(),
  /** null: by invites only. */
  signsInAs: signsInAs.nullable().optional(),
});
export const membershipInput = z.strictObject({
  serverId: identifier,
  personId: identifier,
  workspaceId: identifier,
  /** The member of the workspace that this person is; null takes the workspace away. */
  memberId: identifier.nullable(),
});
export const inviteCreateInput = z.strictObject({ serverId: identifier, personId: identifier });
export const inviteWithdrawInput = z.strictObject({ serverId: identifier, inviteId: identifier });
export const deviceRevokeInput = z.strictObject({ serverId: identifier, deviceId: identifier });

export const webhookSetInput = z.strictObject({
  serverId: identifier,
  url: z.string().trim().min(1, 'is missing').max(2_000, 'is longer than 2,000 characters'),
  thresholds: z
    .array(z.int('is no whole percent').min(1, 'is less than 1').max(1_000, 'is more than 1,000'))
    .max(20, 'are more than 20')
    .optional(),
  /** Makes another secret; the former one signs nothing more. */
  newSecret: z.boolean().optional(),
});

/** Servers, and workspaces of them on this computer. */
export const syncContract = {
  live: base.output(eventIterator(type<SyncView>())),
  status: base.output(type<SyncView>()),
  /** Reads an invite; sends nothing. */
  lookAtInvite: base.input(inviteInput).output(type<InviteView>()),
  /**
   * Joins this computer to the server of an invite and brings its workspaces here, in the background. Also joins it
   * again to a server that takes it no more.
   */
  connect: base
    .input(connectInput)
    .output(type<{ readonly serverId: string; readonly workspaceIds: readonly string[] }>()),
  /** Asks a server how it is joined without an invite. */
  lookAtServer: base.input(lookAtServerInput).output(type<ServerLookView>()),
  /**
   * Begins to join a server by signing in with its identity provider; `signIn` of the live view says how it goes on. One
   * that was under way is given up.
   */
  signIn: base.input(signInInput).output(type<SignInView>()),
  /** Gives up the sign-in that is under way, or forgets how the last one ended. */
  endSignIn: base.output(type<{ readonly ended: boolean }>()),
  /** Asks the server who this person is and what they may open, now. */
  refresh: base.input(serverInput).output(type<SyncView>()),
  /** Brings a workspace of a server here. */
  open: base.input(serverWorkspaceInput).output(type<{ readonly workspaceId: string }>()),
  /** Takes a workspace of this computer to a server, with all of its history. */
  publish: base.input(serverWorkspaceInput).output(type<{ readonly workspaceId: string }>()),
  /** From now on the workspace is this computer's own, with everything that is here. */
  leave: base.input(workspaceInput).output(type<{ readonly left: boolean }>()),
  /** Leaves all workspaces of a server, and forgets it. */
  forget: base.input(serverInput).output(type<{ readonly left: number }>()),
  /** A round now, of one workspace or all; answers when it has ended. */
  now: base.input(syncNowInput).output(type<SyncView>()),
  outbox: base.input(outboxInput).output(type<OutboxPage>()),
  /** Refused entries and conflicts that were seen: they are shown no more. */
  dismiss: base.input(dismissInput).output(type<{ readonly dismissed: number }>()),
};

/** What a company admin does on a server, through the connection of this computer. */
export const administrationContract = {
  /** How people sign in at the server; null where they join by invites only. */
  signIn: base.input(serverInput).output(type<{ readonly provider: string; readonly by: SignInName } | null>()),
  people: {
    list: base.input(serverInput).output(type<readonly PersonView[]>()),
    add: base.input(personAddInput).output(type<{ readonly personId: string }>()),
    change: base.input(personChangeInput).output(type<{ readonly changed: boolean }>()),
    setMembership: base.input(membershipInput).output(type<{ readonly changed: boolean }>()),
  },
  invites: {
    list: base.input(serverInput).output(type<readonly ServerInviteView[]>()),
    create: base.input(inviteCreateInput).output(type<NewInviteView>()),
    withdraw: base.input(inviteWithdrawInput).output(type<{ readonly withdrawn: boolean }>()),
  },
  devices: {
    list: base.input(serverInput).output(type<readonly ServerDeviceView[]>()),
    /** Its next call and its stream end, its leases are closed. */
    revoke: base.input(deviceRevokeInput).output(type<{ readonly revoked: boolean }>()),
  },
  workspaces: {
    list: base.input(serverInput).output(type<readonly ServerWorkspaceView[]>()),
  },
  webhook: {
    get: base.input(serverInput).output(type<WebhookStanding | null>()),
    /** A new secret is told this once; null where the former one stays. */
    set: base.input(webhookSetInput).output(type<{ readonly secret: string | null }>()),
    remove: base.input(serverInput).output(type<{ readonly removed: boolean }>()),
    /** Sends a message of no meaning, now. */
    tryNow: base.input(serverInput).output(type<{ readonly arrived: boolean; readonly problem: string | null }>()),
  },
};
