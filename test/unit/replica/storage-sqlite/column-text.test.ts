import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromColumnText, toColumnText } from '../../../../replica/storage-sqlite/column-text.ts';

const anyUnits = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0xffff }),
      fc.constantFrom(0, 0x20, 0x61, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xe7ff, 0xe800, 0xffff),
    ),
    { maxLength: 6 },
  )
  .map((units) => String.fromCharCode(...units));

describe('column text', () => {
  it('leaves ordinary text as it is, so that SQL reads it plainly', () => {
    for (const text of ['', 'member-7', 'Zoë', '東京', 'a\0b', 'ed2f9b1e-0c1d-7000-8000-000000000000']) {
      expect(toColumnText(text)).toBe(text);
    }
    expect(toColumnText('😀')).not.toBe('😀');
  });

  it('comes back from SQLite as it went in, lone surrogates and NUL included', () => {
    const database = new DatabaseSync(':memory:');
    const echo = database.prepare('SELECT ? AS text');
    fc.assert(
      fc.property(anyUnits, (text) => {
        expect(fromColumnText(String(echo.get(toColumnText(text))?.['text']))).toBe(text);
      }),
      { numRuns: 2_000 },
    );
    database.close();
  });

  it('is ordered by SQLite as JavaScript orders strings', () => {
    const database = new DatabaseSync(':memory:');
    const compare = database.prepare('SELECT ? < ? AS less');
    fc.assert(
      fc.property(anyUnits, anyUnits, (left, right) => {
        expect(compare.get(toColumnText(left), toColumnText(right))?.['less']).toBe(left < right ? 1 : 0);
      }),
      { numRuns: 5_000 },
    );
    database.close();
  });
});
