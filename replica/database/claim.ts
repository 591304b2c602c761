// Making a data directory one's own: it is there, it can be written to, and no other process has it.
import type { Result } from '../../shared/kernel/result.ts';
import { prepareDataDirectory, type DataDirectoryError } from './data-directory.ts';
import { lockDataDirectory, type DataDirectoryLock, type LockError } from './lock.ts';

export type ClaimError = DataDirectoryError | LockError;

/** Takes the directory until the lock is released, making it when it is missing. */
export function claimDataDirectory(dataDirectory: string): Result<DataDirectoryLock, ClaimError> {
  const prepared = prepareDataDirectory(dataDirectory);
  return prepared.ok ? lockDataDirectory(dataDirectory) : prepared;
}
