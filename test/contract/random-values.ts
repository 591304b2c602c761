/** Fields of random documents and what they hold. */

import fc from 'fast-check';

/** What a field holds; `json` is anything at all and is never indexed. */
export type FieldKind = 'text' | 'integer' | 'number' | 'boolean' | 'texts' | 'numbers' | 'json';

export interface Field {
  /** Path in the document, with dots. */
  readonly path: string;
  readonly kind: FieldKind;
}

/** Strings on which padded indexes and JavaScript agree. */
const ordinaryText = fc.oneof(
  fc.constantFrom('', 'a', 'ab', 'b', 'B', 'é', '2024-05-01', '\uD7FF', '\uE000', '\uFFEE', '😀', '\uD83D', 'a\uDE00'),
  fc.string({ unit: fc.constantFrom('a', 'b', '中', '\uE000', '\uFFEE', '😀', '\uD83D', '\uDE00'), maxLength: 3 }),
);
const nastyText = fc.oneof(
  ordinaryText,
  fc.constantFrom('a ', ' a', ' ', 'a\0', '\0', '\0\0', '\t', '\uFFFF', 'a\uFFFF', '"', '\\', '%', '_', '__proto__'),
  fc.string({ unit: fc.constantFrom('a', ' ', '\0', '\uFFFF', '"', "'", '😀', '\uDC00'), maxLength: 4 }),
);

/** @param nasty whether texts take part on which the indexes of RxDB's memory storage go wrong. */
export function randomText(nasty: boolean): fc.Arbitrary<string> {
  return nasty ? nastyText : ordinaryText;
}

/** @param nasty whether values take part on which the indexes of RxDB's memory storage go wrong. */
export function randomValue(kind: FieldKind, nasty: boolean): fc.Arbitrary<unknown> {
  const text = randomText(nasty);
  switch (kind) {
    case 'text':
      return text;
    case 'integer':
      return fc.oneof(
        { weight: 5, arbitrary: fc.integer({ min: -2, max: 3 }) },
        { weight: 1, arbitrary: fc.constantFrom(-20, 999_999_999_999, 1_000_000_000_000) },
        // Beyond the schema's range and steps.
        { weight: nasty ? 1 : 0, arbitrary: fc.constantFrom(2.5, -21, Number.MAX_SAFE_INTEGER, 2 ** 60, 1e300) },
      );
    case 'number':
      return fc.oneof(
        { weight: 5, arbitrary: fc.integer({ min: -8, max: 8 }).map((quarters) => quarters / 4) },
        { weight: nasty ? 1 : 0, arbitrary: fc.constantFrom(0.1, 0.1 + 0.2, 1e-300, -1e300, 5e-324) },
      );
    case 'boolean':
      return fc.boolean();
    case 'texts':
      return fc.array(text, { maxLength: 3 });
    case 'numbers':
      return fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 });
    case 'json':
      return fc.oneof(
        text,
        fc.integer({ min: -1, max: 2 }),
        fc.boolean(),
        fc.constant(null),
        fc.array(text, { maxLength: 2 }),
        fc.record({ kind: text }, { noNullPrototype: true }),
      );
  }
}
