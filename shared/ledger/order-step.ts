import type { Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Money } from '../kernel/money.ts';

export const orderStates = ['requested', 'approved', 'cancelled', 'refused', 'granted'] as const;
export type OrderState = (typeof orderStates)[number];

/** One step in the life of an order: requested → granted, refused or cancelled. Steps are appended, never changed. [P1] */
export interface OrderStep {
  /** The order's id with the state after a slash: one step of each kind. */
  readonly id: string;
  readonly workspaceId: string;
  readonly orderId: string;
  readonly state: OrderState;
  readonly packId: string;
  readonly memberId: string | null;
  readonly at: Instant;
  readonly recordedAt: Instant;
  readonly authorId: string | null;
  readonly credits: Credits | null;
  readonly price: Money | null;
  readonly reference: string | null;
  readonly note: string | null;
}

export function orderStepId(orderId: string, state: OrderState): string {
  return `${orderId}/${state}`;
}
