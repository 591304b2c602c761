import { z } from 'zod';
import { moment } from './fields.ts';

/**
 * Where a server tells of thresholds, run-outs, resets, holds, orders and weeks by itself, set by a company admin. Messages follow
 * the convention of Standard Webhooks: `webhook-id` is the same however often a message is sent, `webhook-timestamp` says
 * when it was, and `webhook-signature` is `v1,` with the HMAC-SHA256 of `id.timestamp.body` in base 64.
 */

export const webhookSetSchema = z.object({
  url: z.string().trim().min(1).max(2_000),
  /** Percents of what there is. [N1] */
  thresholds: z.array(z.int().min(1).max(1_000)).max(20).exactOptional(),
  /** Makes another secret; the former one signs nothing more. */
  newSecret: z.boolean().exactOptional(),
});

/** `whsec_` with 32 bytes in base 64. It is told this once; null where the former one stays. */
export const webhookSecretSchema = z.object({ secret: z.string().nullable() });

export const webhookSchema = z.object({
  /** null where none is set. */
  webhook: z
    .object({
      url: z.string(),
      thresholds: z.array(z.int()),
      setAt: moment,
      /** failing: it is tried again by itself. stopped: it was tried for days; nothing is sent until it is tried by hand. */
      state: z.enum(['ready', 'failing', 'stopped']),
      /** Messages that did not arrive yet; they are sent in their order. */
      waiting: z.int(),
      /** Messages that were dropped because too many waited. */
      lost: z.int(),
      deliveredAt: moment.nullable(),
      failingSince: moment.nullable(),
      nextTryAt: moment.nullable(),
      /** What went wrong, in a sentence. */
      problem: z.string().nullable(),
    })
    .nullable(),
});
export type WebhookStanding = NonNullable<z.output<typeof webhookSchema>['webhook']>;

/** Whether a message of no meaning arrived; why not, in a sentence. */
export const webhookTriedSchema = z.object({ arrived: z.boolean(), problem: z.string().nullable() });
