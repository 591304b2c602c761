import type { Issue, Problem, ProblemCode } from '../../shared/bridge/problem.ts';
import type { NoSuchFile } from '../backup/named-file.ts';
import { SqliteStorageError, toStorageError, type SqliteStorageErrorCode } from '../storage-sqlite/storage-error.ts';

/** Stops a use case with what a person needs to know. The router hands it over as it is. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

const nothingChanged = 'Nothing was changed.';

/** What was given cannot be used; each issue names its field. */
export function wrongInput(issues: readonly Issue[], message = messageOf(issues)): ProblemError {
  return problem('wrong-input', message, { issues, todo: 'Correct what is marked and try again.' });
}

export function wrongField(path: string, message: string): ProblemError {
  return wrongInput([{ path, message }]);
}

/** Of a file that a person named to be looked at, restored or salvaged. */
export function notNamed(why: Exclude<NoSuchFile, 'in-use'>): ProblemError {
  return wrongField(
    'file',
    why === 'unlisted'
      ? 'is no backup in the list; give the full path of another file'
      : 'is a link that leads out of the folder of backups',
  );
}

export function notFound(what: string, id: string): ProblemError {
  return problem('not-found', `There is no ${what} “${id}”.`, {
    todo: 'Check the id; it may belong to another workspace.',
  });
}

export function problem(
  code: ProblemCode,
  message: string,
  rest: { readonly issues?: readonly Issue[]; readonly kept?: string; readonly todo: string },
): ProblemError {
  return new ProblemError({
    code,
    message,
    kept: rest.kept ?? nothingChanged,
    todo: rest.todo,
    issues: rest.issues ?? [],
  });
}

/**
 * The problem behind an error of the storage, of SQL beside it, or of a use case; undefined for a bug. `file` is the
 * database's, for the message.
 */
export function problemOf(error: unknown, file = 'the database'): Problem | undefined {
  if (error instanceof ProblemError) return error.problem;
  const failure = storageErrorIn(error, file);
  return failure && storageProblem(failure);
}

/** What went wrong below the use cases; undefined when it was something else. */
export function storageErrorIn(error: unknown, file: string): SqliteStorageError | undefined {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof SqliteStorageError) return cause;
    const code = 'code' in cause ? cause.code : undefined;
    if (code === 'ERR_SQLITE_ERROR') return toStorageError(cause, file);
    // What node:sqlite throws when it is asked after the replica was closed.
    if (code === 'ERR_INVALID_STATE') return new SqliteStorageError('closed', file, cause);
  }
  return undefined;
}

function storageProblem(error: SqliteStorageError): Problem {
  const { code, todo } = advice[error.code] ?? { code: 'unavailable', todo: 'Try again in a moment.' };
  return {
    code,
    message: error.message,
    kept: 'Everything that was booked before is kept; this entry was not booked.',
    todo,
    issues: [],
  };
}

/** Both are on the page that is shown instead of the data, and commands. */
const waysBack =
  'Restore a backup (“backup restore”), or salvage what can be read (“salvage”) where no backup is recent enough.';

const advice: Readonly<Partial<Record<SqliteStorageErrorCode, { readonly code: ProblemCode; readonly todo: string }>>> =
  {
    'disk-full': { code: 'disk-full', todo: 'Free some space on the disk, then try again.' },
    'read-only': { code: 'read-only', todo: 'Check the permissions of the file and its folder, then try again.' },
    'folder-missing': { code: 'read-only', todo: 'Bring the folder back or choose another one, then start again.' },
    damaged: { code: 'damaged', todo: `${waysBack} Whatever you choose, the damaged files are kept.` },
    'not-a-database': { code: 'damaged', todo: `Choose another data folder, or: ${waysBack}` },
    'newer-format': {
      code: 'damaged',
      todo: 'Update Fuelgauge, then open the data again. A backup from before the update can be restored as well (“backup restore”).',
    },
    'input-output': { code: 'unavailable', todo: `Check the disk, then try again. If it stays: ${waysBack}` },
    locked: { code: 'unavailable', todo: 'Close what else uses the file, then try again.' },
    closed: { code: 'unavailable', todo: 'Start Fuelgauge again.' },
  };

function messageOf(issues: readonly Issue[]): string {
  const [first] = issues;
  if (!first) return 'The input cannot be used.';
  const where = first.path === '' ? '' : `${first.path}: `;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return `${where}${first.message}${more}`;
}
