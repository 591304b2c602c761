import { z } from 'zod';
import { credits, quantity } from '../../shared/kernel/credits.ts';
import { instant } from '../../shared/kernel/instant.ts';
import type { Transaction } from '../../shared/ledger/transaction.ts';
import type { TransactionDocument } from './collections.ts';

/**
 * A line of the ledger to its stored form and back. What comes from the file is parsed: a row that is no line is told
 * apart and counted, and everything else goes on.
 */
export function toDocument(line: Transaction): TransactionDocument {
  const { id, workspaceId, poolId, kind, occurredAt, ...body } = line;
  return {
    id,
    workspaceId,
    poolId,
    kind,
    occurredAt,
    spentAt: 'spentAt' in line ? line.spentAt : occurredAt,
    memberId: ('memberId' in line ? line.memberId : null) ?? '',
    teamId: ('teamId' in line ? line.teamId : null) ?? '',
    featureId: ('featureId' in line ? line.featureId : null) ?? '',
    linkedId: ('linkedId' in line ? line.linkedId : null) ?? '',
    externalKey: ('externalKey' in line ? line.externalKey : undefined) ?? '',
    body,
  };
}

/** The line in a stored document; undefined when it is none. */
export function fromDocument(stored: unknown): Transaction | undefined {
  const document = documentSchema.safeParse(stored);
  if (!document.success) return undefined;
  const { body, ...columns } = document.data;
  const line = lineSchema.safeParse({ ...body, ...columns });
  return line.success ? line.data : undefined;
}

const exact = z.int().transform(credits);
const units = z.int().transform(quantity);
const moment = z.int().transform(instant);
const name = z.string().nullable();

const documentSchema = z.object({
  id: z.string(),
  workspaceId: z.string(),
  poolId: z.string(),
  kind: z.string(),
  occurredAt: z.int(),
  body: z.record(z.string(), z.unknown()),
});

const lineFields = {
  id: z.string().min(1),
  workspaceId: z.string().min(1),
  poolId: z.string().min(1),
  occurredAt: moment,
  recordedAt: moment,
  authorId: name,
  origin: z.enum(['app', 'command-line', 'import', 'reading', 'sample']),
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
  unitRate: exact.nullable(),
  credits: exact,
  pricing: z.enum(['listed', 'assumed', 'estimate', 'metered']),
  catalogueVersion: name,
  receipt: z.array(share),
};
const linked = { ...lineFields, ...attribution, linkedId: z.string(), spentAt: moment };

const lineSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('usage'),
    ...spend,
    happened: z.boolean(),
    externalKey: z.string().exactOptional(),
  }),
  z.object({ kind: z.literal('hold'), ...spend, expiresAt: moment.nullable() }),
  z.object({ kind: z.literal('capture'), ...linked, credits: exact }),
  z.object({ kind: z.literal('release'), ...linked }),
  z.object({ kind: z.literal('refund'), ...linked, credits: exact, reason: name }),
  z.object({
    kind: z.literal('void'),
    ...linked,
    of: z.enum(['usage', 'capture', 'correction', 'grant']),
    credits: exact,
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
    amount: exact,
    priority: z.number(),
    expiresAt: moment.nullable(),
    packId: name,
    orderId: name,
  }),
]);
