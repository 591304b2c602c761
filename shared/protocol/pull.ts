import { z } from 'zod';
import { authorshipSchema, entrySchema, type Authorship, type Entry } from './entry.ts';
import { checkpointSchema } from './checkpoint.ts';
import { id, sequence } from './fields.ts';
import { limits } from './limits.ts';
import { verdictSchema, type Verdict } from './verdict.ts';

/** `checkpoint` is null for a device that has nothing yet. */
export const pullRequestSchema = z.object({
  checkpoint: checkpointSchema.nullable(),
  rowsMax: z.int().min(1).max(limits.pageRowsMax).default(limits.pageRowsDefault),
});
export type PullRequest = z.output<typeof pullRequestSchema>;

/** One document of the history, at its place. */
export const documentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('entry'), seq: sequence, by: authorshipSchema, entry: entrySchema }),
  z.object({ kind: z.literal('verdict'), seq: sequence, verdict: verdictSchema }),
]);

export type PulledDocument =
  | { readonly kind: 'entry'; readonly seq: number; readonly by: Authorship; readonly entry: Entry }
  | { readonly kind: 'verdict'; readonly seq: number; readonly verdict: Verdict };

/** What follows the checkpoint in order, and where that leads; `more` says that another page is there already. */
const pageSchema = z.object({
  kind: z.literal('page'),
  documents: z.array(documentSchema).max(limits.pageRowsMax),
  checkpoint: checkpointSchema,
  more: z.boolean(),
});
export type PullPage = {
  readonly kind: 'page';
  readonly documents: readonly PulledDocument[];
  readonly checkpoint: z.output<typeof checkpointSchema>;
  readonly more: boolean;
};

/**
 * The server's history is no longer the one that the device knows. Up to `survivedSeq` both are the same; what came
 * after it has to be sent and pulled again. [Y9]
 */
export const newEpochSchema = z.object({
  kind: z.literal('new-epoch'),
  epoch: id,
  view: id,
  survivedSeq: sequence,
});
export type NewEpoch = z.output<typeof newEpochSchema>;

/** What the device may see has changed. [Y10] */
export const newViewSchema = z.object({ kind: z.literal('new-view'), epoch: id, view: id });
export type NewView = z.output<typeof newViewSchema>;

/**
 * Closed stretches of the history that never change again, to be fetched one by one instead of pages: the first begins
 * after the checkpoint that was asked with, each other where the one before it ends. `more` of the history follows. [Y8]
 */
const segmentsSchema = z.object({
  kind: z.literal('segments'),
  epoch: id,
  view: id,
  segments: z
    .array(z.object({ name: id, lastSeq: sequence, documents: z.int().min(0).max(limits.segmentRowsMax) }))
    .min(1)
    .max(limits.pageRowsMax),
});
export type Segments = z.output<typeof segmentsSchema>;

/** What a segment holds: all documents of its stretch, in order. */
export const segmentSchema = z.object({
  lastSeq: sequence,
  documents: z.array(documentSchema).max(limits.segmentRowsMax),
});

export const pullAnswerSchema = z.discriminatedUnion('kind', [
  pageSchema,
  segmentsSchema,
  newEpochSchema,
  newViewSchema,
]);
export type PullAnswer = PullPage | Segments | NewEpoch | NewView;
