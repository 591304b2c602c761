import { negate, type Credits, type Quantity } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';

/** What a grant is: an allotment recurs and ends at the reset, a pack was bought, an adjustment was entered by an admin. */
export type GrantKind = 'allotment' | 'pack' | 'adjustment';

/** One part of what pays for a use. Overage is paid by no grant. [G3] */
export interface Share {
  readonly grantId: string | null;
  readonly kind: GrantKind | 'overage';
  readonly credits: Credits;
}

/** How a price came about: from the rate in force, from the earliest one [C1], from a default rate [C5], or as the platform metered it [C6]. */
export type Pricing = 'listed' | 'assumed' | 'estimate' | 'metered';

/** Where a line comes from. */
export type Origin = 'app' | 'command-line' | 'import' | 'reading' | 'sample';

/** What every line of the ledger carries. Lines are immutable; nothing else changes a balance. */
interface Line {
  readonly id: string;
  readonly workspaceId: string;
  readonly poolId: string;
  /** When it happened; the line counts from this instant on. */
  readonly occurredAt: Instant;
  /** When this device wrote it down. */
  readonly recordedAt: Instant;
  /** The member who recorded it; null when nobody was chosen on this computer. */
  readonly authorId: string | null;
  readonly origin: Origin;
  readonly note?: string;
}

/** Who used what. Empty values mean *unattributed*. The team is the one the member was in at the time. [L4] */
export interface Attribution {
  readonly memberId: string | null;
  readonly teamId: string | null;
  readonly featureId: string | null;
  readonly variant: string | null;
}

interface Spend extends Line, Attribution {
  readonly featureId: string;
  readonly quantity: Quantity;
  /** Credits per unit; null when the credits were metered. */
  readonly unitRate: Credits | null;
  readonly credits: Credits;
  readonly pricing: Pricing;
  readonly catalogueVersion: string | null;
  /** The split as it was decided when the line was written. [G3] */
  readonly receipt: readonly Share[];
  /** The lease under which it was authorised; left out where none was needed. */
  readonly leaseId?: string;
}

export interface Usage extends Spend {
  readonly kind: 'usage';
  /** Whether it was recorded as something that had already happened, which is never refused. [E6] */
  readonly happened: boolean;
  /** The natural key of an imported row. [L2] */
  readonly externalKey?: string;
}

export interface Hold extends Spend {
  readonly kind: 'hold';
  /** When the credits are given back by themselves; null for never. [H8] */
  readonly expiresAt: Instant | null;
}

/** A line that follows from an earlier one repeats who used what, and the instant at which that use counts. [H5] [L1] */
interface Linked extends Line, Attribution {
  readonly linkedId: string;
  readonly spentAt: Instant;
}

export interface Capture extends Linked {
  readonly kind: 'capture';
  readonly credits: Credits;
  /** The lease that bears what is captured beyond the hold; the rest stays with the lease of the hold. */
  readonly leaseId?: string;
}

export interface Release extends Linked {
  readonly kind: 'release';
}

export interface Refund extends Linked {
  readonly kind: 'refund';
  readonly credits: Credits;
  readonly reason: string | null;
}

/** Takes a whole line back, with a reason: a use (its credits return), or a grant (it stops at `occurredAt`). [G1] [L4] */
export interface Void extends Linked {
  readonly kind: 'void';
  readonly of: 'usage' | 'capture' | 'correction' | 'grant';
  /** What returns; 0 for a grant. */
  readonly credits: Credits;
  readonly reason: string;
}

/** A difference booked afterwards: a restated import row, a changed entry, a confirmed drift. Negative gives back. [L2] [L3] [G13] */
export interface Correction extends Line, Attribution {
  readonly kind: 'correction';
  readonly linkedId: string | null;
  readonly spentAt: Instant;
  readonly credits: Credits;
  readonly reason: string;
  /** For a restated import row: the content that this correction brings the row to. */
  readonly restatedQuantity?: Quantity;
  readonly externalKey?: string;
}

export interface Grant extends Line {
  readonly kind: 'grant';
  readonly grantKind: 'pack' | 'adjustment';
  readonly amount: Credits;
  /** Lower burns first. [G2] */
  readonly priority: number;
  /** The grant pays from `occurredAt` on and until here; null for never lapsing. [G4] */
  readonly expiresAt: Instant | null;
  readonly packId: string | null;
  readonly orderId: string | null;
}

export type Transaction = Usage | Hold | Capture | Release | Refund | Void | Correction | Grant;

/** What a balance depends on of a line: of a use no more than when it was and how much. */
export type BalanceLine = Pick<Usage, 'kind' | 'id' | 'occurredAt' | 'credits'> | Exclude<Transaction, Usage>;
export type TransactionKind = Transaction['kind'];

/** Default places in the burn order. [G2] */
export const defaultPriority = { allotment: 10, adjustment: 15, pack: 20 } as const satisfies Record<GrantKind, number>;

/** By how much a line changes use, and at which instant that use counts; null for lines that change none. */
export function useOf(line: Transaction): { readonly at: Instant; readonly credits: Credits } | null {
  switch (line.kind) {
    case 'usage':
      return { at: line.occurredAt, credits: line.credits };
    case 'capture':
    case 'correction':
      return { at: line.spentAt, credits: line.credits };
    case 'refund':
      return { at: line.spentAt, credits: negate(line.credits) };
    case 'void':
      return line.of === 'grant' ? null : { at: line.spentAt, credits: negate(line.credits) };
    case 'hold':
    case 'release':
    case 'grant':
      return null;
  }
}
