// What the history keeps, as PostgreSQL hands it over: parsed once, here.
import { z } from 'zod';
import { credits } from '../../shared/kernel/credits.ts';
import { instant } from '../../shared/kernel/instant.ts';
import { entrySchema, type Entry } from '../../shared/protocol/entry.ts';
import { id, moment, notNegative, sequence } from '../../shared/protocol/fields.ts';
import { lineSchema } from '../../shared/protocol/line.ts';
import { verdictSchema } from '../../shared/protocol/verdict.ts';
import type { KnownRow, LeaseRecord } from '../../shared/sync-engine/booking-facts.ts';
import type { PoolBook } from '../../shared/sync-engine/pool-book.ts';

export const epochsSchema = z.array(z.object({ epoch: id, survivedSeq: sequence })).min(1);

const knownSchema = z.object({
  id: z.string(),
  hash: z.string(),
  seq: sequence.nullable(),
  device: z.string(),
  number: z.int(),
  entry: z.unknown(),
  verdict: verdictSchema.nullable(),
});

/** An entry that was taken is read again as it was taken. */
export function storedEntry(body: unknown): Entry {
  return entrySchema.parse(body);
}

export const knownRowsSchema = z.array(knownSchema).transform((rows) =>
  rows.map((row): KnownRow => ({
    id: row.id,
    bodyHash: row.hash,
    by: { deviceId: row.device, number: row.number },
    seq: row.seq,
    entry: row.entry === null ? null : storedEntry(row.entry),
    verdict: row.verdict ?? { kind: 'booked', entryId: row.id },
  })),
);

const holdSchema = lineSchema.transform((line) => (line.kind === 'hold' ? line : undefined));
const settlementSchema = lineSchema.transform((line) =>
  line.kind === 'capture' || line.kind === 'release' ? line : undefined,
);
export const groupsSchema = z.array(
  z.object({ id: z.string(), hold: holdSchema.nullable(), settlement: settlementSchema.nullable() }),
);

export const leasesSchema = z
  .array(
    z.object({
      id: z.string(),
      device_id: z.string(),
      pool_id: z.string(),
      period_start: moment,
      period_end: moment,
      amount: notNegative,
      borne: notNegative,
      spendable_until: moment,
      reclaim_at: moment,
      closed: z.enum(['returned', 'reclaimed', 'revoked']).nullable(),
    }),
  )
  .transform((rows) =>
    rows.map((row): LeaseRecord => ({
      id: row.id,
      deviceId: row.device_id,
      poolId: row.pool_id,
      amount: row.amount,
      borne: row.borne,
      period: { start: row.period_start, end: row.period_end },
      spendableUntil: row.spendable_until,
      reclaimAt: row.reclaim_at,
      closed: row.closed,
    })),
  );

/** What was booked as following from a line. */
export const followsSchema = z.array(
  z.object({ base: z.string(), credits: z.int().transform(credits), at: z.int().transform(instant) }),
);

const someInstant = z.int().transform(instant);
export const booksSchema = z
  .array(
    z.object({
      pool_id: z.string(),
      period_start: someInstant,
      period_end: someInstant,
      hard: z.boolean(),
      granted: notNegative,
      settled: notNegative,
      leased: notNegative,
      shortfall: notNegative,
      overrun: notNegative,
      overage: notNegative,
    }),
  )
  .transform((rows) =>
    rows.map(({ pool_id, period_start, period_end, ...figures }): PoolBook => ({
      poolId: pool_id,
      period: { start: period_start, end: period_end },
      ...figures,
    })),
  );

export const entriesSchema = z.array(z.unknown()).transform((bodies) => bodies.map(storedEntry));
