// Which file a person means who names one to be looked at, restored or salvaged.
import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import type { BackupView } from '../../shared/bridge/backup-views.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';

/** `in-use`: opening and closing it in this process would let go of the locks that SQLite holds on it. */
export type NoSuchFile = 'unlisted' | 'leads-out' | 'in-use';

/**
 * A listed backup by its name, or any file by its full path, as a path. A link in a folder of backups that leads out of
 * it is no backup of ours.
 */
export function fileNamed(
  given: string,
  { backups, inUse }: { readonly backups: readonly BackupView[]; readonly inUse: readonly string[] },
): Result<string, NoSuchFile> {
  const listed = backups.find((backup) => backup.name === given || backup.file === given);
  if (listed === undefined && !isAbsolute(given)) return err('unlisted');
  const file = listed?.file ?? resolve(given);
  const real = realPath(file);
  if (listed !== undefined && dirname(real) !== realPath(dirname(file))) return err('leads-out');
  const companions = inUse.map(realPath).flatMap((used) => [used, `${used}-wal`, `${used}-shm`]);
  return companions.includes(real) ? err('in-use') : ok(file);
}

/** The path without links; of what is not there, its folder's. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(realPath(folder), basename(path));
  }
}
