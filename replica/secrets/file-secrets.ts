// Secrets in a file that only its owner reads: what a shell has that cannot ask the key store of the system.
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { replacePrivateFile } from './private-file.ts';
import type { SecretStore } from './secret-store.ts';

/** The file of a data directory's secrets. */
export function secretsFile(dataDirectory: string): string {
  return join(dataDirectory, 'secrets.json');
}

/**
 * Keeps secrets in `path`, whose folder exists, with mode 0600. Each write puts a whole file in the place of the last
 * one and is on the disk when it resolves. A file that is no longer readable as one of ours is set aside at the next
 * write, and has no secrets until then.
 */
export function fileSecrets(path: string): SecretStore {
  // One write after the other: each is made of what the last one left.
  let turn: Promise<unknown> = Promise.resolve();
  return {
    standing: 'file',
    read: async (name) => readSecrets(path)?.get(name) ?? null,
    write(name, value) {
      const written = turn.then(() => {
        const present = readSecrets(path);
        if (present === undefined) renameSync(path, `${path}.unreadable`);
        const secrets = new Map(present);
        if (value === null) secrets.delete(name);
        else secrets.set(name, value);
        replacePrivateFile(path, JSON.stringify([...secrets]));
      });
      turn = written.catch(() => undefined);
      return written;
    },
  };
}

/** Pairs of name and secret: any name is one, also those that mean something to an object. */
const fileSchema = z.array(z.tuple([z.string(), z.string()]));

/** None where there is no file; undefined where what is there is not ours. */
function readSecrets(path: string): ReadonlyMap<string, string> | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map();
    throw error;
  }
  try {
    return new Map(fileSchema.parse(JSON.parse(text)));
  } catch {
    return undefined;
  }
}
