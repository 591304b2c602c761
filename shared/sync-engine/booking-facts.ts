import type { Lease } from '../entitlement/lease.ts';
import { credits, noCredits, type Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Capture, Hold, Release, Transaction } from '../ledger/transaction.ts';
import type { Authorship, Entry } from '../protocol/entry.ts';
import type { RefusalReason, Verdict } from '../protocol/verdict.ts';
import type { Follow } from './given-back.ts';
import type { PoolBook } from './pool-book.ts';

/** Who sends, from the token and never from the body. */
export interface Sender {
  readonly deviceId: string;
  readonly workspaceId: string;
  readonly view: string;
  /** Leads and admins hold rows of others and may send them again after a loss. */
  readonly mayBringBack: boolean;
}

/** A row that the server has. A refused one has no place in the history, and may be no entry at all. */
export interface KnownRow {
  readonly id: string;
  readonly bodyHash: string;
  readonly by: Authorship;
  readonly seq: number | null;
  readonly entry: Entry | null;
  readonly verdict: Verdict;
}

/** A row that is written: its entry also as the text that came. */
export interface NewRow extends KnownRow {
  readonly text: string | null;
}

/** A lease as the server keeps it. Once it is closed nothing is spent under it any more. */
export interface LeaseRecord extends Lease {
  readonly spendableUntil: Instant;
  readonly reclaimAt: Instant;
  readonly closed: 'returned' | 'reclaimed' | 'revoked' | null;
  /** What the lines that name it have used of it, be it more than its amount. */
  readonly borne: Credits;
}

/** What may still be spent under a lease, as far as the server knows. */
export function restOf({ amount, borne, closed }: LeaseRecord): Credits {
  return closed === null ? credits(Math.max(amount - borne, 0)) : noCredits;
}

/** A hold with what settled it first, as far as the server knows either. */
export interface HoldGroup {
  readonly hold: Hold | undefined;
  readonly settlement: Capture | Release | undefined;
}

/** Everything that booking a batch depends on, read after the counter was locked. */
export interface BookingFacts {
  /** Rows with an id of the batch. */
  readonly rows: readonly KnownRow[];
  /** Holds of the batch, and those that its lines link to, by the hold's id. */
  readonly groups: ReadonlyMap<string, HoldGroup>;
  /** Leases that the batch names, and those of the holds. */
  readonly leases: readonly LeaseRecord[];
  /** Of the pools of the batch, in every period in which it uses or grants something. */
  readonly books: readonly PoolBook[];
  /** The highest number that the sender's own rows have had. */
  readonly numberMax: number;
  /** Lines that lines of the batch follow from, by id, as far as they are known. */
  readonly bases: ReadonlyMap<string, Transaction>;
  /** What was booked as following from those lines, and from the uses of the batch where that may have come first. */
  readonly follows: ReadonlyMap<string, readonly Follow[]>;
  /**
   * Grants outlast periods, and each of their credits is spent once: the books of a pool as they are granted now that one
   * of them was written in. Only those that differ. Left out where no grant outlasts a period.
   */
  readonly spread?: (books: ReadonlyMap<string, PoolBook>, poolId: string) => readonly PoolBook[];
}

/** What the server's own catalogue, ledger, roles and caps say of an entry. */
export interface Review {
  readonly refused: RefusalReason | null;
  /** In a period that was closed. [L1] */
  readonly late: boolean;
  readonly overCap: boolean;
}

/** Everything to write, together and in the transaction that holds the counter. */
export interface BookingWrites {
  readonly seq: number;
  /** New rows, with their places. */
  readonly rows: readonly NewRow[];
  /** Verdicts other than *booked*, each a document of the history at a place of its own. */
  readonly verdicts: readonly { readonly seq: number; readonly verdict: Verdict }[];
  readonly groups: ReadonlyMap<string, HoldGroup>;
  readonly leases: readonly LeaseRecord[];
  readonly books: readonly PoolBook[];
  /** Of the sender, who may not be the author of any row. */
  readonly numberMax: { readonly deviceId: string; readonly number: number };
  /** The sender's data directory was copied: the ids that gave it away. To be told to an admin. */
  readonly forkedBy: readonly string[];
}
