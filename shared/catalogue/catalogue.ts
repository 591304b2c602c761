import { z } from 'zod';
import { parseCredits } from '../kernel/credits.ts';
import { isLocalDate } from '../kernel/time-zone.ts';

/**
 * A catalogue holds all dated plans and rates of one platform, as data. [C2]
 * A platform that a person describes has the same shape as a shipped one. Figures are decimal strings, and each names
 * the source that it comes from; `reading: true` marks what is our reading of a spot where the source is silent.
 */

const slug = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'use lower-case letters, digits and single hyphens')
  .max(60);
const name = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'one line without control characters');
const date = z.string().refine(isLocalDate, 'a calendar day that exists, as YYYY-MM-DD');
const creditsText = z.string().refine((text) => {
  const parsed = parseCredits(text);
  return parsed.ok && !parsed.value.rounded && parsed.value.value >= 0;
}, 'a decimal of at most six places, 0 or more, as text');

/** Where a figure comes from. `source` is the id of one of the catalogue's sources; `note` says what was read and why. */
const sourced = { source: slug, reading: z.boolean().optional(), note: z.string().trim().min(1).max(500).optional() };

const sourceSchema = z.strictObject({
  id: slug,
  title: name,
  /** Where a person can look the figure up; absent when the user typed it in. */
  url: z.url({ protocol: /^https$/ }).optional(),
  /** The day on which the figures were read there. */
  readOn: date,
  note: z.string().max(1000).optional(),
});

const rateSchema = z.strictObject({
  /** For example `deep`; absent for the ordinary way. [C4] */
  variant: slug.optional(),
  /** What a person calls the variant: Deep Design. */
  variantName: name.optional(),
  /** Credits per unit; null where the platform publishes none and the user has not filled it in. */
  credits: creditsText.nullable(),
  ...sourced,
});

const featureSchema = z.strictObject({
  id: slug,
  name,
  /** What one unit is: action, screen, slide, prompt, image, second … [C4] */
  unit: z.string().trim().min(1).max(40),
  rates: z.array(rateSchema).min(1).max(20),
  /** The add-on that a workspace needs for it. [E2] */
  needsAddOn: slug.optional(),
});

const roleSchema = z.strictObject({
  id: slug,
  name,
  /** Whether this role may spend credits. [E5] */
  spends: z.boolean(),
  /** Whether a person in this role takes a seat that the plan counts. [S3] */
  takesSeat: z.boolean(),
  ...sourced,
});

const allotmentSchema = z.discriminatedUnion('rule', [
  z.strictObject({
    rule: z.literal('by-seat-bracket'),
    brackets: z
      .array(z.strictObject({ from: z.int().min(0), to: z.int().min(1), credits: creditsText }))
      .min(1)
      .max(100),
    ...sourced,
  }),
  z.strictObject({
    /** Each seat of a role brings so many credits; the pool's scope says whether they are shared. */
    rule: z.literal('per-seat'),
    perRole: z
      .array(z.strictObject({ role: slug, credits: creditsText }))
      .min(1)
      .max(20),
    ...sourced,
  }),
  z.strictObject({
    rule: z.literal('fixed'),
    credits: creditsText,
    /** The first period's amount where it differs (Visily Free: 600, then 300). */
    firstPeriod: creditsText.optional(),
    ...sourced,
  }),
  /** The platform publishes no figure: the user enters what the contract or the account page says. */
  z.strictObject({ rule: z.literal('entered'), ...sourced }),
  /** Prepaid credits only. */
  z.strictObject({ rule: z.literal('none'), ...sourced }),
]);

const planSchema = z.strictObject({
  id: slug,
  name,
  /** Who burns from one pool together. */
  poolScope: z.enum(['organisation', 'workspace', 'member']),
  allotment: allotmentSchema,
  reset: z.strictObject({
    /** Day 1 of each calendar month, or the workspace's anchor (billing, sign-up or creation date). */
    on: z.enum(['calendar-month', 'anchor']),
    everyMonths: z.int().min(1).max(12),
    zone: z.enum(['UTC', 'workspace']),
    ...sourced,
  }),
  /** What is left at a reset lapses, unless the plan says so. [G10] */
  rollOver: z.strictObject({ min: creditsText, max: creditsText, ...sourced }).optional(),
  limit: z.strictObject({ kind: z.enum(['soft', 'hard']), ...sourced }),
  /** Price of an action that the catalogue does not list, logged as an estimate. [C5] */
  defaultRate: z.strictObject({ credits: creditsText, ...sourced }).optional(),
  /** When a change of seats counts for the allotment. [S1] [S2] */
  seatChange: z.strictObject({
    takesEffect: z.enum(['now', 'next-reset', 'next-billing-date']),
    /** Only where a change to fewer seats waits longer (GitHub Copilot). */
    fewerTakeEffect: z.enum(['now', 'next-reset', 'next-billing-date']).optional(),
    ...sourced,
  }),
  roles: z.array(roleSchema).min(1).max(20),
  /** Add-ons that the workspace may switch; `recurring-credits` is a monthly line of its own. [G11] */
  addOns: z
    .array(
      z.strictObject({
        id: slug,
        name,
        kind: z.enum(['feature', 'recurring-credits']),
        onByDefault: z.boolean(),
        ...sourced,
      }),
    )
    .max(20),
  /** How packs are sold here; `request` where the platform sells through its account team. [P4] */
  packs: z.strictObject({
    sold: z.enum(['order', 'request', 'no']),
    ids: z.array(slug).max(20),
    /** Packs may only be bought once the period's credits are used up (Visily). */
    onlyWhenUsedUp: z.boolean(),
    ...sourced,
  }),
});

const packSchema = z.strictObject({
  id: slug,
  name,
  /** null where the amount is not published and the user enters it with the order. */
  credits: creditsText.nullable(),
  price: z.strictObject({ minorUnits: z.int().min(0), currency: z.string().regex(/^[A-Z]{3}$/) }).nullable(),
  /** Months until the pack lapses; null for never. */
  lapsesAfterMonths: z.int().min(1).nullable(),
  ...sourced,
});

const versionSchema = z.strictObject({
  version: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9.-]*$/)
    .max(60),
  effectiveFrom: date,
  features: z.array(featureSchema).max(1000),
  plans: z.array(planSchema).min(1).max(50),
  packs: z.array(packSchema).max(50),
});

export const catalogueSchema = z.strictObject({
  platform: slug,
  name,
  /** The platform's own page of plan, balance and packs. */
  subscriptionUrl: z.url({ protocol: /^https$/ }).optional(),
  purchaseUrl: z.url({ protocol: /^https$/ }).optional(),
  /** Whether credits come metered with imports and features are made from them (GitHub Copilot). [C5] [C6] */
  metered: z.boolean(),
  sources: z.array(sourceSchema).min(1).max(50),
  versions: z.array(versionSchema).min(1).max(200),
});

export type Catalogue = z.infer<typeof catalogueSchema>;
export type CatalogueVersion = Catalogue['versions'][number];
export type Feature = CatalogueVersion['features'][number];
export type Rate = Feature['rates'][number];
export type Plan = CatalogueVersion['plans'][number];
export type PlatformRole = Plan['roles'][number];
export type Pack = CatalogueVersion['packs'][number];
export type AllotmentRule = Plan['allotment'];
export type Source = Catalogue['sources'][number];
