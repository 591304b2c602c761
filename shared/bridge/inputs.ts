import { z } from 'zod';
import { alertKinds } from '../alerts/alert.ts';
import { anyClockTime } from '../alerts/delivery.ts';
import { catalogueSchema } from '../catalogue/catalogue.ts';
import { desktopShortcuts, updateChannels } from './desktop.ts';

/**
 * What people give, as they give it: figures and instants are text, and are read where the workspace's zone and plan
 * are known. Every message says what is expected.
 */

export const identifier = z.string().trim().min(1, 'is missing').max(200, 'is longer than 200 characters');
/** A name that a person reads: one line without control characters. */
const displayName = z
  .string()
  .trim()
  .min(1, 'is missing')
  .max(120, 'is longer than 120 characters')
  .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'must not contain line breaks or control characters');
const slug = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}](?:[\p{L}\p{N}@._+ -]*[\p{L}\p{N}_])?$/u, 'use letters, digits, spaces and @ . _ + -')
  .max(120, 'is longer than 120 characters');
const decimal = z.string().trim().min(1, 'is missing').max(400, 'is too long');
const moment = z.string().trim().min(1, 'is missing').max(60, 'is too long');
const reason = z.string().trim().min(1, 'say why, in a few words').max(500, 'is longer than 500 characters');
const note = z.string().trim().max(500, 'is longer than 500 characters');

export const workspaceInput = z.strictObject({ workspaceId: identifier });

/** Which of the sample’s platforms are wanted; all of them where nothing is said. */
export const sampleInput = z.strictObject({
  platforms: z
    .array(z.enum(['piktochart', 'miro', 'visily', 'mirage']))
    .min(1)
    .optional(),
});

export const memberDraft = z.strictObject({
  id: slug.optional(),
  name: displayName,
  role: identifier,
  team: displayName.optional(),
});

const seatsInput = z.record(z.string().min(1), z.int().min(0, 'is negative').max(1_000_000, 'is too large'));

export const workspaceCreateInput = z.strictObject({
  name: displayName.optional(),
  platform: identifier,
  plan: identifier,
  /** Seats per role; plans that do not tell roles apart take the first role that has a seat. */
  seats: seatsInput,
  /** Credits per period where the platform publishes none. */
  enteredAllotment: decimal.optional(),
  anchor: identifier,
  timeZone: identifier,
  weekStart: z.int().min(1).max(7).optional(),
  /** Add-ons that are on; absent means the plan's defaults. */
  addOns: z.array(identifier).max(50).optional(),
  members: z.array(memberDraft).max(20_000).optional(),
  /** Index into `members` of the person at this computer. */
  me: z.int().min(0).optional(),
  openingReading: z.strictObject({ used: decimal, at: moment }).optional(),
});

/** What is left out stays as it is. */
export const workspaceChangeInput = z.strictObject({
  workspaceId: identifier,
  name: displayName.optional(),
  timeZone: identifier.optional(),
  weekStart: z.int().min(1, 'is 1 for Monday to 7 for Sunday').max(7, 'is 1 for Monday to 7 for Sunday').optional(),
  reason: reason.optional(),
});

export const privacySetInput = z.strictObject({
  workspaceId: identifier,
  hidesPeople: z.boolean(),
  /** People that a team must have to be shown by itself while people are left out. */
  teamMin: z.int().min(1, 'is at least 1').max(1_000, 'is at most 1,000').optional(),
  reason: reason.optional(),
});

export const usageInput = z.strictObject({
  workspaceId: identifier,
  feature: identifier,
  variant: identifier.optional(),
  quantity: decimal,
  member: identifier.optional(),
  team: identifier.optional(),
  at: moment.optional(),
  /** It already happened: recorded always. [E6] */
  happened: z.boolean().optional(),
  externalId: identifier.optional(),
  note: note.optional(),
});

export const holdInput = usageInput.omit({ happened: true, externalId: true }).extend({ expires: moment.optional() });
/** `workspaceId` may be left out: an id is unique in a data directory. */
export const settleInput = z.strictObject({ id: identifier, credits: decimal.optional(), at: moment.optional() });
export const refundInput = settleInput.extend({ reason: reason.optional() });
export const voidInput = z.strictObject({ id: identifier, reason });
export const correctInput = z.strictObject({ id: identifier, quantity: decimal, reason });

export const ledgerFilter = z.strictObject({
  member: identifier.nullable().optional(),
  team: identifier.nullable().optional(),
  feature: identifier.optional(),
  kinds: z
    .array(z.enum(['usage', 'hold', 'capture', 'release', 'refund', 'void', 'correction', 'grant']))
    .max(8)
    .optional(),
  from: moment.optional(),
  to: moment.optional(),
  /** Text that the note or a name contains. */
  text: z.string().max(200).optional(),
});

export const ledgerPageInput = z.strictObject({
  workspaceId: identifier,
  filter: ledgerFilter,
  cursor: z.string().max(200).nullable(),
  limit: z.int().min(1).max(1000),
});

export const exportInput = z.strictObject({
  workspaceId: identifier,
  format: z.enum(['csv', 'json']),
  filter: ledgerFilter.optional(),
});

