import { changeSchema } from '../../shared/protocol/change.ts';
import { canonicalText } from '../../shared/protocol/body-hash.ts';
import { contentOf, workspaceOf, type Entry, type EntryKind } from '../../shared/protocol/entry.ts';
import {
  catalogueEditionSchema,
  orderStepSchema,
  readingSchema,
  workspaceRecordSchema,
} from '../../shared/protocol/records.ts';
import type { RecordDocument } from '../database/collections.ts';
import { fromDocument } from '../database/transaction-document.ts';

/** Entries of a history as the collections hold them, and back. */

/** In the order in which they are written: what others are understood with comes first, the workspace itself last. */
export const entryKinds = [
  'catalogue',
  'change',
  'order',
  'reading',
  'workspace',
  'line',
] as const satisfies readonly EntryKind[];

export const collectionOfKind = {
  line: 'transactions',
  change: 'changes',
  order: 'orders',
  reading: 'readings',
  catalogue: 'plans',
  workspace: 'workspaces',
} as const satisfies Readonly<Record<EntryKind, string>>;

/** The kind that a document of a collection is; undefined for what is of this computer only. */
export function kindOfDocument(collection: string, document: Readonly<Record<string, unknown>>): EntryKind | undefined {
  const kind = entryKinds.find((known) => collectionOfKind[known] === collection);
  // Shipped catalogues, and those that belong to no workspace, lie in the same collection.
  return kind === 'catalogue' && document['workspaceId'] === '' ? undefined : kind;
}

/** Kinds as small numbers, as they are kept. Nothing here may ever change its place. */
const storedKinds = ['line', 'change', 'order', 'reading', 'catalogue', 'workspace'] as const;

export function storedKind(kind: EntryKind): number {
  return storedKinds.indexOf(kind);
}

export function kindStoredAs(number: unknown): EntryKind {
  return storedKinds[Number(number)] ?? 'line';
}

export function recordOfEntry(entry: Exclude<Entry, { readonly kind: 'line' }>): RecordDocument {
  const { id, workspaceId: _, ...body } = { workspaceId: '', ...contentOf(entry) };
  return { id, workspaceId: workspaceOf(entry), body };
}

/** The entry in a stored document; undefined where it cannot be read any more. */
export function entryIn(kind: EntryKind, stored: unknown): Entry | undefined {
  if (kind === 'line') {
    const line = fromDocument(stored);
    return line && { kind, line };
  }
  const record = asRecord(stored);
  if (record === undefined) return undefined;
  const { id, workspaceId, body } = record;
  switch (kind) {
    case 'change': {
      const change = changeSchema.safeParse({ ...body, id, workspaceId });
      return change.success ? { kind, change: change.data } : undefined;
    }
    case 'order': {
      const order = orderStepSchema.safeParse({ ...body, id, workspaceId });
      return order.success ? { kind, order: order.data } : undefined;
    }
    case 'reading': {
      const reading = readingSchema.safeParse({ ...body, id, workspaceId });
      return reading.success ? { kind, reading: reading.data } : undefined;
    }
    case 'catalogue': {
      const catalogue = catalogueEditionSchema.safeParse({ ...body, id, workspaceId });
      return catalogue.success ? { kind, catalogue: catalogue.data } : undefined;
    }
    case 'workspace': {
      const workspace = workspaceRecordSchema.safeParse({ ...body, id });
      return workspace.success ? { kind, workspace: workspace.data } : undefined;
    }
  }
}

/** Whether two entries say the same; when each was written down plays no part. [Y4] */
export function saysTheSame(left: Entry, right: Entry): boolean {
  const said = (entry: Entry): string => canonicalText([entry.kind, { ...contentOf(entry), recordedAt: undefined }]);
  return said(left) === said(right);
}

function asRecord(stored: unknown): RecordDocument | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined;
  if (!('id' in stored) || !('workspaceId' in stored) || !('body' in stored)) return undefined;
  const { id, workspaceId, body } = stored;
  if (typeof id !== 'string' || typeof workspaceId !== 'string') return undefined;
  return typeof body === 'object' && body !== null ? { id, workspaceId, body: { ...body } } : undefined;
}
