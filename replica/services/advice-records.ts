// What people entered to be advised with: of each workspace one record of this computer.
import { z } from 'zod';
import type { PlanPrices } from '../../shared/advice/cost.ts';
import type { FeatureMatch } from '../../shared/advice/match.ts';
import { quantity } from '../../shared/kernel/credits.ts';
import { money } from '../../shared/kernel/money.ts';
import { putRecord } from '../database/append.ts';
import { readRecords } from '../database/stored-rows.ts';
import type { ReplicaState } from './replica-state.ts';

export interface AdviceSettings {
  /** By the plan's id; of another platform by `platform/plan`. */
  readonly planPrices: PlanPrices;
  readonly matches: readonly FeatureMatch[];
}

export function adviceSettings(state: ReplicaState, workspaceId: string): AdviceSettings {
  const [record] = readRecords(state.database, 'settings', 'id=?', [idOf(workspaceId)]);
  if (!record) return nothingEntered;
  const settings = settingsSchema.safeParse(record.body);
  if (settings.success) return settings.data;
  state.database.damaged.note('settings', record.id);
  return nothingEntered;
}

export async function keepAdviceSettings(
  state: ReplicaState,
  workspaceId: string,
  settings: AdviceSettings,
): Promise<void> {
  await putRecord(state.database, 'settings', { id: idOf(workspaceId), workspaceId, body: { ...settings } });
  state.signal.changed(workspaceId);
}

function idOf(workspaceId: string): string {
  return `advice/${workspaceId}`;
}

const nothingEntered: AdviceSettings = { planPrices: {}, matches: [] };

const settingsSchema = z.object({
  planPrices: z.record(
    z.string(),
    z.object({
      price: z
        .object({ minorUnits: z.int().min(0), currency: z.string().regex(/^[A-Z]{3}$/) })
        .transform(({ minorUnits, currency }) => money(minorUnits, currency)),
      per: z.enum(['seat', 'workspace']),
    }),
  ),
  matches: z
    .array(
      z.object({
        feature: z.string(),
        variant: z.string().nullable(),
        platform: z.string(),
        otherFeature: z.string(),
        otherVariant: z.string().nullable(),
        units: z.int().min(1).transform(quantity),
      }),
    )
    .default([]),
});
