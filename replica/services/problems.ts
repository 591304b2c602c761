import type { Issue, Problem, ProblemCode } from '../../shared/bridge/problem.ts';
import { SqliteStorageError } from '../storage-sqlite/storage-error.ts';

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

export function notFound(what: string, id: string): ProblemError {
  return problem('not-found', `There is no ${what} “${id}”.`, { todo: 'Check the id; it may belong to another workspace.' });
}

export function problem(
  code: ProblemCode,
  message: string,
  rest: { readonly issues?: readonly Issue[]; readonly kept?: string; readonly todo: string },
): ProblemError {
  return new ProblemError({ code, message, kept: rest.kept ?? nothingChanged, todo: rest.todo, issues: rest.issues ?? [] });
}

/** The problem behind an error of the storage or of a use case; undefined for a bug. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof ProblemError) return error.problem;
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof SqliteStorageError) return storageProblem(cause);
  }
  return undefined;
}

function storageProblem(error: SqliteStorageError): Problem {
  const code: ProblemCode =
    error.code === 'disk-full'
      ? 'disk-full'
      : error.code === 'read-only' || error.code === 'folder-missing'
        ? 'read-only'
        : error.code === 'damaged' || error.code === 'not-a-database' || error.code === 'newer-format'
          ? 'damaged'
          : 'unavailable';
  return {
    code,
    message: error.message,
    kept: 'Everything that was booked before is kept; this entry was not booked.',
    todo: 'Follow the advice above, then try again.',
    issues: [],
  };
}

function messageOf(issues: readonly Issue[]): string {
  const [first] = issues;
  if (!first) return 'The input cannot be used.';
  const where = first.path === '' ? '' : `${first.path}: `;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return `${where}${first.message}${more}`;
}
