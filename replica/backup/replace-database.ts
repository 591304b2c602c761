// Puts another file in the place of the database, so that whatever ends the process in between, one of the two is whole.
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Instant } from '../../shared/kernel/instant.ts';
import { databaseFile } from '../database/data-directory.ts';
import { stampOf } from './backup-folder.ts';
import { makePrivateFolder, syncFile, syncFolder } from './durable-files.ts';
import { codeOf } from '../database/error-code.ts';

/** Where files lie that were replaced and are no backup, because they are damaged. Nothing is ever deleted there. */
function setAsideFolder(dataDir: string): string {
  return join(dataDir, 'set-aside');
}

/** A path in the data directory for the file that is to take the database's place. */
export function replacementFile(dataDir: string, at: Instant): string {
  return join(dataDir, `.replacement-${stampOf(at)}.sqlite`);
}

/**
 * What SQLite keeps beside a database. A write-ahead log that outlived its database would be applied to whichever file
 * has the name then, and destroy it: it has to be gone before the name changes hands.
 */
const companions = ['-wal', '-shm', '-journal'] as const;

export type ReplaceStep = 'intent' | 'companions' | 'database' | 'done';

export interface Replacement {
  readonly dataDir: string;
  /** Made by `replacementFile`, complete and on the disk. */
  readonly file: string;
  readonly at: Instant;
  /** Keeps the present files, as they are, in a folder of their own; else they are gone afterwards. */
  readonly keepPresent: boolean;
  /** Told before each step. */
  readonly onStep?: ((step: ReplaceStep) => void) | undefined;
}

/**
 * Replaces the database of a directory that nobody has open and that this process has the lock of. From the moment on
 * which the intent is on the disk, the replacement is decided: `finishReplacing` takes it to its end after whatever
 * interruption. Answers the folder with what was there before; null when it is not kept or there was nothing.
 */
export function replaceDatabase(replacement: Replacement): string | null {
  const { dataDir, file, at, keepPresent, onStep } = replacement;
  const present = ['', ...companions].some((suffix) => existsSync(databaseFile(dataDir) + suffix));
  const aside = keepPresent && present ? newFolderAside(dataDir, at) : null;
  const intent: Intent = { replacement: basename(file), setAside: aside?.name ?? null };
  const intentFile = join(dataDir, intentName);
  onStep?.('intent');
  try {
    writeFileSync(`${intentFile}.partial`, JSON.stringify(intent), { mode: 0o600 });
    syncFile(`${intentFile}.partial`);
    renameSync(`${intentFile}.partial`, intentFile);
  } catch (error) {
    // Nothing was decided, and nothing is in it.
    if (aside !== null) rmdirSync(aside.folder);
    throw error;
  }
  syncFolder(dataDir);
  finishReplacing(dataDir, onStep);
  return aside?.folder ?? null;
}

/**
 * To be called before a database is opened: ends a replacement that was cut off after it was decided, and clears away
 * one that was not. Answers whether there was one to end.
 */
export function finishReplacing(dataDir: string, onStep?: (step: ReplaceStep) => void): boolean {
  const intent = readIntent(dataDir);
  if (intent === undefined) {
    clearUndecided(dataDir);
    return false;
  }
  const database = databaseFile(dataDir);
  const replacement = join(dataDir, intent.replacement);
  // Once the replacement has its new name, what lies beside it is its own.
  if (existsSync(replacement)) {
    onStep?.('companions');
    const aside = intent.setAside === null ? null : join(setAsideFolder(dataDir), intent.setAside);
    for (const suffix of companions) {
      if (!existsSync(database + suffix)) continue;
      if (aside === null) rmSync(database + suffix);
      else renameSync(database + suffix, join(aside, basename(database) + suffix));
    }
    if (aside !== null) {
      linkAside(database, join(aside, basename(database)));
      syncFolder(aside);
    }
    syncFolder(dataDir);
    onStep?.('database');
    renameSync(replacement, database);
    syncFolder(dataDir);
  }
  onStep?.('done');
  rmSync(join(dataDir, intentName));
  syncFolder(dataDir);
  clearUndecided(dataDir);
  return true;
}

type Intent = z.infer<typeof intentSchema>;

const intentName = 'replacing.json';
const intentSchema = z.object({
  replacement: z.string().regex(/^\.replacement-[^/\\]+$/),
  setAside: z
    .string()
    .regex(/^[^/\\]+$/)
    .nullable(),
});

function readIntent(dataDir: string): Intent | undefined {
  try {
    return intentSchema.parse(JSON.parse(readFileSync(join(dataDir, intentName), 'utf8')));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** A second name costs no space and reads no page of a broken disk. Where there are none, the file moves. */
function linkAside(database: string, aside: string): void {
  if (!existsSync(database) || existsSync(aside)) return;
  try {
    linkSync(database, aside);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    renameSync(database, aside);
  }
}

function newFolderAside(dataDir: string, at: Instant): { readonly name: string; readonly folder: string } {
  makePrivateFolder(setAsideFolder(dataDir));
  for (let count = 1; ; count += 1) {
    const name = `${stampOf(at)}${count === 1 ? '' : `-${count}`}`;
    const folder = join(setAsideFolder(dataDir), name);
    if (existsSync(folder)) continue;
    mkdirSync(folder, { mode: 0o700 });
    syncFolder(setAsideFolder(dataDir));
    return { name, folder };
  }
}

/** Copies that were never decided on. */
function clearUndecided(dataDir: string): void {
  // Whoever opens it says that it is missing, or no folder.
  if (!statSync(dataDir, { throwIfNoEntry: false })?.isDirectory()) return;
  for (const name of readdirSync(dataDir)) {
    if (name.startsWith('.replacement-') || name === `${intentName}.partial`)
      rmSync(join(dataDir, name), { recursive: true, force: true });
  }
}
