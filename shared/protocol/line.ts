import { z } from 'zod';
import { exact, moment, name, notNegative, origin, positive, units } from './fields.ts';

/** A line of the ledger as data: in a file, on the wire. */

const lineFields = {
  id: z.string().min(1),
  workspaceId: z.string().min(1),
  poolId: z.string().min(1),
  occurredAt: moment,
  recordedAt: moment,
  authorId: name,
  origin: origin,
  note: z.string().exactOptional(),
};
const attribution = { memberId: name, teamId: name, featureId: name, variant: name };
const share = z.object({
  grantId: name,
  kind: z.enum(['allotment', 'pack', 'adjustment', 'overage']),
  credits: exact,
});
const spend = {
  ...lineFields,
  ...attribution,
  featureId: z.string(),
  quantity: units,
  unitRate: notNegative.nullable(),
  credits: notNegative,
  pricing: z.enum(['listed', 'assumed', 'estimate', 'metered']),
  catalogueVersion: name,
  receipt: z.array(share),
  leaseId: z.string().exactOptional(),
};
const linked = { ...lineFields, ...attribution, linkedId: z.string(), spentAt: moment };

/** What it accepts the ledger can count. Fields that it does not know are left out. */
export const lineSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('usage'),
    ...spend,
    happened: z.boolean(),
    externalKey: z.string().exactOptional(),
  }),
  z.object({ kind: z.literal('hold'), ...spend, credits: positive, expiresAt: moment.nullable() }),
  z.object({
    kind: z.literal('capture'),
    ...linked,
    credits: notNegative,
    leaseId: z.string().exactOptional(),
  }),
  z.object({ kind: z.literal('release'), ...linked }),
  z.object({ kind: z.literal('refund'), ...linked, credits: notNegative, reason: name }),
  z.object({
    kind: z.literal('void'),
    ...linked,
    of: z.enum(['usage', 'capture', 'correction', 'grant']),
    credits: notNegative,
    reason: z.string(),
  }),
  z.object({
    kind: z.literal('correction'),
    ...lineFields,
    ...attribution,
    linkedId: name,
    spentAt: moment,
    credits: exact,
    reason: z.string(),
    restatedQuantity: units.exactOptional(),
    externalKey: z.string().exactOptional(),
  }),
  z.object({
    kind: z.literal('grant'),
    ...lineFields,
    grantKind: z.enum(['pack', 'adjustment']),
    amount: notNegative,
    priority: z.int(),
    expiresAt: moment.nullable(),
    packId: name,
    orderId: name,
  }),
]);
