import { z } from 'zod';
import { err, ok, type Result } from '../kernel/result.ts';
import { textsOf } from './body-hash.ts';
import { authorshipSchema, contentOf, entrySchema, type Authorship, type Entry } from './entry.ts';
import { id, sequence } from './fields.ts';
import { limits, wireBytes } from './limits.ts';
import { newEpochSchema, type NewEpoch } from './pull.ts';
import { verdictSchema, type RefusalReason, type Verdict } from './verdict.ts';

/** One row that a device sends. */
export interface PushRow {
  readonly id: string;
  readonly by: Authorship;
  readonly entry: Entry;
}

/** What a device sends: its oldest unconfirmed rows in the order of their numbers. Not empty. */
export interface PushRequest {
  readonly epoch: string;
  readonly rows: readonly PushRow[];
}

/** Only the envelope of a row is looked at with the request: what is wrong within one row concerns that row alone. [Y5] */
export const pushRequestSchema = z.object({
  epoch: id,
  rows: z
    .array(z.object({ id, by: authorshipSchema, entry: z.unknown() }))
    .min(1)
    .max(limits.pushRowsMax),
});
export type ReceivedPush = z.output<typeof pushRequestSchema>;

/** A row that was received, and its entry as text: without what is not known. */
export interface ReceivedRow extends PushRow {
  /** What its hash is of. */
  readonly said: string;
  /** The whole of it, as it is kept and sent on. */
  readonly text: string;
}

/** The row in an envelope, or why it is none. Fields that are not known, the server's own among them, are left out. */
export function parsePushRow(row: ReceivedPush['rows'][number]): Result<ReceivedRow, RefusalReason> {
  const parsed = entrySchema.safeParse(row.entry);
  if (!parsed.success || contentOf(parsed.data).id !== row.id) return err('malformed');
  const { said, whole } = textsOf(parsed.data);
  return isTooLarge(whole) ? err('too-large') : ok({ id: row.id, by: row.by, entry: parsed.data, said, text: whole });
}

/** A letter takes three bytes at most, as half of a pair or by itself. */
function isTooLarge(text: string): boolean {
  return text.length > limits.rowBytesMax / 3 && wireBytes(text) > limits.rowBytesMax;
}

/** A row that the server has, with its place. One that was refused has none. */
const acceptedSchema = z.object({ id, seq: sequence.nullable(), verdict: verdictSchema });

/** The id is taken by another body: the server's is the one that counts. */
const conflictSchema = z.object({ id, seq: sequence, by: authorshipSchema, master: entrySchema });
export interface Conflict {
  readonly id: string;
  readonly seq: number;
  readonly by: Authorship;
  readonly master: Entry;
}

/** Every row of the request is in one of both lists. `forked` says that another copy of this device writes too. */
const pushedSchema = z.object({
  kind: z.literal('pushed'),
  accepted: z.array(acceptedSchema).max(limits.pushRowsMax),
  conflicts: z.array(conflictSchema).max(limits.pushRowsMax),
  forked: z.boolean(),
});
export interface PushResult {
  readonly kind: 'pushed';
  readonly accepted: readonly AcceptedRow[];
  readonly conflicts: readonly Conflict[];
  readonly forked: boolean;
}
export interface AcceptedRow {
  readonly id: string;
  readonly seq: number | null;
  readonly verdict: Verdict;
}

export const pushAnswerSchema = z.discriminatedUnion('kind', [pushedSchema, newEpochSchema]);
export type PushAnswer = PushResult | NewEpoch;
