// Becoming the owner of a data directory: lock, replica, loopback server and address file, in this order.
import type { StaticFiles } from '../../shared/web-app/static-files.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { prepareDataDirectory, type DataDirectoryError } from '../database/data-directory.ts';
import { lockDataDirectory, type LockError } from '../database/lock.ts';
import { SqliteStorageError } from '../storage-sqlite/storage-error.ts';
import { removeOwnerFile, writeOwnerFile } from './owner-file.ts';
import { serveOnLoopback, type LoopbackServer } from './serve.ts';
import type { ServedReplica, ServedRouter } from './served-router.ts';

export interface OwnerOptions {
  readonly dataDirectory: string;
  /** Called once the directory is ours. */
  readonly openReplica: (dataDirectory: string) => Promise<ServedReplica>;
  /** The built pages; without them only programs are served. */
  readonly files?: StaticFiles;
  /** Brings the owner's window forward; see `LoopbackOptions`. */
  readonly showWindow?: () => void;
}

export interface Owner {
  readonly url: string;
  readonly router: ServedRouter;
  /** An address that opens the app once, in one browser. */
  pageAddress(): string;
  /** Stops serving, finishes what is being written, and lets the directory go. A second call waits for the first. */
  close(): Promise<void>;
}

/** The data is there and cannot be opened: damaged, of a newer version, on a full disk. */
export interface OpenError {
  readonly kind: 'unopened';
  readonly path: string;
  /** For the person: what happened, what was kept, what to do. */
  readonly message: string;
}

/** Makes this process the owner of the data directory, or says why it cannot be. */
export async function ownDataDirectory(
  options: OwnerOptions,
): Promise<Result<Owner, DataDirectoryError | LockError | OpenError>> {
  const prepared = prepareDataDirectory(options.dataDirectory);
  if (!prepared.ok) return prepared;
  const locked = lockDataDirectory(options.dataDirectory);
  if (!locked.ok) return err(locked.error);
  // What a killed owner left behind names a port that anybody may have taken since.
  removeOwnerFile(options.dataDirectory);

  let replica: ServedReplica | undefined;
  let server: LoopbackServer | undefined;
  const close = async (): Promise<void> => {
    removeOwnerFile(options.dataDirectory);
    await server?.close();
    await replica?.close();
    locked.value.release();
  };
  try {
    replica = await options.openReplica(options.dataDirectory);
    server = await serveOnLoopback({
      router: replica.router,
      ...(options.files === undefined ? {} : { files: options.files }),
      ...(options.showWindow === undefined ? {} : { showWindow: options.showWindow }),
    });
    writeOwnerFile(options.dataDirectory, { url: server.url, token: server.apiToken });
  } catch (error) {
    await close();
    if (!(error instanceof SqliteStorageError)) throw error;
    return err({ kind: 'unopened', path: options.dataDirectory, message: error.message });
  }
  let closing: Promise<void> | undefined;
  return ok({
    url: server.url,
    router: replica.router,
    pageAddress: server.pageAddress,
    close: () => (closing ??= close()),
  });
}
