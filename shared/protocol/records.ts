import { z } from 'zod';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { parseCatalogue } from '../catalogue/load.ts';
import { credits } from '../kernel/credits.ts';
import { instant, type Instant } from '../kernel/instant.ts';
import { orderStates } from '../ledger/order-step.ts';

/** What a workspace has besides lines and dated changes, as data: in a file, on the wire. None is ever changed. */

const moment = z.int().transform(instant);
const exact = z.int().transform(credits);

export const workspaceRecordSchema = z.object({
  id: z.string().min(1),
  name: z.string(),
  platform: z.string(),
  anchor: z.string(),
  timeZone: z.string(),
  weekStart: z.int(),
  sample: z.boolean(),
  createdAt: moment,
});

export const orderStepSchema = z.object({
  id: z.string().min(1),
  workspaceId: z.string(),
  orderId: z.string(),
  state: z.enum(orderStates),
  packId: z.string(),
  memberId: z.string().nullable(),
  at: moment,
  recordedAt: moment,
  authorId: z.string().nullable(),
  credits: exact.nullable(),
  price: z.object({ minorUnits: z.int(), currency: z.string() }).nullable(),
  reference: z.string().nullable(),
  note: z.string().nullable(),
});

export const readingSchema = z.object({
  id: z.string().min(1),
  workspaceId: z.string(),
  at: moment,
  used: exact,
});

/** A catalogue that a user described or filled in; the last one of a platform in the history holds. */
export interface CatalogueEdition {
  readonly id: string;
  readonly workspaceId: string;
  readonly recordedAt: Instant;
  readonly authorId: string | null;
  readonly catalogue: Catalogue;
}

export const catalogueEditionSchema = z.object({
  id: z.string().min(1),
  workspaceId: z.string(),
  recordedAt: moment,
  authorId: z.string().nullable(),
  catalogue: z.unknown().transform((given, context): Catalogue => {
    const parsed = parseCatalogue(given);
    if (parsed.ok) return parsed.value;
    for (const { path, message } of parsed.error) context.addIssue({ code: 'custom', message: `${path}: ${message}` });
    return z.NEVER;
  }),
});
