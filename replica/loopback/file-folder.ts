// The built pages on disk, as the port that shared/web-app reads through.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StaticFiles } from '../../shared/web-app/static-files.ts';

export function fileFolder(folder: string): StaticFiles {
  return {
    async read(path) {
      const absolutePath = join(folder, path);
      try {
        return (await stat(absolutePath)).isFile() ? await readFile(absolutePath) : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
