import type { Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Money } from '../kernel/money.ts';
import type { TransactionKind } from '../ledger/transaction.ts';

/** What a text was found in, best first within each kind, the open workspace before the others. */
export interface SearchView {
  readonly hits: readonly SearchHit[];
  /** Lines further back than those that were looked at may have it too: the ledger's own search looks at all. */
  readonly furtherBack: boolean;
}

/** One thing that was found, with what it takes to go there. */
export type SearchHit = {
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly id: string;
} & (
  | { readonly kind: 'member'; readonly name: string; readonly roleName: string; readonly teamName: string | null }
  | { readonly kind: 'team'; readonly name: string; readonly deleted: boolean }
  | { readonly kind: 'feature'; readonly name: string; readonly platformName: string }
  | { readonly kind: 'pack'; readonly name: string; readonly credits: Credits | null; readonly price: Money | null }
  | {
      readonly kind: 'grant';
      readonly name: string | null;
      readonly credits: Credits;
      readonly at: Instant;
      readonly timeZone: string;
    }
  | {
      readonly kind: 'line';
      readonly line: TransactionKind;
      readonly at: Instant;
      readonly timeZone: string;
      /** By how much it changes use, or what it sets aside. */
      readonly credits: Credits;
      readonly featureName: string | null;
      /** null for nobody, and for whoever is not shown. [V1] */
      readonly memberName: string | null;
      /** What somebody wrote with it, if it may be shown. */
      readonly text: string | null;
    }
);
