import type { Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Share } from '../ledger/transaction.ts';

/** Looked at in this order; the first that fails is the headline, and of caps that with the lowest headroom. [E2] [E3] */
export const ruleOrder = [
  'known-feature',
  'priced',
  'platform-role',
  'feature-in-plan',
  'personal-cap',
  'team-budget',
  'pool',
  'lease',
] as const;
export type RuleName = (typeof ruleOrder)[number];

/** One rule that stands in the way, or that lets the use pass as overage. Figures are data; `explain` makes the sentence. [E1] */
export interface Reason {
  readonly rule: RuleName;
  /** refused: the rule forbids it. overage: it goes beyond the grants and is allowed or recorded all the same. */
  readonly effect: 'refused' | 'overage';
  /** What could still be spent under this rule; null where the rule counts no credits. */
  readonly headroom: Credits | null;
  /** When more becomes free under this rule; null when time alone does not help. */
  readonly freesAt: Instant | null;
  /**
   * What the rule compared: the limit of a cap, the span of its window, the role, feature, add-on or team by name; of a
   * lease, why it does not cover the use.
   */
  readonly limit: Credits | null;
  readonly span: 'day' | 'week' | 'period' | null;
  readonly subject: string | null;
}

export type Outcome = 'allowed' | 'allowed-overage' | 'refused';

/** Whether this person may spend this now, with everything that led to it. [E1] */
export interface Decision {
  readonly outcome: Outcome;
  readonly credits: Credits;
  /** Which grants pay; it sums up to `credits`. Empty when refused for want of a price. [G3] */
  readonly split: readonly Share[];
  /** Every failing rule, headline first; for an overage, why. */
  readonly reasons: readonly Reason[];
  /** What every rule that counts credits still leaves before this use. */
  readonly headrooms: readonly {
    readonly rule: RuleName;
    readonly headroom: Credits;
    readonly freesAt: Instant | null;
  }[];
}
