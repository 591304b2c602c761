import { z } from 'zod';
import { credits, quantity } from '../../shared/kernel/credits.ts';
import { instant, latestInstant } from '../../shared/kernel/instant.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
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
  const line = lineOf(stored);
  return line.ok ? line.value : undefined;
}

/** The line in a stored document, or which field breaks which rule. What it accepts the engine can count. */
export function lineOf(stored: unknown): Result<Transaction, string> {
  const document = documentSchema.safeParse(stored);
  if (!document.success) return err(reasonOf(document.error));
  const { body, ...columns } = document.data;
  const line = lineSchema.safeParse({ ...body, ...columns });
  return line.success ? ok(line.data) : err(reasonOf(line.error));
}

function reasonOf({ issues: [issue] }: z.ZodError): string {
  const path = issue?.path.join('.') ?? '';
  return path === '' ? 'It is no line of the ledger.' : `${path}: ${issue?.message}`;
}

/** An exact count of micro-credits: no fraction gets in. [K1] */
const exact = z.int().transform(credits);
const notNegative = z.int().min(0).transform(credits);
const positive = z.int().min(1).transform(credits);
const units = z.int().transform(quantity);
const moment = z.int().min(0).max(latestInstant).transform(instant);
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
  unitRate: notNegative.nullable(),
  credits: notNegative,
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
  z.object({ kind: z.literal('hold'), ...spend, credits: positive, expiresAt: moment.nullable() }),
  z.object({ kind: z.literal('capture'), ...linked, credits: notNegative }),
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
