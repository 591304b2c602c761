// On which line of a JSON text each of its values stands.

/**
 * The line, counted from 1, of the value at the path of keys, or of the nearest value around it that is there. `text` must be
 * valid JSON; of keys that occur twice the last one counts, as it does for `JSON.parse`.
 */
export function lineOfValue(text: string, wanted: readonly string[]): number {
  let best = { depth: -1, position: 0 };
  let position = 0;

  const skipSpace = (): void => {
    while (/\s/.test(text[position] ?? '')) position += 1;
  };
  const readString = (): string => {
    const start = position;
    position += 1;
    while (position < text.length && text[position] !== '"') position += text[position] === '\\' ? 2 : 1;
    position += 1;
    return text.slice(start, position);
  };
  /** `matched` is how many keys of the path lead here; undefined off the path. */
  const readValue = (matched: number | undefined): void => {
    skipSpace();
    if (matched !== undefined && matched >= best.depth) best = { depth: matched, position };
    const below = (key: string): number | undefined =>
      matched !== undefined && wanted[matched] === key ? matched + 1 : undefined;
    const opening = text[position];
    if (opening === '"') {
      readString();
      return;
    }
    if (opening !== '{' && opening !== '[') {
      while (position < text.length && !/[\s,\]}]/.test(text[position] ?? '')) position += 1;
      return;
    }
    position += 1;
    for (let index = 0; ; index += 1) {
      skipSpace();
      if (text[position] === '}' || text[position] === ']' || position >= text.length) break;
      let key = String(index);
      if (opening === '{') {
        const parsed: unknown = JSON.parse(readString());
        key = String(parsed);
        skipSpace();
        position += 1;
      }
      readValue(below(key));
      skipSpace();
      if (text[position] === ',') position += 1;
    }
    position += 1;
  };

  readValue(0);
  return text.slice(0, best.position).split('\n').length;
}
