// What is kept of alerts: of each workspace one record with what was told and what is to be remembered, written at once.
import { z } from 'zod';
import { alertKinds, defaultAlertRules, type Alert, type AlertRules } from '../../shared/alerts/alert.ts';
import { anyClockTime, defaultAlertPreferences, type AlertPreferences } from '../../shared/alerts/delivery.ts';
import type { Watch } from '../../shared/alerts/watch.ts';
import { credits } from '../../shared/kernel/credits.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { putRecord } from '../database/append.ts';
import { readRecords } from '../database/stored-rows.ts';
import type { ReplicaState } from './replica-state.ts';

export interface KeptAlert extends Alert {
  readonly seenAt: Instant | null;
  /** When it was taken to be shown on the desktop. */
  readonly takenAt: Instant | null;
}

export interface KeptAlerts {
  readonly watch: Watch;
  /** Oldest first. */
  readonly alerts: readonly KeptAlert[];
}

/** What is kept of a workspace; null before the first sight, and where it cannot be read any more. */
export function keptAlerts(state: ReplicaState, workspaceId: string): KeptAlerts | null {
  const [record] = readRecords(state.database, 'settings', 'id=?', [alertsId(workspaceId)]);
  if (!record) return null;
  const kept = keptSchema.safeParse(record.body);
  if (kept.success) return kept.data;
  state.database.damaged.note('settings', record.id);
  return null;
}

/** One write: whatever cuts it off, either both the alerts and the watch are there or neither. */
export async function keepAlerts(state: ReplicaState, workspaceId: string, kept: KeptAlerts): Promise<void> {
  const { watch, alerts } = kept;
  const body = { watch, alerts: alerts.slice(-alertsKept) };
  await putRecord(state.database, 'settings', { id: alertsId(workspaceId), workspaceId, body });
}

export interface AlertSettings {
  readonly rules: AlertRules;
  /** By the member's id; empty where nobody was chosen on this computer. */
  readonly people: Readonly<Record<string, AlertPreferences>>;
}

export function alertSettings(state: ReplicaState, workspaceId: string): AlertSettings {
  const [record] = readRecords(state.database, 'settings', 'id=?', [settingsId(workspaceId)]);
  const settings = settingsSchema.safeParse(record?.body);
  return settings.success ? settings.data : { rules: defaultAlertRules, people: {} };
}

export function preferencesOf(settings: AlertSettings, meId: string | null): AlertPreferences {
  return settings.people[meId ?? ''] ?? defaultAlertPreferences;
}

export async function keepAlertSettings(
  state: ReplicaState,
  workspaceId: string,
  settings: AlertSettings,
): Promise<void> {
  await putRecord(state.database, 'settings', { id: settingsId(workspaceId), workspaceId, body: { ...settings } });
}

function alertsId(workspaceId: string): string {
  return `alerts/${workspaceId}`;
}

function settingsId(workspaceId: string): string {
  return `alert-settings/${workspaceId}`;
}

const alertsKept = 300;

const moment = z.int().transform(instant);
const amount = z.int().transform(credits);
const period = z.object({ start: moment, end: moment });
const member = z.string().nullable();

const watchSchema = z.object({
  since: moment,
  nextNumber: z.int(),
  reached: z.array(z.object({ poolId: z.string(), periodStart: moment, until: moment, percents: z.array(z.number()) })),
  resets: z.array(moment),
  runOuts: z.array(moment),
  holds: z.array(z.string()),
  orders: z.array(z.string()),
  mondays: z.array(z.string()),
});

const factSchema = z.discriminatedUnion('kind', [
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

const keptSchema = z.object({
  watch: watchSchema,
  alerts: z.array(
    z.object({
      id: z.string(),
      at: moment,
      fact: factSchema,
      seenAt: moment.nullable(),
      takenAt: moment.nullable().default(null),
    }),
  ),
});

const time = z.string().regex(anyClockTime);
const settingsSchema = z.object({
  rules: z.object({ thresholds: z.array(z.number()), runOutPercent: z.number(), holdMinutes: z.number() }),
  people: z.record(
    z.string(),
    z.object({
      kinds: z.record(z.enum(alertKinds), z.boolean()),
      quietHours: z.object({ on: z.boolean(), from: time, until: time }),
    }),
  ),
});
