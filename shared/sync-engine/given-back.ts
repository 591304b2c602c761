import { borneByHold, type Borne } from '../entitlement/lease.ts';
import { credits, noCredits, type Credits } from '../kernel/credits.ts';
import { later, type Instant } from '../kernel/instant.ts';
import { useOf, type Transaction } from '../ledger/transaction.ts';
import type { HoldGroup } from './booking-facts.ts';

/** What a line changes of the use that it follows from: a correction adds or takes away, a refund and a void give back. */
export interface Follow {
  /** When it counts, as the ledger orders it. */
  readonly at: Instant;
  /** Below zero for what is given back. */
  readonly credits: Credits;
}

/** What a line changes of which use; null where it follows from none, or settles a hold. */
export function followOf(line: Transaction): { readonly baseId: string; readonly follow: Follow } | null {
  const follows = line.kind === 'refund' || line.kind === 'correction' || line.kind === 'void';
  if (!follows || line.linkedId === null) return null;
  const use = useOf(line);
  return use && { baseId: line.linkedId, follow: { at: later(line.occurredAt, line.spentAt), credits: use.credits } };
}

/** What is known of one use. The line that began it may come later than what follows from it. */
export interface Spent {
  /** The use, or a correction of nothing in particular. */
  readonly line: Transaction | undefined;
  /** Where it was a hold. */
  readonly group: HoldGroup | undefined;
  readonly follows: readonly Follow[];
}

/**
 * What is used of it after all that was given back, in whatever order the lines arrived. As the ledger folds them: what a
 * correction adds joins the use, and never more is given back than was used by then; of a captured hold nothing before
 * its capture. [H7] [M6]
 */
export function borneAfter({ line, group, follows }: Spent): Borne {
  const begun = group ? borneByHold(group.hold, group.settlement) : borneByLine(line);
  const given = group ? capturedOf(group) : { credits: begun.used, at: null };
  let joined = 0;
  let before = 0;
  let after = 0;
  for (const follow of follows) {
    if (follow.credits >= 0) joined += follow.credits;
    else if (given.at !== null && follow.at < given.at) before -= follow.credits;
    else after -= follow.credits;
  }
  const left = Math.max(given.credits + Math.max(joined - before, 0) - after, 0);
  // What an open hold sets aside is used of the pool and cannot be given back.
  return { used: credits(begun.used - given.credits + left), byLease: begun.byLease };
}

function borneByLine(line: Transaction | undefined): Borne {
  if (line?.kind === 'usage') {
    const { leaseId, credits: used } = line;
    return { used, byLease: leaseId === undefined ? new Map() : new Map([[leaseId, used]]) };
  }
  const isOwn = line?.kind === 'correction' && line.linkedId === null && line.credits >= 0;
  return { used: isOwn ? line.credits : noCredits, byLease: new Map() };
}

function capturedOf({ hold, settlement }: HoldGroup): { readonly credits: Credits; readonly at: Instant | null } {
  if (settlement?.kind !== 'capture') return { credits: noCredits, at: null };
  const at = later(settlement.occurredAt, settlement.spentAt);
  const isOver = hold !== undefined && hold.expiresAt !== null && settlement.occurredAt >= hold.expiresAt;
  return { credits: isOver ? noCredits : settlement.credits, at };
}
