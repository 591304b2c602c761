import { z } from 'zod';
import type { UsageEvent } from '../../shared/bridge/usage-panel-views.ts';
import { instant, type Instant } from '../../shared/kernel/instant.ts';
import { contains, type Period } from '../../shared/kernel/period.ts';
import { openingOf, periodAt } from '../../shared/ledger/schedule.ts';
import { putRecord } from '../database/append.ts';
import type { RecordDocument } from '../database/collections.ts';
import { readRecords } from '../database/stored-rows.ts';
import type { ReplicaState } from './replica-state.ts';
import { changeSummary } from './subscription.ts';
import type { Workspace } from './workspace.ts';

/** What explains a change in use between two instants: resets, grants, plans and seats, imports; in order. */
export function eventsWithin(state: ReplicaState, workspace: Workspace, span: Period): readonly UsageEvent[] {
  const events = [
    ...resetsWithin(workspace, span),
    ...grantsWithin(state, workspace, span),
    ...changesWithin(workspace, span),
    ...importsWithin(state, workspace, span),
  ];
  return events.toSorted((left, right) => left.at - right.at).slice(0, eventsMax);
}

function resetsWithin(workspace: Workspace, span: Period): readonly UsageEvent[] {
  const resets: UsageEvent[] = [];
  let at = instant(Math.max(span.start, openingOf(workspace.index)));
  while (at < span.end && resets.length < eventsMax) {
    const { start, end } = periodAt(workspace.index, at);
    if (contains(span, start)) resets.push({ kind: 'reset', at: start });
    at = end;
  }
  return resets;
}

function grantsWithin(state: ReplicaState, workspace: Workspace, { start, end }: Period): readonly UsageEvent[] {
  return state
    .linesWhere(`"workspaceId"=? AND "kind"='grant' AND "occurredAt">=? AND "occurredAt"<?`, [workspace.id, start, end])
    .flatMap((line) =>
      line.kind === 'grant'
        ? [{ kind: 'grant', at: line.occurredAt, grant: line.grantKind, credits: line.amount } as const]
        : [],
    );
}

function changesWithin(workspace: Workspace, span: Period): readonly UsageEvent[] {
  return workspace.changes.flatMap((change) => {
    const { kind } = change.value;
    if ((kind !== 'plan' && kind !== 'seats') || !contains(span, change.effectiveFrom)) return [];
    return [{ kind, at: change.effectiveFrom, summary: changeSummary(workspace, change) }];
  });
}

function importsWithin(state: ReplicaState, workspace: Workspace, span: Period): readonly UsageEvent[] {
  return readRecords(state.database, 'settings', '"workspaceId"=?', [workspace.id]).flatMap(({ id, body }) => {
    const note = id.startsWith(importedPrefix) ? importedSchema.safeParse(body) : undefined;
    if (!note?.success || !contains(span, note.data.at)) return [];
    return [{ kind: 'import', ...note.data } as const];
  });
}

/** Notes an import of this computer, for who later wonders where use came from. */
export async function noteImported(
  state: ReplicaState,
  workspaceId: string,
  what: { readonly fileName: string; readonly booked: number },
): Promise<void> {
  await putRecord(state.database, 'settings', importNote(state, workspaceId, { ...what, at: state.clock() }));
}

/** The record of an import at any time. */
export function importNote(
  state: ReplicaState,
  workspaceId: string,
  what: { readonly fileName: string; readonly booked: number; readonly at: Instant },
): RecordDocument {
  return { id: `${importedPrefix}${state.ids.fresh()}`, workspaceId, body: { ...what } };
}

const importedPrefix = 'imported/';
const importedSchema = z.object({ at: z.int().transform(instant), fileName: z.string(), booked: z.int() });
const eventsMax = 200;
