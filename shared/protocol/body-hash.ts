import { contentOf, type Entry } from './entry.ts';

/** SHA-256 of a text as hexadecimal; an argument, since `shared/` has no cryptography of its own. */
export type Digest = (text: string) => string;

/**
 * Stands for what an entry says, so that the same entry sent twice is known as one. When it was written down is left
 * out, and so is by which device (that is no part of the entry): neither changes what was said. [Y4]
 */
export function bodyHashOf(entry: Entry, digest: Digest): string {
  const said = { ...contentOf(entry), recordedAt: undefined };
  return digest(canonicalText([entry.kind, said]));
}

/** JSON with the names of every object in order and without what is undefined: one text for one value. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return `[${items.map((item) => (item === undefined ? 'null' : canonicalText(item))).join(',')}]`;
  }
  if (typeof value === 'string') return quoted(value);
  if (!isPlainObject(value)) return JSON.stringify(value);
  let text = '';
  for (const name of Object.keys(value).sort()) {
    const part = value[name];
    if (part !== undefined) text += `${text === '' ? '' : ','}${quoted(name)}:${canonicalText(part)}`;
  }
  return `{${text}}`;
}

/** As JSON has it; most texts need no more than quotes, and that is quicker to see than to leave to JSON. */
function quoted(text: string): string {
  return plainText.test(text) ? `"${text}"` : JSON.stringify(text);
}

const plainText = /^[ !#-[\]-~]*$/;

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
