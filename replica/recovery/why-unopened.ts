// Why data is not open as usual: the reason, the problem in words, and the ways on.
import type { Problem } from '../../shared/bridge/problem.ts';
import type { RecoveryReason, RecoveryWay } from '../../shared/bridge/recovery.ts';
import type { ClaimError } from '../database/claim.ts';
import { problemOf, storageErrorIn } from '../services/problems.ts';
import type { SqliteStorageErrorCode } from '../storage-sqlite/storage-error.ts';

export interface Trouble {
  readonly reason: RecoveryReason;
  /** null where reading only was asked for. */
  readonly problem: Problem | null;
}

const untouched = 'Nothing was changed: your data is as it was found.';

/** What an opening that failed says. What nobody foresaw is printed, and opens nothing either. */
export function troubleOf(error: unknown, file: string): Trouble {
  const code = storageErrorIn(error, file)?.code;
  const problem = problemOf(error, file);
  if (problem !== undefined) {
    return { reason: (code && reasonByCode[code]) ?? 'other', problem: { ...problem, kept: untouched } };
  }
  console.error(error);
  return {
    reason: 'other',
    problem: {
      code: 'internal',
      message: `The data in ${file} could not be opened: ${error instanceof Error ? error.message : String(error)}`,
      kept: untouched,
      todo: 'Try again; if it stays, report it with the text that the program printed.',
      issues: [],
    },
  };
}

/** What a folder says that may be read and not be written. */
export function troubleOfFolder({ kind, message }: ClaimError): Trouble {
  const full = kind === 'disk-full';
  return {
    reason: full ? 'disk-full' : kind === 'locked' ? 'busy' : 'read-only',
    problem: {
      code: full ? 'disk-full' : kind === 'locked' ? 'unavailable' : 'read-only',
      // The problem says by itself what was kept.
      message: message.replace(/ Nothing was changed\.$/, ''),
      kept: untouched,
      todo: full
        ? 'Free some space, then try again. Until then everything can be looked at.'
        : 'Make the folder writable, then try again. Until then everything can be looked at.',
      issues: [],
    },
  };
}

/** What a call that writes is answered with while the data is only read. */
export function refusedWriting({ reason, problem }: Trouble): Problem {
  return {
    code: reason === 'disk-full' ? 'disk-full' : 'read-only',
    message:
      problem === null ? 'The data is open for reading only.' : `The data is open for reading only. ${problem.message}`,
    kept: 'Nothing was changed, and everything that was booked before is there.',
    todo:
      problem === null
        ? 'Start Fuelgauge without --read-only, or choose “Open for writing” at the top of the page.'
        : problem.todo,
    issues: [],
  };
}

const reasonByCode: Readonly<Partial<Record<SqliteStorageErrorCode, RecoveryReason>>> = {
  damaged: 'damaged',
  'not-a-database': 'not-a-database',
  'other-database': 'not-a-database',
  'newer-format': 'newer',
  'read-only': 'read-only',
  'disk-full': 'disk-full',
  'input-output': 'disk-error',
  locked: 'busy',
};

/** Recommended first. What a file that cannot be read holds no longer is only in a backup. */
export const waysByReason: Readonly<Record<RecoveryReason, readonly RecoveryWay[]>> = {
  asked: ['try-again'],
  damaged: ['restore', 'salvage', 'open-read-only', 'try-again'],
  'not-a-database': ['restore', 'salvage', 'try-again'],
  newer: ['try-again', 'restore'],
  'read-only': ['try-again', 'open-read-only'],
  'disk-full': ['try-again', 'open-read-only'],
  'disk-error': ['try-again', 'restore', 'salvage', 'open-read-only'],
  busy: ['try-again', 'open-read-only'],
  other: ['try-again', 'restore', 'salvage', 'open-read-only'],
};
