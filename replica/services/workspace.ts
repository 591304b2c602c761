import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import type { Change } from '../../shared/ledger/change.ts';
import type { TermsIndex } from '../../shared/ledger/schedule.ts';
import type { WorkspaceRecord } from '../../shared/ledger/workspace-record.ts';
import { changeSchema } from '../../shared/protocol/change.ts';
import { workspaceRecordSchema } from '../../shared/protocol/records.ts';
import type { RecordDocument } from '../database/collections.ts';

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
  const parsed = workspaceRecordSchema.safeParse({ ...document.body, id: document.id });
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
