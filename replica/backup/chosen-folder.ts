// A folder elsewhere that backups are written to, such as one on another disk.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { Problem } from '../../shared/bridge/problem.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { codeOf } from '../database/error-code.ts';
import { fileProblem } from './file-failure.ts';

/** Says whose backups a folder holds, so that two computers do not delete each other's. */
const markName = 'fuelgauge-backups.json';
const markSchema = z.object({ dataFolder: z.string(), computer: z.string() });

/** Marks an existing folder as the one for backups of this data; refuses one that holds those of other data. */
export function claimFolder(folder: string, dataDir: string): Result<string, Problem> {
  if (!isAbsolute(folder)) return err(wrongFolder(`“${folder}” is no full path of a folder.`));
  try {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
      return err(wrongFolder(`There is no folder ${folder}.`));
    }
    const mark = readMark(folder);
    if (mark !== undefined && (mark.dataFolder !== dataDir || mark.computer !== hostname())) {
      return err(wrongFolder(`${folder} holds the backups of ${mark.dataFolder} on ${mark.computer}.`));
    }
    if (mark !== undefined) return ok(folder);
    const text = `${JSON.stringify({ dataFolder: dataDir, computer: hostname() })}\n`;
    writeFileSync(join(folder, markName), text, { mode: 0o600 });
    return ok(folder);
  } catch (error) {
    const known = fileProblem(error, folder);
    if (known === undefined) throw error;
    return err(known);
  }
}

/**
 * Whether it is still the folder that was marked here, and not the empty place where its disk is mounted otherwise, nor
 * that of another computer, whose settings a restored backup brings along.
 */
export function folderIsClaimed(folder: string, dataDir: string): boolean {
  const mark = readMark(folder);
  return mark?.dataFolder === dataDir && mark.computer === hostname();
}

function readMark(folder: string): z.infer<typeof markSchema> | undefined {
  try {
    const parsed = markSchema.safeParse(JSON.parse(readFileSync(join(folder, markName), 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (codeOf(error) === undefined && !(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

function wrongFolder(message: string): Problem {
  return {
    code: 'wrong-input',
    message,
    kept: 'Nothing was changed.',
    todo: 'Choose an existing folder of its own for these backups.',
    issues: [{ path: 'folder', message }],
  };
}
