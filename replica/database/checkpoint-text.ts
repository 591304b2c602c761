import { z } from 'zod';
import { credits } from '../../shared/kernel/credits.ts';
import { instant, latestInstant } from '../../shared/kernel/instant.ts';
import type { PoolCheckpoint } from '../../shared/ledger/checkpoint.ts';
import { parsedJson } from './stored-rows.ts';

/** A checkpoint of a pool as the text that is stored. */
export function checkpointText(checkpoint: PoolCheckpoint): string {
  return JSON.stringify(checkpoint);
}

/** The checkpoint in a stored text; undefined when it is none. */
export function checkpointIn(text: string): PoolCheckpoint | undefined {
  const checkpoint = checkpointSchema.safeParse(parsedJson(text));
  return checkpoint.success ? checkpoint.data : undefined;
}

const exact = z.int().transform(credits);
const moment = z.int().min(0).max(latestInstant).transform(instant);
/** A period may begin before 1970. */
const periodStart = z.int().transform(instant);

const slotSchema = z.object({
  id: z.string(),
  kind: z.enum(['allotment', 'pack', 'adjustment']),
  amount: exact,
  priority: z.int(),
  effectiveFrom: periodStart,
  expiresAt: moment.nullable(),
  packId: z.string().nullable(),
  rollsOver: z.boolean(),
  used: z.int(),
  held: z.int(),
  ended: z.object({ how: z.enum(['lapsed', 'voided']), at: moment }).nullable(),
});

const checkpointSchema = z
  .object({
    at: moment,
    since: moment,
    lines: z.int().min(1),
    opensAt: periodStart,
    slots: z.array(slotSchema),
    awaited: z.array(slotSchema),
    openHolds: z.array(
      z.object({
        id: z.string(),
        at: moment,
        periodStart,
        expiresAt: moment.nullable(),
        parts: z.array(z.object({ place: z.int().min(0).nullable(), used: z.int(), held: z.int() })),
      }),
    ),
    totals: z.array(z.object({ start: periodStart, used: z.int(), overage: z.int() })),
    unpaid: z.int(),
    anomalies: z.array(
      z.object({
        lineId: z.string(),
        code: z.enum(['unknown-line', 'hold-already-resolved', 'more-than-was-used', 'not-a-hold', 'unknown-grant']),
      }),
    ),
    voids: z.array(z.object({ grantId: z.string(), lineId: z.string(), at: moment })),
  })
  .refine(({ slots, openHolds }) =>
    openHolds.every(({ parts }) => parts.every(({ place }) => place === null || place < slots.length)),
  );
