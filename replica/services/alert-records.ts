// What is kept of alerts: of each workspace one record with what was told and what is to be remembered, written at once.
import { z } from 'zod';
import { alertKinds, defaultAlertRules, type Alert, type AlertRules } from '../../shared/alerts/alert.ts';
import { anyClockTime, defaultAlertPreferences, type AlertPreferences } from '../../shared/alerts/delivery.ts';
import { factSchema, watchSchema } from '../../shared/alerts/stored.ts';
import type { Watch } from '../../shared/alerts/watch.ts';
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

/** Who set the rules of a workspace otherwise, when, and from what to what. */
export interface AlertRulesChange {
  readonly id: string;
  readonly at: Instant;
  readonly authorId: string | null;
  readonly before: AlertRules;
  readonly after: AlertRules;
}

export async function noteRulesChanged(
  state: ReplicaState,
  workspaceId: string,
  { id, ...body }: AlertRulesChange,
): Promise<void> {
  await putRecord(state.database, 'settings', { id: `${rulesChangePrefix}${id}`, workspaceId, body });
}

export function alertRulesChanges(state: ReplicaState, workspaceId: string): readonly AlertRulesChange[] {
  return readRecords(state.database, 'settings', '"workspaceId"=?', [workspaceId]).flatMap(({ id, body }) => {
    const change = id.startsWith(rulesChangePrefix) ? rulesChangeSchema.safeParse(body) : undefined;
    return change?.success ? [{ id, ...change.data }] : [];
  });
}

const rulesChangePrefix = 'alert-rules-changed/';

function alertsId(workspaceId: string): string {
  return `alerts/${workspaceId}`;
}

function settingsId(workspaceId: string): string {
  return `alert-settings/${workspaceId}`;
}

const alertsKept = 300;

const moment = z.int().transform(instant);

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
const rulesSchema = z.object({ thresholds: z.array(z.number()), runOutPercent: z.number(), holdMinutes: z.number() });
const rulesChangeSchema = z.object({
  at: moment,
  authorId: z.string().nullable(),
  before: rulesSchema,
  after: rulesSchema,
});
const settingsSchema = z.object({
  rules: rulesSchema,
  people: z.record(
    z.string(),
    z.object({
      // A kind that was added since is told until somebody switches it off.
      kinds: z
        .partialRecord(z.enum(alertKinds), z.boolean())
        .transform((kinds) => ({ ...defaultAlertPreferences.kinds, ...kinds })),
      quietHours: z.object({ on: z.boolean(), from: time, until: time }),
    }),
  ),
});
