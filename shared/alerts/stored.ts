// What is stored of alerts, as it is read again: by a device, and by a server.
import { z } from 'zod';
import { credits } from '../kernel/credits.ts';
import { instant } from '../kernel/instant.ts';

const moment = z.int().transform(instant);
const amount = z.int().transform(credits);
const period = z.object({ start: moment, end: moment });
const member = z.string().nullable();

/** A watch. */
export const watchSchema = z.object({
  since: moment,
  nextNumber: z.int(),
  reached: z.array(z.object({ poolId: z.string(), periodStart: moment, until: moment, percents: z.array(z.number()) })),
  resets: z.array(moment),
  runOuts: z.array(moment),
  holds: z.array(z.string()),
  orders: z.array(z.string()),
  stuckSince: moment.nullable().default(null),
  mondays: z.array(z.string()),
});

/** A fact, of whichever kind. */
export const factSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('threshold'),
    rule: z.literal('N1'),
    poolId: z.string(),
    memberId: member,
    period,
    percent: z.number(),
    recovered: z.boolean(),
    used: amount,
    of: amount,
    basis: z.enum(['allotment', 'grants']),
  }),
  z.object({
    kind: z.literal('run-out'),
    rule: z.literal('N2'),
    resetAt: moment,
    probability: z.number(),
    p10: moment.nullable(),
    p50: moment.nullable(),
    p90: moment.nullable(),
    available: amount,
  }),
  z.object({
    kind: z.literal('reset'),
    rule: z.literal('N2'),
    resetAt: moment,
    previous: period,
    used: amount,
    overage: amount,
    allotted: amount,
  }),
  z.object({
    kind: z.literal('hold-expiring'),
    rule: z.literal('N2'),
    holdId: z.string(),
    memberId: member,
    credits: amount,
    expiresAt: moment,
    expired: z.boolean(),
  }),
  z.object({
    kind: z.literal('hold-open'),
    rule: z.literal('H8'),
    holdId: z.string(),
    memberId: member,
    credits: amount,
    since: moment,
  }),
  z.object({
    kind: z.literal('order-decided'),
    rule: z.literal('N2'),
    orderId: z.string(),
    packName: z.string(),
    outcome: z.enum(['granted', 'refused', 'cancelled']),
    credits: amount.nullable(),
  }),
  z.object({
    kind: z.literal('sync-stuck'),
    rule: z.literal('N2'),
    how: z.enum(['stopped', 'waiting']),
    waiting: z.int(),
    lastSuccessAt: moment.nullable(),
  }),
  z.object({
    kind: z.literal('digest'),
    rule: z.literal('N2'),
    monday: z.string(),
    used: amount,
    weekBeforeUsed: amount,
    available: amount,
    resetAt: moment,
    topFeature: z.object({ name: z.string(), credits: amount }).nullable(),
  }),
]);
