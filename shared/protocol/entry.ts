import { z } from 'zod';
import type { Change } from '../ledger/change.ts';
import type { OrderStep } from '../ledger/order-step.ts';
import type { Reading } from '../ledger/reading.ts';
import type { Transaction } from '../ledger/transaction.ts';
import type { WorkspaceRecord } from '../ledger/workspace-record.ts';
import { changeSchema } from './change.ts';
import { id } from './fields.ts';
import { lineSchema } from './line.ts';
import {
  catalogueEditionSchema,
  orderStepSchema,
  readingSchema,
  workspaceRecordSchema,
  type CatalogueEdition,
} from './records.ts';

/**
 * What devices write and the server orders: lines of the ledger, dated changes, steps of orders, readings, catalogues,
 * and the workspace itself. All are appended, and a device that has them all has everything of a workspace.
 */
export const entrySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('line'), line: lineSchema }),
  z.object({ kind: z.literal('change'), change: changeSchema }),
  z.object({ kind: z.literal('order'), order: orderStepSchema }),
  z.object({ kind: z.literal('reading'), reading: readingSchema }),
  z.object({ kind: z.literal('catalogue'), catalogue: catalogueEditionSchema }),
  z.object({ kind: z.literal('workspace'), workspace: workspaceRecordSchema }),
]);
export type Entry =
  | { readonly kind: 'line'; readonly line: Transaction }
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'order'; readonly order: OrderStep }
  | { readonly kind: 'reading'; readonly reading: Reading }
  | { readonly kind: 'catalogue'; readonly catalogue: CatalogueEdition }
  | { readonly kind: 'workspace'; readonly workspace: WorkspaceRecord };
export type EntryKind = Entry['kind'];

/** Who wrote an entry: the device, and which of its entries it is, counted from 1. [Y6] */
export const authorshipSchema = z.object({ deviceId: id, number: z.int().min(1) });
export type Authorship = z.output<typeof authorshipSchema>;

/** Stands for the device of an entry that a view shows without its author; it is no device, and nothing is sent for it. [Y16] */
export const unnamedDevice = 'server';

/** The record itself. */
export function contentOf(
  entry: Entry,
): Transaction | Change | OrderStep | Reading | CatalogueEdition | WorkspaceRecord {
  switch (entry.kind) {
    case 'line':
      return entry.line;
    case 'change':
      return entry.change;
    case 'order':
      return entry.order;
    case 'reading':
      return entry.reading;
    case 'catalogue':
      return entry.catalogue;
    case 'workspace':
      return entry.workspace;
  }
}

/** The workspace whose history an entry belongs to. */
export function workspaceOf(entry: Entry): string {
  const content = contentOf(entry);
  return 'workspaceId' in content ? content.workspaceId : content.id;
}
