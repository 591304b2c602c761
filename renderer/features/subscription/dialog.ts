import type { CapView, OrderView } from '../../../shared/bridge/views.ts';
import type { GrantState } from '../../../shared/ledger/balance.ts';
import type { SubscriptionAction } from '../../hooks/route-search.ts';

/** The dialog that is open on the subscription screen. */
export type Dialog =
  | { readonly kind: Exclude<SubscriptionAction, 'order'> }
  | { readonly kind: 'order'; readonly packId?: string }
  | { readonly kind: 'add-on'; readonly addOn: string }
  | { readonly kind: 'confirm-order'; readonly order: OrderView }
  | { readonly kind: 'close-order'; readonly order: OrderView }
  | { readonly kind: 'void-grant'; readonly grant: GrantState }
  | { readonly kind: 'lift-cap'; readonly cap: CapView };

export type OpenDialog = (dialog: Dialog) => void;
