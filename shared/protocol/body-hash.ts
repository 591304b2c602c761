import { contentOf, type Entry } from './entry.ts';

/** SHA-256 of a text as hexadecimal; an argument, since `shared/` has no cryptography of its own. */
export type Digest = (text: string) => string;

/**
 * Stands for what an entry says, so that the same entry sent twice is known as one. When it was written down is left
 * out, and so is by which device (that is no part of the entry): neither changes what was said. [Y4]
 */
export function bodyHashOf(entry: Entry, digest: Digest): string {
  return digest(textsOf(entry).said);
}

/** An entry as text, made once: what its hash is of, and the whole of it as JSON, as it is kept and sent on. */
export function textsOf(entry: Entry): { readonly said: string; readonly whole: string } {
  const { kind } = entry;
  const { recordedAt, ...content } = { recordedAt: undefined, ...contentOf(entry) };
  const text = canonicalText(content);
  const noted = recordedAt === undefined ? text : `${text.slice(0, -1)},"recordedAt":${canonicalText(recordedAt)}}`;
  return { said: `["${kind}",${text}]`, whole: `{"kind":"${kind}","${kind}":${noted}}` };
}

/** JSON with the names of every object in order and without what is undefined: one text for one value. */
export function canonicalText(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return `[${items.map((item) => (item === undefined ? 'null' : canonicalText(item))).join(',')}]`;
  }
  if (!isPlainObject(value)) return JSON.stringify(value);
  let text = '';
  for (const { name, before } of orderOf(Object.keys(value))) {
    const part = value[name];
    if (part !== undefined) text += `${text === '' ? '' : ','}${before}${canonicalText(part)}`;
  }
  return `{${text}}`;
}

/** The names of an object in order, each with what stands before its value. */
type Order = readonly { readonly name: string; readonly before: string }[];

/** Objects of a batch mostly have the same names: sorting them costs more than all else of their text. */
function orderOf(names: readonly string[]): Order {
  const known = orders.find((candidate) => isSame(candidate.names, names));
  if (known) return known.order;
  const order = names.toSorted().map((name) => ({ name, before: `${quoted(name)}:` }));
  orders[nextOrder] = { names, order };
  nextOrder = (nextOrder + 1) % ordersMax;
  return order;
}

/** As many as there are kinds of entries and what they are made of. Dropping them costs time only. */
const ordersMax = 32;
const orders: { readonly names: readonly string[]; readonly order: Order }[] = [];
let nextOrder = 0;

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name, place) => name === right[place]);
}

/** As JSON has it; most texts need no more than quotes, and that is quicker to see than to leave to JSON. */
function quoted(text: string): string {
  return plainText.test(text) ? `"${text}"` : JSON.stringify(text);
}

const plainText = /^[ !#-[\]-~]*$/;

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
