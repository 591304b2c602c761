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
  lineOfBody.set(body, line);
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

/**
 * Lines whose documents were made here. Whoever follows a write gets the very object that was
 * parsed already: it is not taken apart once more for each of them.
 */
const lineOfBody = new WeakMap<object, Transaction>();

/** The line that a document was made of by `toDocument`, and still is; undefined for one that came from a file. */
function madeOf(stored: unknown): Transaction | undefined {
  if (typeof stored !== 'object' || stored === null || !('body' in stored)) return undefined;
  const { body } = stored;
  const line = typeof body === 'object' && body !== null ? lineOfBody.get(body) : undefined;
  if (line === undefined || !('id' in stored) || stored.id !== line.id) return undefined;
  // A document that somebody changed after it was made is parsed as any other.
  const isSame =
    'workspaceId' in stored &&
    stored.workspaceId === line.workspaceId &&
    'poolId' in stored &&
    stored.poolId === line.poolId &&
    'kind' in stored &&
    stored.kind === line.kind &&
    'occurredAt' in stored &&
    stored.occurredAt === line.occurredAt;
  return isSame ? line : undefined;
}

/** The line in a stored document; undefined when it is none. */
export function fromDocument(stored: unknown): Transaction | undefined {
  const made = madeOf(stored);
  if (made !== undefined) return made;
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
