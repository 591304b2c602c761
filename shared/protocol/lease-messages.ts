import { z } from 'zod';
import { durationMs, id, moment, notNegative, positive } from './fields.ts';
import { limits } from './limits.ts';

/**
 * A bounded right to spend of one device, as it is sent: how long it may be spent is a duration, since clocks differ.
 * `period` is the only allotment period that it pays for. [Y12]
 */
export const leaseSchema = z.object({
  id,
  deviceId: id,
  poolId: id,
  amount: positive,
  period: z.object({ start: moment, end: moment }),
  spendableForMs: durationMs,
});
export type WireLease = z.output<typeof leaseSchema>;

/**
 * renew: the usual round at a sync; leases that are not named as `unused` stay. top-up: a person waits for `needed` of
 * one pool. return: gives back what is left of leases.
 */
export const leaseRequestSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('renew'),
    expectedByPool: z
      .array(z.object({ poolId: id, expected: notNegative }))
      .min(1)
      .max(limits.leasesMax),
  }),
  z.object({ kind: z.literal('top-up'), poolId: id, needed: positive }),
  z.object({ kind: z.literal('return'), leaseIds: z.array(id).min(1).max(limits.leasesMax) }),
]);
export type LeaseRequest = z.output<typeof leaseRequestSchema>;

/** All leases of the device that are open now; what is not among them is closed. */
export const leaseAnswerSchema = z.object({ leases: z.array(leaseSchema).max(limits.leasesMax) });
export type LeaseAnswer = z.output<typeof leaseAnswerSchema>;
