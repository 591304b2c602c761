import { z } from 'zod';
import {
  importMapping,
  type importInput,
  type uploadChunkInput,
  type uploadInput,
  type uploadOpenInput,
} from '../../shared/bridge/inputs.ts';
import type { Problem } from '../../shared/bridge/problem.ts';
import type { ImportEvent, ImportMapping, ImportSummary, UploadView } from '../../shared/bridge/import-views.ts';
import type { Result } from '../../shared/kernel/result.ts';
import { putRecord } from '../database/append.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { readRecords } from '../database/stored-rows.ts';
import { readHead } from '../transfer/csv-reader.ts';
import { checkMapping, missingColumns, readyMapping, readyMappings, recogniseMapping } from '../transfer/mapping.ts';
import type { Upload, UploadStore } from '../transfer/upload-store.ts';
import type { Staging } from './import-booking.ts';
import { carryOutImport, type ImportJob } from './import-run.ts';
import { withProgress, type Progress } from './import-turns.ts';
import { actorOf } from './log-usage.ts';
import { problemOf, ProblemError, wrongField, wrongInput } from './problems.ts';
import type { ReplicaState } from './replica-state.ts';
import type { Workspace } from './workspace.ts';

export function openUpload(
  uploads: UploadStore,
  given: z.output<typeof uploadOpenInput>,
): { readonly uploadId: string } {
  return { uploadId: valueOf(uploads.open(given)) };
}

export function appendChunk(
  uploads: UploadStore,
  given: z.output<typeof uploadChunkInput>,
): { readonly receivedBytes: number } {
  return { receivedBytes: valueOf(uploads.append(given.uploadId, given.base64)) };
}

/** The columns, the first rows and the mapping that fits. A file that cannot be read says so in its issues. */
export async function inspectUpload(
  state: ReplicaState,
  uploads: UploadStore,
  given: z.output<typeof uploadInput>,
): Promise<UploadView> {
  const { uploadId, path, fileName, sizeBytes } = valueOf(uploads.find(given.uploadId));
  const head = await readHead(path);
  const view = { uploadId, fileName, sizeBytes, mappings: readyMappings() };
  if (!head.ok) {
    const { line, column, message } = head.error;
    return { ...view, columns: [], sample: [], recognised: null, issues: [{ path: 'file', message, line, column }] };
  }
  const { columns, sample } = head.value;
  const recognised = recogniseMapping(columns, state.options.timeZone);
  return {
    ...view,
    columns,
    sample,
    recognised,
    issues: recognised ? checkMapping(recognised, columns) : missingColumns(columns),
  };
}

/** An upload whose booking was cut off stays, because it is taken up again at the next start. */
export function discardUpload(
  uploads: UploadStore,
  given: z.output<typeof uploadInput>,
): { readonly discarded: boolean } {
  const claim = claimsOf(uploads).get(given.uploadId);
  if (!claim) return { discarded: uploads.discard(given.uploadId) };
  claim.discardWhenDone = true;
  return { discarded: !claim.staged };
}

/**
 * Imports a file, or says what that would do. Ends with the summary; fails with a problem and nothing booked. Stopping
 * to listen or aborting `signal` cancels as long as nothing is booked; after that the import goes through.
 */
export async function* runImport(
  state: ReplicaState,
  uploads: UploadStore,
  given: z.output<typeof importInput>,
  options: { readonly signal: AbortSignal | undefined },
): AsyncGenerator<ImportEvent> {
  const left = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, left.signal]) : left.signal;
  try {
    const summary = yield* withProgress((onProgress) => startImport(state, uploads, given, { signal, onProgress }));
    yield { kind: 'summary', summary };
  } finally {
    left.abort();
  }
}

/** The uploads of imports that were cut off while they were booked; they must outlive a restart. */
export function uploadsToResume(database: OpenDatabase): ReadonlySet<string> {
  return new Set(stagedImports(database).map((staged) => staged.uploadId));
}

export interface ResumedImport {
  readonly uploadId: string;
  readonly workspaceId: string;
  /** What was still missing is booked now, or why it is not. */
  readonly result: Result<ImportSummary, Problem>;
}

/**
 * Takes up imports that were cut off while they were booked: what is there already is a duplicate, the rest is booked.
 * One that cannot go on because of its file or workspace is forgotten; one that `closing` or the storage stops is
 * taken up again at the next start.
 */
export async function resumeImports(
  state: ReplicaState,
  uploads: UploadStore,
  options: { readonly closing: AbortSignal },
): Promise<readonly ResumedImport[]> {
  const resumed: ResumedImport[] = [];
  for (const staged of stagedImports(state.database)) {
    const { uploadId, workspaceId, mapping, authorId } = staged;
    try {
      const { path, sizeBytes } = valueOf(uploads.find(uploadId));
      const job: ImportJob = { workspaceId, path, fileName: staged.fileName, sizeBytes, mapping, authorId };
      const staging = { begin: async () => undefined, end: async () => undefined };
      const { closing } = options;
      const run = { staging, signal: closing, closing, onProgress: () => undefined };
      const summary = await carryOutImport(state, job, run);
      resumed.push({ uploadId, workspaceId, result: { ok: true, value: summary } });
    } catch (error) {
      const problem = problemOf(error) ?? mistake(error);
      resumed.push({ uploadId, workspaceId, result: { ok: false, error: problem } });
      if (problem.code !== 'wrong-input' && problem.code !== 'not-found') continue;
    }
    await forget(state.database, uploadId);
    uploads.discard(uploadId);
  }
  return resumed;
}

