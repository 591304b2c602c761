import type { ClockMark, ClockReading, HeldLease } from '../entitlement/lease.ts';
import type { Result } from '../kernel/result.ts';
import type { Checkpoint } from '../protocol/checkpoint.ts';
import type { LeaseRequest } from '../protocol/lease-messages.ts';
import type { PulledDocument } from '../protocol/pull.ts';
import type { AcceptedRow, Conflict, PushRow } from '../protocol/push.ts';

/** What a device knows of its sync. */
export interface DeviceState {
  readonly deviceId: string;
  readonly workspaceId: string;
  /** null before the first page. */
  readonly checkpoint: Checkpoint | null;
  /** Whether rows of others that the server lost are sent again from here. */
  readonly mayBringBack: boolean;
  readonly mark: ClockMark | null;
  /** A copy of this device writes too: it sends nothing any more until it is enrolled anew. */
  readonly forked: boolean;
}

/**
 * One step that is kept wholly or not at all, and durably. Each can be done again without harm, and the order in which
 * the engine asks for them is such that the device may end between any two.
 */
export type StoreWrite =
  /** What was pulled. An entry of this device is confirmed by it, an entry under a known id replaces what is there. */
  | { readonly kind: 'documents'; readonly documents: readonly PulledDocument[] }
  /** Only after everything up to it is kept. [D3] */
  | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint }
  /** These rows leave the outbox; a refused one counts no longer, and stays where it can be seen with its verdict. */
  | { readonly kind: 'confirmed'; readonly accepted: readonly AcceptedRow[] }
  /** The server's entry takes the place of the device's own, which is kept beside the ledger and shown. */
  | { readonly kind: 'conflicts'; readonly conflicts: readonly Conflict[] }
  /**
   * What was confirmed or pulled after `afterSeq` is no longer known to the server: the device's own entries go back to
   * the outbox under their numbers, those of others as well where `othersToo`, else they are dropped with all verdicts
   * and states of pools from there on. What was refused stays refused. What a view shows without its author (its device
   * is `unnamedDevice`) is dropped in any case: it is what the server made of an entry, and never was one.
   */
  | { readonly kind: 'requeue'; readonly afterSeq: number; readonly othersToo: boolean }
  /**
   * Everything that was pulled is dropped; what this device wrote stays, and so does what waits to be brought back for
   * others. Of that the view may show less: once the server has answered for it, it is dropped and comes as the view has it.
   */
  | { readonly kind: 'forget-pulled' }
  /** All leases of the device, with the clocks as they were when it asked. */
  | { readonly kind: 'leases'; readonly leases: readonly HeldLease[]; readonly mark: ClockMark }
  | { readonly kind: 'forked' };

export interface DeviceStore {
  readonly state: () => Promise<DeviceState>;
  /** The oldest rows that are not confirmed: own ones by number, then what is brought back of others, by place. */
  readonly outbox: (limit: { readonly rowsMax: number; readonly bytesMax: number }) => Promise<readonly PushRow[]>;
  readonly write: (write: StoreWrite) => Promise<void>;
}

/** Why no usable answer came. `too-large` and `not-json` are answers of something that is no server of ours. */
export type NetworkFailure =
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'not-json' }
  /** The server said why; not parsed yet. */
  | { readonly kind: 'problem'; readonly document: unknown };

/** One request and its answer as JSON, not parsed yet. It ends within a time of its own and never throws. */
export interface Network {
  readonly send: (path: 'push' | 'pull' | 'leases', body: unknown) => Promise<Result<unknown, NetworkFailure>>;
  /** A closed stretch of the history, by its name. */
  readonly segment: (name: string) => Promise<Result<unknown, NetworkFailure>>;
}

export interface DevicePorts {
  readonly store: DeviceStore;
  readonly network: Network;
  readonly clocks: () => ClockReading;
  /** What to ask of leases in this round: as the forecast has it; null for nothing. */
  readonly leaseWishes: () => Promise<LeaseRequest | null>;
}