export const planSetInput = z.strictObject({
  workspaceId: identifier,
  plan: identifier,
  at: moment.optional(),
  enteredAllotment: decimal.optional(),
  reason: reason.optional(),
});
export const planEndInput = z.strictObject({ workspaceId: identifier, at: moment, reason: reason.optional() });
export const seatsSetInput = z.strictObject({
  workspaceId: identifier,
  seats: seatsInput,
  /** Credits per period, where the platform publishes none for so many seats. */
  enteredAllotment: decimal.optional(),
  at: moment.optional(),
  reason: reason.optional(),
});
export const addOnSetInput = z.strictObject({
  workspaceId: identifier,
  addOn: identifier,
  on: z.boolean(),
  /** Credits per period of a recurring credit line. */
  credits: decimal.optional(),
  at: moment.optional(),
});
export const allotmentSetInput = z.strictObject({
  workspaceId: identifier,
  credits: decimal,
  at: moment.optional(),
  reason: reason.optional(),
});
export const capSetInput = z.strictObject({
  workspaceId: identifier,
  /** A member's personal cap; with neither member nor team the default of everybody. */
  member: identifier.optional(),
  /** A team's budget. */
  team: identifier.optional(),
  /** With `team`: the default personal cap of its members instead of the team's budget. */
  eachMember: z.boolean().optional(),
  /** null takes the cap away. */
  credits: decimal.nullable(),
  per: z.enum(['day', 'week', 'period']),
  until: moment.optional(),
  at: moment.optional(),
  reason: reason.optional(),
});
export const readingAddInput = z.strictObject({ workspaceId: identifier, used: decimal, at: moment });
export const readingInput = z.strictObject({ workspaceId: identifier, readingId: identifier });
/** What the platform says by feature, of the whole period up to the reading; an empty list takes it away. */
export const readingStateInput = z.strictObject({
  workspaceId: identifier,
  readingId: identifier,
  byFeature: z.array(z.strictObject({ feature: identifier, credits: decimal })).max(500, 'are more than 500 features'),
});
export const driftConfirmInput = z.strictObject({ workspaceId: identifier, readingId: identifier, reason });
export const grantAddInput = z.strictObject({
  workspaceId: identifier,
  amount: decimal,
  priority: z.int().min(0).max(1000).optional(),
  from: moment.optional(),
  expires: moment.optional(),
  member: identifier.optional(),
  note: note.optional(),
});
export const grantVoidInput = z.strictObject({ id: identifier, at: moment.optional(), reason: reason.optional() });

export const membersAddInput = z.strictObject({
  workspaceId: identifier,
  members: z.array(memberDraft).min(1, 'names nobody').max(20_000),
});
export const memberChangeInput = z.strictObject({
  workspaceId: identifier,
  member: identifier,
  name: displayName.optional(),
  role: identifier.optional(),
  /** A team's name or id; null takes the member out of the team. */
  team: displayName.nullable().optional(),
  active: z.boolean().optional(),
  /** What they may see and change in Fuelgauge. [E5] */
  access: z.enum(['company-admin', 'team-lead', 'member']).optional(),
  at: moment.optional(),
  reason: reason.optional(),
});
export const membersParseInput = z.strictObject({
  platform: identifier,
  plan: identifier,
  text: z.string().max(5_000_000, 'is longer than 5 MB'),
});
export const teamChangeInput = z.strictObject({
  workspaceId: identifier,
  team: identifier,
  name: displayName.optional(),
  deleted: z.boolean().optional(),
});

export const orderCreateInput = z.strictObject({
  workspaceId: identifier,
  pack: identifier,
  at: moment.optional(),
  member: identifier.optional(),
  note: note.optional(),
});
export const orderConfirmInput = z.strictObject({
  orderId: identifier,
  at: moment.optional(),
  /** Needed where the platform publishes no amount. */
  credits: decimal.optional(),
  price: z
    .strictObject({ amount: decimal, currency: z.string().regex(/^[A-Z]{3}$/, 'use a code such as USD') })
    .optional(),
  reference: note.optional(),
});
export const orderApproveInput = z.strictObject({ orderId: identifier, note: note.optional() });
export const orderCloseInput = z.strictObject({
  orderId: identifier,
  as: z.enum(['refused', 'cancelled']),
  reason: reason.optional(),
});

