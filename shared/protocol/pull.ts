import { z } from 'zod';
import { authorshipSchema, entrySchema, type Authorship, type Entry } from './entry.ts';
import { checkpointSchema } from './checkpoint.ts';
import { exact, id, moment, notNegative, sequence } from './fields.ts';
import { limits } from './limits.ts';
import { verdictSchema, type Verdict } from './verdict.ts';
import type { Credits } from '../kernel/credits.ts';
import type { Instant } from '../kernel/instant.ts';

/** `checkpoint` is null for a device that has nothing yet. */
export const pullRequestSchema = z.object({
  checkpoint: checkpointSchema.nullable(),
  rowsMax: z.int().min(1).max(limits.pageRowsMax).default(limits.pageRowsDefault),
});
export type PullRequest = z.output<typeof pullRequestSchema>;

/** What a device with a partial view knows of a pool: replicated truth as of a place in the history. [Y8] */
const poolStateSchema = z.object({
  poolId: id,
  asOfSeq: sequence,
  period: z.object({ start: moment, end: moment }),
  remainingByGrant: z.array(z.object({ grantId: id, remaining: exact })).max(limits.pageRowsMax),
  held: notNegative,
  overage: notNegative,
  capTotals: z.array(z.object({ subject: id, windowStart: moment, used: exact })).max(limits.pageRowsMax),
});

/** One document of the history, at its place. */
export const documentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('entry'), seq: sequence, by: authorshipSchema, entry: entrySchema }),
  z.object({ kind: z.literal('verdict'), seq: sequence, verdict: verdictSchema }),
  z.object({ kind: z.literal('pool-state'), seq: sequence, state: poolStateSchema }),
]);

export interface PoolStateDocument {
  readonly poolId: string;
  readonly asOfSeq: number;
  readonly period: { readonly start: Instant; readonly end: Instant };
  readonly remainingByGrant: readonly { readonly grantId: string; readonly remaining: Credits }[];
  readonly held: Credits;
  readonly overage: Credits;
  readonly capTotals: readonly { readonly subject: string; readonly windowStart: Instant; readonly used: Credits }[];
}

export type PulledDocument =
  | { readonly kind: 'entry'; readonly seq: number; readonly by: Authorship; readonly entry: Entry }
  | { readonly kind: 'verdict'; readonly seq: number; readonly verdict: Verdict }
  | { readonly kind: 'pool-state'; readonly seq: number; readonly state: PoolStateDocument };

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

export const pullAnswerSchema = z.discriminatedUnion('kind', [pageSchema, newEpochSchema, newViewSchema]);
export type PullAnswer = PullPage | NewEpoch | NewView;
