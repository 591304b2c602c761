import { compareText } from '../kernel/id.ts';
import type { Instant } from '../kernel/instant.ts';
import type { GrantKind } from './transaction.ts';

/** What decides a grant's place in the burn order. */
export interface GrantTerms {
  readonly id: string;
  readonly kind: GrantKind;
  readonly priority: number;
  readonly effectiveFrom: Instant;
  readonly expiresAt: Instant | null;
}

/** Priority, then expiry with never last, then effective-from, then id; the first one pays first. [G2] */
export function compareBurnOrder(left: GrantTerms, right: GrantTerms): number {
  return (
    left.priority - right.priority ||
    (left.expiresAt ?? Infinity) - (right.expiresAt ?? Infinity) || // two that never lapse give NaN, which is falsy too
    left.effectiveFrom - right.effectiveFrom ||
    compareText(left.id, right.id)
  );
}