export const balanceInput = z.strictObject({
  workspaceId: identifier,
  member: identifier.optional(),
  asOf: moment.optional(),
});
export const reportInput = z.strictObject({
  workspaceId: identifier,
  by: z.enum(['feature', 'team', 'user']),
  period: z.enum(['day', 'week', 'month', 'quarter']),
  asOf: moment.optional(),
});
export const hoursInput = z.strictObject({
  workspaceId: identifier,
  /** A calendar day of the workspace, `YYYY-MM-DD`. */
  day: moment,
});
/** Without a workspace: all of them. */
export const projectionsInput = z.strictObject({ workspaceId: identifier.optional() });
export const forecastInput = z.strictObject({ workspaceId: identifier, asOf: moment.optional() });
const wholePercent = z.int('is no whole percent').min(0, 'is negative');
const openPercent = wholePercent.max(100, 'is above 100 %');
/** How much work each day of the week holds, and which public holidays apply. */
export const workWeekSetInput = z.strictObject({
  workspaceId: identifier,
  /** Monday to Sunday: 0 closed, 100 a day as usual. */
  weekdayPercents: z.array(openPercent).length(7, 'has one percent for each day of the week'),
  /** ISO 3166-1; null for no holidays. */
  country: identifier.nullable(),
  region: identifier.nullable().optional(),
  /** What is left of a holiday; 0 unless given. */
  holidayPercent: openPercent.optional(),
  at: moment.optional(),
  reason: reason.optional(),
});
/** Days of one's own; with an `id` another version of them. */
export const ownDaysSetInput = z.strictObject({
  workspaceId: identifier,
  id: identifier.optional(),
  name: displayName,
  first: moment,
  /** The same as `first` unless given. */
  last: moment.optional(),
  /** 0 closed, 100 as usual, more for busier days. */
  percent: wholePercent.max(500, 'is above 500 %'),
  reason: reason.optional(),
});
export const ownDaysRemoveInput = z.strictObject({
  workspaceId: identifier,
  id: identifier,
  reason: reason.optional(),
});
export const priceInput = z.strictObject({
  platform: identifier,
  feature: identifier,
  quantity: decimal,
  variant: identifier.optional(),
  at: moment.optional(),
});

export const importMapping = z.strictObject({
  id: identifier,
  name: z.string().max(120),
  columns: z.partialRecord(
    z.enum(['occurredAt', 'member', 'team', 'feature', 'variant', 'quantity', 'credits', 'externalId', 'note']),
    z.string().max(500),
  ),
  zone: identifier,
});
export const uploadOpenInput = z.strictObject({ fileName: z.string().max(500), sizeBytes: z.int().min(0) });
export const uploadChunkInput = z.strictObject({
  uploadId: identifier,
  /** At most 1 MiB of the file, in order. */
  base64: z.base64().max(1_500_000),
});
export const uploadInput = z.strictObject({ uploadId: identifier });
export const importInput = z.strictObject({
  uploadId: identifier,
  workspaceId: identifier,
  /** A ready mapping's id, or a mapping of one's own; absent takes the recognised one. */
  mapping: z.union([identifier, importMapping]).optional(),
  dryRun: z.boolean(),
});

export const catalogueSaveInput = z.strictObject({ catalogue: catalogueSchema });
export const meInput = z.strictObject({ workspaceId: identifier, member: identifier.nullable() });

/** The name of a listed backup, or the path of any file on the replica's computer. */
const filePath = z.string().trim().min(1, 'is missing').max(4_000, 'is longer than 4,000 characters');
export const backupCheckInput = z.strictObject({ file: filePath });
export const salvageInput = z.strictObject({ file: filePath.optional() });
export const backupRemoveInput = z.strictObject({ name: identifier });
/** What is left out stays as it is. */
export const backupSettingsInput = z.strictObject({
  on: z.boolean().optional(),
  keepDaily: z.int().min(1, 'keep one at least').max(366, 'is too many').optional(),
  keepWeekly: z.int().min(0, 'is negative').max(520, 'is too many').optional(),
  /** Full path of an existing folder; null keeps backups in the data folder. */
  folder: filePath.nullable().optional(),
});

const percent = z.int('is no whole percent').min(1, 'is below 1 %');
const clockTime = z.string().trim().regex(anyClockTime, 'write it as 22:00');
/** What is left out stays as it is; kinds and quiet hours are those of the person at this computer. */
export const alertSettingsInput = z.strictObject({
  workspaceId: identifier,
  thresholds: z.array(percent.max(1000, 'is above 1,000 %')).max(50, 'are more than 50').optional(),
  runOutPercent: percent.max(99, 'is above 99 %').optional(),
  holdMinutes: z.int().min(1, 'is below a minute').max(10_080, 'is more than a week').optional(),
  kinds: z.partialRecord(z.enum(alertKinds), z.boolean()).optional(),
  quietHours: z.strictObject({ on: z.boolean(), from: clockTime, until: clockTime }).optional(),
});
/** Those that are named, or all. */
export const alertDismissInput = z.strictObject({
  workspaceId: identifier,
  ids: z.array(identifier).max(1000).optional(),
});

/** What is left out stays as it is. */
export const desktopSettingsInput = z.strictObject({
  launchAtLogin: z.boolean().optional(),
  shortcut: z.enum(desktopShortcuts).nullable().optional(),
  closeToTray: z.boolean().optional(),
  notifications: z.boolean().optional(),
  updates: z.enum(updateChannels).optional(),
});
export const updateInput = z.strictObject({ do: z.enum(['check', 'install']) });

/** What is looked for in all workspaces, the open one first. */
export const searchInput = z.strictObject({
  text: z.string().trim().min(1, 'is missing').max(200, 'is longer than 200 characters'),
  workspaceId: identifier.optional(),
});
