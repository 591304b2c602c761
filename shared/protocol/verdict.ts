import { z } from 'zod';
import { id, notNegative } from './fields.ts';

/** Why a row was not booked. Each has its sentence where it is shown, with what to do. */
export const refusalReasons = [
  'malformed',
  'too-large',
  'unknown-workspace',
  'unknown-pool',
  'unknown-line',
  'not-allowed',
  'already-resolved',
  'not-priced',
] as const;

/**
 * What the server thinks of a row that was pushed. The row itself is never edited. [Y5]
 * booked: it counts. late: it counts, in a period that was closed. over-cap: it counts, beyond a cap that the device did
 * not know of. overrun: it counts, and `excess` of it was beyond what a hard pool had. refused: it does not count.
 */
export const verdictSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('booked'), entryId: id }),
  z.object({ kind: z.literal('late'), entryId: id }),
  z.object({ kind: z.literal('over-cap'), entryId: id }),
  z.object({ kind: z.literal('overrun'), entryId: id, excess: notNegative }),
  z.object({ kind: z.literal('refused'), entryId: id, reason: z.enum(refusalReasons) }),
]);
export type Verdict = z.output<typeof verdictSchema>;
export type RefusalReason = (typeof refusalReasons)[number];
