import type { Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { OrganisationRole } from '../protocol/identity.ts';
import type { RefusalReason } from '../protocol/verdict.ts';
import type { Problem } from './problem.ts';
import type { LedgerRow } from './views.ts';

/** An invite as it was typed, pasted or opened, before anything is sent. */
export interface InviteView {
  /** `https://host:port`. */
  readonly server: string;
  readonly code: string;
  /** The certificate that the server must show, SHA-256 as 64 hexadecimal digits; null where a known authority signs it. */
  readonly fingerprint: string | null;
  /** The server that this computer is connected to at that address already. */
  readonly knownServerId: string | null;
}

/** A server as it shows itself to whoever asks, before anything is said to it. */
export interface ServerLookView {
  /** `https://host:port`. */
  readonly server: string;
  /**
   * The certificate that it shows and no known authority vouches for, SHA-256 as 64 hexadecimal digits: a person has to
   * say that it is the right one. null where an authority does, or where the server is on this very computer.
   */
  readonly fingerprint: string | null;
  /** What people sign in with there; null where they join by invites only. */
  readonly provider: string | null;
  /** The server that this computer is connected to at that address already. */
  readonly knownServerId: string | null;
}

/** The sign-in of this computer that is under way, or how the last one ended. */
export interface SignInView {
  readonly server: string;
  /** What people call the identity provider. */
  readonly provider: string;
  /**
   * waiting: the person enters the code. server-silent, provider-silent: the same, and the one or the other does not
   * answer just now; it is asked again by itself. joined, failed: it is over.
   */
  readonly state: 'waiting' | 'server-silent' | 'provider-silent' | 'joined' | 'failed';
  readonly userCode: string;
  /** Where the code is entered, on any computer. */
  readonly page: string;
  /** The same with the code in it. */
  readonly pageWithCode: string | null;
  readonly expiresAt: Instant;
  /** Once joined. */
  readonly serverId: string | null;
  readonly workspaceIds: readonly string[];
  /** Once failed. */
  readonly problem: Problem | null;
}

/** A server that this computer is connected to, as one device of one person. */
export interface ServerView {
  readonly id: string;
  readonly address: string;
  readonly fingerprint: string | null;
  readonly organisationName: string;
  readonly personId: string;
  readonly personName: string;
  readonly role: OrganisationRole;
  readonly deviceId: string;
  readonly deviceName: string;
  /**
   * ready: it answered last. offline: it did not, and is asked again by itself. signed-out: it takes this device no more,
   * or its secrets are gone; a new invite joins it again. copied: another copy of this data writes too, or the data was
   * restored; a new invite joins it again.
   */
  readonly state: 'ready' | 'offline' | 'signed-out' | 'copied';
  readonly problem: Problem | null;
  /** All workspaces that this person may open there; `here` are on this computer. */
  readonly workspaces: readonly {
    readonly id: string;
    readonly name: string;
    readonly access: OrganisationRole;
    readonly here: boolean;
  }[];
}

/** What a workspace of a server waits for, oldest first. */
export interface OutboxSummary {
  readonly waiting: number;
  /** When the oldest of them was written down; null when nothing waits. */
  readonly oldestAt: Instant | null;
  /** Entries that the server did not take, and of which a person has not said yet that they were seen. */
  readonly refused: number;
  readonly conflicts: number;
}

/** How a workspace of a server stands on this computer. */
export interface WorkspaceSyncView {
  readonly workspaceId: string;
  /** As on this computer; empty before the first pull has brought it. */
  readonly name: string;
  readonly serverId: string;
  /** How the person of this computer may enter it. */
  readonly access: OrganisationRole;
  /**
   * first-pull: it is being brought here, `progress` says how far. syncing: a round is under way. up-to-date: the server
   * has all of it, and tells of news by itself. waiting: something waits, the next round is near. offline: the server does
   * not answer. stopped: nothing is sent any more until somebody does what `problem` says.
   */
  readonly state: 'first-pull' | 'syncing' | 'up-to-date' | 'waiting' | 'offline' | 'stopped';
  readonly progress: { readonly done: number; readonly total: number | null } | null;
  /** Whether the server tells of news at once. */
  readonly live: boolean;
  readonly outbox: OutboxSummary;
  readonly lastSuccessAt: Instant | null;
  readonly lastTriedAt: Instant | null;
  readonly nextTryAt: Instant | null;
  /** Why the last round stopped, in words, with what was kept and what to do; null after one that went well. */
  readonly problem: Problem | null;
  readonly leases: readonly LeaseView[];
}

/** What this computer may spend from a hard pool without asking. */
export interface LeaseView {
  readonly poolId: string;
  /** Whose pool it is; null for a shared one. */
  readonly memberName: string | null;
  readonly amount: Credits;
  readonly rest: Credits;
  readonly standing: 'spendable' | 'ended' | 'suspended' | 'later';
  /** When it ends by the clock of this computer. */
  readonly until: Instant;
  /** “This computer may spend 180 credits offline until Fri, 4 Dec 2026, 14:00.” */
  readonly sentence: string;
}

/** Everything about servers and sync that a person sees. */
export interface SyncView {
  readonly asOf: Instant;
  readonly servers: readonly ServerView[];
  readonly workspaces: readonly WorkspaceSyncView[];
  /** null where nobody signs in, and the end of the last one was looked at. */
  readonly signIn: SignInView | null;
  /** Where the key of this device is kept: `file` is a file that only its owner reads, `memory` lasts until the end. */
  readonly secrets: 'system' | 'file' | 'memory';
}

/** What the server thinks of an entry, or that it does not have it yet. */
export interface RowSyncView {
  readonly state: 'waiting' | 'booked' | 'late' | 'over-cap' | 'overrun' | 'refused' | 'conflict';
  /** What it means, in a sentence; empty for what is booked and needs no word. */
  readonly message: string;
  /** What to do about it; empty where nothing has to be done. */
  readonly todo: string;
  /** Of an overrun: by how much a hard pool was exceeded. */
  readonly excess: Credits | null;
  readonly reason: RefusalReason | null;
}

/** One entry of the outbox, or one that the server did not take as it was. */
export interface OutboxEntry {
  readonly id: string;
  readonly kind: 'line' | 'change' | 'order' | 'reading' | 'catalogue' | 'workspace';
  readonly recordedAt: Instant | null;
  /** What it is in a few words: `Use of Video, 500 credits`. */
  readonly summary: string;
  readonly sync: RowSyncView;
  /** The line as the ledger would show it; null for everything else. */
  readonly row: LedgerRow | null;
}

export interface OutboxPage {
  readonly entries: readonly OutboxEntry[];
  readonly nextCursor: string | null;
  readonly total: number;
}

/** Somebody of the organisation. */
export interface PersonView {
  readonly id: string;
  readonly name: string;
  readonly role: OrganisationRole;
  readonly active: boolean;
  /** As whom they sign in with the server's identity provider; null: by invites only. */
  readonly signsInAs: string | null;
  /** Which member of which workspace they are. */
  readonly memberships: readonly { readonly workspaceId: string; readonly memberId: string }[];
  readonly devices: number;
}

export interface ServerInviteView {
  readonly id: string;
  readonly personId: string;
  readonly personName: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly state: 'open' | 'used' | 'withdrawn' | 'expired';
}

/** A new invite; the code is told this once and is kept nowhere. */
export interface NewInviteView {
  readonly id: string;
  readonly code: string;
  /** `fuelgauge://connect?…`, with the address and the certificate of the server. */
  readonly link: string;
  readonly expiresAt: Instant;
}

export interface ServerDeviceView {
  readonly id: string;
  readonly name: string;
  readonly personId: string;
  readonly personName: string;
  readonly enrolledAt: Instant;
  readonly lastSeenAt: Instant;
  /** What the program called itself then, with its version. */
  readonly program: string | null;
  readonly revokedAt: Instant | null;
  /** token-reuse: somebody used a copy of its token. person-left: the person is no longer active. */
  readonly revokedReason: 'admin' | 'token-reuse' | 'person-left' | null;
  /** This very computer. */
  readonly isThisOne: boolean;
}

export interface ServerWorkspaceView {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Instant;
  /** How many people may open it. */
  readonly members: number;
  readonly here: boolean;
}
