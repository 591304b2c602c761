import { z } from 'zod';

/** What people give to be advised: figures and days are text, read where the workspace's plan and zone are known. */

const identifier = z.string().trim().min(1, 'is missing').max(200, 'is longer than 200 characters');
const decimal = z.string().trim().min(1, 'is missing').max(400, 'is too long');
const day = z.string().trim().min(1, 'is missing').max(60, 'is too long');
const workspaceId = identifier;

/** What is left out stays as it is today. */
export const scenarioInput = z.strictObject({
  seats: z.record(z.string().min(1), z.int().min(0, 'is negative').max(1_000_000, 'is too large')).optional(),
  plan: identifier.optional(),
  /** Credits per period, where the platform publishes none. */
  enteredAllotment: decimal.optional(),
  packs: z
    .array(
      z.strictObject({
        pack: identifier,
        count: z.int().min(1, 'is below 1').max(1000, 'is more than 1,000'),
        /** `YYYY-MM-DD`; today when left out. */
        on: day.optional(),
      }),
    )
    .max(50, 'are more than 50')
    .optional(),
  /** Credits from anywhere else. */
  extra: z.strictObject({ credits: decimal, on: day.optional() }).optional(),
  cap: z
    .strictObject({
      /** A team's budget; without it a cap of each member. */
      team: identifier.optional(),
      credits: decimal,
      per: z.enum(['day', 'week', 'period']),
    })
    .optional(),
  teamsLeaving: z.array(identifier).max(100, 'are more than 100').optional(),
  usePercent: z.int('is no whole percent').min(0, 'is negative').max(1000, 'is above 1,000 %').optional(),
});

/** A scenario as people give it. */
export type ScenarioGiven = z.input<typeof scenarioInput>;

export const whatIfInput = z.strictObject({ workspaceId, scenario: scenarioInput });

export const cheapestInput = z.strictObject({
  workspaceId,
  /** How many resets the credits are to last through: 1 is the next one. */
  resets: z.int().min(1, 'is below 1').max(3, 'is more than 3').optional(),
  sureness: z.enum(['likely', 'safe']).optional(),
  /** What else is to be different; packs of it are left out. */
  scenario: scenarioInput.optional(),
});

/** null takes the price away. */
export const planPriceInput = z.strictObject({
  workspaceId,
  /** Another platform than the workspace's own. */
  platform: identifier.optional(),
  plan: identifier,
  price: z
    .strictObject({ amount: decimal, currency: z.string().regex(/^[A-Z]{3}$/, 'use a code such as USD') })
    .nullable(),
  per: z.enum(['seat', 'workspace']).optional(),
});

export const adviceWorkspaceInput = z.strictObject({ workspaceId });

/** Which feature of another platform stands for one of this one. Without `otherFeature` the match is taken away. */
export const featureMatchInput = z.strictObject({
  workspaceId,
  feature: identifier,
  variant: identifier.nullable().optional(),
  platform: identifier,
  otherFeature: identifier.nullable(),
  otherVariant: identifier.nullable().optional(),
  /** How many units there do the work of one unit here; 1 when left out. */
  units: decimal.optional(),
});