/** One import that goes wrong must not keep the replica from opening. */
function mistake(error: unknown): Problem {
  return {
    code: 'internal',
    message: `Fuelgauge made a mistake of its own: ${error instanceof Error ? error.message : String(error)}`,
    kept: 'What was booked of the import is kept.',
    todo: 'Import the file again; what is there already is not booked twice.',
    issues: [],
  };
}

async function startImport(
  state: ReplicaState,
  uploads: UploadStore,
  given: z.output<typeof importInput>,
  options: { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void },
): Promise<ImportSummary> {
  const upload = valueOf(uploads.find(given.uploadId));
  const workspace = state.workspace(given.workspaceId);
  const mapping = await mappingFor(upload, workspace, given.mapping);
  const { memberId: authorId } = actorOf(state, workspace.id);
  const { path, fileName, sizeBytes } = upload;
  const job: ImportJob = { workspaceId: workspace.id, path, fileName, sizeBytes, mapping, authorId };
  if (given.dryRun) return carryOutImport(state, job, { ...options, staging: null });

  const claims = claimsOf(uploads);
  const claim: Claim = claims.get(upload.uploadId) ?? { staged: false, discardWhenDone: false };
  claims.set(upload.uploadId, claim);
  const staging: Staging = {
    begin: async () => {
      await stage(state.database, upload, job);
      claim.staged = true;
    },
    end: async () => {
      await forget(state.database, upload.uploadId);
      claim.staged = false;
    },
  };
  try {
    return await carryOutImport(state, job, { ...options, staging });
  } finally {
    if (!claim.staged) {
      claims.delete(upload.uploadId);
      if (claim.discardWhenDone) uploads.discard(upload.uploadId);
    }
  }
}

/** The mapping that was asked for, or the one that is recognised; a column that is missing is told by name. */
async function mappingFor(
  upload: Upload,
  workspace: Workspace,
  asked: string | ImportMapping | undefined,
): Promise<ImportMapping> {
  const head = await readHead(upload.path);
  if (!head.ok) {
    const { line, column, message } = head.error;
    throw wrongInput([{ path: 'file', message, line, column }], `Line ${line}: ${message}`);
  }
  const { columns } = head.value;
  const zone = workspace.timeZone;
  const mapping =
    asked === undefined
      ? recogniseMapping(columns, zone)
      : typeof asked === 'string'
        ? readyMapping(asked, columns, zone)
        : asked;
  if (mapping === null) {
    const missing = missingColumns(columns);
    if (missing.length > 0) throw wrongInput(missing);
    const known = readyMappings().map(({ id }) => id);
    const said = columns.slice(0, 30).join(', ');
    throw typeof asked === 'string' && !known.includes(asked)
      ? wrongField('mapping', `“${asked}” does not fit this file; ready mappings are ${known.join(', ')}`)
      : wrongField('mapping', `the columns say nothing known (${said}); say which one holds what`);
  }
  const issues = checkMapping(mapping, columns);
  if (issues.length > 0) throw wrongInput(issues);
  return mapping;
}

/** An upload that is being booked. */
interface Claim {
  /** The import is noted on disk and will be resumed when it is cut off. */
  staged: boolean;
  discardWhenDone: boolean;
}

function claimsOf(uploads: UploadStore): Map<string, Claim> {
  const known = claimsByStore.get(uploads);
  if (known) return known;
  const claims = new Map<string, Claim>();
  claimsByStore.set(uploads, claims);
  return claims;
}

const claimsByStore = new WeakMap<UploadStore, Map<string, Claim>>();

async function stage(database: OpenDatabase, { uploadId }: Upload, job: ImportJob): Promise<void> {
  const { workspaceId, fileName, mapping, authorId } = job;
  const body = { uploadId, fileName, mapping, authorId };
  await putRecord(database, 'settings', { id: `${recordPrefix}${uploadId}`, workspaceId, body });
}

async function forget(database: OpenDatabase, uploadId: string): Promise<void> {
  await database.rx.settings.bulkRemove([`${recordPrefix}${uploadId}`]);
}

function stagedImports(database: OpenDatabase) {
  return readRecords(database, 'settings').flatMap(({ id, workspaceId, body }) => {
    const parsed = id.startsWith(recordPrefix) ? stagedSchema.safeParse(body) : undefined;
    return parsed?.success ? [{ ...parsed.data, workspaceId }] : [];
  });
}

const recordPrefix = 'import/';

const stagedSchema = z.object({
  uploadId: z.string(),
  fileName: z.string(),
  mapping: importMapping,
  authorId: z.string().nullable(),
});

function valueOf<Value>(result: Result<Value, Problem>): Value {
  if (!result.ok) throw new ProblemError(result.error);
  return result.value;
}
