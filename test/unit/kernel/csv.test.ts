import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvOf, ownCell, textCell } from '../../../shared/kernel/csv.ts';

describe('CSV', () => {
  it('quotes what would be read otherwise, and ends each row', () => {
    expect(
      csvOf([
        [textCell('Name'), textCell('Note')],
        [textCell('Doe, "J"'), textCell('two\nlines')],
      ]),
    ).toBe('Name,Note\r\n"Doe, ""J""","two\nlines"\r\n');
  });

  it('keeps spreadsheets from running a text, and figures as they are', () => {
    expect(csvOf([[textCell('=1+1'), textCell('@x'), ownCell('-12.5'), ownCell(3)]])).toBe("'=1+1,'@x,-12.5,3\r\n");
  });

  it('is read back as it was', () => {
    const table = fc.integer({ min: 2, max: 5 }).chain((width) =>
      fc.array(fc.array(fc.string({ unit: 'grapheme' }).map(ownCell), { minLength: width, maxLength: width }), {
        minLength: 1,
      }),
    );
    fc.assert(
      fc.property(table, (rows) => {
        expect(parse(csvOf(rows), { record_delimiter: '\r\n' })).toEqual(
          rows.map((row) => row.map(({ value }) => value)),
        );
      }),
    );
  });
});
