import { z } from 'zod';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import type { Transaction } from '../../shared/ledger/transaction.ts';
import { lineSchema } from '../../shared/protocol/line.ts';
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

const documentSchema = z.object({
  id: z.string(),
  workspaceId: z.string(),
  poolId: z.string(),
  kind: z.string(),
  occurredAt: z.int(),
  body: z.record(z.string(), z.unknown()),
});
