import { z } from 'zod';

/** What people give to look into use: the window as the span and any day in it, read in the workspace's calendar. */

const identifier = z.string().trim().min(1, 'is missing').max(200, 'is longer than 200 characters');
const day = z.string().trim().min(1, 'is missing').max(60, 'is too long');
const period = z.enum(['day', 'week', 'month', 'quarter'], { error: 'is day, week, month or quarter' });
const by = z.enum(['feature', 'team', 'user'], { error: 'is feature, team or user' });

/** `day` is any day of the window; the present one when left out. */
const window = { workspaceId: identifier, period, day: day.optional() };

export const usagePanelInput = z.strictObject(window);
export const usageListInput = z.strictObject({
  ...window,
  by,
  search: z.string().trim().max(200, 'is longer than 200 characters').optional(),
  sort: z.enum(['credits', 'name', 'transactions']).default('credits'),
  descending: z.boolean().default(true),
  /** How many rows are passed over, and how many are answered. */
  from: z.int().min(0).max(10_000_000).default(0),
  limit: z.int().min(1).max(1_000).default(200),
});
/** One bar of the history: an hour, a day or a week, by its first instant. */
export const usageMomentInput = z.strictObject({ ...window, start: z.int() });
export const teamUsageInput = z.strictObject({ ...window, team: identifier });
