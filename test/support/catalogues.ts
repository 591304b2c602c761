// All messages of the page, as the features hold them.
import { globSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Messages } from '../../renderer/i18n/messages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const messagesSchema: z.ZodType<Messages> = z.lazy(() => z.record(z.string(), messageSchema));
const messageSchema = z.lazy(() => z.union([z.string(), z.array(messageSchema), messagesSchema])) as z.ZodType<
  Messages[string]
>;
const moduleSchema = z.looseObject({ english: messagesSchema });
const germanSchema = z.object({ german: messagesSchema });

/** One file of English messages. */
export interface Catalogue {
  /** Of the file, from the root of the project: `renderer/features/forecast/strings.ts`. */
  readonly path: string;
  /** Every message by its key: `record.held`, `how.steps.0.name`. */
  readonly english: ReadonlyMap<string, string>;
  readonly german: ReadonlyMap<string, string>;
  /** What the components use, as it was made of the messages. */
  readonly words: unknown;
}

export function cataloguePaths(): readonly string[] {
  return globSync('renderer/**/{strings,*-strings}.ts', { cwd: root }).map((path) => path.replaceAll('\\', '/'));
}

export async function readCatalogue(path: string): Promise<Catalogue> {
  const loaded = moduleSchema.parse(await import(pathToFileURL(`${root}/${path}`).href));
  const { german } = germanSchema.parse(await import(pathToFileURL(`${root}/${path.replace(/\.ts$/, '.de.ts')}`).href));
  const words = Object.entries(loaded).find(([name]) => /strings$/i.test(name))?.[1];
  return { path, english: flat(loaded.english), german: flat(german), words };
}

/** Every message by its key. */
export function flat(messages: Messages): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const walk = (message: Messages[string], key: string): void => {
    if (typeof message === 'string') found.set(key, message);
    else for (const [name, part] of Object.entries(message)) walk(part, key === '' ? name : `${key}.${name}`);
  };
  walk(messages, '');
  return found;
}

/** The names in `{{name}}` and `{{name, format}}`, sorted. */
export function placeholdersOf(message: string): readonly string[] {
  return [...new Set([...message.matchAll(/\{\{(\w+)(?:, ?\w+)?\}\}/g)].map(([, name = '']) => name))].toSorted();
}
