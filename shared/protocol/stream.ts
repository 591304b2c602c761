import { z } from 'zod';
import { checkpointSchema, type Checkpoint } from './checkpoint.ts';
import { durationMs, id, sequence } from './fields.ts';
import { limits, wireBytes } from './limits.ts';
import { documentSchema, type PulledDocument } from './pull.ts';

/**
 * What the server says while a device listens. changes: what follows `afterSeq` without a gap, as a page would have it.
 * resync: pull, after a wait of up to `withinMs` that each device draws for itself. revoked: this device is no longer
 * welcome. [Y11]
 */
export const streamMessageSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('changes'),
    afterSeq: sequence,
    documents: z.array(documentSchema).min(1).max(limits.pageRowsMax),
    checkpoint: checkpointSchema,
  }),
  z.object({ kind: z.literal('resync'), epoch: id, view: id, seq: sequence, withinMs: durationMs }),
  z.object({ kind: z.literal('revoked') }),
]);
export type StreamMessage =
  | StreamChanges
  | (Checkpoint & { readonly kind: 'resync'; readonly withinMs: number })
  | { readonly kind: 'revoked' };

export interface StreamChanges {
  readonly kind: 'changes';
  readonly afterSeq: number;
  readonly documents: readonly PulledDocument[];
  readonly checkpoint: Checkpoint;
}

/** The message for some changes: the documents themselves, or the advice to pull where they are too large to send. */
export function streamMessageFor(changes: Omit<StreamChanges, 'kind'>, withinMs: number): StreamMessage {
  const message: StreamMessage = { kind: 'changes', ...changes };
  const fits = wireBytes(JSON.stringify(message)) <= limits.streamBytesMax;
  return fits ? message : { kind: 'resync', ...changes.checkpoint, withinMs };
}
