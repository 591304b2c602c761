// Becoming the owner of a data directory: lock, replica, loopback server and address file, in this order.
import type { StaticFiles } from '../../shared/web-app/static-files.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { claimDataDirectory, type ClaimError } from '../database/claim.ts';
import { canStillBeRead } from '../database/data-directory.ts';
import type { DataDirectoryLock } from '../database/lock.ts';
import { removeOwnerFile, writeOwnerFile } from './owner-file.ts';
import { serveOnLoopback, type LoopbackServer } from './serve.ts';
import type { ServedReplica, ServedRouter } from './served-router.ts';

export interface OwnerOptions {
  readonly dataDirectory: string;
  /**
   * Called once the directory is ours, or can at least be read: `claim` tells which, and tries again at each call until
   * it is ours.
   */
  readonly openReplica: (dataDirectory: string, claim: () => Result<unknown, ClaimError>) => Promise<ServedReplica>;
  /** The built pages; without them only programs are served. */
  readonly files?: StaticFiles;
  /** Brings the owner's window forward; see `LoopbackOptions`. */
  readonly showWindow?: () => void;
}

export interface Owner {
  readonly url: string;
  readonly router: ServedRouter;
  readonly status: ServedReplica['status'];
  /** An address that opens the app once, in one browser. */
  pageAddress(): string;
  /** Stops serving, finishes what is being written, and lets the directory go. A second call waits for the first. */
  close(): Promise<void>;
}

/**
 * Makes this process the owner of the data directory, or says why it cannot be. A directory that cannot be written to
 * and holds data is served without being owned: nobody can change it from here.
 */
export async function ownDataDirectory(options: OwnerOptions): Promise<Result<Owner, ClaimError>> {
  const { dataDirectory } = options;
  let lock: DataDirectoryLock | undefined;
  let replica: ServedReplica | undefined;
  let server: LoopbackServer | undefined;
  const claim = (): Result<unknown, ClaimError> => {
    if (lock !== undefined) return ok(lock);
    const claimed = claimDataDirectory(dataDirectory);
    if (!claimed.ok) return claimed;
    lock = claimed.value;
    // What a killed owner left behind names a port that anybody may have taken since.
    removeOwnerFile(dataDirectory);
    if (server !== undefined) tellAddress(server);
    return claimed;
  };
  const tellAddress = ({ url, apiToken }: LoopbackServer): void => {
    if (lock !== undefined) writeOwnerFile(dataDirectory, { url, token: apiToken });
  };
  const close = async (): Promise<void> => {
    if (lock !== undefined) removeOwnerFile(dataDirectory);
    await server?.close();
    await replica?.close();
    lock?.release();
  };

  const claimed = claim();
  if (!claimed.ok && !canStillBeRead(dataDirectory, claimed.error)) return err(claimed.error);
  try {
    replica = await options.openReplica(dataDirectory, claim);
    server = await serveOnLoopback({
      router: replica.router,
      ...(options.files === undefined ? {} : { files: options.files }),
      ...(options.showWindow === undefined ? {} : { showWindow: options.showWindow }),
    });
    tellAddress(server);
  } catch (error) {
    await close();
    throw error;
  }
  let closing: Promise<void> | undefined;
  return ok({
    url: server.url,
    router: replica.router,
    status: replica.status,
    pageAddress: server.pageAddress,
    close: () => (closing ??= close()),
  });
}
