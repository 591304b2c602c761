/** Everything that goes wrong below RxDB, as one error class with a code and a message for the person. */

export type SqliteStorageErrorCode =
  | 'closed'
  | 'damaged'
  | 'disk-full'
  | 'folder-missing'
  | 'hook-failed'
  | 'input-output'
  | 'locked'
  | 'newer-format'
  | 'not-a-database'
  | 'not-supported'
  | 'other-database'
  | 'query-invalid'
  | 'read-only'
  | 'schema-changed'
  | 'transaction-open'
  | 'unexpected';

/** What happened, what was kept, what to do. `{file}` is replaced by the file's path. */
const MESSAGES: Readonly<Record<SqliteStorageErrorCode, string>> = {
  closed: 'The database {file} is closed. Everything answered before is stored. Open it again to go on.',
  damaged:
    'The database {file} is damaged. Nothing was changed by this attempt. Make a copy of the file, then restore a backup.',
  'disk-full':
    'There is no space left for {file}. Everything answered before is stored, this change is not. Free some space and try again.',
  'folder-missing':
    'The folder of {file} does not exist or is not a folder. Nothing was written. Create it or choose another one.',
  'hook-failed':
    'The change was not stored in {file}, because what had to be written together with it failed. Everything answered before is stored.',
  'input-output':
    'The disk reported an error on {file}. Everything answered before is stored as far as the disk kept it, this change is not. Check the disk.',
  locked:
    'Another process is using {file}. Nothing was changed by this attempt. Close the other process or try again in a moment.',
  'newer-format':
    'The database {file} was written by a newer version of this program. Nothing was changed. Update the program to open it.',
  'not-a-database':
    'The file {file} is not a database of this program. Nothing was changed. Choose another place or restore a backup.',
  'not-supported':
    'Attachments, and primary keys that are no strings, cannot be stored in {file}. Nothing was changed. Keep large files elsewhere and store their address; write the key as text.',
  'other-database':
    'The file {file} already holds another database or collection of nearly the same name. Nothing was changed. Choose another file or name.',
  'query-invalid':
    'The query to {file} cannot be answered, because RxDB does not understand it. Nothing was changed. Correct the query.',
  'read-only':
    'The database {file} cannot be written. Nothing was changed and reading still works. Check the permissions of the file and its folder.',
  'schema-changed':
    'A collection in {file} was made for other indexes under the same schema version. Nothing was changed. Raise the schema version.',
  'transaction-open':
    'A transaction on {file} was left open by other code. This change was not stored. Transactions must end before the next await.',
  unexpected:
    'The database {file} reported an unexpected error. Everything answered before is stored, this change is not.',
};

/** Primary result codes of SQLite (https://sqlite.org/rescode.html) that a person can do something about. */
const CODES_BY_RESULT: ReadonlyMap<number, SqliteStorageErrorCode> = new Map([
  [5, 'locked'],
  [6, 'locked'],
  [8, 'read-only'],
  [10, 'input-output'],
  [11, 'damaged'],
  [13, 'disk-full'],
  [14, 'read-only'],
  [23, 'read-only'],
  [26, 'not-a-database'],
]);

export class SqliteStorageError extends Error {
  override readonly name = 'SqliteStorageError';
  readonly code: SqliteStorageErrorCode;
  /** Absolute path of the SQLite file. */
  readonly file: string;

  constructor(code: SqliteStorageErrorCode, file: string, cause?: unknown) {
    const reason = cause instanceof Error ? ` (${cause.message})` : '';
    super(MESSAGES[code].replace('{file}', () => file) + reason, { cause });
    this.code = code;
    this.file = file;
  }
}

/** The storage's error for whatever was thrown, with `otherwise` as code when it did not come from SQLite. */
export function toStorageError(
  cause: unknown,
  file: string,
  otherwise: SqliteStorageErrorCode = 'unexpected',
): SqliteStorageError {
  if (cause instanceof SqliteStorageError) {
    return cause;
  }
  // Extended result codes carry the primary code in their low byte.
  const result = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) & 0xff : undefined;
  return new SqliteStorageError(
    (result === undefined ? undefined : CODES_BY_RESULT.get(result)) ?? otherwise,
    file,
    cause,
  );
}
