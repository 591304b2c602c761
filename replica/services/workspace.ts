import { z } from 'zod';
import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import type { Instant } from '../../shared/kernel/instant.ts';
import { instant } from '../../shared/kernel/instant.ts';
import type { LocalDate } from '../../shared/kernel/time-zone.ts';
import type { Change } from '../../shared/ledger/change.ts';
import type { TermsIndex } from '../../shared/ledger/schedule.ts';
import { changeSchema } from '../../shared/protocol/change.ts';
import type { RecordDocument } from '../database/collections.ts';

/** A workspace as it is stored and was made; what changes over time is in dated changes. */
export interface WorkspaceRecord {
  readonly id: string;
  readonly name: string;
  readonly platform: string;
  readonly anchor: LocalDate;
  readonly timeZone: string;
  readonly weekStart: number;
  readonly sample: boolean;
  readonly createdAt: Instant;
}

/** A workspace as it is now, with everything dated about it, indexed. */
export interface Workspace extends WorkspaceRecord {
  /** As it was made: what name, zone and start of the week were before they were changed. */
  readonly record: WorkspaceRecord;
  readonly catalogue: Catalogue;
  readonly changes: readonly Change[];
  readonly index: TermsIndex;
}

export function workspaceDocument(record: WorkspaceRecord): RecordDocument {
  const { id, ...body } = record;
  return { id, workspaceId: id, body };
}

export function workspaceRecord(document: RecordDocument): WorkspaceRecord | undefined {
  const parsed = workspaceSchema.safeParse({ ...document.body, id: document.id });
  return parsed.success ? parsed.data : undefined;
}

export function changeDocument(change: Change): RecordDocument {
  const { id, workspaceId, ...body } = change;
  return { id, workspaceId, body };
}

export function changeRecord(document: RecordDocument): Change | undefined {
  const parsed = changeSchema.safeParse({ ...document.body, id: document.id, workspaceId: document.workspaceId });
  return parsed.success ? parsed.data : undefined;
}

const moment = z.int().transform(instant);

const workspaceSchema = z.object({
  id: z.string(),
  name: z.string(),
  platform: z.string(),
  anchor: z.string(),
  timeZone: z.string(),
  weekStart: z.int(),
  sample: z.boolean(),
  createdAt: moment,
});
