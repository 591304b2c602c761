import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFile, syncFolder } from '../backup/durable-files.ts';

/** Puts a whole file of mode 0600 in the place of `path`; it is on the disk when this returns. The folder exists. */
export function replacePrivateFile(path: string, text: string): void {
  const next = `${path}.new`;
  rmSync(next, { force: true });
  // Never there with another mode, not even for a moment; the umask may take more away, so it is set once more.
  writeFileSync(next, text, { mode: 0o600, flag: 'wx' });
  chmodSync(next, 0o600);
  syncFile(next);
  renameSync(next, path);
  syncFolder(dirname(path));
}
