import { z } from 'zod';
import type { Change } from '../ledger/change.ts';
import type { Transaction } from '../ledger/transaction.ts';
import { changeSchema } from './change.ts';
import { id } from './fields.ts';
import { lineSchema } from './line.ts';

/** What devices write and the server orders: lines of the ledger, and dated changes of a workspace. All are appended. */
export const entrySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('line'), line: lineSchema }),
  z.object({ kind: z.literal('change'), change: changeSchema }),
]);
export type Entry =
  | { readonly kind: 'line'; readonly line: Transaction }
  | { readonly kind: 'change'; readonly change: Change };

/** Who wrote an entry: the device, and which of its entries it is, counted from 1. [Y6] */
export const authorshipSchema = z.object({
  deviceId: id,
  number: z.int().min(1),
  /** Of the device's key over the entry's body, as base64url. */
  signature: z.string().max(200),
});
export type Authorship = z.output<typeof authorshipSchema>;

/** The line or change itself. */
export function contentOf(entry: Entry): Transaction | Change {
  return entry.kind === 'line' ? entry.line : entry.change;
}
