import { z } from 'zod';
import { instant } from '../kernel/instant.ts';
import { exact, origin } from './fields.ts';

const moment = z.int().transform(instant);

/** A dated change of a workspace as data: in a file, on the wire. [G12] */
export const changeSchema = z.object({
  id: z.string(),
  workspaceId: z.string(),
  subject: z.string(),
  effectiveFrom: moment,
  recordedAt: moment,
  authorId: z.string().nullable(),
  origin,
  reason: z.string().nullable(),
  value: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('plan'), planId: z.string().nullable() }),
    z.object({ kind: z.literal('seats'), seatsByRole: z.record(z.string(), z.int()) }),
    z.object({ kind: z.literal('entered-allotment'), credits: exact.nullable() }),
    z.object({ kind: z.literal('add-on'), on: z.boolean(), creditsPerPeriod: exact.nullable() }),
    z.object({
      kind: z.literal('member'),
      member: z.object({
        name: z.string(),
        role: z.string(),
        teamId: z.string().nullable(),
        access: z.enum(['company-admin', 'team-lead', 'member']),
        active: z.boolean(),
      }),
    }),
    z.object({ kind: z.literal('team'), name: z.string(), deleted: z.boolean() }),
    z.object({ kind: z.literal('cap'), credits: exact.nullable(), until: moment.nullable() }),
    z.object({ kind: z.literal('feature'), name: z.string(), unit: z.string() }),
    z.object({ kind: z.literal('name'), name: z.string() }),
    z.object({ kind: z.literal('time-zone'), timeZone: z.string() }),
    z.object({ kind: z.literal('week-start'), weekStart: z.int().min(1).max(7) }),
    z.object({
      kind: z.literal('work-week'),
      weekdayPercents: z.array(z.int().min(0).max(100)).length(7),
      country: z.string().nullable(),
      region: z.string().nullable(),
      holidayPercent: z.int().min(0).max(100),
    }),
    z.object({
      kind: z.literal('own-days'),
      name: z.string(),
      first: z.iso.date(),
      last: z.iso.date(),
      percent: z.int().min(0).max(500),
      removed: z.boolean(),
    }),
    z.object({ kind: z.literal('privacy'), hidesPeople: z.boolean(), teamMin: z.int().min(1).max(1_000) }),
  ]),
});
