// Turns the messages of a feature into what its components use, in the language that the app speaks.
import { personLocale, translator } from './language.ts';
import type { Messages, Words } from './messages.ts';

/**
 * The words of a feature: `words('forecast', { held: '{{inside}} of {{count}}' }).held({ inside, count })`. `namespace`
 * is the feature's name among the translations. What has no placeholder is text at once, so it is said in the language
 * that was settled before the feature was loaded.
 */
export function words<const M extends Messages>(namespace: string, english: M): Words<M>;
export function words(namespace: string, english: Messages): unknown {
  translator.addResourceBundle('en', namespace, english);
  return wordsOf(namespace, '', english);
}

function wordsOf(namespace: string, path: string, message: Messages | Messages[string]): unknown {
  if (typeof message === 'string') return wordOf(namespace, path, message);
  if (isList(message)) return message.map((part, index) => wordsOf(namespace, `${path}.${index}`, part));
  const found: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(message)) {
    const key = path === '' ? name : `${path}.${name}`;
    if (name.endsWith('_one')) continue;
    if (name.endsWith('_other')) {
      found[name.slice(0, -'_other'.length)] = sentence(namespace, key.slice(0, -'_other'.length));
    } else found[name] = wordsOf(namespace, key, part);
  }
  return found;
}

function wordOf(namespace: string, key: string, english: string): unknown {
  return english.includes('{{') ? sentence(namespace, key) : translator.t(key, { ns: namespace });
}

type Values = Readonly<Record<string, string | number>>;

function sentence(namespace: string, key: string): (values: Values) => string {
  return (values) => {
    const { count } = values;
    const plural = typeof count === 'number' ? { count } : {};
    // Names that people gave may hold anything: what is put in is not read for placeholders or references again.
    return translator.t(key, { ns: namespace, replace: formatted(values), nest: false, ...plural });
  };
}

function formatted(values: Values): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? figure(value) : value]),
  );
}

// Making a formatter costs a thousand times more than using one.
const figures = new Map<string, Intl.NumberFormat>();

function figure(value: number): string {
  const locale = personLocale();
  const format = figures.get(locale) ?? new Intl.NumberFormat(locale);
  figures.set(locale, format);
  return format.format(value);
}

function isList(message: Messages | Messages[string]): message is readonly Messages[string][] {
  return Array.isArray(message);
}
