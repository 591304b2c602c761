// Files on their way in: staged in the data directory in pieces, read from there, and thrown away.
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../../shared/bridge/problem.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';

export interface Upload {
  readonly uploadId: string;
  /** Where the bytes are; readable until `discard`. */
  readonly path: string;
  /** As the person's computer names it; for showing only. */
  readonly fileName: string;
  readonly sizeBytes: number;
}

export interface UploadStore {
  /** Makes room for a file of `sizeBytes`; answers its upload id. */
  open(file: { readonly fileName: string; readonly sizeBytes: number }): Result<string, Problem>;
  /** Adds the next piece of the file, in order; answers how many bytes have arrived. */
  append(uploadId: string, base64: string): Result<number, Problem>;
  /** The file, once all of it has arrived. */
  find(uploadId: string): Result<Upload, Problem>;
  /** Whether there was one to throw away. */
  discard(uploadId: string): boolean;
}

export const uploadBytesMax = 1024 * 1024 * 1024;
const pieceBytesMax = 1024 * 1024;

/**
 * The store in `<data directory>/uploads`, one file per upload. What an earlier process left there is removed, except
 * the uploads named in `keep`, which had arrived as a whole: nobody can finish or read the others any more.
 */
export function createUploadStore(dataDirectory: string, keep: ReadonlySet<string> = new Set()): UploadStore {
  const folder = join(dataDirectory, 'uploads');
  removeStale(folder, keep);
  const uploads = new Map<string, { readonly fileName: string; readonly sizeBytes: number; receivedBytes: number }>();
  const pathOf = (uploadId: string): string => join(folder, uploadId);
  for (const uploadId of keep) {
    const sizeBytes = statSync(pathOf(uploadId), { throwIfNoEntry: false })?.size;
    if (sizeBytes !== undefined) uploads.set(uploadId, { fileName: uploadId, sizeBytes, receivedBytes: sizeBytes });
  }

  return {
    open({ fileName, sizeBytes }) {
      if (sizeBytes > uploadBytesMax) {
        return err(
          refuse('The file is larger than 1 GiB.', 'Split it, or export a shorter time, and import the parts.'),
        );
      }
      if (sizeBytes === 0) return err(refuse('The file is empty.', 'Choose another file.'));
      const uploadId = randomUUID();
      const made = onDisk(() => {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        writeFileSync(pathOf(uploadId), '', { mode: 0o600, flag: 'wx' });
      });
      if (!made.ok) return made;
      uploads.set(uploadId, { fileName, sizeBytes, receivedBytes: 0 });
      return ok(uploadId);
    },
    append(uploadId, base64) {
      const upload = uploads.get(uploadId);
      if (upload === undefined) return err(unknownUpload);
      const bytes = Buffer.from(base64, 'base64');
      if (bytes.length > pieceBytesMax)
        return err(refuse('A piece of the file is larger than 1 MiB.', 'Send it again.'));
      if (upload.receivedBytes + bytes.length > upload.sizeBytes) {
        return err(refuse('More bytes arrived than the file had when it was opened.', 'Choose the file again.'));
      }
      const written = onDisk(() => appendFileSync(pathOf(uploadId), bytes));
      if (!written.ok) return written;
      upload.receivedBytes += bytes.length;
      return ok(upload.receivedBytes);
    },
    find(uploadId) {
      const upload = uploads.get(uploadId);
      if (upload === undefined || !existsSync(pathOf(uploadId))) return err(unknownUpload);
      if (upload.receivedBytes !== upload.sizeBytes || statSync(pathOf(uploadId)).size !== upload.sizeBytes) {
        return err(refuse('The file has not arrived as a whole.', 'Choose the file again.'));
      }
      return ok({ uploadId, path: pathOf(uploadId), fileName: upload.fileName, sizeBytes: upload.sizeBytes });
    },
    discard(uploadId) {
      if (!uploads.delete(uploadId)) return false;
      rmSync(pathOf(uploadId), { force: true });
      return true;
    },
  };
}

const unwritable: Problem = {
  code: 'read-only',
  message: 'The data folder cannot be written to.',
  kept: 'Nothing was booked.',
  todo: 'Change its permissions or choose another data folder.',
  issues: [],
};

/** Takes nothing and touches nothing: for data that is only read. */
export const refusingUploadStore: UploadStore = {
  open: () => err(unwritable),
  append: () => err(unwritable),
  find: () => err(unwritable),
  discard: () => false,
};

function removeStale(folder: string, keep: ReadonlySet<string>): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (!keep.has(name)) rmSync(join(folder, name), { force: true });
}

const nothingBooked = 'Nothing was booked.';
const unknownUpload: Problem = {
  code: 'not-found',
  message: 'This upload is no longer there.',
  kept: nothingBooked,
  todo: 'Choose the file again.',
  issues: [],
};

function refuse(message: string, todo: string): Problem {
  return { code: 'wrong-input', message, kept: nothingBooked, todo, issues: [{ path: 'file', message }] };
}

function onDisk(write: () => void): Result<void, Problem> {
  try {
    write();
    return ok(undefined);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      const message = 'The disk is full: there is no room for a copy of the file.';
      return err({
        code: 'disk-full',
        message,
        kept: nothingBooked,
        todo: 'Free some space and try again.',
        issues: [],
      });
    }
    if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
      return err(unwritable);
    }
    throw error;
  }
}
