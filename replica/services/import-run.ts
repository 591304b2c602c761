import type { ImportMapping, ImportSummary } from '../../shared/bridge/import-views.ts';
import type { Change } from '../../shared/ledger/change.ts';
import { err } from '../../shared/kernel/result.ts';
import { indexTerms } from '../../shared/ledger/schedule.ts';
import { readRows } from '../transfer/csv-reader.ts';
import { createRowReader } from '../transfer/import-row.ts';
import { bookImport, type Staging } from './import-booking.ts';
import { foldImport } from './import-fold.ts';
import { importedChanges } from './import-changes.ts';
import { ImportPlan, type ReadRow } from './import-plan.ts';
import { takingTurns, type GiveWay, type Progress } from './import-turns.ts';
import { problem, wrongInput } from './problems.ts';
import { noteImported } from './usage-events.ts';
import type { ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

/** A file that is ready to be read, and where it goes. */
export interface ImportJob {
  readonly workspaceId: string;
  readonly path: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  /** It fits the file's columns. */
  readonly mapping: ImportMapping;
  readonly authorId: string | null;
}

export interface ImportRunOptions {
  /** null for a dry run, which does everything but book. */
  readonly staging: Staging | null;
  /** Stops the import as long as nothing is booked. */
  readonly signal: AbortSignal;
  /** Stops it between two bulks too, where it is staged and will be taken up again. */
  readonly closing?: AbortSignal | undefined;
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Reads a whole file, decides on every row and folds the pools with the new lines; then books, when all that has gone
 * well. What can go wrong with the file goes wrong before anything is booked.
 * @throws ProblemError
 */
export async function carryOutImport(
  state: ReplicaState,
  job: ImportJob,
  options: ImportRunOptions,
): Promise<ImportSummary> {
  const workspace = state.workspace(job.workspaceId);
  const throwIfClosing = (): void => {
    if (options.closing?.aborted) throw cancelled('What was booked of it is kept, and the rest follows.');
  };
  const giveWay = takingTurns(() => {
    throwIfClosing();
    if (options.signal.aborted) throw cancelled('Nothing was booked.');
  });
  const plan = await planImport(state, workspace, job, { ...options, giveWay });
  const changes = importedChanges(state, workspace, { plan, fileName: job.fileName, authorId: job.authorId });
  const index = changes.length === 0 ? workspace.index : indexTerms(termsWith(workspace, changes));
  const folded = await foldImport(state, plan, { index, giveWay });
  const summary = plan.tally.summary(plan.names.added());
  await giveWay();
  if (options.staging === null) return summary;
  const { onProgress, staging } = options;
  const notBooked = await bookImport(state, {
    workspace,
    changes,
    folded,
    staging,
    throwIfClosing,
    onProgress,
  });
  if (summary.booked > 0)
    await noteImported(state, job.workspaceId, { fileName: job.fileName, booked: summary.booked });
  if (notBooked.size === 0) return summary;
  // The same file came in by another way while this one was read: its rows are duplicates after all.
  const booked = plan.lines.filter((line) => line.kind === 'usage' && notBooked.has(line.id)).length;
  const restated = notBooked.size - booked;
  return {
    ...summary,
    booked: summary.booked - booked,
    restated: summary.restated - restated,
    duplicates: summary.duplicates + notBooked.size,
  };
}

/** Reads all rows into a plan. */
async function planImport(
  state: ReplicaState,
  workspace: Workspace,
  { mapping, authorId, path, sizeBytes }: ImportJob,
  options: Omit<ImportRunOptions, 'staging'> & { readonly giveWay: GiveWay },
): Promise<ImportPlan> {
  const now = state.clock();
  const plan = new ImportPlan(state, { workspace, mapping, now, authorId });
  const readRow = createRowReader(mapping, now);
  let batch: ReadRow[] = [];
  let bytesRead = 0;
  const flush = async (): Promise<void> => {
    plan.add(batch);
    batch = [];
    if (plan.lines.length > linesMax) throw tooLong();
    options.onProgress({ kind: 'progress', phase: 'reading', done: bytesRead, total: sizeBytes });
    await options.giveWay();
  };
  const onBytesRead = (bytes: number): void => {
    bytesRead = bytes;
  };
  for await (const item of readRows(path, { onBytesRead })) {
    if (item.kind === 'unreadable') {
      const { line, column, message } = item;
      throw wrongInput([{ path: 'file', message, line, column }], `Line ${line}: ${message}`);
    }
    // What is rejected waits for its place among the rows, so that the first to be told are the first of the file.
    const row = item.kind === 'rejected' ? err([item]) : readRow(item);
    if (batch.push(row) >= rowsPerBatch) await flush();
  }
  await flush();
  return plan;
}

function termsWith(workspace: Workspace, changes: readonly Change[]) {
  return { ...workspace.index.terms, changes: [...workspace.changes, ...changes] };
}

function cancelled(kept: string) {
  return problem('unavailable', 'The import was cancelled.', {
    kept,
    todo: 'Start it again when you like.',
  });
}

function tooLong() {
  const message = `The file has more than ${linesMax.toLocaleString('en')} rows.`;
  return problem('wrong-input', message, {
    kept: 'Nothing was booked.',
    todo: 'Split it, for example by month, and import the parts one after the other.',
    issues: [{ path: 'file', message }],
  });
}

const rowsPerBatch = 500;
/** All lines are planned in memory before the first is booked. */
const linesMax = 1_000_000;
